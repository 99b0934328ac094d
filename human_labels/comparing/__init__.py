"""Two systems or two judges on the same samples."""

from .compare import compare
from .differences import Draws
from .people import People
from .rankings import rank_systems
from .records import (
    AgainstPeople,
    Bill,
    Comparison,
    Corrected,
    Difference,
    JudgesSection,
    Outcome,
    Ranking,
    Rate,
    SystemsSection,
)
from .sides import Contender, read_side, side_of, systems_of, two_systems
from .systems import Wanted
from .testing import mcnemar

__all__ = [
    "AgainstPeople",
    "Bill",
    "Comparison",
    "Contender",
    "Corrected",
    "Difference",
    "Draws",
    "JudgesSection",
    "Outcome",
    "People",
    "Ranking",
    "Rate",
    "SystemsSection",
    "Wanted",
    "compare",
    "mcnemar",
    "rank_systems",
    "read_side",
    "side_of",
    "systems_of",
    "two_systems",
]
