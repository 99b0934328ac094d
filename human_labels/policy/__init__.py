"""The line to act on, with its evidence, or a refusal."""

from .aim import Aim
from .calibrate import UNSEALED, calibrate
from .confidence import calibrated, cross_fitted
from .guarantee import grid_of, labels_needed, learn_then_test, one_of_each, walk
from .leaks import between_sides, near, quoted
from .milestone import Milestone, milestone, unseen
from .policy import TRUST, Decided, Evidence, Line, Policy, Pool, Spread
from .seal import Seal, find_seal, seal_for, seal_path
from .selective import select
from .storing import policy_json, read_policy, write_policy
from .trust import outcome, trusting

__all__ = [
    "TRUST",
    "UNSEALED",
    "Aim",
    "Decided",
    "Evidence",
    "Line",
    "Milestone",
    "Policy",
    "Pool",
    "Seal",
    "Spread",
    "between_sides",
    "calibrate",
    "calibrated",
    "cross_fitted",
    "find_seal",
    "grid_of",
    "labels_needed",
    "learn_then_test",
    "milestone",
    "near",
    "one_of_each",
    "outcome",
    "policy_json",
    "quoted",
    "read_policy",
    "seal_for",
    "seal_path",
    "select",
    "trusting",
    "unseen",
    "walk",
    "write_policy",
]
