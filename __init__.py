"""recjudge: rubric-driven judges for what language models write inside recommenders.

The names below are loaded on first use, so that `import recjudge` and `recjudge --help` stay quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .judge import (
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
    from .reports import summarise
    from .rubrics import Rubric, load_rubric

_ROOMS = {"summarise": "reports", "Rubric": "rubrics", "load_rubric": "rubrics"}

__all__ = [
    "Grade",
    "Judge",
    "Jury",
    "Local",
    "Options",
    "Price",
    "Rubric",
    "Sample",
    "Scored",
    "Scripted",
    "Status",
    "Verdict",
    "connect",
    "load_judge",
    "load_rubric",
    "plan",
    "read_verdicts",
    "score",
    "summarise",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS.get(name, 'judge')}"), name)
