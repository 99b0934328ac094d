"""Two judges on the same samples: who is right more often, who is stricter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.human_labels import (
    Wanted,
)
from recjudge.human_labels.comparing import Outcome
from recjudge.human_labels.comparing.correction import powered
from recjudge.human_labels.comparing.judges import f1
from sklearn.metrics import f1_score

from comparable import judged, system
from compared import compared, judges, people


def test_judges_are_right_alone_wrong_alone_or_both() -> None:
    truth = people({f"s{n}": letter for n, letter in enumerate("AAAAABBBBB")})
    found = judges(judged("AAAAABBBBA"), judged("AAABBBBBAA", "j/two@1"), people=truth).people[0]
    assert (found.discordant.only_a, found.discordant.only_b) == (3, 0)
    assert (found.accuracy.a.interval.value, found.accuracy.b.interval.value) == (0.9, 0.6)
    assert found.accuracy.p == pytest.approx(0.25)
    assert found.accuracy.test == "McNemar, exact"
    assert found.prevalence == 0.5


def test_f1_equals_scikit_learn_and_names_its_positive_class() -> None:
    random = np.random.default_rng(3)
    said, truth = random.integers(0, 2, 50), random.integers(0, 2, 50)
    assert f1(said.astype(float), truth.astype(float)).value == pytest.approx(f1_score(truth, said))
    words = {f"s{n}": letter for n, letter in enumerate("SABSAB" * 5)}
    found = judges(judged("SABAAB" * 5), judged("SSBSAB" * 5, "j/two@1"), people=people(words)).people[0]
    titles = [one.title for one in found.figures]
    assert titles[0] == "F1, positive class: pass"
    best = found.figures[titles.index("F1, Superior against the rest")]
    assert best.a.value == pytest.approx(2 / 3)
    assert best.delta.value == pytest.approx(2 / 3 - 4 / 5)


def test_a_judge_that_passes_everything_has_no_specificity() -> None:
    truth = people({f"s{n}": "A" if n < 95 else "B" for n in range(100)})
    found = judges(judged("A" * 100), judged("A" * 90 + "B" * 10, "j/two@1"), people=truth).people[0]
    figures = {one.name: one for one in found.figures}
    assert found.prevalence == 0.95
    assert figures["f1_pass"].a.value == pytest.approx(0.974, abs=5e-4)
    assert (figures["sensitivity"].a.value, figures["specificity"].a.value, figures["kappa"].a.value) == (1, 0, 0)


def test_kappa_of_both_judges_and_their_difference_stand_side_by_side() -> None:
    words = {f"s{n}": letter for n, letter in enumerate("SABSAB" * 5)}
    found = judges(judged("SABSAB" * 5), judged("SABSBA" * 5, "j/two@1"), people=people(words)).people[0]
    kappa = next(one for one in found.figures if one.name == "kappa")
    assert (kappa.a.value, kappa.b.value, kappa.delta.value) == pytest.approx((1, 0.5, 0.5))


def test_a_judge_that_fails_on_what_it_would_get_wrong_is_not_ahead() -> None:
    truth = people({f"s{n}": "A" for n in range(100)})
    found = judges(judged("A" * 80 + "B" * 20), judged("A" * 75 + "-" * 25, "j/two@1"), people=truth)
    gap = found.people[0].accuracy
    assert gap.b.interval.value == 1.0
    assert gap.b.bounds == (0.75, 1.0)
    assert gap.outcome is Outcome.NOT_DECIDED
    assert found.people[0].both == 75
    assert any("j/two@1 are unjudged (25%)" in warning for warning in found.warnings)


def test_without_labels_judges_agree_with_each_other_and_one_is_stricter() -> None:
    found = judges(judged("SSAABB--"), judged("SAABBBA-", "j/two@1"))
    assert found.between.labels == ("Bad", "Average", "Superior", "unjudged")
    assert found.between.counts == ((2, 0, 0, 0), (1, 1, 0, 0), (0, 1, 1, 0), (0, 1, 0, 1))
    assert found.between.figures[0][1].value == pytest.approx(4 / 6)
    assert found.between.stricter.delta.value == pytest.approx(1 / 6)
    assert "nobody can say without labels" in found.headline


def test_only_samples_of_both_judges_enter_and_the_others_are_counted() -> None:
    found = judges(judged("AABB"), judged("AAB", "j/two@1"))
    assert (found.shared, found.only) == (3, (1, 0))


def test_what_each_judge_took_is_counted_and_what_is_not_recorded_is_none() -> None:
    first, second = judges(judged("AB"), judged("AB", "j/two@1")).bills
    assert (first.calls, first.tokens_in, first.usd, first.seconds) == (4, 200, 0.002, None)
    assert second.samples == 2


def test_repeated_samples_of_a_user_make_the_test_one_over_clusters() -> None:
    a = judged("AABB" * 10, group="u1") + [replace(one, id=f"t{n}", key=f"t{n}", group=f"u{n}")
                                           for n, one in enumerate(judged("AB" * 10))]  # fmt: skip
    b = [replace(one, judge="j/two@1") for one in a]
    assert judges(a, b).between.stricter.test == "t over clusters"


def test_labels_that_all_samples_have_leave_nothing_to_the_judge() -> None:
    known = np.array([1.0, 0, 1, 1, 0, 1])
    said = np.array([0.0, 0, 0, 1, 1, 1])
    assert powered(said, known, np.ones(6, bool)).value == pytest.approx(4 / 6)


def test_two_judges_may_be_cut_by_system_and_two_systems_may_not() -> None:
    a = [replace(one, system="xy"[n % 2]) for n, one in enumerate(judged("AABB" * 5))]
    b = [replace(one, system="xy"[n % 2]) for n, one in enumerate(judged("ABBB" * 5, "j/two@1"))]
    truth = people({f"s{n}": "AABB"[n % 4] for n in range(20)})
    found = judges(a, b, wanted=Wanted(by=("system",)), people=truth).strata
    assert [(one.name, one.delta.value, one.planned) for one in found] == [
        ("system=x", 0, False),
        ("system=y", 0.5, False),
    ]
    assert judges(a, b, wanted=Wanted(by=("system",))).strata[1].delta.value == 0.5
    with pytest.raises(UsageError, match="--by system"):
        compared(system("A", "AB"), system("B", "AB"), wanted=Wanted(by=("system",)))
