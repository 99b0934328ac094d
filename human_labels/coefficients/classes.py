"""Accuracy and its kin: a judge's labels held against people's, the mode in the name, never an F1 without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..intervals import Sums, ratio
from ..records import Table
from .pairs import matthews
from .patterns import Patterns, categories

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def class_figures(
    truth: Numbers,
    said: Numbers,
    codes: Sequence[float],
    positive: frozenset[float] | None = None,
    *,
    words: Sequence[str] | None = None,
) -> dict[str, Sums]:
    """Figures of `said` against `truth`, both (items,) of codes with NaN where nothing was said, by name and mode.

    `…_binary`: the codes in `positive` (a pass) against the rest; missing without `positive`. `…_weighted`: one against
    the rest for each code, weighted by its share of the truth, which makes `recall_weighted` the accuracy. `…:WORD`:
    that code against the rest; `words` names the codes. `balanced_accuracy` is the mean recall of the codes that occur
    in the truth, `mcc` is of all codes, `prevalence` and `majority_baseline` are of the truth, `bias_index` of passes.

    Over the items that have both words. What is a share of fewer (precision: of those said positive; recall: of those
    that are) counts only these in its n. Undefined is NaN: a precision without a predicted positive, a weighted
    precision with a code that occurs and is never said. F1 is 2 tp / (2 tp + fp + fn), NaN only where nothing is or is
    said positive. Raises ValueError for a value that is no code.
    """
    import numpy as np

    found = _Two.of(truth, said, codes)
    names = list(words) if words is not None else [f"{code:g}" for code in codes]
    figures = {
        "accuracy": found.share(found.both, found.right),
        "balanced_accuracy": found.margins(_balanced),
        "precision_weighted": found.margins(_weighted(lambda hit, is_so, said_so: ratio(hit, said_so))),
        "recall_weighted": found.share(found.both, found.right),
        "f1_weighted": found.margins(_weighted(lambda hit, is_so, said_so: ratio(2 * hit, is_so + said_so))),
        "majority_baseline": found.margins(lambda hit, is_so, said_so: _commonest(is_so), share=True),
        "mcc": found.margins(lambda hit, is_so, said_so: matthews(hit.sum(axis=-1), said_so, is_so)),
    }
    if positive is not None:
        figures |= _of_passes(found, np.isin(found.codes, list(positive)))
    for place, name in enumerate(names):
        figures |= _one_against_rest(found, np.arange(len(names)) == place, f":{name}")
    return figures


def confusion(truth: Numbers, said: Numbers, codes: Sequence[float]) -> Numbers:
    """(q, q) counts, truth in rows and what was said in columns, over the items that have both words."""
    import numpy as np

    found = _Two.of(truth, said, codes)
    q = len(codes)
    keys = (found.truth * q + found.said)[found.both]
    weights = np.bincount(found.patterns.rows, minlength=len(found.both))[found.both]  # type: ignore[arg-type]
    counts = np.bincount(keys, weights=weights, minlength=q * q)
    return np.asarray(counts.reshape(q, q).astype(int))


@dataclass(frozen=True)
class _Two:
    """The distinct pairs of words; places in `codes`, -1 for none."""

    patterns: Patterns
    truth: Numbers
    said: Numbers

    @classmethod
    def of(cls, truth: Numbers, said: Numbers, codes: Sequence[float]) -> _Two:
        import numpy as np

        pair = np.column_stack([np.asarray(truth, float), np.asarray(said, float)])
        table = Table(tuple(f"item {place}" for place in range(len(pair))), ("people", "judge"), pair)
        patterns = categories(table, on=codes)
        return cls(patterns, patterns.cells[:, 0], patterns.cells[:, 1])

    @property
    def codes(self) -> Numbers:
        return self.patterns.codes

    @property
    def both(self) -> Numbers:
        return (self.truth >= 0) & (self.said >= 0)

    @property
    def right(self) -> Numbers:
        import numpy as np

        return np.asarray(self.both & (self.truth == self.said))

    def share(self, among: Numbers, of: Numbers) -> Sums:
        """How many of the pairs in `among` are in `of`."""
        return self._ratio(among & self.both, among.astype(float), among & of, share=True)

    def f1(self, is_so: Numbers, said_so: Numbers) -> Sums:
        """2 tp / (2 tp + fp + fn), over the items with both words."""
        return self._ratio(self.both, is_so.astype(float) + said_so, 2.0 * (is_so & said_so), share=False)

    def more(self, some: Numbers, others: Numbers) -> Sums:
        """|count of the one - count of the other| / n."""
        import numpy as np

        features = np.column_stack([some.astype(float) - others, self.both])
        return self.patterns.sums(features, lambda sums: np.abs(ratio(sums[..., 0], sums[..., 1])), self.both)

    def margins(self, of: Callable[[Numbers, Numbers, Numbers], Numbers], *, share: bool = False) -> Sums:
        """`of(hits, truth's counts, counts said)`, each (..., q)."""
        import numpy as np

        q = len(self.codes)
        truth, said = self.patterns.one_hot(0), self.patterns.one_hot(1)

        def finish(sums: Numbers) -> Numbers:
            return of(sums[..., :q], sums[..., q : 2 * q], sums[..., 2 * q :])

        return self.patterns.sums(np.concatenate([truth * said, truth, said], axis=1), finish, self.both, share=share)

    def _ratio(self, used: Numbers, under: Numbers, over: Numbers, *, share: bool) -> Sums:
        import numpy as np

        features = np.column_stack([over, under])
        return self.patterns.sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), used, share=share)


def _one_against_rest(found: _Two, wanted: Numbers, mode: str) -> dict[str, Sums]:
    is_so, said_so = _marked(found.truth, wanted), _marked(found.said, wanted)
    return {
        f"precision{mode}": found.share(said_so, is_so),
        f"recall{mode}": found.share(is_so, said_so),
        f"f1{mode}": found.f1(is_so, said_so),
    }


def _of_passes(found: _Two, passing: Numbers) -> dict[str, Sums]:
    is_so, said_so = _marked(found.truth, passing), _marked(found.said, passing)
    return _one_against_rest(found, passing, "_binary") | {
        "specificity_binary": found.share(found.both & ~is_so, ~said_so),
        "prevalence": found.share(found.both, is_so),
        "bias_index": found.more(said_so, is_so),
    }


def _marked(places: Numbers, wanted: Numbers) -> Numbers:
    """(patterns,): true where the word is one of those wanted; false for none."""
    import numpy as np

    return np.append(wanted, False)[places]


def _balanced(hit: Numbers, is_so: Numbers, said_so: Numbers) -> Numbers:
    import numpy as np

    recall = np.divide(hit, is_so, out=np.zeros_like(hit), where=is_so > 0)
    return ratio(recall.sum(axis=-1), (is_so > 0).sum(axis=-1))


def _weighted(of: Callable[[Numbers, Numbers, Numbers], Numbers]) -> Callable[[Numbers, Numbers, Numbers], Numbers]:
    import numpy as np

    def weighted(hit: Numbers, is_so: Numbers, said_so: Numbers) -> Numbers:
        each = np.where(is_so > 0, is_so * of(hit, is_so, said_so), 0.0)
        return ratio(each.sum(axis=-1), is_so.sum(axis=-1))

    return weighted


def _commonest(is_so: Numbers) -> Numbers:
    return ratio(is_so.max(axis=-1, initial=0.0), is_so.sum(axis=-1))
