"""A Student: the distilled judge, small enough to be a reward. `training/distilling` trains it."""

from .files import read_student, write_student
from .linear import Linear, Stem
from .scorer import Scorer
from .student import GUARDS, Student
from .targets import GRADE, Target

__all__ = [
    "GRADE",
    "GUARDS",
    "Linear",
    "Scorer",
    "Stem",
    "Student",
    "Target",
    "read_student",
    "write_student",
]
