"""One section: a judge with people on one dimension, beside people among themselves on the same items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..coefficients.classes import class_figures, confusion
from ..coefficients.confidence import brier, ece, reliability_bins
from ..coefficients.metrics import METRICS
from ..intervals import Sums, combine
from ..pairing import Pairing
from ..records import Labels, Table
from ..validity.alt_test import AltTest, alt_test
from ..validity.ceilings import judge_against, of_ceiling
from .bounds import bounds
from .details import curve, disagreements, rounds, strata
from .human import MOST_RATERS, PeopleSide, figure, measure_of, people_side, shared, suits
from .report import Confusion, Figure, Section, Side
from .settings import Settings
from .words import judge_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

LEAST_SHARED = 10
"""An annotator with fewer items shared with the judge is no column of a mean over annotators."""


def judge_section(pairing: Pairing, labels: Labels, using: Settings) -> Section:
    """Everything about one pairing."""
    import numpy as np

    from .agree import distribution

    table = pairing.people
    people = people_side(table, pairing.clusters, using)
    judge = judge_side(pairing, using)
    ratios = _ratios(pairing, using)
    tested = alternative(pairing, using)
    word = pairing.consensus(using.rule)
    return Section(
        task=pairing.task,
        dimension=pairing.dimension,
        role=pairing.role,
        scale=str(table.scale),
        n=pairing.n,
        raters=len(table.raters),
        labels=int((~np.isnan(table.values)).sum()),
        clusters=len(set(pairing.clusters)),
        undecided=word.undecided,
        distribution=distribution(table),
        people=people.side,
        judge=judge,
        ceilings=people.ceilings + ratios,
        alt_test=tested,
        strata=strata(pairing, using),
        rounds=rounds(pairing, labels, using),
        reliability=_reliability(pairing, using),
        curve=curve(pairing, using),
        disagreements=disagreements(pairing, using),
        unjudged=dict(sorted(pairing.unjudged.items())),
        sentences=judge_sentences(pairing, judge, PeopleSide(people.side, people.ceilings), ratios, tested, using),
    )


def judge_side(pairing: Pairing, using: Settings) -> Side:
    """The judge with people: against each annotator as they are held against each other, and against their consensus."""
    made = _figures(pairing, using)
    figures = [
        figure(name, title, sums, pairing.clusters, pairing.n, using, note)
        for name, (title, sums, note) in made.items()
    ]
    return Side(
        pairing.judge,
        tuple(_with_why(one, pairing) for one in figures),
        bounds(pairing, using.rule),
        _confusion(pairing, using.rule),
    )


def alternative(pairing: Pairing, using: Settings) -> AltTest | None:
    """The alt-test, where the judge speaks on people's scale and there are several annotators."""
    if not pairing.comparable or len(pairing.people.raters) < 2 or not shared(pairing.people):
        return None
    kind = pairing.people.scale.kind if pairing.people.scale else "ordinal"
    return alt_test(
        pairing.people, pairing.said, epsilon=using.margin(pairing.role),
        similarity="match" if kind in ("nominal", "binary") else "rmse", clusters=pairing.clusters,
        seed=using.seed, draws=using.draws,
    )  # fmt: skip


def against_each(table: Table, said: Numbers, name: str) -> Sums:
    """A coefficient of the judge with each annotator, averaged; with a crowd, of the judge with each single label."""
    import numpy as np

    columns = [column for column in table.values.T if (~np.isnan(column) & ~np.isnan(said)).sum() >= LEAST_SHARED]
    if not columns:
        columns = list(table.values.T)[:MOST_RATERS]
    parts = [METRICS[name].make(_two(table, said, column)) for column in columns]
    return parts[0] if len(parts) == 1 else combine(_nanmean, *parts)


def _figures(pairing: Pairing, using: Settings) -> dict[str, tuple[str, Sums, str]]:
    found: dict[str, tuple[str, Sums, str]] = {}
    table, measure = pairing.people, measure_of(pairing.people)
    if pairing.comparable:
        several = len(table.raters) > 1
        crowd = len(table.raters) > MOST_RATERS
        against = _consensus_table(pairing, using.rule) if crowd or not several else table
        how = f"with people's {using.rule}" if crowd else "mean over annotators" if several else ""
        for name, metric in METRICS.items():
            if suits(name, table) and name not in ("auc", "icc_2_k"):
                found[name] = (metric.title, against_each(against, pairing.said, name), how)
    score = _score(pairing)
    if score is not None and measure == "spearman":
        words = "judge's expected place with people's mean"
        for name in ("spearman", "kendall", "pearson"):
            found[f"{name}_mean"] = (
                f"{METRICS[name].title}, {words}", METRICS[name].make(_two(table, score, table.means, scale=False)), "",
            )  # fmt: skip
        if shared(table):
            found["judge_loo"] = (
                "Spearman of the judge with the mean of all annotators but one, averaged", judge_against(table, score, measure), "",
            )  # fmt: skip
    found |= _classes(pairing, using)
    return found | _confidence(pairing, using)


def _classes(pairing: Pairing, using: Settings) -> dict[str, tuple[str, Sums, str]]:
    """Classification figures against people's consensus; the mode is in the name of each."""
    scale = pairing.people.scale
    if scale is None or not scale.codes:
        return {}
    note = f"against people's {using.rule}"
    if pairing.comparable:
        word = pairing.consensus(using.rule).values
        made = class_figures(word, pairing.said, scale.codes, scale.passing)
        return {name: (_class_title(name, scale), sums, note) for name, sums in made.items()}
    if scale.passing is None:
        return {}
    made = class_figures(pairing.approved(using.rule), pairing.passed, (0.0, 1.0), frozenset({1.0}))
    return {name: (_class_title(name, None), sums, f"{note}, pass or fail") for name, sums in made.items()}


def _confidence(pairing: Pairing, using: Settings) -> dict[str, tuple[str, Sums, str]]:
    known = _confident(pairing, using)
    if known is None:
        return {}
    sure, truth = known
    return {
        "brier": ("Brier score of the judge's probability of a pass", brier(sure, truth), "lower is better"),
        "ece": ("Expected calibration error, 10 equal-width bins", ece(sure, truth), "lower is better"),
    }


def _reliability(pairing: Pairing, using: Settings) -> tuple[Any, ...]:
    known = _confident(pairing, using)
    return () if known is None else reliability_bins(*known)


def _confident(pairing: Pairing, using: Settings) -> tuple[Numbers, Numbers] | None:
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


def _ratios(pairing: Pairing, using: Settings) -> tuple[Figure, ...]:
    """The judge as a share of the ceiling, drawn together."""
    measure = measure_of(pairing.people)
    score = pairing.said if measure == "agreement" else _score(pairing)
    if score is None or not shared(pairing.people) or (measure == "agreement" and not pairing.comparable):
        return ()
    title = f"Judge as a share of the leave-one-out ceiling ({measure})"
    return (
        figure("of_ceiling", title, of_ceiling(pairing.people, score, measure), pairing.clusters, pairing.n, using),
    )


def _confusion(pairing: Pairing, rule: str) -> Confusion | None:
    import numpy as np

    scale = pairing.people.scale
    if scale is None or not scale.codes or len(scale.codes) > 12:
        return None
    if pairing.comparable:
        truth, said, codes = pairing.consensus(rule).values, pairing.said, scale.codes
        words = tuple(scale.word(code) for code in codes)
        passing = tuple(code in scale.passing for code in codes) if scale.passing is not None else ()
    elif scale.passing is not None:
        truth, said, codes = pairing.approved(rule), pairing.passed, (0.0, 1.0)
        words, passing = ("fail", "pass"), (False, True)
    else:
        return None
    counts = confusion(truth, said, codes)
    missing = tuple(int(((truth == code) & np.isnan(said)).sum()) for code in codes)
    return Confusion(words, tuple(tuple(int(cell) for cell in row) for row in counts), missing, passing)


def _score(pairing: Pairing) -> Numbers | None:
    return pairing.scores.get("quality", pairing.scores.get("label"))


def _two(table: Table, one: Numbers, other: Numbers, *, scale: bool = True) -> Table:
    import numpy as np

    both = np.isnan(one) | np.isnan(other)
    values = np.column_stack([np.where(both, np.nan, one), np.where(both, np.nan, other)])
    return Table(table.ids, ("judge", "people"), values, table.scale if scale else None)


def _consensus_table(pairing: Pairing, rule: str) -> Table:
    values = pairing.consensus(rule).values
    return replace(pairing.people, raters=("people",), values=values[:, None])


def _nanmean(*parts: Numbers) -> Numbers:
    return sum(parts[1:], start=parts[0]) / len(parts)


def _class_title(name: str, scale: Any) -> str:
    plain = name.replace("_", " ").replace(":", " of ")
    if scale is not None and scale.passing is not None and name.endswith("_binary"):
        return f"{plain} (positive: {', '.join(scale.word(code) for code in sorted(scale.passing))})"
    return plain[0].upper() + plain[1:]


def _with_why(one: Figure, pairing: Pairing) -> Figure:
    missing = pairing.n - one.interval.n
    if not missing or not pairing.unjudged:
        return one
    return replace(
        one, note="; ".join(part for part in (one.note, f"{sum(pairing.unjudged.values())} unjudged") if part)
    )
