"""From verdicts and labels to a Student: a judge small enough to be a reward."""

from .examples import examples_of, folds, split
from .listwise import Lists, listwise
from .records import Example, Examples
from .transformer import forget, train_transformer
from .transformer_settings import Settings

__all__ = [
    "Example",
    "Examples",
    "Lists",
    "Settings",
    "examples_of",
    "folds",
    "forget",
    "listwise",
    "split",
    "train_transformer",
]
