"""How well people agree among themselves, and whether a judge may stand in for one of them."""

from .alt_test import AltTest

__all__ = [
    "AltTest",
]
