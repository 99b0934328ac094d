"""From verdicts and labels to a Student: a judge small enough to be a reward."""

from .examples import examples_of, folds, split
from .listwise import Lists, listwise
from .records import Example, Examples

__all__ = ["Example", "Examples", "Lists", "examples_of", "folds", "listwise", "split"]
