"""The line to act on, with its evidence, or a refusal."""

from .calibrate import IN_SAMPLE, UNSEALED, Aim, calibrate, sides
from .confidence import Calibrator, Fit, calibrated, cross_fitted
from .guarantee import Step, Walk, grid_of, labels_needed, learn_then_test, one_of_each, walk, zero_failures
from .leaks import Leak, between_sides, near, quoted
from .milestone import Milestone, Relabelled, milestone
from .policy import Decided, Evidence, Line, Policy, Pool, Spread
from .seal import Opening, Seal, find_seal, seal_for, seal_path
from .selective import Lines, select
from .storing import policy_json, read_policy, write_policy

__all__ = [
    "IN_SAMPLE",
    "UNSEALED",
    "Aim",
    "Calibrator",
    "Decided",
    "Evidence",
    "Fit",
    "Leak",
    "Line",
    "Lines",
    "Milestone",
    "Opening",
    "Policy",
    "Pool",
    "Relabelled",
    "Seal",
    "Spread",
    "Step",
    "Walk",
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
    "policy_json",
    "quoted",
    "read_policy",
    "seal_for",
    "seal_path",
    "select",
    "sides",
    "walk",
    "write_policy",
    "zero_failures",
]
