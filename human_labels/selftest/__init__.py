"""The self-test: figures that others published, computed again offline from the data that ships."""

from .checking import Reproduced, summaries
from .running import SOURCES, reproduce

__all__ = [
    "SOURCES",
    "Reproduced",
    "reproduce",
    "summaries",
]
