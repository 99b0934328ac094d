"""Verdicts beside the samples they are of: what filtering and exporting work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..judge import Sample, Verdict, read, resolve
from ..rubrics import Rubric

NEVER = ("probe", "benchmark")
"""Keys of a sample's `meta` that keep it out of training: what a judge is tested on teaches no generator."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sample with its verdict."""

    sample: Sample
    verdict: Verdict

    @property
    def never(self) -> str:
        """Which of `NEVER` it is, as its sample's `meta` or its verdict's flags say; empty for none."""
        meta, flags = self.sample.meta, self.verdict.flags
        return next((key for key in NEVER if meta.get(key) or meta.get("kind") == key or key in flags), "")

    @property
    def negative(self) -> str:
        """The dimension that it fails by construction (`shuffle_negatives`): never wanted; empty for what is none."""
        return str(self.sample.meta.get("negative") or "")


def joined(
    verdicts: Iterable[Verdict],
    source: Any,
    *,
    tasks: Mapping[str, Rubric],
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """Each sample verdict with its sample, in the verdicts' order; verdicts on sets are left out.

    `source`, `task` and `fields` are those that were judged. Joined by the content's key, so that a source that changed
    since is noticed: raises `InputError` for a verdict whose sample is not there.
    """
    found = {unit.key: unit for unit in read(source, tasks=tasks, task=task, fields=fields) if isinstance(unit, Sample)}
    for verdict in verdicts:
        if verdict.kind != "sample":
            continue
        sample = found.get(verdict.key)
        if sample is None:
            raise InputError(
                f"{verdict.place or verdict.id}: the sample {verdict.id!r} of this verdict is not in the source; give "
                "the file that was judged, unchanged, with --source (and the same --map and --task)"
            )
        yield Row(sample, verdict)


def source_of(verdicts: Path, given: str | None = None) -> Any:
    """The file that was judged: as given, else the one that the verdicts name, beside them.

    Raises `InputError` when it is not there.
    """
    from ..judge import read_verdicts

    if given is not None:
        return resolve(given)
    first = next((verdict for verdict in read_verdicts(verdicts) if verdict.kind == "sample"), None)
    if first is None:
        raise InputError(f"{verdicts}: holds no verdict on a sample; give a file that `recjudge score` wrote")
    name = first.place.rsplit(":", 1)[0]
    path = verdicts.parent / name
    if not name or not path.exists():
        raise InputError(
            f"{verdicts}: the file that was judged ({name or 'unnamed'}) is not beside it; use --source FILE"
        )
    return resolve(path)
