"""What a Student costs a sample, in batches as a trainer sends them, beside the embedded judge `local` in the same run.

    python benchmarks/student_speed.py [--batches 60] [--out benchmarks/results/student_speed.md] [--profile]

A batch is 8 contexts with 8 completions each (explanations of 10 to 30 words, an item with 5 fields, an interest). No
text comes twice, so no cache answers for another batch. Goal on one core: a quarter of a millisecond a sample.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import platform
import pstats
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from recjudge.judge.judges import load_judge
from recjudge.judge.panel import Judge, run_checks
from recjudge.judge.records import Sample
from recjudge.judge.student import Linear, Stem, Student, Target, write_student
from recjudge.judge.student.features import names_for, vectors
from recjudge.rubrics import load_rubric

CONTEXTS, COMPLETIONS = 8, 8
BATCH = CONTEXTS * COMPLETIONS
GOAL = 0.25
PIECES = (
    "You look at {interest}, and this {kind} suits them",
    "Because {interest} matter to you, a {trait} {kind} is worth a look",
    "The {material} stays dry on long days outside",
    "{brand} made it {trait} enough for a small bag",
    "it weighs {weight} g and packs away in seconds",
    "the soft {material} feels good from the first morning",
    "so you can stay out longer without carrying more",
    "it costs {price} dollars and comes with a spare part",
    "friends who share {interest} will ask where it came from",
)
KINDS = (
    "trail shoe", "rain jacket", "espresso grinder", "yoga mat", "desk lamp", "sleeping bag", "travel mug",
    "leather wallet",
)  # fmt: skip
TRAITS = (
    "light", "waterproof", "quiet", "foldable", "dishwasher-safe", "recycled", "insulated", "hand-made",
    "compact",
)  # fmt: skip
BRANDS = (
    "Norvik", "Alder", "Peakline", "Tamsin", "Oru", "Bellweather", "Fjordic", "Kestrel",
)  # fmt: skip
MATERIALS = (
    "merino wool", "stainless steel", "recycled nylon", "full-grain leather", "cork", "linen",
)  # fmt: skip
INTERESTS = (
    "mountain runs before work", "slow weekend coffee", "camping with small children", "stretching at noon",
    "long train journeys", "a tidy balcony garden", "winter walks by the sea",
)  # fmt: skip
SYLLABLES = ("ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "zu")
"""Of them a name is made for each context and each text, so that none comes twice and none is a number."""
Numbers = list[float]


def main() -> None:
    """Times fresh batches in turn, prints the table and writes it."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        student = wide_student(Path(folder) / "student")
    judge = load_judge("local")
    assert isinstance(judge, Judge)
    rubric, names = student.rubrics["explanation"], names_for(student.rubrics["explanation"])
    make = Batches(options.seed)
    ways: dict[str, Callable[[Sequence[Sample]], object]] = {
        "student": student.at_once,
        "grades": student.grades,
        "features": lambda batch: vectors(batch, names),
        "guards": lambda batch: [run_checks(sample, rubric, student.guards) for sample in batch],
        "local": lambda batch: _judged(judge, batch),
    }
    for way in ways.values():  # word lists, models and compiled patterns are loaded once a process
        way(make.batch())
    profile = cProfile.Profile()
    found: dict[str, Numbers] = {name: [] for name in ways}
    for _ in range(options.batches):
        for name, way in ways.items():
            batch = make.batch()
            if name == "guards":  # as in the Student: the features have read the texts before
                vectors(batch, names)
            found[name].append(_timed(way, batch, profile if options.profile == name else None))
    page = _page(found, len(names), options)
    print(page)
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    if options.out:
        options.out.write_text(page)


def wide_student(folder: Path) -> Student:
    """A Student of explanations with every feature, three knots each, a target for each dimension and for the grade."""
    rubric = load_rubric("explanation")
    names, pick = names_for(rubric), random.Random(0)
    scales = {dim.name: dim.labels for dim in rubric.dimensions} | {"grade": ("Bad", "Average", "Superior")}
    targets = [Target(name, labels, 1.0, tuple(range(len(labels) - 1))) for name, labels in scales.items()]
    weights = tuple(tuple(pick.gauss(0, 0.02) for _ in range(4 * len(names))) for _ in targets)
    ones = (1.0,) * len(names)
    stem = Stem(names, ones, ones, ((-1.0, 0.0, 1.0),) * len(names), weights)
    task = rubric.name
    return write_student(folder, Linear({task: stem}), {task: targets}, {task: rubric}, made={"by": "a benchmark"})


class Batches:
    """Batches of samples that share no text."""

    def __init__(self, seed: int) -> None:
        self.pick, self.count = random.Random(seed), 0

    def batch(self) -> list[Sample]:
        """8 contexts with 8 completions each."""
        return [sample for _ in range(CONTEXTS) for sample in self._context()]

    def _context(self) -> list[Sample]:
        pick = self.pick
        item = {
            "title": f"{pick.choice(BRANDS)} {pick.choice(TRAITS)} {pick.choice(KINDS)} {self._name()}",
            "brand": pick.choice(BRANDS),
            "material": pick.choice(MATERIALS),
            "price": pick.randint(9, 300),
            "weight": pick.randint(50, 2500),
        }
        context = {"item": item, "interest": pick.choice(INTERESTS)}
        return [self._sample(context) for _ in range(COMPLETIONS)]

    def _sample(self, context: dict[str, Any]) -> Sample:
        pick, name = self.pick, self._name()
        fill = {"kind": pick.choice(KINDS), "trait": pick.choice(TRAITS), "interest": context["interest"]}
        fill |= {field: str(value) for field, value in context["item"].items()}
        if pick.random() < 0.3:  # some claims that the item's fields do not bear out
            fill |= {"material": pick.choice(MATERIALS), "price": str(pick.randint(9, 300))}
        pieces = [piece.format(**fill) for piece in pick.sample(PIECES, len(PIECES))]
        words = f"{pieces[0]}, {pieces[1]}; {pieces[2]}".split()[: pick.randint(9, 29)]
        return Sample(name, "explanation", f"{' '.join(words).capitalize()}, {name}.", context, group=name)

    def _name(self) -> str:
        self.count += 1
        return "".join(SYLLABLES[int(digit)] for digit in str(self.count)).capitalize()


def _judged(judge: Judge, batch: Sequence[Sample]) -> object:
    async def go() -> object:
        return [await judge.judge(sample) for sample in batch]

    judge.prepare(batch)
    return asyncio.run(go())


def _timed(
    way: Callable[[Sequence[Sample]], object], batch: Sequence[Sample], profile: cProfile.Profile | None
) -> float:
    if profile:
        profile.enable()
    started = time.process_time()
    way(batch)
    spent = time.process_time() - started
    if profile:
        profile.disable()
    return 1000 * spent / len(batch)


def _page(found: dict[str, Numbers], features: int, options: argparse.Namespace) -> str:
    middle = {name: median(times) for name, times in found.items()}
    rest = middle["student"] - middle["features"] - middle["guards"]
    ratios = [local / student for local, student in zip(found["local"], found["student"], strict=True)]
    lines = [
        "# What a Student costs a sample",
        "",
        f"CPU milliseconds a sample in batches of {BATCH} ({CONTEXTS} contexts × {COMPLETIONS} explanations), median",
        f"and quartiles of {options.batches} batches, {options.batches * BATCH:,} samples, seed {options.seed}; every",
        f"text is new to the process. {features} features with three knots each, {platform.python_implementation()} "
        f"{platform.python_version()}, one thread. Made by `python benchmarks/student_speed.py`.",
        "",
        "| What | ms a sample | quartiles |",
        "|---|---:|---:|",
        *(f"| {words} | {middle[name]:.3f} | {_quartiles(found[name])} |" for name, words in _ROWS.items()),
        f"| rest: weights, verdict (difference) | {rest:.3f} | |",
        "",
        f"The embedded judge takes {median(ratios):.1f} times as long (quartiles {_quartiles(ratios, 1)},",
        f"{len(ratios)} pairs of batches, in turn).",
        "",
        f"The goal is {GOAL} ms a sample on one core, {'reached' if middle['student'] <= GOAL else 'missed'} here.",
        "",
    ]
    return "\n".join(lines)


def _quartiles(values: Numbers, digits: int = 3) -> str:
    low, _, high = quantiles(values, n=4)
    return f"{low:.{digits}f}–{high:.{digits}f}"


_ROWS = {
    "student": "**the Student, whole** (`Student.at_once`)",
    "grades": "its grade alone, as a reward needs it (`Student.grades`)",
    "features": "features alone, texts not read before",
    "guards": "code checks that stand (`GUARDS`), texts read before",
    "local": "the embedded judge `local`, with all code checks",
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--profile", default="", help="student, grades, features, guards or local")
    return parser.parse_args()


if __name__ == "__main__":
    main()
