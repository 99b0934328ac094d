"""Every figure of a shipped set's `reference_stats.json`, computed again from its labels.

The stored figures come from scikit-learn, scipy and the krippendorff package; ours from the coefficients that reports
use.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ..coefficients.classes import class_figures
from ..consensus import consensus
from ..labelled_sets import LabelledSet, load_set
from ..records import Table
from .checking import Reproduced, beside, two, value
from .replies import UNREAD, replies, right_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

LEAST_COMMON = 20
"""Pairs of raters who share fewer items have no kappa in the reference."""
_CORRELATIONS = {"pearson": "pearson", "spearman": "spearman", "kendall_tau_b": "kendall"}


def reference(name: str) -> Iterator[Reproduced]:
    """Counts, distributions, alphas, kappas and every recorded model's figures of one set."""
    found = load_set(name)
    stored = found.reference
    counts = {"n_items": len(found.samples), "n_labels": len(found.labels) + len(found.unread)}
    yield from beside(name, "", {key: stored[key] for key in counts}, counts, 0.0)
    for dimension, of in stored["dimensions"].items():
        if of["n_items_human"]:
            yield from _of_people(found, dimension, of)
            yield from _of_models(found, dimension, of)
    for key, extra in _EXTRA.items():
        if key in stored:
            yield from extra(found, stored[key])


def _of_people(found: LabelledSet, dimension: str, stored: Mapping[str, Any]) -> Iterator[Reproduced]:
    import numpy as np

    table = found.table(dimension)
    counts = (~np.isnan(table.values)).sum(axis=1)
    given = table.values[~np.isnan(table.values)]
    sizes = {"n_items_human": len(table.ids), "n_labels_human": len(given)}
    yield from beside(found.name, dimension, {key: stored[key] for key in sizes}, sizes, 0.0)
    spread = {"min": counts.min(), "median": np.median(counts), "max": counts.max()}
    yield from beside(found.name, f"{dimension} labels an item,", stored["labels_per_item"], spread, 0.0)
    if "human_mean" in stored:
        moments = {"human_mean": given.mean(), "human_sd": given.std()}
        yield from beside(found.name, dimension, {key: stored[key] for key in moments}, moments)
    yield from _distribution(found, dimension, stored["human_distribution"])
    yield from _alphas(f"{dimension} alpha", table, stored.get("krippendorff_alpha", {}), found.name)
    if "cohen_kappa" in stored:
        yield from _kappas(found, dimension, table, stored["cohen_kappa"])


def _distribution(found: LabelledSet, dimension: str, stored: Mapping[str, float]) -> Iterator[Reproduced]:
    """How often each label was given; codes that nobody gave are not in the reference, and must not occur."""
    ours = Counter(label.value for label in found.labels if label.human and label.dimension == dimension)
    scale = next(label.scale for label in found.labels if label.dimension == dimension)
    codes = {word: math.nan if (code := scale.code(word)) is None else code for word in stored}
    for word, count in stored.items():
        yield Reproduced(found.name, f"{dimension} labels that say {word}", float(count), float(ours[codes[word]]), 0.0)
    others = sum(count for code, count in ours.items() if code not in codes.values())
    yield Reproduced(found.name, f"{dimension} labels that say anything else", 0.0, float(others), 0.0)


def _alphas(what: str, table: Table, stored: Mapping[str, float], name: str) -> Iterator[Reproduced]:
    import numpy as np

    levels = [key for key in stored if key != "n_units"]
    ours = {level: value(f"alpha_{level}", table) for level in levels}
    yield from beside(name, what, {level: stored[level] for level in levels}, ours)
    if "n_units" in stored:
        units = int(((~np.isnan(table.values)).sum(axis=1) >= 2).sum())
        yield Reproduced(name, f"{what} units", float(stored["n_units"]), float(units), 0.0)


def _kappas(found: LabelledSet, dimension: str, table: Table, stored: Mapping[str, Any]) -> Iterator[Reproduced]:
    metric = {"quadratic": "kappa_quadratic", "none": "kappa"}[stored["weights"]]
    ours = {
        f"{table.raters[one]} x {table.raters[other]}": value(metric, table.columns((one, other)))
        for one, other in combinations(range(len(table.raters)), 2)
        if _common(table.values[:, one], table.values[:, other]) >= LEAST_COMMON
    }
    yield from beside(found.name, f"{dimension} {metric} of", stored["pairs"], ours)
    summary = {"n_pairs": len(ours), "mean_pairwise": sum(ours.values()) / max(1, len(ours))}
    expected = {key: stored[key] for key in summary}
    yield from beside(found.name, f"{dimension} {metric}", expected, summary)


def _of_models(found: LabelledSet, dimension: str, stored: Mapping[str, Any]) -> Iterator[Reproduced]:
    import numpy as np

    table = found.table(dimension)
    said = replies(found, dimension) if stored.get("llm") else {}
    most = consensus(table, "majority").values if said else np.zeros(0)
    for name, expected in stored.get("llm", {}).items():
        yield from beside(found.name, f"{dimension} {name}", expected, _model(table, most, said[name], expected))


def _model(table: Table, most: Numbers, said: Numbers, wanted: Mapping[str, float]) -> dict[str, float]:
    """What the reference has of a model: correlations with the mean, or accuracy and kappa against the commonest."""
    import numpy as np

    asked = ~np.isnan(said)
    ours = {"n": float(asked.sum())}
    if "pearson" in wanted:
        ours |= _correlations(said, table.means)
        kappas = [
            value("kappa_quadratic", two(said, column, table.scale))
            for column in table.values.T
            if _common(said, column) >= LEAST_COMMON
        ]
        ours |= {"mean_quadratic_kappa_vs_each_human": sum(kappas) / len(kappas), "n_humans_in_that_mean": len(kappas)}
    if "accuracy_vs_plurality" in wanted:
        ours["accuracy_vs_plurality"] = right_share(most, said)
        ours["kappa_vs_plurality"] = value("kappa", two(said, most))
        ours["n_plurality"] = float((asked & ~np.isnan(most)).sum())
    return ours


def _crowd(found: LabelledSet, stored: Mapping[str, Any]) -> Iterator[Reproduced]:
    """The crowd's medians against the experts' means: over all summaries, and the mean over documents."""
    import numpy as np

    medians = {sample.id: sample.meta["crowd_median"] for sample in found.samples}
    for dimension, expected in stored.items():
        table = found.table(dimension)
        crowd = np.array([medians[id][dimension] for id in table.ids], float)
        documents = np.array([found.clusters[id] for id in table.ids])
        what = f"{dimension}, crowd's median"
        whole = {"n": float(len(crowd))} | _correlations(crowd, table.means)
        yield from beside(found.name, f"{what}, all:", expected["dataset_level"], whole)
        each = [_correlations(crowd[rows], table.means[rows]) for rows in _parts(documents)]
        each = [of for of in each if not np.isnan(of["pearson"])]
        mean = {key: sum(of[key] for of in each) / len(each) for key in _CORRELATIONS}
        yield from beside(found.name, f"{what}, by document:", expected["summary_level_mean_over_docs"], mean)
        yield Reproduced(found.name, f"{what}, documents used", expected["docs_used"], len(each), 0.0)


def _pooled(found: LabelledSet, stored: Mapping[str, float]) -> Iterator[Reproduced]:
    """All dimensions that people labelled as the units of one table."""
    import numpy as np

    tables = [found.table(name) for name, of in found.reference["dimensions"].items() if of["n_items_human"]]
    ids = tuple(f"{place} {id}" for place, table in enumerate(tables) for id in table.ids)
    table = Table(ids, tables[0].raters, np.concatenate([table.values for table in tables]), tables[0].scale)
    yield from _alphas("all dimensions pooled, alpha", table, stored, found.name)


def _three_classes(found: LabelledSet, stored: Mapping[str, Any]) -> Iterator[Reproduced]:
    """Models against the majority with every unreadable reply taken for a tie, as the authors did."""
    import numpy as np

    table = found.table("preference")
    assert table.scale is not None  # noqa: S101 - the set has one
    truth, said = consensus(table, "majority").values, replies(found, "preference")
    for name, expected in stored.items():
        figures = class_figures(truth, np.where(said[name] == UNREAD, 2.0, said[name]), table.codes)
        macro = {f"macro_{of}": _mean_over(figures, of, table.codes) for of in ("precision", "recall", "f1")}
        ours = {"accuracy": figures["accuracy"].value, "n_invalid": float((said[name] == UNREAD).sum())} | macro
        yield from beside(found.name, f"{name}, unreadable as tie,", {key: expected[key] for key in ours}, ours)


def _mean_over(figures: Mapping[str, Any], of: str, codes: tuple[float, ...]) -> float:
    return sum(float(figures[f"{of}:{code:g}"].value) for code in codes) / len(codes)


def _correlations(one: Numbers, other: Numbers) -> dict[str, float]:
    table = two(one, other)
    return {key: value(metric, table) for key, metric in _CORRELATIONS.items()}


def _common(one: Numbers, other: Numbers) -> int:
    import numpy as np

    return int((~np.isnan(one) & ~np.isnan(other)).sum())


def _parts(names: Numbers) -> Iterator[Numbers]:
    import numpy as np

    for name in np.unique(names):
        yield np.flatnonzero(names == name)


_EXTRA: Mapping[str, Callable[[LabelledSet, Mapping[str, Any]], Iterator[Reproduced]]] = {
    "crowd_median_vs_mean_expert": _crowd,
    "alpha_all_four_dimensions_pooled": _pooled,
    "llm_vs_majority_three_class": _three_classes,
}
