"""From names to judges: `local`, `openai/<model>`, the folder of a Student; several names make a jury."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..rubrics import Rubric
from . import prompts
from .cascade import Cascade, Stage
from .doubting import Doubting
from .embedded.local import Local
from .examiners import MODES
from .jury import Jury
from .panel import Judge, shipped
from .providers import PROVIDERS, connect
from .student import Student, read_student
from .student.files import is_student

AnyJudge = Judge | Jury | Student | Doubting | Cascade
"""Whatever has a name, rubrics, and a verdict for a sample."""

READS_NOTHING = ("openai-decisions/",)
"""Providers that give probabilities and write no text."""
DECISION_ENDPOINTS = ("decisions", "systemone")


def load_judge(
    *names: str,
    rubrics: Sequence[Rubric] = (),
    mode: str = "panel",
    jury: str = "majority",
    base_url: str | None = None,
    then: Sequence[str] = (),
    abstain_below: float | None = None,
    abstain_unlike: bool = False,
    **sampling: Any,
) -> AnyJudge:
    """The judge of that name; a jury when there are several; with `then` a cascade.

    `mode` is `panel` (one call a dimension) or `single` (one call for all). `sampling` (temperature, seed, …) goes to
    the provider and is part of the judge's name. `abstain_below` is the line of every judge that is not the last of a
    cascade, or of the only one, and `abstain_unlike` holds for the first (see `Doubting`). Raises `UsageError` for what
    is unknown, naming what is known.
    """
    table = {rubric.name: rubric for rubric in rubrics} or shipped()
    judges = tuple(_one(name, table, mode, base_url, sampling) for name in names or ("local",))
    first: Judge | Student | Jury = judges[0] if len(judges) == 1 else Jury(judges, jury)
    stages = (first, *(_one(name, table, mode, base_url, sampling) for name in then))
    return _in_order(stages, abstain_below, abstain_unlike)


def identity(judge: AnyJudge) -> dict[str, str]:
    """All that can change a verdict, by name: what a run on disk is compared with before it goes on."""
    rubrics = {f"rubric {name}": rubric.hash for name, rubric in sorted(judge.rubrics.items())}
    return {"judge": judge.name, **rubrics, "prompts": _hash(Path(prompts.__file__)), "code": code_hash()}


@cache
def code_hash() -> str:
    """Hash of the code that turns samples and replies into findings; a change of it is another judge."""
    here = Path(__file__).parent
    files = sorted(here.glob("*.py")) + [file for room in READING_ROOMS for file in sorted((here / room).rglob("*.py"))]
    return _hash(*(file for file in files if file.name not in _BESIDE))


def _in_order(stages: tuple[Judge | Jury | Student, ...], below: float | None, unlike: bool) -> AnyJudge:
    lined = stages[:-1] or stages
    doubting: list[Stage] = [
        Doubting(judge, below or 0.0, unlike=unlike and not place) if below or (unlike and not place) else judge
        for place, judge in enumerate(lined)
    ]
    return Cascade((*doubting, stages[-1])) if len(stages) > 1 else doubting[0]


def _one(
    name: str, rubrics: Mapping[str, Rubric], mode: str, base_url: str | None, sampling: Mapping[str, Any]
) -> Judge | Student:
    if mode not in ("panel", "single"):
        raise UsageError(f"unknown mode {mode!r}; known: panel, single")
    if name in LOCAL:
        return Judge(LOCAL[name](), rubrics)
    if is_student(name):
        return read_student(name, rubrics)
    if name.partition("/")[0] not in PROVIDERS:
        if Path(name).is_dir():
            return read_student(name, rubrics)  # which says what the folder lacks
        known = ", ".join([*LOCAL, *(f"{kind}/MODEL" for kind in PROVIDERS), "a folder that `recjudge distill` wrote"])
        raise UsageError(f"unknown judge {name!r}, and there is no folder of that name; known: {known}")
    provider = connect(name, base_url=base_url, **sampling)
    if name.startswith(READS_NOTHING) or sampling.get("endpoint") in DECISION_ENDPOINTS:
        mode = "decisions"
    return Judge(MODES[mode](provider), rubrics)


def _hash(*files: Path) -> str:
    content = hashlib.sha256()
    for file in files:
        content.update(file.read_bytes())
    return content.hexdigest()[:12]


READING_ROOMS = ("checks", "embedded", "sets", "student")
"""Rooms whose code reads artefacts; the others move samples, calls and verdicts about."""
_BESIDE = {
    "__init__.py", "engine.py", "garbage.py", "judges.py", "live.py", "plan.py", "prompts.py", "score.py",
    "verdicts.py", "writing.py",
}  # fmt: skip
"""Files that read nothing, or that have a field of their own."""

LOCAL: Mapping[str, Callable[[], Local]] = {
    "local": Local,
    "local/lexical": lambda: Local(None),
    "local/prior": lambda: Local(taught=False),
}
