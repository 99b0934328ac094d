"""Quick features of a text and of what it was written for: numbers that a person can check."""

from .registry import FEATURES, VERSION, Feature, names_for, vectors

__all__ = ["FEATURES", "VERSION", "Feature", "names_for", "vectors"]
