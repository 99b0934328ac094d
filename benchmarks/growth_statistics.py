"""How agreement and set metrics grow with the number of labels and of texts: time and memory, a process for each n.

    python benchmarks/growth_statistics.py [--labels 100000,1000000,10000000] [--jsonl 100000,1000000]
        [--texts 10000,100000,1000000] [--runs 1] [--write]

Labels are those of five people on a scale of five points, read from a file of one label a line; `figures` is every
coefficient of people among themselves and the three ceilings, each with its interval of 1,000 draws. Texts are tags of
three words and explanations of twelve, one in ten a near-duplicate of another. CPU seconds, the least of so many runs,
after a first round on little so that imports are in none; memory is the peak of what is resident, interpreter and texts
included, and bytes each are what it grows by from the least size to the greatest. Slopes are those of log against log
by least squares: 1 is linear. One above 1.1 is marked as missing the goal, where the least size takes .05 s or more.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from performance_page import Figure, Goal, kept_block  # type: ignore[import-not-found]

HERE = Path(__file__).parent
RATERS = 5
GOAL, LEAST = 1.1, 0.05
MEMORY = "memory, MB"
LABEL_STEPS = ("read", "table", "figures", "all steps", MEMORY)
READ_STEPS = ("read", "table", "all steps", MEMORY)
METRICS = ("distinct_1", "distinct_2", "rouge_diversity", "ngram_distance", "near_duplicate_share")
TEXT_STEPS = ("tokens", "distinct texts", "n-grams", *METRICS, "all steps", MEMORY)
LITTLE = 2_000
"""Labels or texts of the round before the first."""


def main() -> None:
    """Measures every size in a process of its own, prints the page, and writes it."""
    options = _options()
    if options.one:
        print(json.dumps(PARTS[options.part](options.one)))
        return
    parts = [
        ("Labels, CSV", "labels", LABEL_STEPS, options.labels),
        ("Labels, JSONL", "jsonl", READ_STEPS, options.jsonl),
        ("Tags of three words", "tags", TEXT_STEPS, options.texts),
        ("Explanations of twelve words", "explanations", TEXT_STEPS, options.texts),
    ]
    blocks = [_block(title, part, steps, sizes, options.runs) for title, part, steps, sizes in parts if sizes]
    asked = f"--labels {options.labels} --jsonl {options.jsonl} --texts {options.texts} --runs {options.runs}"
    page = "\n".join(
        [
            "# Statistics at scale: how they grow", "",
            f"`python benchmarks/growth_statistics.py {asked}`: {os.cpu_count()} cores, one thread, Python "
            f"{platform.python_version()}, {platform.machine()}, load {os.getloadavg()[0]:.1f} at the end.", "",
            *(block for block, _ in blocks), *kept_block([goal for _, goal in blocks if goal]), "",
            str(__doc__).split("\n\n")[-1].strip(), "",
        ]
    )  # fmt: skip
    print(page)
    if options.write:
        (HERE / "results" / "growth_statistics.md").write_text(page)


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Of log value against log n, by least squares; NaN of a single size."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-3)) for value in values]
    middle, level = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle) ** 2 for x in xs)
    return sum((x - middle) * (y - level) for x, y in zip(xs, ys, strict=True)) / spread if spread else math.nan


def _block(title: str, part: str, steps: Sequence[str], sizes: str, runs: int) -> tuple[str, Goal | None]:
    """The table of one kind of statistics, and the goal that all its steps together have."""
    ns = [int(size) for size in sizes.split(",")]
    found = [_run(part, n, runs) for n in ns]
    rows = [f"## {title}", "", f"| | {' | '.join(f'{n:,}' for n in ns)} | slope |", f"|---|{'--:|' * (len(ns) + 1)}"]
    for step in steps:
        values = [one[step] for one in found]
        shown = " | ".join(f"{value:,.0f}" if step == MEMORY else f"{value:.2f}" for value in values)
        rows.append(f"| {step} | {shown} | {_slope(ns, values)} |")
    first, last = found[0], found[-1]
    more = 2**20 * (last[MEMORY] - first[MEMORY]) / (ns[-1] - ns[0]) if len(ns) > 1 else math.nan
    rows += ["", f"{more:,.0f} bytes each. {last['told']}".rstrip()]
    whole = slope(ns, [one["all steps"] for one in found])
    words = f"{title}, to {ns[-1]:,}: log–log slope of CPU time"
    return "\n".join([*rows, ""]), None if math.isnan(whole) else Goal(words, GOAL, None, Figure((whole,)))


def _slope(sizes: Sequence[int], values: Sequence[float]) -> str:
    """The slope, and whether it misses the goal; nothing of a single size."""
    if len(sizes) < 2:
        return ""
    found = slope(sizes, values)
    return f"{found:.2f}" + (" (missed)" if round(found, 2) > GOAL and values[0] >= LEAST else "")


def _run(part: str, n: int, runs: int) -> dict[str, Any]:
    """The least of each figure over so many processes."""
    command = [sys.executable, __file__, "--part", part, "--one", str(n)]
    found: list[dict[str, Any]] = []
    for _ in range(runs):
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        found.append(json.loads(done.stdout))
        print(part, n, found[-1], file=sys.stderr, flush=True)
    return {name: min(one[name] for one in found) for name in found[0]}


def _labels(n: int) -> dict[str, Any]:
    from recjudge.human_labels.agreement.human import people_side
    from recjudge.human_labels.agreement.settings import Settings

    if n > LITTLE:
        _labels(LITTLE)
    read = _read(n, ".csv")
    side, figures = _timed(lambda: people_side(read["of"], read["of"].ids, Settings()))
    alpha = next(one for one in side.side.figures if one.name == "alpha_ordinal").interval
    told = f"Alpha (ordinal) {alpha.value:.4f} [{alpha.low:.4f}, {alpha.high:.4f}], n = {alpha.n:,} items."
    return _summed({"read": read["read"], "table": read["table"], "figures": figures}, told)


def _jsonl(n: int) -> dict[str, Any]:
    if n > LITTLE:
        _jsonl(LITTLE)
    read = _read(n, ".jsonl")
    return _summed({"read": read["read"], "table": read["table"]}, "")


def _read(n: int, suffix: str) -> dict[str, Any]:
    from recjudge.human_labels import read_labels

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"labels{suffix}"
        _write_labels(path, n // RATERS)
        labels, read = _timed(lambda: read_labels(path, scales={"relevance": "ordinal:1..5"}))
    of, table = _timed(lambda: labels.table("relevance"))
    return {"of": of, "read": read, "table": table}


def _write_labels(path: Path, items: int) -> None:
    drawn, fields = random.Random(0), ("sample", "dimension", "annotator", "label")
    with path.open("w") as file:
        if path.suffix == ".csv":
            file.write(",".join(fields) + "\n")
        for item in range(items):
            truth = drawn.randrange(1, 6)
            for rater in range(RATERS):
                word = str(min(5, max(1, truth + drawn.randrange(-1, 2))))
                row = (f"s{item}", "relevance", f"a{rater}", word)
                line = ",".join(row) if path.suffix == ".csv" else json.dumps(dict(zip(fields, row, strict=True)))
                file.write(line + "\n")


def _texts(words: int) -> Callable[[int], dict[str, Any]]:
    def measured(n: int) -> dict[str, Any]:
        from recjudge.judge.sets.diversity import SET_METRICS
        from recjudge.judge.sets.textset import TextSet

        if n > LITTLE:
            measured(LITTLE)
        texts = TextSet(tuple(_written(n, words)), (), (), None, 0, 100_000)
        told, found = "", dict[str, float]()
        for name, part in (("tokens", "tokens"), ("distinct texts", "counts"), ("n-grams", "grams")):
            found[name] = _timed(partial(getattr, texts, part))[1]
        for name in METRICS:
            metric, found[name] = _timed(partial(SET_METRICS[name], texts))
            told = f"{name} {metric.value:.4f}: {metric.words}."
        return _summed(found, told)

    return measured


def _written(n: int, words: int) -> list[str]:
    drawn = random.Random(0)
    letters = "abcdefghijklmnopqrstuvwxyz"
    known = ["".join(drawn.choices(letters, k=drawn.randrange(3, 9))) for _ in range(20_000)]
    made: list[str] = []
    for number in range(n):
        if number % 10 == 9:
            made.append(f"{made[drawn.randrange(len(made))]}s")
        else:
            made.append(" ".join(drawn.choices(known, k=words)))
    return made


def _summed(found: dict[str, float], told: str) -> dict[str, Any]:
    return found | {"all steps": sum(found.values()), MEMORY: _peak(), "told": told}


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    found = call()
    return found, time.process_time() - began


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", default="100000,1000000,10000000")
    parser.add_argument("--jsonl", default="100000,1000000")
    parser.add_argument("--texts", default="10000,100000,1000000")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="Write results/growth_statistics.md.")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


PARTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "labels": _labels,
    "jsonl": _jsonl,
    "tags": _texts(3),
    "explanations": _texts(12),
}

if __name__ == "__main__":
    main()
