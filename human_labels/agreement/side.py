"""A judge's figures: with each annotator, as people are held against each other, and with people's consensus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..coefficients.classes import class_figures, confusion
from ..coefficients.confidence import brier, ece
from ..coefficients.metrics import METRICS
from ..intervals import Sums, combine, ratio
from ..pairing import Pairing
from ..records import Table
from ..validity.ceilings import judge_against
from ..validity.strata import distribution_distance
from .bounds import bounds
from .human import MOST_RATERS, figure, measure_of, shared, suits
from .report import Confusion, Figure, Side
from .settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_Made = dict[str, tuple[str, Sums, str]]
"""Figure name to title, statistic and note."""
NOT_OF_A_JUDGE = ("auc", "icc_2_k")
"""Metrics that say nothing of one judge's labels beside one annotator's."""
MOST_LABELS = 12
"""A scale with more labels has no confusion table."""
LEAST_SHARED = 10
"""An annotator with fewer items shared with the judge is no column of a mean over annotators."""


def judge_side(pairing: Pairing, using: Settings) -> Side:
    """The judge with people: with each annotator, as they are held against each other, and with their consensus."""
    compared = pairing.compared()
    made = _labelled(compared, using) | _scored(pairing) | _classes(compared, using)
    made |= _confidence(pairing, using) | _distance(compared)
    figures = [
        figure(name, title, sums, pairing.clusters, _planned(name, sums, pairing), using, note)
        for name, (title, sums, note) in made.items()
    ]
    return Side(
        pairing.judge,
        tuple(_with_why(one, pairing) for one in figures),
        bounds(compared, using.rule),
        _confusion(compared, using.rule),
    )


def against_each(table: Table, said: Numbers, name: str) -> Sums:
    """A coefficient of the judge with each annotator, averaged; with a crowd, of the judge with each single label."""
    import numpy as np

    columns = [column for column in table.values.T if (~np.isnan(column) & ~np.isnan(said)).sum() >= LEAST_SHARED]
    if not columns:
        columns = list(table.values.T)[:MOST_RATERS]
    parts = [METRICS[name].make(two_columns(table, said, column)) for column in columns]
    return parts[0] if len(parts) == 1 else combine(_mean_of_defined, *parts)


def _labelled(pairing: Pairing, using: Settings) -> _Made:
    """Coefficients of labels: the mean over annotators, so that they stand beside people's own."""
    if not pairing.comparable:
        return {}
    several, crowd = len(pairing.people.raters) > 1, len(pairing.people.raters) > MOST_RATERS
    against = pairing.people if several and not crowd else _consensus_table(pairing, using.rule)
    how = "mean over annotators" if several and not crowd else f"with people's {using.rule}" if crowd else ""
    return {
        name: (metric.title, against_each(against, pairing.said, name), how)
        for name, metric in METRICS.items()
        if suits(name, pairing.people) and name not in NOT_OF_A_JUDGE
    }


def _distance(pairing: Pairing) -> _Made:
    """How differently judge and people use their labels, whatever they give them to."""
    if not pairing.comparable:
        return {}
    title = "Jensen-Shannon divergence of the judge's labels from people's, binned by people's word"
    return {"label_divergence": (title, distribution_distance(pairing.people, pairing.said), "bits; lower is better")}


def _scored(pairing: Pairing) -> _Made:
    """Rank figures of the judge's expected place on its scale, where people's labels are ordered."""
    score, table = score_of(pairing), pairing.people
    if measure_of(table) == "agreement":
        title = "Judge's agreement with the majority of all annotators but one, averaged"
        known = pairing.comparable and shared(table)
        return {"judge_loo": (title, judge_against(table, pairing.said, "agreement"), "")} if known else {}
    if score is None:
        return {}
    found: _Made = {}
    for name in ("spearman", "kendall", "pearson"):
        sums = METRICS[name].make(two_columns(table, score, table.means, scale=False))
        found[f"{name}_mean"] = (f"{METRICS[name].title}, judge's expected place with people's mean", sums, "")
    if shared(table):
        title = "Spearman of the judge with the mean of all annotators but one, averaged"
        found["judge_loo"] = (title, judge_against(table, score, "spearman"), "")
    return found


def _classes(pairing: Pairing, using: Settings) -> _Made:
    """Classification figures against people's consensus; the mode is in the name of each."""
    scale = pairing.people.scale
    if scale is None or not scale.codes or not pairing.comparable:
        return {}
    words = [scale.word(code) for code in scale.codes]
    made = class_figures(pairing.consensus(using.rule).values, pairing.said, scale.codes, scale.passing, words=words)
    note = f"against people's {using.rule}"
    return {name: (_class_title(name, scale), sums, note) for name, sums in made.items()}


def _confidence(pairing: Pairing, using: Settings) -> _Made:
    known = confident(pairing, using)
    if known is None:
        return {}
    sure, truth = known
    return {
        "brier": ("Brier score of the judge's probability of a pass", brier(sure, truth), "lower is better"),
        "ece": ("Expected calibration error, 10 equal-width bins", ece(sure, truth), "lower is better"),
    }


def confident(pairing: Pairing, using: Settings) -> tuple[Numbers, Numbers] | None:
    """The judge's probability of a pass with people's word, where it gives probabilities and people a pass."""
    import numpy as np

    sure = pairing.scores.get("sureness")
    scale = pairing.people.scale
    if sure is None or scale is None or scale.passing is None:
        return None
    truth = pairing.approved(using.rule)
    both = ~np.isnan(sure) & ~np.isnan(truth)
    if both.sum() < 2 or np.isin(sure[both], (0.0, 1.0)).all():
        return None
    return np.where(both, sure, np.nan), np.where(both, truth, np.nan)


def _confusion(pairing: Pairing, rule: str) -> Confusion | None:
    import numpy as np

    scale = pairing.people.scale
    if scale is None or not scale.codes or len(scale.codes) > MOST_LABELS or not pairing.comparable:
        return None
    truth, said = pairing.consensus(rule).values, pairing.said
    counts = confusion(truth, said, scale.codes)
    return Confusion(
        tuple(scale.word(code) for code in scale.codes),
        tuple(tuple(int(cell) for cell in row) for row in counts),
        tuple(int(((truth == code) & np.isnan(said)).sum()) for code in scale.codes),
        tuple(code in scale.passing for code in scale.codes) if scale.passing is not None else (),
    )


def score_of(pairing: Pairing) -> Numbers | None:
    return pairing.scores.get("quality", pairing.scores.get("label"))


def two_columns(table: Table, one: Numbers, other: Numbers, *, scale: bool = True) -> Table:
    """Judge and people over the items on which both have a word; `scale=False` for numbers off people's scale."""
    import numpy as np

    both = np.isnan(one) | np.isnan(other)
    values = np.column_stack([np.where(both, np.nan, one), np.where(both, np.nan, other)])
    return Table(table.ids, ("judge", "people"), values, table.scale if scale else None)


def _consensus_table(pairing: Pairing, rule: str) -> Table:
    values = pairing.consensus(rule).values
    return replace(pairing.people, raters=("people",), values=values[:, None])


def _mean_of_defined(*parts: Numbers) -> Numbers:
    """An annotator with whom the coefficient is not defined does not enter, as a pair of people does not."""
    import numpy as np

    stacked = np.stack(parts)
    return ratio(np.nansum(stacked, axis=0), (~np.isnan(stacked)).sum(axis=0))


def _planned(name: str, sums: Sums, pairing: Pairing) -> int:
    """Items a figure is about: of a precision or a recall, those said to be, or that are, of its class."""
    own = name.startswith(("precision", "recall", "specificity")) and not name.endswith("_weighted")
    return sums.n if own else pairing.n


def _class_title(name: str, scale: Any) -> str:
    plain = name.replace("_", " ").replace(":", " of ")
    if scale is not None and scale.passing is not None and name.endswith("_binary"):
        return f"{plain} (positive: {', '.join(scale.word(code) for code in sorted(scale.passing))})"
    return "MCC" if plain == "mcc" else plain[0].upper() + plain[1:]


def _with_why(one: Figure, pairing: Pairing) -> Figure:
    missing = pairing.n - one.interval.n
    if not missing or not pairing.unjudged:
        return one
    return replace(
        one, note="; ".join(part for part in (one.note, f"{sum(pairing.unjudged.values())} unjudged") if part)
    )
