"""From names to judges: `local`, `openai/<model>`, `compatible/<model>`; several names make a jury."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from ..errors import UsageError
from ..rubrics import Rubric
from .examiners import MODES
from .jury import Jury
from .local import Local
from .panel import Judge, shipped
from .providers import PROVIDERS, connect

READS_NOTHING = ("openai-decisions/",)
"""Providers that give probabilities and write no text."""
DECISION_ENDPOINTS = ("decisions", "systemone")


def load_judge(
    *names: str,
    rubrics: Sequence[Rubric] = (),
    mode: str = "panel",
    jury: str = "majority",
    base_url: str | None = None,
    **sampling: Any,
) -> Judge | Jury:
    """The judge of that name; a jury when there are several.

    `mode` is `panel` (one call a dimension) or `single` (one call for all). `sampling` (temperature, seed, …) goes to
    the provider and is part of the judge's name. Raises `UsageError` for what is unknown, naming what is known.
    """
    table = {rubric.name: rubric for rubric in rubrics} or shipped()
    judges = tuple(_one(name, table, mode, base_url, sampling) for name in names or ("local",))
    return judges[0] if len(judges) == 1 else Jury(judges, jury)


def identity(judge: Judge | Jury) -> dict[str, str]:
    """All that can change a verdict, by name: what a run on disk is compared with before it goes on."""
    rubrics = {f"rubric {name}": rubric.hash for name, rubric in sorted(judge.rubrics.items())}
    return {"judge": judge.name, **rubrics, "prompts": _hash("prompts.py"), "code": code_hash()}


@cache
def code_hash() -> str:
    """Hash of the code that turns samples and replies into findings; a change of it is another judge."""
    names = sorted(file.name for file in resources.files(__package__).iterdir() if file.name.endswith(".py"))
    return _hash(*(name for name in names if name not in _BESIDE))


def _one(
    name: str, rubrics: Mapping[str, Rubric], mode: str, base_url: str | None, sampling: Mapping[str, Any]
) -> Judge:
    if mode not in ("panel", "single"):
        raise UsageError(f"unknown mode {mode!r}; known: panel, single")
    if name in LOCAL:
        return Judge(LOCAL[name](), rubrics)
    if name.partition("/")[0] not in PROVIDERS:
        known = ", ".join([*LOCAL, *(f"{kind}/MODEL" for kind in PROVIDERS)])
        raise UsageError(f"unknown judge {name!r}; known: {known}")
    provider = connect(name, base_url=base_url, **sampling)
    if name.startswith(READS_NOTHING) or sampling.get("endpoint") in DECISION_ENDPOINTS:
        mode = "decisions"
    return Judge(MODES[mode](provider), rubrics)


def _hash(*names: str) -> str:
    content = hashlib.sha256()
    for name in names:
        content.update((resources.files(__package__) / name).read_bytes())
    return content.hexdigest()[:12]


_BESIDE = {
    "__init__.py", "engine.py", "ledger.py", "store.py", "score.py", "plan.py", "readers.py", "samples.py",
    "wrappers.py", "limits.py", "judges.py", "prompts.py", "verdicts.py",
}  # fmt: skip
"""Files that move samples and verdicts about without reading them, or that have a field of their own."""

LOCAL = {"local": Local, "local/lexical": lambda: Local(None)}
