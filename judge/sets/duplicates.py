"""Near-duplicates in a set: exact over all pairs of a small set, by MinHash in linear time in a large one.

Two texts are near-duplicates when their sets of character n-grams (3; 2 where characters are the tokens) have a Jaccard
index of at least 0.8, after case, width, spaces and punctuation are levelled. A long text may differ in some words, a
tag of three words in a letter or two; a set of short texts around one theme shows in `ngram_distance` instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .minhash import candidates, signatures
from .textset import SetMetric, TextSet, normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grams import Grams

NEAR = 0.8
"""Least Jaccard index of near-duplicates, as is common where corpora are deduplicated. A parameter of ours."""
_CHUNK = 4096
_FEW = 10
"""Texts of a set up to which Python's own numbers are as quick as arrays."""


def near_duplicate_share(texts: TextSet) -> SetMetric:
    """Share of texts that have a near-duplicate in the set; a lower bound where pairs are found by MinHash."""
    name, n = "near_duplicate_share", texts.n
    if n < 2:
        return texts.undefined(name, "a text cannot repeat another one in a set of one" if n else "there is no text")
    keys, times = list(texts.counts), list(texts.counts.values())
    exact = len(keys) * (len(keys) - 1) // 2 <= texts.cap
    near, (one, other) = _all_pairs(texts) if exact else _by_minhash(texts.grams, texts.seed)
    if max(times) > 1:
        one = other = next(place for place, often in enumerate(times) if often > 1)
    count = sum(often for often, is_near in zip(times, near, strict=True) if is_near or often > 1)
    pair = texts.written(keys[one], keys[other]) if one >= 0 else ()
    how = "all pairs compared" if exact else "at least; pairs found by MinHash, then compared"
    words = f"{count} of {n} texts have a near-duplicate (character {texts.gram_size}-grams, Jaccard ≥ {NEAR}; {how})"
    return texts.value(name, count / n, words, exact=exact, pair=pair)


def repeats(texts: Sequence[str], *, least: float = NEAR, seed: int = 0, cap: int = 1_000_000) -> dict[int, int]:
    """Places of texts that repeat an earlier one, each with the place of that one; without them no two are alike.

    Alike are the same tokens, or n-grams with a Jaccard index of `least` or more. A text without a token repeats none.
    Of up to `cap` pairs all are compared; beyond it pairs are found by MinHash and then compared, pass after pass until
    none is found, so that one that MinHash misses stays.
    """
    keys = [normalise(text) for text in texts]
    first: dict[str, int] = {}
    found = {place: first[key] for place, key in enumerate(keys) if key and first.setdefault(key, place) != place}
    alive = dict(first)
    alive.pop("", None)
    while len(alive) > 1:
        kept = TextSet(tuple(texts[place] for place in alive.values()), seed=seed, cap=cap)
        exact = len(alive) * (len(alive) - 1) // 2 <= cap
        rows = [alive[key] for key in kept.counts]
        pairs = _near_pairs(kept.grams, seed, least, exact)
        out = _greedy([(rows[one], rows[other]) for one, other in pairs])
        found |= out
        alive = {key: place for key, place in alive.items() if place not in out}
        if exact or not out:
            break
    return found


def alike(one: str, other: str, *, least: float = NEAR) -> bool:
    """True for two texts with the same tokens or near-duplicates; False where one has no token."""
    return bool(repeats((one, other), least=least))


def _near_pairs(grams: Grams, seed: int, least: float, exact: bool) -> list[tuple[int, int]]:
    import numpy as np

    if exact:
        common, sizes = _intersections(grams), grams.sizes
        index = np.triu(common / (sizes[:, None] + sizes[None, :] - common), 1)
        return [(int(one), int(other)) for one, other in np.argwhere(index >= least)]
    marks = np.zeros(grams.width, bool)
    pairs = candidates(signatures(grams, seed), seed, least).tolist()
    return [(one, other) for one, other in pairs if _jaccard(grams, marks, one, other) >= least]


def _greedy(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Earlier places first: one with a kept neighbour goes, with that neighbour."""
    earlier: dict[int, list[int]] = {}
    for one, other in pairs:
        earlier.setdefault(max(one, other), []).append(min(one, other))
    out: dict[int, int] = {}
    for place in sorted(earlier):
        staying = [near for near in earlier[place] if near not in out]
        if staying:
            out[place] = min(staying)
    return out


Found = tuple[Sequence[bool], tuple[int, int]]
"""Which rows have a near-duplicate, and the rows of the nearest pair (-1 when no pair was compared)."""


def _all_pairs(texts: TextSet) -> Found:
    """From the matrix of intersections."""
    if len(texts.counts) < 2:
        return [False] * len(texts.counts), (-1, -1)
    small = texts.overlaps
    if small and len(texts.counts) <= _FEW:
        return _few_pairs(small.sizes.tolist(), small.common.tolist())
    sizes, common = (small.sizes, small.common) if small else (texts.grams.sizes, _intersections(texts.grams))
    index = common / (sizes[:, None] + sizes[None, :] - common)
    index.flat[:: len(sizes) + 1] = -1.0
    one, other = divmod(int(index.argmax()), len(sizes))
    return (index >= NEAR).any(1).tolist(), (one, other)


def _few_pairs(sizes: Sequence[float], common: Sequence[Sequence[float]]) -> Found:
    """The same in plain Python, which some pairs take less time than arrays do."""
    near, best, pair = [False] * len(sizes), -1.0, (-1, -1)
    for one, row in enumerate(common):
        for other in range(one + 1, len(sizes)):
            both = row[other]
            index = both / (sizes[one] + sizes[other] - both)
            if index > best:
                best, pair = index, (one, other)
            if index >= NEAR:
                near[one] = near[other] = True
    return near, pair


def _intersections(grams: Grams) -> NDArray[Any]:
    """Rows × rows: how many n-grams two rows share; a product of 0-1 matrices, over chunks of the shared columns."""
    import numpy as np

    shared = np.bincount(grams.columns, minlength=grams.width) > 1
    number = np.cumsum(shared) - 1
    kept = shared[grams.columns]
    rows, columns = grams.rows[kept], number[grams.columns[kept]]
    common = np.zeros((len(grams.sizes),) * 2, np.float32)
    for at in range(0, int(shared.sum()), _CHUNK):
        inside = (columns >= at) & (columns < at + _CHUNK)
        ones = np.zeros((len(common), min(_CHUNK, int(shared.sum()) - at)), np.float32)
        ones[rows[inside], columns[inside] - at] = 1
        common += ones @ ones.T
    return common.astype(np.float64)


def _by_minhash(grams: Grams, seed: int) -> Found:
    """From candidate pairs, most alike signatures first; each is verified, so none is reported wrongly."""
    import numpy as np

    near, nearest = np.zeros(len(grams.sizes), bool), (0.0, -1, -1)
    marks = np.zeros(grams.width, bool)
    for one, other in candidates(signatures(grams, seed), seed, NEAR).tolist():
        if near[one] and near[other]:
            continue
        index = _jaccard(grams, marks, one, other)
        nearest = max(nearest, (index, one, other), key=lambda found: (found[0], -found[1], -found[2]))
        if index >= NEAR:
            near[one] = near[other] = True
    return near.tolist(), nearest[1:]


def _jaccard(grams: Grams, marks: NDArray[Any], one: int, other: int) -> float:
    first, second = grams.row(one), grams.row(other)
    marks[first] = True
    common = int(marks[second].sum())
    marks[first] = False
    return common / (len(first) + len(second) - common)
