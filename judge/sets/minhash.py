"""Pairs of texts that may be near-duplicates, found in time linear in the texts: MinHash, then sorting by parts of it.

It knows no threshold of its own, and reports no pair: whoever asks compares each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grams import Grams

_BINS, _ORDERS, _DEPTH, _WINDOW = 128, 24, 5, 2
_CHUNK = 4096
_LARGE, _SHALLOW = 5_000, 2
"""From so many texts on, only neighbours that share an order's first four bins are looked at: with a Jaccard index of
0.8 a pair does in one order with probability 0.8^4, and in none of 24 with 3e-6."""


def signatures(grams: Grams, seed: int) -> NDArray[Any]:
    """Rows × bins, 16 bits each: one-permutation MinHash (Li et al. 2012), empty bins filled by optimal densification
    (Shrivastava 2017). Two rows agree in a bin with a probability close to their Jaccard index."""
    import numpy as np

    hashes = _mixed(np.arange(grams.width, dtype=np.uint64) + np.uint64(seed % (1 << 32)) * np.uint64(0x9E3779B9))
    bins, values = (hashes >> np.uint64(57)).astype(np.int64), (hashes & np.uint64(0x7FFFFFFF)).astype(np.uint32)
    found = np.empty((len(grams.sizes), _BINS), np.uint16)
    for block in grams.blocks():
        least = np.full((block.stop - block.start) * _BINS, 0xFFFFFFFF, np.uint32)
        np.minimum.at(least, block.rows * _BINS + bins[block.columns], values[block.columns])
        found[block.start : block.stop] = _dense(least.reshape(-1, _BINS))
    return found


def candidates(signatures: NDArray[Any], seed: int, least: float) -> NDArray[Any]:
    """Pairs of rows that stand side by side when rows are sorted by their signature, in several orders of its bins.

    Neighbours share the longest prefix, as in an LSH forest (Bawa et al. 2005), and there are never more than
    orders × window × rows of them. Only pairs whose signatures agree as at a Jaccard index of `least` or more stay, the
    most alike first.
    """
    import numpy as np

    n, draw = len(signatures), np.random.default_rng(seed)
    large = n >= _LARGE
    depth, pairs = _SHALLOW if large else _DEPTH, []
    for _ in range(_ORDERS):
        keys = np.ascontiguousarray(signatures[:, draw.permutation(_BINS)[: 4 * depth]]).view(np.uint64)
        rows = _shared(keys[:, 0]) if large else np.arange(n)
        keys = keys[rows]
        order = np.lexsort(keys.T[::-1])
        for step in range(1, _WINDOW + 1):
            one, other = order[:-step], order[step:]
            if large:
                likely = keys[one, 0] == keys[other, 0]
                one, other = one[likely], other[likely]
            one, other = rows[one], rows[other]
            pairs.append(np.minimum(one, other) * n + np.maximum(one, other))
    codes = np.unique(np.concatenate(pairs))
    one, other = codes // n, codes % n
    agree = np.concatenate(
        [
            (signatures[one[at : at + _CHUNK]] == signatures[other[at : at + _CHUNK]]).mean(1)
            for at in range(0, len(codes), _CHUNK)
        ]
        or [np.zeros(0)]
    )
    likely = np.flatnonzero(agree >= least - 3 * (least * (1 - least) / _BINS) ** 0.5)
    likely = likely[np.argsort(-agree[likely], kind="stable")]
    return np.stack([one[likely], other[likely]], 1)


def _shared(keys: NDArray[Any]) -> NDArray[Any]:
    """Rows whose key another row may have, in their order: those alone in their bucket are nobody's neighbours.

    Without them sorting, the one step that is not linear, is of a fraction.
    """
    import numpy as np

    bits = max(1, int(4 * len(keys)).bit_length())
    bucket = (_mixed(keys) >> np.uint64(64 - bits)).astype(np.int64)
    return np.flatnonzero(np.bincount(bucket, minlength=1 << bits)[bucket] > 1)


def _dense(least: NDArray[Any]) -> NDArray[Any]:
    """Each empty bin borrows from the first non-empty one in an order of its own, the same for all rows."""
    import numpy as np

    given, filled = least != 0xFFFFFFFF, least.copy()
    rows, bins = np.nonzero(~given)
    attempt = 0
    while len(rows):
        attempt += 1
        donors = (
            _mixed(np.arange(_BINS, dtype=np.uint64) * np.uint64(0x10001) + np.uint64(attempt << 32)) % np.uint64(_BINS)
        ).astype(np.int64)[bins]
        found = given[rows, donors]
        filled[rows[found], bins[found]] = least[rows[found], donors[found]]
        rows, bins = rows[~found], bins[~found]
    return filled


def _mixed(numbers: NDArray[Any]) -> NDArray[Any]:
    """SplitMix64's finaliser: well spread 64-bit hashes of whole numbers."""
    import numpy as np

    numbers = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[Any] = numbers ^ (numbers >> np.uint64(31))
    return mixed
