"""How well people agree among themselves, and whether a judge may stand in for one of them."""

from .alt_test import AltTest
from .ceilings import leave_one_out

__all__ = ["AltTest", "leave_one_out"]
