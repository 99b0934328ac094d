"""A Student: the distilled judge, small enough to be a reward. `training/distilling` trains it."""

from .domain import domains, knows_domain, unlike
from .files import is_student, read_student, write_student
from .linear import Linear, Stem
from .network import Network, batches, network_in, points, torch_here
from .scorer import Scorer
from .student import GUARDS, Graded, Student
from .targets import GRADE, Target, expected
from .tokens import Tokens
from .transformer import Reader, Transformer, reader_in
from .wording import Wording

__all__ = [
    "GRADE",
    "GUARDS",
    "Graded",
    "Linear",
    "Network",
    "Reader",
    "Scorer",
    "Stem",
    "Student",
    "Target",
    "Tokens",
    "Transformer",
    "Wording",
    "batches",
    "domains",
    "expected",
    "is_student",
    "knows_domain",
    "network_in",
    "points",
    "read_student",
    "reader_in",
    "torch_here",
    "unlike",
    "write_student",
]
