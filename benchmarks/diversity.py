"""CPU seconds of the set metrics against the number of texts, and against brute force; prints Markdown.

Run `python benchmarks/diversity.py > benchmarks/results/diversity.md` (about two minutes). The texts are made from a
seed: 120 words each, of 20,000 made-up words whose frequencies follow Zipf's law; a tenth are edited copies of others.
"""

from __future__ import annotations

import math
import platform
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import accumulate, combinations
from multiprocessing import get_context
from typing import Any

from recjudge.judge.sets.diversity import SET_METRICS, TextSet, measure, measure_set
from recjudge.judge.sets.duplicates import NEAR

SIZES = (1_000, 3_000, 10_000, 30_000)
TIMED = ("distinct_1", "distinct_2", "rouge_diversity", "ngram_distance", "fifo_idf", "near_duplicate_share")
SHARED = ("tokens", "counts", "grams")


def main() -> None:
    print(
        f"# Set metrics: cost\n\nPython {platform.python_version()}, {platform.machine()}, CPU seconds of one process."
    )
    growth("Texts of 120 words", 120)
    growth("Tags of 3 words", 3)
    small_sets()
    brute_force(400)
    recall(3_000)


def growth(title: str, length: int) -> None:
    """One fresh process a size, so that peak memory is that size's own."""
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        runs = [pool.apply(timed, (size, length)) for size in SIZES]
    print(f"\n## {title}\n\nEverything but embeddings; 100,000 pairs sampled for ROUGE-L.\n")
    print("| step | " + " | ".join(f"{size:,}" for size in SIZES) + " | log-log slope |")
    print("|---|" + "--:|" * (len(SIZES) + 1))
    for step in (*SHARED, *TIMED, "total"):
        seconds = [run[step] for run in runs]
        print(f"| {step} | " + " | ".join(f"{value:.3f}" for value in seconds) + f" | {slope(seconds):.2f} |")
    print("| peak memory, MB | " + " | ".join(f"{run['memory']:.0f}" for run in runs) + " | |")


def timed(size: int, length: int) -> dict[str, float]:
    texts = made(size, length)
    measure_set(texts[:1000])  # imports and first-use tables are not the metric's cost
    whole, steps = TextSet(tuple(texts)), {}
    for step in SHARED:
        steps[step] = cpu(partial(getattr, whole, step))
    for name in TIMED:
        steps[name] = cpu(partial(SET_METRICS[name], whole))
    return {**steps, "total": sum(steps.values()), "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def small_sets() -> None:
    texts = made(20_000, 12)
    sets = [texts[at : at + 10] for at in range(0, len(texts), 10)]
    seconds = cpu(lambda: [measure_set(texts) for texts in sets])
    print(f"\n## Many small sets\n\n{len(sets):,} sets of 10 texts of 12 words, all metrics: {seconds:.2f} s, ", end="")
    print(f"{1000 * seconds / len(sets):.2f} ms a set.")


def brute_force(size: int) -> None:
    """The same numbers by plain loops over all pairs, which is how they are usually computed."""
    texts = made(size, 120)
    bags = [Counter(f"\0{text}\0"[at : at + 3] for at in range(len(text))) for text in texts]
    kinds = [set(bag) for bag in bags]
    tokens = [text.split() for text in texts]
    part = list(combinations(tokens, 2))[:500]
    rows: list[tuple[str, Callable[[], float], float]] = [
        ("rouge_diversity", lambda: 1 - mean([rouge_l(*pair) for pair in part]), math.comb(size, 2) / len(part)),
        ("ngram_distance", lambda: 1 - mean([cosine(*pair) for pair in combinations(bags, 2)]), 1),
        ("near_duplicate_share", lambda: near(kinds), 1),
    ]
    print(f"\n## Against loops over all pairs, {size} texts of 120 words\n")
    print("Loops in Python; ROUGE-L's loop ran on 500 pairs and is extrapolated, its value is of those pairs.\n")
    print("| metric | here, s | value | loop, s | value | times |\n|---|--:|--:|--:|--:|--:|")
    for name, loop, scale in rows:
        ours, value = kept(partial(_one, name, TextSet(tuple(texts))))
        theirs, other = kept(loop)
        theirs *= scale
        print(f"| {name} | {ours:.3f} | {value:.6f} | {theirs:.1f} | {other:.6f} | {theirs / ours:.0f} |")


def _one(name: str, texts: TextSet) -> float | None:
    return measure(texts, [name])[name].value


def recall(size: int) -> None:
    """Texts that MinHash finds to have a near-duplicate, of those that all pairs show."""
    print(f"\n## Near-duplicates found by MinHash, of those that all pairs show ({size:,} texts)\n")
    print("| texts | share by all pairs | share by MinHash | found | all pairs, s | MinHash, s |")
    print("|---|--:|--:|--:|--:|--:|")
    for title, length in (("120 words", 120), ("12 words", 12), ("3 words", 3)):
        texts = tuple(made(size, length))
        slow, exact = kept(partial(_one, "near_duplicate_share", TextSet(texts, cap=10**9)))
        fast, found = kept(partial(_one, "near_duplicate_share", TextSet(texts, cap=1)))
        print(f"| {title} | {exact:.4f} | {found:.4f} | {found / exact:.1%} | {slow:.2f} | {fast:.2f} |")


def made(size: int, length: int, seed: int = 0) -> list[str]:
    """A tenth of the texts are copies of others: up to `length / 8` words replaced, or a plural in a short one."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("etaoinshrdlucmfwypvbgk", k=rng.randint(2, 10))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    texts: list[list[str]] = []
    for number in range(size):
        if number % 10 == 9:
            copy = list(rng.choice(texts))
            copy[-1] += "s" if length < 8 else ""
            for _ in range(rng.randint(min(1, length // 8), length // 8)):
                copy[rng.randrange(length)] = rng.choice(words)
            texts.append(copy)
        else:
            texts.append(rng.choices(words, cum_weights=weights, k=length))
    return [" ".join(text) for text in texts]


def cpu(work: Callable[[], Any]) -> float:
    return kept(work)[0]


def kept(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds, and what the work returned."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def slope(seconds: list[float]) -> float:
    """Least-squares slope of log seconds on log size: 1 is linear."""
    x, y = [math.log(size) for size in SIZES], [math.log(max(value, 1e-6)) for value in seconds]
    centre, level = mean(x), mean(y)
    return sum((a - centre) * (b - level) for a, b in zip(x, y, strict=True)) / sum((a - centre) ** 2 for a in x)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def rouge_l(one: list[str], other: list[str]) -> float:
    before = [0] * (len(other) + 1)
    for a in one:
        row = [0]
        for j, b in enumerate(other):
            row.append(before[j] + 1 if a == b else max(before[j + 1], row[j]))
        before = row
    return 2 * before[-1] / (len(one) + len(other))


def cosine(one: Counter[str], other: Counter[str]) -> float:
    dot = sum(count * other[gram] for gram, count in one.items())
    return dot / math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))


def near(kinds: list[set[str]]) -> float:
    found = set()
    for (i, one), (j, other) in combinations(enumerate(kinds), 2):
        if len(one & other) >= NEAR * len(one | other):
            found |= {i, j}
    return len(found) / len(kinds)


if __name__ == "__main__":
    main()
