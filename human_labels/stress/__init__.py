"""A judge under stress: samples changed by rules of which it is known how a good judge's word may move."""

from .changes import Drift, Example
from .figures import Outcome
from .relation import Limit, Relation, Variant, World
from .relations import RELATIONS
from .stress import Stressed, named, plain, stress

__all__ = [
    "RELATIONS",
    "Drift",
    "Example",
    "Limit",
    "Outcome",
    "Relation",
    "Stressed",
    "Variant",
    "World",
    "named",
    "plain",
    "stress",
]
