"""Systems as people would see them: corrected differences, and orders of many systems."""

from __future__ import annotations

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.human_labels import (
    Label,
    Labels,
    People,
    rank_systems,
    scale_of,
)
from recjudge.human_labels.comparing import Outcome
from recjudge.human_labels.comparing.correction import powered
from recjudge.human_labels.comparing.rankings import kendall_tau_b, spearman_rho
from recjudge.human_labels.estimation.ppi import ppi
from recjudge.judge import shipped
from scipy.stats import kendalltau, spearmanr

from comparable import judged, system, verdict
from compared import compared, people, systems


def test_the_powered_rate_is_ppi_plus_plus() -> None:
    random = np.random.default_rng(5)
    truth = random.integers(0, 2, 400).astype(float)
    said = np.where(random.random(400) < 0.85, truth, 1 - truth)
    known = np.where(np.arange(400) < 90, truth, np.nan)
    expected = ppi(truth[:90], said[:90], said[90:]).value
    assert powered(said, known, np.ones(400, bool)).value == pytest.approx(expected, abs=1e-12)


def test_labels_turn_a_lenient_judge_s_difference_into_people_s() -> None:
    # the judge passes half of what people reject of A, and is right on B
    a, b = system("A", ("A" * 6 + "AAB" + "B") * 20), system("B", ("A" * 6 + "B" * 4) * 20)
    said = {f"A-{n}": "A" if n % 10 < 6 else "B" for n in range(0, 200, 2)}
    said |= {f"B-{n}": "A" if n % 10 < 6 else "B" for n in range(0, 200, 2)}
    found = systems(a, b, people=people(said))
    assert found.passed.delta.value == pytest.approx(0.2)
    assert found.passed.outcome is Outcome.A
    assert found.corrected[0].delta.value == pytest.approx(0.0, abs=0.02)
    assert found.corrected[0].outcome is Outcome.NOT_SHOWN
    assert found.headline.index("people would pass") < found.headline.index("judge's opinion")


def test_unjudged_samples_that_people_labelled_enter_the_corrected_rate() -> None:
    a, b = system("A", "A" * 50 + "B" * 50), system("B", "A" * 50 + "-" * 50)
    said = {f"{name}-{n}": "A" if n < 50 else "B" for name in "AB" for n in range(0, 100, 2)}
    found = systems(a, b, people=people(said)).corrected[0]
    assert found.b.value == pytest.approx(0.5)
    assert not found.note
    only_judged = {id: letter for id, letter in said.items() if id[0] == "A" or int(id[2:]) < 50}
    assert "judged samples alone" in systems(a, b, people=people(only_judged)).corrected[0].note


def test_labels_of_ids_that_two_systems_share_are_refused() -> None:
    a = [verdict(f"s{n}", "A", system="A", key=f"a{n}") for n in range(4)]
    b = [verdict(f"s{n}", "B", system="B", key=f"b{n}") for n in range(4)]
    with pytest.raises(UsageError, match=r"4 labelled ids .*'s0'"):
        compared(a, b, people=people({f"s{n}": "A" for n in range(4)}))


def test_labels_of_several_roles_are_not_pooled() -> None:
    rows = (*people({"s0": "A"}).labels.rows, *people({"s1": "B"}, role="crowd").labels.rows)
    mixed = People(Labels(rows), list(shipped().values()))
    with pytest.raises(UsageError, match="never pooled"):
        compared(judged("AB"), judged("AB", "j/two@1"), people=mixed)


def test_labels_of_none_of_the_samples_leave_the_judge_s_opinion() -> None:
    found = systems(system("A", "AB"), system("B", "AB"), people=people({"else": "A"}))
    assert found.corrected == ()
    assert any("no labelled sample" in note for note in found.notes)
    assert "judge's opinion" in found.headline


@pytest.mark.parametrize("seed", range(5))
def test_rank_correlations_equal_scipy_with_ties(seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.integers(0, 4, 9).astype(float), random.integers(0, 4, 9).astype(float)
    assert float(kendall_tau_b(one, other)) == pytest.approx(kendalltau(one, other).statistic)
    assert float(spearman_rho(one, other)) == pytest.approx(spearmanr(one, other).statistic)


def test_systems_are_ranked_by_judge_and_people_and_the_sentence_says_what_it_is() -> None:
    rows, said = [], {}
    for place, name in enumerate("PQRST"):
        rows += system(name, "A" * (4 + 3 * place) + "B" * (16 - 3 * place), [f"u{n}" for n in range(20)])
        truth = "A" * (5 + 2 * place) + "B" * (15 - 2 * place)
        said |= {f"{name}-{n}": letter for n, letter in enumerate(truth)}
    found = rank_systems(people(said).beside(rows)[0])
    assert (found.kendall.value, found.spearman.value) == (1.0, 1.0)
    assert [place.system for place in found.places] == list("TSRQP")
    assert 0 < found.kendall.low <= 1
    assert found.kendall.clusters == 20
    assert "does not imply" in found.sentence


def test_a_judge_may_be_right_on_most_samples_and_order_systems_wrongly() -> None:
    rows, said = [], {}
    for place, name in enumerate("PQRS"):
        people_say = "A" * (50 + place) + "B" * (50 - place)
        judge_says = "A" * (53 - place) + "B" * (47 + place)
        rows += system(name, judge_says)
        said |= {f"{name}-{n}": letter for n, letter in enumerate(people_say)}
    beside = people(said).beside(rows)[0]
    assert np.mean(beside.passed == beside.approved()) > 0.97
    assert rank_systems(beside).kendall.value == -1.0


def test_three_systems_have_no_order_worth_a_figure() -> None:
    rows = system("P", "AB") + system("Q", "AB") + system("R", "AB")
    with pytest.raises(UsageError, match="3 systems with labels"):
        rank_systems(people({one.id: "A" for one in rows}).beside(rows)[0])


def test_labels_picked_where_the_judge_said_bad_are_noticed() -> None:
    a, b = system("A", "AB" * 60), system("B", "AB" * 60)
    said = {f"{name}-{n}": "B" for name in "AB" for n in range(1, 120, 2)}
    note = systems(a, b, people=people(said)).corrected[0].note
    assert "0.00 of a's labelled samples and 1.00 of the others" in note
    at_random = {f"{name}-{n}": "AB"[n % 2] for name in "AB" for n in range(60)}
    assert "at random" not in systems(a, b, people=people(at_random)).corrected[0].note


def test_labels_of_a_dimension_alone_correct_it_and_leave_the_grade_the_judge_s_opinion() -> None:
    scale = scale_of("ordinal:off_topic|partial|relevant")
    rows = [Label(f"{name}-{n}", "relevance", "ann", float(n % 3), scale) for name in "AB" for n in range(30)]
    found = systems(system("A", "BAS" * 20), system("B", "BAA" * 20),
                    people=People(Labels(tuple(rows)), list(shipped().values())))  # fmt: skip
    assert [one.dimension for one in found.corrected] == ["relevance"]
    assert found.corrected[0].a.value == pytest.approx(2 / 3)
    assert "Nobody labelled the grade" in found.headline
