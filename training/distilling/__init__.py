"""From verdicts and labels to a Student: a judge small enough to be a reward."""

from .distill import Distilled, distill, held_out_verdicts, judges_places
from .doubts import COIN, DOUBTS, ROUGH
from .evaluating import Calibration, Order, better_by, calibration, order
from .examples import examples_of, folds, split
from .folder import student_folder
from .learning import KINDS, Learned, Lesson, learn
from .listwise import Lists, listwise
from .records import Example, Examples
from .transformer import forget, train_transformer
from .transformer_distill import DistilledTransformer, Held, distill_transformer
from .transformer_settings import Settings

__all__ = [
    "COIN",
    "DOUBTS",
    "KINDS",
    "ROUGH",
    "Calibration",
    "Distilled",
    "DistilledTransformer",
    "Example",
    "Examples",
    "Held",
    "Learned",
    "Lesson",
    "Lists",
    "Order",
    "Settings",
    "better_by",
    "calibration",
    "distill",
    "distill_transformer",
    "examples_of",
    "folds",
    "forget",
    "held_out_verdicts",
    "judges_places",
    "learn",
    "listwise",
    "order",
    "split",
    "student_folder",
    "train_transformer",
]
