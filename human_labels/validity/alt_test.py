"""The alternative annotator test: may this judge stand in for one of the annotators? (Calderon, Reichart, Dror 2025)"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ...errors import UsageError
from ..intervals import Interval, Sums, interval, ratio
from ..numerals import short
from ..records import Table
from .differences import false_discoveries, p_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Similarity = Literal["match", "rmse"]
EPSILONS: Mapping[str, float] = {"expert": 0.2, "end_user": 0.15, "crowd": 0.1}
"""What a judge's cheapness may outweigh, by role (Calderon et al. 2025, section 3.3); end users as skilled raters."""
ENOUGH = 30
"""Items an annotator must have labelled for the t-test; 50 to 100 are advised."""
LEAST = 10
"""With fewer items no test is made: the least p of a signed-rank test of n items, 2**-n, hardly meets the rate."""


@dataclass(frozen=True, slots=True)
class Against:
    """The test against one annotator."""

    annotator: str
    n: int
    """Items she labelled, with another annotator's label beside."""
    judge: float
    """P(W^f): how often the judge is at least as close to the others as she is."""
    annotator_wins: float
    """P(W^h): how often she is at least as close as the judge."""
    p: float
    """One-sided; NaN where no test was made."""
    rejected: bool
    """H0 (she is better by more than epsilon) is rejected at the false discovery rate."""
    test: str
    """`t`, `cluster t` or `wilcoxon`; "" with too few items for any."""


@dataclass(frozen=True, slots=True)
class AltTest:
    """Its outcome. `passed`, of what was judged, is None where it cannot be held: too few annotators or items;
    `note` says which."""

    winning_rate: float
    """omega: share of annotators against whom H0 is rejected."""
    advantage: Interval
    """rho: mean probability that the judge is at least as good as the annotator left out."""
    epsilon: float
    against: tuple[Against, ...]
    passed: bool | None
    note: str = ""
    place: str = "an annotator"
    """Whose place the judge would take."""
    lost: float = math.nan
    """omega, had the judge lost on every item on which it has no word; NaN where it has a word on all."""


def alt_test(
    table: Table,
    judge: Numbers,
    *,
    epsilon: float = EPSILONS["expert"],
    similarity: Similarity = "match",
    clusters: Sequence[Hashable] | None = None,
    q: float = 0.05,
    seed: int = 0,
    draws: int = 1000,
) -> AltTest:
    """Leaves each annotator out and asks who is closer to the rest of them: she or the judge.

    Calderon, Reichart, Dror 2025 (ACL, arXiv 2501.10970), section 3. On each item that annotator and judge share with
    others, W^f = 1 where the judge is at least as similar to the others as she, W^h = 1 the other way round; similarity
    is the share of the others' labels that `match`, or the negative `rmse` to them. H0: P(W^h) - epsilon >= P(W^f) is
    tested by a one-sided t-test on W^h - W^f, and the annotators' p-values by Benjamini and Yekutieli's procedure at
    rate q. The judge passes where it wins against half of the annotators or more (omega >= .5).

    Beyond the authors' procedure: where `clusters` hold several items (sub-items of one text) the t-test is on
    cluster sums with G - 1 degrees of freedom; below 30 items it is Wilcoxon's, below 10 none is made; rho has an
    interval by drawing clusters; a judge without a word is counted in `note` with what losing there would give.
    `judge` is (items,), NaN where it has no word. Raises `UsageError` for one that is off the scale under `match`.
    """
    import numpy as np

    judge = _checked(table, judge, similarity)
    others = ~np.isnan(table.values) & ((~np.isnan(table.values)).sum(axis=1) >= 2)[:, None]
    wins, loses = _held_against_others(table, judge, similarity)
    given = others & ~np.isnan(judge)[:, None]
    found = _outcome(table.raters, given, wins, loses, epsilon, clusters, q, seed, draws)
    return _with_notes(
        found, table, judge, others, _lost(table.raters, others, given, wins, loses, epsilon, clusters, q)
    )


def single_expert(
    expert: Table,
    judge: Numbers,
    others: Table,
    *,
    epsilon: float = EPSILONS["crowd"],
    similarity: Similarity = "match",
    clusters: Sequence[Hashable] | None = None,
    q: float = 0.05,
    seed: int = 0,
    draws: int = 1000,
) -> AltTest:
    """Who represents the one expert better: the judge, or annotators who could be hired in her place?

    The single-expert case of Calderon et al. 2025 (appendix, "A Single Expert Annotator"): the expert's label stands
    where the other annotators' labels stood, nobody is left out of it, and each of `others` is compared with the judge
    in their closeness to the expert: W^f = 1 where S(judge, expert) >= S(annotator, expert). Tests, rates and omega as
    in `alt_test`; epsilon is that of those who would be hired. It says whether the judge may replace *them* as the
    expert's proxy, never that it may replace the expert: one person has no ceiling. `expert` and `others` are tables
    of the same items in the same order; one annotator is enough for an outcome here.
    """
    import numpy as np

    if expert.ids != others.ids or len(expert.raters) != 1:
        raise UsageError("single_expert takes a table of one expert and one of other annotators over the same items")
    judge = _checked(expert, judge, similarity)
    said = ~np.isnan(expert.values) & ~np.isnan(others.values)
    near = _apart(judge[:, None], expert.values, similarity), _apart(others.values, expert.values, similarity)
    wins, loses = _compared(*near)
    given = said & ~np.isnan(judge)[:, None]
    found = _outcome(others.raters, given, wins, loses, epsilon, clusters, q, seed, draws, least=1)
    lost = _lost(others.raters, said, given, wins, loses, epsilon, clusters, q)
    return _with_notes(found, others, judge, said, lost)


def advantage(given: Numbers, wins: Numbers) -> Sums:
    """rho: the mean over annotators of the share of items on which the judge is at least as close as she."""
    import numpy as np

    many = given.shape[1]
    features = np.concatenate([given & wins, given], axis=1).astype(float)

    def finish(sums: Numbers) -> Numbers:
        each = ratio(sums[..., :many], sums[..., many:])
        return ratio(np.nansum(each, axis=-1), (~np.isnan(each)).sum(axis=-1))

    return Sums(features, finish, used=np.asarray(given.any(axis=1)))


def _outcome(
    raters: Sequence[str], given: Numbers, wins: Numbers, loses: Numbers, epsilon: float,
    clusters: Sequence[Hashable] | None, q: float, seed: int, draws: int, least: int = 3,
) -> AltTest:  # fmt: skip
    rows = _tested(raters, given, wins, loses, epsilon, clusters, q)
    tested = [row for row in rows if row.test]
    rate = sum(row.rejected for row in tested) / len(tested) if tested else math.nan
    rho = interval(advantage(given, wins), clusters, seed=seed, draws=draws, limits=(0.0, 1.0))
    notes = []
    if len(rows) < least:
        notes.append(f"{len(rows)} annotator{'s' * (len(rows) != 1)} with labels to compare; the test needs {least}")
    if all(row.n < ENOUGH for row in rows):
        notes.append(f"no annotator has {ENOUGH} items to compare; 50 to 100 are advised")
    if not notes and math.isnan(rate):
        notes.append("nobody could be tested")
    passed = None if notes else rate >= 0.5
    few = [row for row in rows if row.n < ENOUGH]
    if few and not notes:
        notes.append(f"{_names(few)} below {ENOUGH} items: Wilcoxon's test; 50 to 100 items are advised")
    if untested := [row for row in rows if not row.test]:
        what = "items" if all(row.n < LEAST for row in untested) else "groups of items"
        notes.append(f"{_names(untested)} below {LEAST} {what}: not tested, and not in the winning rate")
    return AltTest(rate, rho, epsilon, tuple(rows), passed, "; ".join(notes))


def _tested(
    raters: Sequence[str], given: Numbers, wins: Numbers, loses: Numbers, epsilon: float,
    clusters: Sequence[Hashable] | None, q: float,
) -> list[Against]:  # fmt: skip
    import numpy as np

    codes = None if clusters is None else np.unique(np.array([str(name) for name in clusters]), return_inverse=True)[1]
    rows = []
    for column, name in enumerate(raters):
        here = given[:, column]
        if not here.any():
            continue
        win, lose = wins[here, column].astype(float), loses[here, column].astype(float)
        p, test = p_value(lose - win, epsilon, None if codes is None else codes[here], enough=ENOUGH, least=LEAST)
        rows.append(Against(name, int(here.sum()), float(win.mean()), float(lose.mean()), p, False, test))
    found = false_discoveries([row.p for row in rows if row.test], q)
    verdicts = iter(found)
    return [replace(row, rejected=next(verdicts)) if row.test else row for row in rows]


def _held_against_others(table: Table, judge: Numbers, similarity: Similarity) -> tuple[Numbers, Numbers]:
    """(items, raters) twice: is the judge at least as close to the others as the rater, and the other way round?"""
    import numpy as np

    values = table.values
    known = np.where(np.isnan(values), 0.0, values)
    if similarity == "rmse":
        count = (~np.isnan(values)).sum(axis=1, keepdims=True) - 1
        total, squares = known.sum(axis=1, keepdims=True) - known, (known**2).sum(axis=1, keepdims=True) - known**2
        # the sum of squared errors orders as the root of their mean does, and is exact for whole labels
        apart = [count * said**2 - 2 * said * total + squares for said in (judge[:, None], values)]
        return _compared(*apart)
    if not table.codes:
        return np.zeros_like(values, dtype=bool), np.zeros_like(values, dtype=bool)
    votes = np.stack([(values == code).sum(axis=1) for code in table.codes], axis=1)
    codes = np.array(table.codes)
    mine = np.where(np.isnan(judge), 0, np.searchsorted(codes, np.nan_to_num(judge, nan=codes[0])))
    hers = np.searchsorted(codes, np.where(np.isnan(values), codes[0], values))
    judged = np.take_along_axis(votes, mine[:, None], axis=1) - (values == judge[:, None])
    return _compared(-judged.astype(float), -(np.take_along_axis(votes, hers, axis=1) - 1).astype(float))


def _apart(one: Numbers, other: Numbers, similarity: Similarity) -> Numbers:
    import numpy as np

    return np.asarray(one != other, float) if similarity == "match" else np.abs(one - other)


def _compared(judge: Numbers, annotator: Numbers) -> tuple[Numbers, Numbers]:
    """Distances to who wins; what differs by rounding alone is a tie, which both win."""
    import numpy as np

    slack = 1e-9 * np.maximum(1.0, np.abs(annotator))
    return judge <= annotator + slack, annotator <= judge + slack


def _lost(
    raters: Sequence[str], others: Numbers, given: Numbers, wins: Numbers, loses: Numbers, epsilon: float,
    clusters: Sequence[Hashable] | None, q: float,
) -> tuple[float, float]:  # fmt: skip
    """omega and rho had the judge lost wherever it has no word."""
    import numpy as np

    rows = _tested(raters, others, wins & given, loses | ~given, epsilon, clusters, q)
    tested = [row.rejected for row in rows if row.test]
    return (float(np.mean(tested)) if tested else math.nan), advantage(others, wins & given).value


def _with_notes(found: AltTest, table: Table, judge: Numbers, others: Numbers, lost: tuple[float, float]) -> AltTest:
    """What did not enter, counted."""
    import numpy as np

    notes = [found.note] if found.note else []
    silent = int((np.isnan(judge) & others.any(axis=1)).sum())
    alone = int(((~np.isnan(table.values)).any(axis=1) & ~others.any(axis=1)).sum())
    if silent:
        found = replace(found, lost=lost[0])
        had = "" if math.isnan(lost[0]) else f"the winning rate were {short(lost[0])} and "
        notes.append(
            f"the judge has no word on {silent} of {int(others.any(axis=1).sum())} items, which are left out; "
            f"had it lost on each, {had}rho were {short(lost[1])}"
        )
    if alone:
        notes.append(f"{alone} item{'s' * (alone != 1)} with a single label cannot be compared")
    return replace(found, note="; ".join(notes))


def _checked(table: Table, judge: Numbers, similarity: str) -> Numbers:
    import numpy as np

    judge = np.asarray(judge, float)
    if similarity not in ("match", "rmse"):
        raise UsageError(f"unknown similarity {similarity!r}; known: match, rmse")
    if len(judge) != len(table.ids):
        raise ValueError(f"{len(judge)} words of the judge for {len(table.ids)} items; give one an item, NaN for none")
    off = ~np.isnan(judge) & ~np.isin(judge, table.codes)
    if similarity == "match" and off.any():
        raise UsageError(
            f"{int(off.sum())} of the judge's words, {judge[off][0]:g} the first, are no label of the scale; "
            "compare numbers by similarity 'rmse'"
        )
    return judge


def _names(rows: Sequence[Against]) -> str:
    shown = ", ".join(row.annotator for row in rows[:3])
    return shown if len(rows) <= 3 else f"{shown} and {len(rows) - 3} more"
