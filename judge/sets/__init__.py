"""What no single sample can show: lists, groups and items with several artefacts."""

from ..findings import Embedder
from .diversity import SET_METRICS, measure
from .duplicates import NEAR, alike, repeats
from .fifo import FifoIdf
from .textset import TOKENISER, SetMetric, TextSet, normalise, tokenise

__all__ = [
    "NEAR",
    "SET_METRICS",
    "TOKENISER",
    "Embedder",
    "FifoIdf",
    "SetMetric",
    "TextSet",
    "alike",
    "measure",
    "normalise",
    "repeats",
    "tokenise",
]
