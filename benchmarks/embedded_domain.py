"""How many held-out samples of its own lesson a learned model calls unlike it: `learned/domain.py` at its promise.

    python benchmarks/embedded_domain.py [--cache FOLDER]

Each sample is told by a record of other groups, and of other systems where the set names them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from embedded_fit import portions  # type: ignore[import-not-found]  # beside this script
from embedded_lessons import LESSONS, Data, data_of  # type: ignore[import-not-found]
from recjudge.human_labels import interval
from recjudge.human_labels.sums import mean_of
from recjudge.judge.embedded.learned.domain import measured, record, unlike
from recjudge.judge.embedded.learned.model import domain_columns
from recjudge.judge.embedded.learned.states import States

Numbers = Any
LESSONED = ("summeval", "intentionqa", "abredial", "helpsteer2")


def main() -> None:
    """One line a set, and the systems that are most often unlike the others."""
    options = _options()
    states = States()
    lines = ["| Lesson | n | Groups | Called unlike it [95 %] | By system |", "|---|---|---|---|---|"]
    for name in options.only or LESSONED:
        data = data_of(next(lesson for lesson in LESSONS if lesson.set == name), states, options.cache)
        flagged = _flagged(data, options.seed)
        shown = interval(mean_of(flagged, share=True), list(data.clusters), seed=options.seed)
        cells = [name, f"{len(flagged):,}", str(len(set(data.clusters)))]
        cells += [f"{shown.value:.1%} [{shown.low:.1%}, {shown.high:.1%}]", _by_system(data, flagged)]
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    options.out.write_text("\n".join(["# Held-out samples called unlike their own lesson", "", *lines, ""]))


def _flagged(data: Data, seed: int) -> Numbers:
    """(n,) 1 where a sample is unlike the record of the groups and systems that are not its own."""
    raw = data.task.raw[:, domain_columns(data.names)]
    seen = [measured(sample) for sample in data.samples]
    found = np.full(len(raw), np.nan)
    for train, told in _blocks(data, seed):
        centre, scale = np.nanmean(raw[train], 0), np.nanstd(raw[train], 0)
        known = np.isfinite(centre) & (scale > 0)
        z = ((raw - centre) / np.where(scale > 0, scale, 1))[:, known]
        taught = np.flatnonzero(train)
        own = record(z[train], [seen[at][0] for at in taught], [seen[at][1] for at in taught])
        for at in np.flatnonzero(told):
            found[at] = bool(unlike(own, z[at], *seen[at]))
    return found


def _blocks(data: Data, seed: int) -> Iterator[tuple[Numbers, Numbers]]:
    every = np.ones(len(data.ids), dtype=bool)
    groups = portions(data.task.groups, every, 5, seed)
    if data.task.systems is None:
        yield from ((groups != at, groups == at) for at in range(5))
        return
    systems = portions(data.task.systems, every, 4, seed)
    for one in range(5):
        for other in range(4):
            yield (groups != one) & (systems != other), (groups == one) & (systems == other)


def _by_system(data: Data, flagged: Numbers) -> str:
    if data.task.systems is None:
        return "–"
    systems = np.array(data.systems)
    shares = sorted(((float(flagged[systems == one].mean()), str(one)) for one in set(data.systems)), reverse=True)
    rest = flagged[~np.isin(systems, [name for _, name in shares[:1]])].mean()
    told = ", ".join(f"{name} {share:.0%}" for share, name in shares[:3])
    return f"{told}; without {shares[0][1]} {rest:.1%}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=LESSONED, help="A set; may be given several times.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="A folder that keeps the columns between runs.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "embedded_domain.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
