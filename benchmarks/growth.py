"""How time, memory and resuming grow with the number of samples, from reader to verdict file, in a process for each n.

    python benchmarks/growth.py [--sizes 10000,100000,1000000] [--judge cheap] [--processes 1] [--write]

The judge `cheap` says the same of every sample, so that what is measured is everything around a judgement; any other
name is a judge's. Explanations are those of `embedded_speed.py`: ten a group, four an item, each group and item a set.
`again` is the same call once more, `resumed` the call after the verdicts' file was lost; each ends with the summary
that the command prints. Slopes are those of log against log by least squares: 1 is linear, 0 is flat.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded_speed import explanations  # type: ignore[import-not-found]
from growth_statistics import slope  # type: ignore[import-not-found]
from performance_page import Figure, Goal, kept_block  # type: ignore[import-not-found]

COLUMNS = ("wall", "cpu", "again", "resumed", "peak", "db")
HERE = Path(__file__).parent


def main() -> None:
    """Measures every size in a process of its own, and prints the table."""
    options = _options()
    if options.one:
        print(json.dumps(_measured(options.one, options.judge, options.processes, Path(options.folder))))
        return
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        page = _page([_run(size, options, folder) for size in sizes], options)
    print(page)
    if options.write:
        (HERE / "results" / "growth.md").write_text(page)


@dataclass
class Cheap:
    """Finds nothing wrong with anything, in some microseconds."""

    name: str = "cheap"
    rubrics: Any = field(default_factory=lambda: _shipped())
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def members(self) -> tuple[Any, ...]:
        """Itself."""
        return (self,)

    def over(self, wrap: Any) -> Any:
        """Itself: it asks nobody."""
        return self

    def prepare(self, samples: Sequence[Any]) -> None:
        """Nothing to prepare."""

    async def judge(self, sample: Any) -> Any:
        """Superior on every dimension."""
        from recjudge.judge import Grade, Status, Verdict

        rubric = self.rubrics[sample.task]
        if (found := self.found.get(rubric.id)) is None:
            found = self.found[rubric.id] = tuple(map(_finding, rubric.dimensions))
        return Verdict(
            sample.id, sample.task, self.name, rubric.id, Status.OK, Grade.SUPERIOR, found, positive_share=1.0,
            group=sample.group, item=sample.item, place=sample.place, text=sample.text, key=sample.key,
        )  # fmt: skip

    async def close(self) -> None:
        """Nothing to give back."""


def _finding(dimension: Any) -> Any:
    from recjudge.judge import Finding, Status

    words = "nothing is wrong with it, as far as a judge can tell that reads nothing"
    return Finding(dimension.name, Status.OK, dimension.labels[-1], 1, reason=words, by="cheap")


def _shipped() -> Any:
    from recjudge.judge import shipped

    return shipped()


def _measured(count: int, name: str, processes: int, folder: Path) -> dict[str, float]:
    import growth  # type: ignore[import-not-found]  # not __main__: a worker must find its judge
    from recjudge.judge import Options, load_judge, score
    from recjudge.reports import summarise

    source, out = folder / "in.jsonl", folder / "in.verdicts.jsonl"
    with source.open("w") as file:
        file.writelines(json.dumps(row) + "\n" for row in explanations(count, 0))
    judge = growth.Cheap() if name == "cheap" else load_judge(name)
    how = Options(engine="here" if processes == 1 else "processes", processes=processes)
    found: dict[str, float] = {"n": count}
    for part in ("", "again", "resumed"):
        if part == "resumed":
            out.unlink()
        wall, cpu = time.perf_counter(), _cpu()
        summarise(score(source, judge, out=out, options=how))
        if part:
            found[part] = time.perf_counter() - wall
        else:
            found |= {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu, "peak": _peak()}
    return found | {"db": out.with_suffix(".db").stat().st_size / 1e6}


def _cpu() -> float:
    """Seconds of this process and of its ended children."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def _peak() -> float:
    """Megabytes of this process and, taken as often as there are any, of its largest child."""
    unit = 1024 if sys.platform == "linux" else 1024**2
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / unit


def _run(size: int, options: argparse.Namespace, folder: str) -> dict[str, float]:
    words = ["--one", str(size), "--judge", options.judge, "--processes", str(options.processes), "--folder", folder]
    paths = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"PYTHONPATH": paths},
    )  # fmt: skip
    for file in Path(folder).iterdir():
        file.unlink()
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _page(found: Sequence[dict[str, float]], options: argparse.Namespace) -> str:
    head = ("samples", "wall s", "samples/s", "CPU µs a sample", "again s", "resumed s", "peak MB", "ledger MB")
    rows = [
        f"| {row['n']:,.0f} | {row['wall']:.1f} | {row['n'] / row['wall']:,.0f} | {row['cpu'] / row['n'] * 1e6:.0f} "
        f"| {row['again']:.2f} | {row['resumed']:.1f} | {row['peak']:.0f} | {row['db']:.0f} |"
        for row in found
    ]
    slopes = {name: slope([row["n"] for row in found], [row[name] for row in found]) for name in COLUMNS}
    s = slopes
    last = (
        f"| slope | {s['wall']:.2f} | | {s['cpu'] - 1:.2f} | {s['again']:.2f} | {s['resumed']:.2f} | {s['peak']:.2f} | "
    )
    system = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end"
    return "\n".join(
        [
            "# Growth: time, memory and resuming against the number of samples", "",
            f"`python benchmarks/growth.py --judge {options.judge} --processes {options.processes} "
            f"--sizes {options.sizes}` on {system}.", "",
            "| " + " | ".join(head) + " |", "|" + "---:|" * len(head), *rows, last + f"{s['db']:.2f} |", "",
            *kept_block(_goals(found[-1], slopes)), "",
            str(__doc__).split("\n\n")[-1].strip(), "",
        ]
    )  # fmt: skip


def _goals(largest: dict[str, float], slopes: dict[str, float]) -> list[Goal]:
    """What was promised of the largest run, and of the growth up to it."""
    of = f"{largest['n']:,.0f} samples"
    asked = [
        (f"{of}: peak MB", 300, largest["peak"]),
        (f"{of}: seconds of a finished run's second call", 20, largest["again"]),
        (f"{of}: seconds until a lost verdict file is back", 20, largest["resumed"]),
        (f"to {of}: log–log slope of a run's time", 1.1, slopes["wall"]),
    ]
    return [Goal(words, most, None, Figure((value,))) for words, most, value in asked if not math.isnan(value)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--judge", default="cheap")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--folder", default=None, help="where the files go; some 9 kB a sample")
    parser.add_argument("--write", action="store_true", help="write results/growth.md")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
