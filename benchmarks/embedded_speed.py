"""What 10,000 distinct explanations cost the embedded judge through `recjudge.score`: wall, CPU, peak memory.

    python benchmarks/embedded_speed.py [--samples 10000] [--processes N] [--profile]

Goal on two cores: under 120 s and under 700 MB.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

KINDS = """trail shoe, rain jacket, espresso grinder, yoga mat, desk lamp, chef's knife, down sleeping bag, wool scarf,
travel mug, garden hose, bluetooth speaker, leather wallet, running vest, ceramic teapot, climbing rope, baby carrier"""
TRAITS = """light, waterproof, quiet, foldable, dishwasher-safe, recycled, insulated, hand-made, anti-slip, compact"""
BRANDS = """Norvik, Alder, Peakline, Tamsin, Oru, Bellweather, Fjordic, Kestrel"""
MATERIALS = """merino wool, stainless steel, recycled nylon, full-grain leather, borosilicate glass, cork, linen"""
INTERESTS = """mountain runs before work, slow weekend coffee, camping with small children, stretching at noon,
cooking for friends, long train journeys, a tidy balcony garden, winter walks by the sea"""
OPENINGS = (
    "You look at {interest}, and this {trait} {kind} suits them",
    "For {interest}: a {trait} {kind}",
    "Since {interest} matter to you, try this {kind}, which is {trait}",
    "Made for {interest}, this {kind} stays {trait}",
)
CLOSINGS = (
    "its {material} lasts for years",
    "{brand} makes it from {material}",
    "it costs {price} dollars and weighs {weight} g",
    "the {material} feels good from the first day",
    "at {price} dollars it is easy to try",
    "{brand} tested it for {weight} hours",
)


def main() -> None:
    """Judges the samples once and prints one line of figures."""
    options = _options()
    from recjudge.judge.score import Options, score

    samples = list(explanations(options.samples, options.seed))
    profile = cProfile.Profile() if options.profile else None
    wall, cpu = time.perf_counter(), _cpu()
    if profile:
        profile.enable()
    scored = score(samples, options.judge, options=Options(processes=options.processes))
    grades = Counter(str(verdict.grade) for verdict in scored)
    if profile:
        profile.disable()
    wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(f"{len(samples):,} explanations on {os.cpu_count()} cores, judge {options.judge}: ", end="")
    print(f"{wall:.1f} s wall ({len(samples) / wall:.0f}/s), {cpu:.1f} s CPU, peak {peak:.0f} MB")
    print(", ".join(f"{grade} {count:,}" for grade, count in grades.most_common()))
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def _cpu() -> float:
    """Seconds of this process and of its workers."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def explanations(count: int, seed: int, per_item: int = 4) -> Iterator[dict[str, Any]]:
    """Distinct explanations with item, interest and history, `per_item` on each item."""
    pick = random.Random(seed)
    item: dict[str, Any] = {}
    for number in range(count):
        if number % per_item == 0:
            item = _item(pick, number // per_item)
        yield _sample(pick, number, item)


def _item(pick: random.Random, number: int) -> dict[str, Any]:
    trait, kind, brand = _one(pick, TRAITS), _one(pick, KINDS), _one(pick, BRANDS)
    return {
        "id": f"item{number}",
        "title": f"{brand} {trait} {kind} No. {number}",
        "brand": brand,
        "kind": kind,
        "trait": trait,
        "material": _one(pick, MATERIALS),
        "price": pick.randint(9, 300),
        "weight": pick.randint(50, 2500),
    }


def _sample(pick: random.Random, number: int, item: dict[str, Any]) -> dict[str, Any]:
    words = item | {"interest": _one(pick, INTERESTS)}
    if pick.random() < 0.3:  # some claims that the item's fields do not bear out
        words |= {"material": _one(pick, MATERIALS), "price": pick.randint(9, 300)}
    parts = [pick.choice(OPENINGS), *pick.sample(CLOSINGS, 2)]
    text = "{}; {}, and {}. Ask for number {}.".format(*(part.format(**words) for part in parts), number)
    clicks = [f"{_one(pick, TRAITS)} {_one(pick, KINDS)}" for _ in range(5)]
    history = [{"id": f"h{place}", "action": "click", "title": title} for place, title in enumerate(clicks, 1)]
    return {
        "id": f"e{number}",
        "task": "explanation",
        "output": text[:1].upper() + text[1:],
        "context": {"interest": words["interest"], "item": item, "history": history, "now": "2026-03-01"},
        "group": f"u{number // 10}",
        "item": item["id"],
    }


def _one(pick: random.Random, names: str) -> str:
    return pick.choice(names.replace("\n", " ").split(", "))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", default="local")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--processes", type=int, help="worker processes; left out, score chooses")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
