"""Agreement on the labelled sets that ship: real labels, real gaps, real clusters."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recjudge.human_labels import METRICS, Table, alpha, figure_sums, interval, load_set


@pytest.mark.parametrize(("dimension", "ordinal", "quadratic"), [("coherence", 0.553687, 0.564801)])
def test_a_shipped_set_has_the_figures_of_its_source(dimension: str, ordinal: float, quadratic: float) -> None:
    table = load_set("summeval").table(dimension)
    assert alpha(table, "ordinal") == pytest.approx(ordinal, abs=1e-6)
    assert figure_sums(table, "alpha_ordinal").value == pytest.approx(alpha(table, "ordinal"), abs=1e-9)
    assert figure_sums(table, "kappa_quadratic").value == pytest.approx(quadratic, abs=1e-6)


def test_experts_have_an_interval_over_documents_wider_than_over_summaries() -> None:
    found = load_set("summeval")
    table = found.table("coherence")
    of = figure_sums(table, "alpha_ordinal")
    by_document = interval(of, [found.clusters[name] for name in table.ids])
    alone = interval(of)
    assert (by_document.clusters, alone.clusters) == (100, 1600)
    assert by_document.value == alone.value
    assert by_document.high - by_document.low > alone.high - alone.low
    assert by_document.design_effect > 1


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"auc", "bias_index", "prevalence_index", "alpha_ratio"}))
def test_every_coefficient_stands_on_real_labels_with_gaps(name: str) -> None:
    table = load_set("abredial").table("relevance")
    of = figure_sums(table, name)
    assert -5 <= of.value <= 5
    assert 0 < of.n <= len(table.ids)


def test_a_recorded_judge_is_held_against_people_over_the_items_both_know() -> None:
    found = load_set("summeval")
    people, judges = found.table("relevance"), found.table("relevance", human=False)
    said = dict(zip(judges.ids, judges.values[:, 0], strict=True))
    judge = np.array([said.get(name, math.nan) for name in people.ids])
    rho = METRICS["spearman"].make(Table(people.ids, ("judge", "people"), np.column_stack([judge, people.means])))
    assert 0 < rho.value < 1
    assert rho.n == int((~np.isnan(judge)).sum()) < len(people.ids)
    assert not math.isnan(interval(rho, [found.clusters[name] for name in people.ids]).low)
