"""Below the leading figures: parts of the items, rounds, the precision-yield curve, where people and judge differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..coefficients.metrics import METRICS
from ..intervals import Sums
from ..pairing import Pairing
from ..proportions import upper_bound
from ..records import Labels, table_of
from ..validity.strata import by_length, numeric_parts, unanimity
from .human import figure, measure_of
from .report import Disagreement, Figure, Reached, Stratum
from .settings import Settings
from .side import score_of, two_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def strata(pairing: Pairing, using: Settings) -> tuple[Stratum, ...]:
    """The judge's leading figure by people's unanimity, text length, and every column with few values."""
    columns = {"unanimity": unanimity(pairing.people)}
    if any(pairing.texts):
        columns["length"] = by_length(pairing.texts)
    columns |= {name: _parts(values, using) for name, values in pairing.strata.items()}
    found = []
    for by, column in columns.items():
        values = sorted(set(column) - {""})
        if 1 < len(values) <= using.values:
            found += [Stratum(by, value, _leading_on(pairing, column, value, using)) for value in values]
    return tuple(found)


def rounds(pairing: Pairing, labels: Labels, using: Settings) -> tuple[tuple[str, Figure], ...]:
    """The judge's leading figure on each round of labels, in the file's order; nothing with one round."""
    import numpy as np

    roles, there = pairing.role.split("+"), set(pairing.ids)
    of = labels.columns.where(dimension=pairing.called)
    rows = of.take([place for place, label in enumerate(of) if label.id in there and label.role in roles])
    names = [name for (name,) in rows.kinds("round")]
    found = []
    for name in names if len(names) > 1 else ():
        table = table_of(rows.where(round=name), pairing.called)
        places = {id: place for place, id in enumerate(table.ids)}
        part = pairing.take(np.array([id in places for id in pairing.ids]))
        values = table.values[[places[id] for id in part.ids]]
        people = replace(part.people, raters=table.raters, values=values)
        found.append((name or "unnamed", leading(replace(part, people=people), using)))
    return tuple(found)


def leading(pairing: Pairing, using: Settings) -> Figure:
    """The one figure a scale is read by: kappa where labels are equal or not, Spearman where they are ordered."""
    name, title, sums = _leading(pairing, using.rule)
    few = "" if pairing.n >= using.few else f"fewer than {using.few} items: too few to act on"
    return figure(name, title, sums, pairing.clusters, pairing.n, using, few)


def curve(pairing: Pairing, using: Settings) -> tuple[Reached, ...]:
    """Thresholds on the judge's quality, most demanding first, with the precision and the yield of each."""
    import numpy as np

    scale, score = pairing.people.scale, pairing.scores.get("quality")
    if score is None or scale is None or scale.passing is None:
        return ()
    truth = pairing.approved(using.rule)
    rest = pairing.unlabelled.scores["quality"] if pairing.unlabelled is not None else np.array([])
    pool = np.concatenate([score, rest])
    pool, known = pool[~np.isnan(pool)], ~np.isnan(score) & ~np.isnan(truth)
    if known.sum() < using.few:
        return ()
    grid = np.unique(np.quantile(pool, np.linspace(0, 1, 41), method="inverted_cdf"))[::-1]
    found = []
    for threshold in grid:
        taken = known & (score >= threshold)
        n, good = int(taken.sum()), int(truth[taken].sum())
        if n:
            low = 1 - upper_bound(n - good, n, 0.05)
            found.append(Reached(float(threshold), float((pool >= threshold).mean()), n, good / n, low))
    return tuple(found)


def disagreements(pairing: Pairing, using: Settings) -> tuple[Disagreement, ...]:
    """Items on which people's word and the judge's differ, the widest apart first."""
    import numpy as np

    scale = pairing.people.scale
    if scale is None or not scale.codes or not pairing.comparable:
        return ()
    truth, said = pairing.consensus(using.rule).values, pairing.said
    apart = np.abs(truth - said) if scale.kind != "nominal" else (truth != said).astype(float)
    apart = np.where(np.isnan(truth) | np.isnan(said), 0.0, apart)
    order = [int(place) for place in np.argsort(-apart, kind="stable") if apart[place] > 0]
    return tuple(_disagreement(pairing, place, float(apart[place])) for place in order)


def _disagreement(pairing: Pairing, place: int, apart: float) -> Disagreement:
    scale = pairing.people.scale
    assert scale is not None  # noqa: S101 - the caller has looked
    row = zip(pairing.people.raters, pairing.people.values[place], strict=True)
    return Disagreement(
        id=pairing.ids[place],
        text=pairing.texts[place] if pairing.texts else "",
        people=", ".join(f"{rater} {scale.word(value)}" for rater, value in row if value == value),
        judge=scale.word(float(pairing.said[place])),
        reason=pairing.reasons[place] if pairing.reasons else "",
        distance=apart,
    )


def _leading(pairing: Pairing, rule: str) -> tuple[str, str, Sums]:
    table, ordered, score = pairing.people, measure_of(pairing.people) == "spearman", score_of(pairing)
    if pairing.comparable and not ordered:
        name, columns = "kappa", two_columns(table, pairing.said, pairing.consensus(rule).values)
    elif ordered and score is not None:
        name, columns = "spearman", two_columns(table, score, table.means, scale=False)
    else:
        name, columns = "kappa", two_columns(table, pairing.passed, _approved(pairing, rule), scale=False)
    return name, METRICS[name].title, METRICS[name].make(columns)


def _approved(pairing: Pairing, rule: str) -> Numbers:
    import numpy as np

    scale = pairing.people.scale
    return pairing.approved(rule) if scale is not None and scale.passing is not None else np.full(pairing.n, np.nan)


def _leading_on(pairing: Pairing, column: Sequence[str], value: str, using: Settings) -> Figure:
    import numpy as np

    return leading(pairing.take(np.array([one == value for one in column])), using)


def _parts(values: tuple[str, ...], using: Settings) -> tuple[str, ...]:
    """A column of many numbers cut in three; any other column as it is."""
    if len(set(values)) > using.values:
        try:
            return numeric_parts(values)
        except ValueError:
            return values
    return values
