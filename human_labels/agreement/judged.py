"""One section: a judge with people on one dimension, beside people among themselves on the same items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..coefficients.confidence import reliability_bins
from ..pairing import Pairing
from ..pairing.items import roles
from ..records import Labels, Table, table_of
from ..validity.alt_test import AltTest, Similarity, alt_test, single_expert
from ..validity.ceilings import corrected, of_ceiling
from .details import curve, disagreements, rounds, strata
from .human import PeopleSide, distribution, figure, measure_of, people_side, shared
from .report import Figure, Section
from .selective import selective
from .settings import Settings
from .side import confident, judge_side, score_of
from .words import judge_sentences, selective_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def judge_section(pairing: Pairing, labels: Labels, using: Settings) -> Section:
    """Everything about one pairing."""
    import numpy as np

    table = pairing.people
    people = people_side(table, pairing.clusters, using)
    judge = judge_side(pairing, using)
    ratios = _ratios(pairing, using)
    tested = alternative(pairing, labels, using)
    word = pairing.consensus(using.rule)
    kept = selective(pairing, using)
    apart = disagreements(pairing.compared(), using)
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
        selective=kept,
        disagreements=apart[: using.most],
        differing=len(apart),
        unjudged=dict(sorted(pairing.unjudged.items())),
        sentences=judge_sentences(pairing, judge, PeopleSide(people.side, people.ceilings), ratios, tested, using)
        + selective_sentences(kept),
    )


def alternative(pairing: Pairing, labels: Labels, using: Settings) -> AltTest | None:
    """The alt-test, where the judge speaks on people's scale, or both as pass and fail, and there are several people.

    With one annotator, and people of another role on the same items, the judge is held against these as her proxy.
    """
    compared = pairing.compared()
    if not compared.comparable:
        return None
    kind = compared.people.scale.kind if compared.people.scale else "ordinal"
    similarity: Similarity = "match" if kind in ("nominal", "binary") else "rmse"
    if shared(compared.people):
        return alt_test(
            compared.people, compared.said, epsilon=using.margin(pairing.role), similarity=similarity,
            clusters=pairing.clusters, seed=using.seed, draws=using.draws,
        )  # fmt: skip
    found = _of_another_role(pairing, labels)
    if found is None or len(pairing.people.raters) > 1 or pairing.compared() is not pairing:
        return None
    role, others = found
    tested = single_expert(
        pairing.people, pairing.said, others, epsilon=using.margin(role), similarity=similarity,
        clusters=pairing.clusters, seed=using.seed, draws=using.draws,
    )  # fmt: skip
    return replace(tested, place=f"an annotator of the {role} as proxy of the one {pairing.role}")


def _of_another_role(pairing: Pairing, labels: Labels) -> tuple[str, Table] | None:
    """The labels that people of another role gave to the same items, in the same order."""
    import numpy as np

    places = {id: place for place, id in enumerate(pairing.ids)}
    for role, rows in roles(labels, pairing.called, None, False):
        rows = rows.take([place for place, row in enumerate(rows) if row.id in places])
        if role in pairing.role.split("+") or not rows:
            continue
        found = table_of(rows, pairing.called)
        values = np.full((pairing.n, len(found.raters)), np.nan)
        values[[places[id] for id in found.ids]] = found.values
        if found.scale is not None and str(found.scale) == str(pairing.people.scale):
            return role, Table(pairing.ids, found.raters, values, pairing.people.scale)
    return None


def _ratios(pairing: Pairing, using: Settings) -> tuple[Figure, ...]:
    """The judge as a share of the ceiling, drawn together, and its correlation were people's words without noise."""
    measure = measure_of(pairing.people)
    score = pairing.compared().said if measure == "agreement" else score_of(pairing)
    if score is None or not shared(pairing.people) or (measure == "agreement" and not pairing.compared().comparable):
        return ()
    people = pairing.compared().people if measure == "agreement" else pairing.people
    title = f"Judge as a share of the leave-one-out ceiling ({measure})"
    made = [("of_ceiling", title, of_ceiling(people, score, measure))]
    if measure == "spearman":
        title = "Judge's Spearman correlation corrected for people's noise: r / sqrt(reliability)"
        made.append(("corrected", title, corrected(people, score, measure)))
    return tuple(figure(name, words, sums, pairing.clusters, pairing.n, using) for name, words, sums in made)


def _reliability(pairing: Pairing, using: Settings) -> tuple[Any, ...]:
    known = confident(pairing, using)
    return () if known is None else reliability_bins(*known)
