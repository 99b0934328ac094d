"""What good means: rubrics as data."""

from .rubric import Dimension, Point, Review, Rubric, SetCheck, Step, by_task, load_rubric, rubric_names

__all__ = ["Dimension", "Point", "Review", "Rubric", "SetCheck", "Step", "by_task", "load_rubric", "rubric_names"]
