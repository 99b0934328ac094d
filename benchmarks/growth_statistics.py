"""How agreement and set metrics grow with the number of labels and of texts: time and memory, a process for each n.

    python benchmarks/growth_statistics.py [--labels 100000,1000000,10000000] [--texts 30000,100000,300000] [--write]

Labels are those of five people on a scale of five points, read from a CSV file of one label a line; `figures` is every
coefficient of people among themselves and the three ceilings, each with its interval of 1,000 draws. Texts are tags of
three words and explanations of twelve, one in ten a near-duplicate of another. CPU seconds and the peak of resident
memory; slopes are those of log against log by least squares: 1 is linear.
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

HERE = Path(__file__).parent
RATERS = 5
LABEL_STEPS = ("read", "table", "figures", "peak, MB")
TEXT_STEPS = ("distinct_1", "distinct_2", "rouge_diversity", "ngram_distance", "near_duplicate_share", "peak, MB")


def main() -> None:
    """Measures every size in a process of its own, prints the page, and writes it."""
    options = _options()
    if options.one:
        print(json.dumps(PARTS[options.part](options.one)))
        return
    blocks = [_block("Labels", "labels", LABEL_STEPS, options.labels)]
    for name, title in (("tags", "Tags of three words"), ("explanations", "Explanations of twelve words")):
        blocks.append(_block(title, name, TEXT_STEPS, options.texts))
    page = "\n".join(
        [
            "# Statistics at scale: how they grow",
            "",
            f"`python benchmarks/growth_statistics.py`: Python {platform.python_version()}, {platform.machine()}, one "
            "thread; CPU seconds, one run of each.",
            "",
            *blocks,
        ]
    )
    print(page)
    if options.write:
        (HERE / "results" / "growth_statistics.md").write_text(page)


def slope(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Of log value against log n, by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-3)) for value in values]
    middle, level = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle) * (y - level) for x, y in zip(xs, ys, strict=True)) / sum((x - middle) ** 2 for x in xs)


def _block(title: str, part: str, steps: Sequence[str], sizes: str) -> str:
    ns = [int(size) for size in sizes.split(",")]
    found = [_run(part, n) for n in ns]
    rows = [f"## {title}", "", f"| | {' | '.join(f'{n:,}' for n in ns)} | slope |", f"|---|{'--:|' * (len(ns) + 1)}"]
    for step in steps:
        values = [one[step] for one in found]
        shown = " | ".join(f"{value:,.0f}" if "MB" in step else f"{value:.2f}" for value in values)
        rows.append(f"| {step} | {shown} | {slope(ns, values):.2f} |")
    return "\n".join([*rows, "", *(found[-1].get("notes") or []), ""])


def _run(part: str, n: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--part", part, "--one", str(n)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    found: dict[str, Any] = json.loads(done.stdout)
    print(part, n, found, file=sys.stderr, flush=True)
    return found


def _labels(n: int) -> dict[str, Any]:
    from recjudge.human_labels import read_labels
    from recjudge.human_labels.agreement.human import people_side
    from recjudge.human_labels.agreement.settings import Settings
    from recjudge.human_labels.records import table_of

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        _write_labels(path, n // RATERS)
        read = _timed(lambda: read_labels(path, scales={"relevance": "ordinal:1..5"}))
    table = _timed(lambda: table_of(read[0].rows, "relevance"))
    side = _timed(lambda: people_side(table[0], table[0].ids, Settings()))
    alpha = next(one for one in side[0].side.figures if one.name == "alpha_ordinal").interval
    told = f"alpha (ordinal) {alpha.value:.4f} [{alpha.low:.4f}, {alpha.high:.4f}], n = {alpha.n:,} items."
    return {"read": read[1], "table": table[1], "figures": side[1], "peak, MB": _peak(), "notes": [told, ""]}


def _write_labels(path: Path, items: int) -> None:
    drawn = random.Random(0)
    with path.open("w") as file:
        file.write("sample,dimension,annotator,label\n")
        for item in range(items):
            truth = drawn.randrange(1, 6)
            for rater in range(RATERS):
                word = min(5, max(1, truth + drawn.randrange(-1, 2)))
                file.write(f"s{item},relevance,a{rater},{word}\n")


def _texts(words: int) -> Callable[[int], dict[str, Any]]:
    def measured(n: int) -> dict[str, Any]:
        from recjudge.judge.sets.diversity import SET_METRICS
        from recjudge.judge.sets.textset import TextSet

        texts = TextSet(tuple(_written(n, words)), (), (), None, 0, 100_000)
        found: dict[str, Any] = {}
        for name in TEXT_STEPS[:-1]:
            metric, found[name] = _timed(partial(SET_METRICS[name], texts))
            if name == "near_duplicate_share":
                found["notes"] = [f"near_duplicate_share {metric.value:.4f}: {metric.words}.", ""]
        return found | {"peak, MB": _peak()}

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


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    found = call()
    return found, time.process_time() - began


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", default="100000,1000000,10000000")
    parser.add_argument("--texts", default="30000,100000,300000")
    parser.add_argument("--write", action="store_true", help="Write results/growth_statistics.md.")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


PARTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "labels": _labels,
    "tags": _texts(3),
    "explanations": _texts(12),
}

if __name__ == "__main__":
    main()
