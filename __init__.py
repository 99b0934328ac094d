"""recjudge: rubric-driven judges for what language models write inside recommenders.

The names below are loaded on first use, so that `import recjudge` and `recjudge --help` stay quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .human_labels import (
        Aim,
        Labels,
        Pairing,
        Policy,
        agree,
        calibrate,
        compare,
        estimate,
        load_set,
        milestone,
        pair,
        read_labels,
        read_policy,
    )
    from .judge import (
        Batching,
        Grade,
        Judge,
        Jury,
        Local,
        Options,
        Price,
        Sample,
        Scored,
        Scripted,
        Status,
        Verdict,
        connect,
        load_judge,
        plan,
        read_verdicts,
        score,
    )
    from .reports import agreement_page, summarise
    from .rubrics import Rubric, load_rubric

_LABELS = (
    "Aim", "Labels", "Pairing", "Policy", "agree", "calibrate", "compare", "estimate", "load_set", "milestone", "pair",
    "read_labels", "read_policy",
)  # fmt: skip
_ROOMS = {
    "agreement_page": "reports",
    "summarise": "reports",
    "Rubric": "rubrics",
    "load_rubric": "rubrics",
} | dict.fromkeys(_LABELS, "human_labels")

__all__ = [
    "Aim",
    "Batching",
    "Grade",
    "Judge",
    "Jury",
    "Labels",
    "Local",
    "Options",
    "Pairing",
    "Policy",
    "Price",
    "Rubric",
    "Sample",
    "Scored",
    "Scripted",
    "Status",
    "Verdict",
    "agree",
    "agreement_page",
    "calibrate",
    "compare",
    "connect",
    "estimate",
    "load_judge",
    "load_rubric",
    "load_set",
    "milestone",
    "pair",
    "plan",
    "read_labels",
    "read_policy",
    "read_verdicts",
    "score",
    "summarise",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS.get(name, 'judge')}"), name)
