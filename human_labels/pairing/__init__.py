"""People beside the judge, item by item."""

from .joining import pair
from .pairing import MISSING, Pairing, Unlabelled
from .recorded import recorded
from .words import GRADES, READINGS, SCORES, dimension_scale, finding_of, scales_of

__all__ = [
    "GRADES",
    "MISSING",
    "READINGS",
    "SCORES",
    "Pairing",
    "Unlabelled",
    "dimension_scale",
    "finding_of",
    "pair",
    "recorded",
    "scales_of",
]
