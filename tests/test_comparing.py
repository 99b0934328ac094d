"""Two systems, two judges: what each figure is, by hand, and what may not be concluded from it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import InputError, Refused, UsageError
from recjudge.human_labels import (
    Comparison,
    Label,
    Labels,
    People,
    Wanted,
    compare,
    rank_systems,
    scale_of,
    two_systems,
)
from recjudge.human_labels.comparing import JudgesSection, Outcome, SystemsSection, mcnemar, side_of
from recjudge.human_labels.comparing.correction import powered
from recjudge.human_labels.comparing.grades import median
from recjudge.human_labels.comparing.judges import f1
from recjudge.human_labels.comparing.rankings import kendall_tau_b, spearman_rho
from recjudge.human_labels.comparing.sides import kind_of
from recjudge.human_labels.estimation.ppi import ppi
from recjudge.human_labels.multiplicity import adjust
from recjudge.human_labels.pairing import GRADES
from recjudge.judge import Grade, shipped
from recjudge.reports import comparison_json
from scipy.stats import binomtest, false_discovery_control, kendalltau, spearmanr
from sklearn.metrics import f1_score

from comparable import GRADES as LETTERS
from comparable import judged, system, verdict


def systems(a: list[Any], b: list[Any], **more: Any) -> SystemsSection:
    found = compared(a, b, **more).sections[0]
    assert isinstance(found, SystemsSection)
    return found


def judges(a: list[Any], b: list[Any], **more: Any) -> JudgesSection:
    found = compared(a, b, **more).sections[0]
    assert isinstance(found, JudgesSection)
    return found


def compared(a: list[Any], b: list[Any], **more: Any) -> Comparison:
    return compare(side_of(a, source="a.jsonl"), side_of(b, source="b.jsonl"), **more)


def people(said: dict[str, str], *, by: str = "ann", role: str = "expert", **more: Any) -> People:
    rows = [Label(id, "grade", by, GRADES.code(LETTERS[letter].value), GRADES, role) for id, letter in said.items()]
    return People(Labels(tuple(rows)), list(shipped().values()), **more)


def test_holm_multiplies_the_least_p_by_all_the_next_by_one_fewer() -> None:
    assert adjust([0.01, 0.04, 0.03], "holm") == pytest.approx((0.03, 0.06, 0.06))


@pytest.mark.parametrize("rule", ["bh", "by"])
def test_false_discovery_rules_equal_scipy(rule: str) -> None:
    values = np.random.default_rng(1).random(20) ** 3
    assert adjust(values, rule) == pytest.approx(tuple(false_discovery_control(values, method=rule)))


def test_an_undefined_p_is_no_member_of_the_family() -> None:
    found = adjust([0.02, math.nan, 0.03], "holm")
    assert math.isnan(found[1])
    assert (found[0], found[2]) == pytest.approx((0.04, 0.04))


def test_adjusted_p_stop_at_one_and_an_unknown_rule_is_refused() -> None:
    assert adjust([0.7, 0.9], "holm") == (1.0, 1.0)
    with pytest.raises(UsageError, match="holm, bh, by"):
        adjust([0.1], "bonferroni")


@pytest.mark.parametrize(("a", "b"), [(0, 1), (3, 9), (12, 12), (20, 4)])
def test_mcnemar_is_the_sign_test_under_25_discordant_items(a: int, b: int) -> None:
    assert mcnemar(a, b) == (pytest.approx(binomtest(a, a + b).pvalue), "McNemar, exact")


def test_mcnemar_is_chi_square_with_continuity_correction_from_25_on() -> None:
    p, name = mcnemar(20, 5)
    assert p == pytest.approx(0.0051102607)  # (|20 - 5| - 1)^2 / 25 = 7.84 on one degree of freedom
    assert "continuity" in name
    assert mcnemar(0, 0)[0] == mcnemar(13, 13)[0] == 1.0


def test_dropping_failed_parses_turns_the_order_round_and_is_not_decided() -> None:
    found = systems(system("A", "A" * 601 + "B" * 399), system("B", "A" * 538 + "B" * 316 + "-" * 146))
    assert found.passed.b.interval.value == pytest.approx(0.630, abs=5e-4)
    assert found.passed.a.interval.value == pytest.approx(0.601)
    assert found.passed.b.bounds == pytest.approx((0.538, 0.684))
    assert found.passed.outcome is Outcome.NOT_DECIDED
    assert "not decided" in found.headline
    assert "0.538 to 0.684" in found.headline


def test_failure_rates_that_differ_are_warned_of() -> None:
    found = systems(system("A", "AB" * 50), system("B", "AB" * 40 + "-" * 20))
    assert found.failures.p < 0.001
    assert any("failure rates differ" in warning for warning in found.warnings)
    assert not systems(system("A", "AB" * 50), system("B", "AB" * 50)).warnings


def test_a_clear_difference_without_missing_verdicts_has_a_winner() -> None:
    found = systems(system("A", "A" * 90 + "B" * 10), system("B", "A" * 50 + "B" * 50))
    assert found.passed.delta.value == pytest.approx(0.4)
    assert found.passed.outcome is Outcome.A
    assert "A is ahead" in found.headline


def test_a_few_missing_verdicts_do_not_hide_a_difference_they_cannot_undo() -> None:
    found = systems(system("A", "A" * 90 + "B" * 10), system("B", "A" * 50 + "B" * 45 + "-" * 5))
    assert found.passed.bounds == pytest.approx((0.35, 0.4))
    assert found.passed.outcome is Outcome.A


def test_no_difference_shown_names_the_least_that_could_have_been() -> None:
    found = systems(system("A", "AB" * 30), system("B", "BA" * 30))
    assert found.passed.outcome is Outcome.NOT_SHOWN
    assert 0.2 < found.passed.smallest < 0.6
    assert "not equality" in found.headline


def test_sides_that_do_not_vary_are_told_apart_by_the_sign_test() -> None:
    found = systems(system("A", "A" * 10), system("B", "B" * 10))
    assert found.passed.p == pytest.approx(2 * 0.5**10)
    assert found.passed.outcome is Outcome.A


def test_a_system_without_any_grade_is_not_measured() -> None:
    found = systems(system("A", "AB" * 5), system("B", "-" * 10))
    assert found.passed.b.interval.n == 0
    assert "not measured" in found.headline
    assert found.passed.outcome is Outcome.NOT_DECIDED


def test_shared_contexts_take_out_what_is_hard_for_both() -> None:
    letters = "A" * 40 + "B" * 40
    a, b = letters[:38] + "BB" + letters[40:], letters[:30] + "B" * 10 + letters[40:]
    groups = [f"u{place}" for place in range(80)]
    together = systems(system("A", a, groups), system("B", b, groups)).passed
    apart = systems(system("A", a, groups), system("B", b, [f"other {name}" for name in groups]))
    assert apart.paired == ""
    assert any("unpaired" in note for note in apart.notes)
    assert together.delta.value == pytest.approx(apart.passed.delta.value)
    assert together.delta.high - together.delta.low < 0.6 * (apart.passed.delta.high - apart.passed.delta.low)


def test_the_same_ids_pair_before_groups_do_and_clusters_stay_the_highest() -> None:
    a = [verdict(f"s{n}", "A", system="A", group=f"u{n % 3}", key=f"a{n}") for n in range(12)]
    b = [verdict(f"s{n}", "B", system="B", group=f"u{n % 3}", key=f"b{n}") for n in range(12)]
    found = systems(a, b)
    assert (found.paired, found.contexts, found.passed.delta.clusters) == ("id", 12, 3)
    assert systems(a, b, wanted=Wanted(pair_by="group")).contexts == 3


def test_contexts_of_one_side_alone_are_left_out_and_said() -> None:
    found = systems(system("A", "AAAB"), system("B", "ABB"))
    assert any("of A, left out 1" in note for note in found.notes)
    assert found.passed.a.planned == 3
    with pytest.raises(UsageError, match="share no item"):
        compared(system("A", "AAAB"), system("B", "ABB"), wanted=Wanted(pair_by="item"))


def test_pairs_are_won_lost_tied_or_unjudged_and_none_is_given_away() -> None:
    order = systems(system("A", "SSAB-", ["u"] * 5), system("B", "SAB", ["u"] * 3)).order
    # S against S A B twice, A against S A B, B against S A B, and three pairs without a grade
    assert order.counts == (2 * 2 + 1, 0 + 1 + 2, 2 + 1 + 1, 3)
    assert sum(share.value for share in (order.wins, order.losses, order.ties)) + order.unjudged == pytest.approx(1)


def test_unpaired_systems_are_ordered_over_all_pairs() -> None:
    order = systems(system("A", "SB", ["u", "v"]), system("B", "AA", ["x", "y"])).order
    assert order.counts == (2, 2, 0, 0)
    assert order.contexts == 0


def test_all_ties_are_no_wins() -> None:
    order = systems(system("A", "A" * 8), system("B", "A" * 8)).order
    assert (order.wins.value, order.losses.value, order.ties.value) == (0, 0, 1)


def test_grades_have_a_median_and_no_mean() -> None:
    found = systems(system("A", "B" * 40 + "S" * 60), system("B", "A" * 100))
    assert (found.a.median, found.b.median) == ("Superior", "Average")
    assert found.order.wins.value == pytest.approx(0.6)
    assert '"mean' not in str(comparison_json(compared(system("A", "BS"), system("B", "AA")))).replace("'", '"')


def test_a_median_between_two_grades_names_both() -> None:
    assert median([Grade.BAD, Grade.SUPERIOR]) == "Bad to Superior"
    assert median([Grade.BAD, Grade.AVERAGE, Grade.SUPERIOR]) == "Average"
    assert median([]) == ""


def test_a_dimension_is_compared_by_its_share_of_defects() -> None:
    found = systems(system("A", "A" * 90 + "B" * 10), system("B", "A" * 50 + "B" * 50)).dimensions[0]
    assert (found.name, found.a.interval.value, found.b.interval.value) == ("relevance", 0.1, 0.5)
    assert found.outcome is Outcome.A  # fewer defects are better


def test_what_nobody_planned_is_exploratory_and_no_finding() -> None:
    a, b = system("A", "A" * 90 + "B" * 10), system("B", "A" * 50 + "B" * 50)
    found = compared(a, b, wanted=Wanted(plan=()))
    section = found.sections[0]
    assert isinstance(section, SystemsSection)
    assert found.family == 1
    assert not section.dimensions[0].planned
    assert math.isnan(section.dimensions[0].adjusted)
    assert section.dimensions[0].outcome is Outcome.NOT_SHOWN
    assert section.passed.outcome is Outcome.A


def test_a_plan_with_an_unknown_dimension_is_refused() -> None:
    with pytest.raises(UsageError, match="relevence: no such dimension; known: grade, pass, relevance"):
        compared(system("A", "AB"), system("B", "AB"), wanted=Wanted(plan=("relevence",)))


def test_parts_of_the_samples_are_exploratory() -> None:
    a, b = system("A", "A" * 10, ["u", "v"] * 5), system("B", "B" * 10, ["u", "v"] * 5)
    found = systems(a, b, wanted=Wanted(by=("group",)))
    assert [one.name for one in found.strata] == ["group=u", "group=v"]
    assert not any(one.planned for one in found.strata)
    with pytest.raises(UsageError, match="--by language"):
        systems(a, b, wanted=Wanted(by=("language",)))


def test_the_family_grows_with_the_comparisons_and_p_with_it() -> None:
    found = systems(system("A", "A" * 18 + "B" * 2), system("B", "A" * 13 + "B" * 7))
    assert found.passed.adjusted == pytest.approx(2 * found.passed.p)


def test_systems_under_different_judges_or_rubrics_are_refused() -> None:
    a, b = system("A", "ABAB"), system("B", "ABAB", judge="j/two@1")
    with pytest.raises(Refused, match=r"j/one@1.*j/two@1.*--allow-drift"):
        compared(a, b)
    with pytest.raises(Refused, match="text@2"):
        compared(a, system("B", "ABAB", rubric="text@2"))
    allowed = compared(a, b, allow_drift=True)
    assert allowed.judges == ("j/one@1", "j/two@1")
    assert "j/one@1" in allowed.warnings[0]
    assert "j/two@1" in allowed.warnings[0]


def test_the_same_samples_make_two_judges_of_it_others_two_systems() -> None:
    a, b = side_of(judged("AB")), side_of(judged("AB", "j/two@1"))
    assert kind_of(a, b) == "judges"
    assert kind_of(a, side_of(judged("AB"))) == "judges"
    assert kind_of(side_of(system("A", "AB")), side_of(system("B", "AB"))) == "systems"


def test_two_systems_that_once_wrote_the_same_are_still_systems() -> None:
    a = [verdict(f"s{n}", "A", key=f"a{n}") for n in range(9)] + [verdict("s9", "A", key="same")]
    b = [verdict(f"s{n}", "A", key=f"b{n}") for n in range(9)] + [verdict("s9", "A", key="same")]
    assert kind_of(side_of(a, "a"), side_of(b, "b")) == "systems"


def test_a_file_with_two_judges_is_no_side() -> None:
    with pytest.raises(InputError, match="one judge's verdicts a file"):
        compared(judged("A") + system("A", "B", judge="j/two@1"), judged("AB", "j/three@1"))


def test_sets_and_repeated_rows_do_not_enter() -> None:
    rows = system("A", "AB")
    assert len(side_of([*rows, *rows, replace(rows[0], kind="set", key="set")]).verdicts) == 2
    with pytest.raises(InputError, match="no verdict on a sample"):
        side_of([replace(rows[0], kind="set")])


def test_two_systems_of_one_file_are_taken_apart_by_name() -> None:
    a, b = two_systems(side_of(system("A", "AB") + system("B", "A") + system("C", "S")), "A", "C")
    assert (a.name, len(a.verdicts), b.name, len(b.verdicts)) == ("A", 2, "C", 1)
    with pytest.raises(UsageError, match="no system 'D'; it holds 'A', 'B'"):
        two_systems(side_of(system("A", "AB") + system("B", "A")), "A", "D")


def test_a_comparison_of_nothing_shared_is_refused() -> None:
    other = [replace(one, task="intent") for one in system("B", "AB")]
    with pytest.raises(UsageError, match="no task in common"):
        compared(system("A", "AB"), other)
    with pytest.raises(UsageError, match="no sample in common"):
        compared(system("A", "AB"), system("B", "AB"), kind="judges")


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


def test_the_same_seed_gives_the_same_comparison() -> None:
    a, b = system("A", "AAB" * 20), system("B", "ABB" * 20)
    assert comparison_json(compared(a, b)) == comparison_json(compared(a, b))


def test_labels_picked_where_the_judge_said_bad_are_noticed() -> None:
    a, b = system("A", "AB" * 60), system("B", "AB" * 60)
    said = {f"{name}-{n}": "B" for name in "AB" for n in range(1, 120, 2)}
    note = systems(a, b, people=people(said)).corrected[0].note
    assert "0.00 of a's labelled samples and 1.00 of the others" in note
    at_random = {f"{name}-{n}": "AB"[n % 2] for name in "AB" for n in range(60)}
    assert "at random" not in systems(a, b, people=people(at_random)).corrected[0].note


def test_unpaired_sides_that_do_not_vary_are_told_apart_by_how_they_could_be_dealt_out() -> None:
    a, b = system("A", "A" * 6), system("B", "B" * 6, [f"x{n}" for n in range(6)])
    assert systems(a, b).passed.p == pytest.approx(2 / math.comb(12, 6))


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


def test_labels_of_a_dimension_alone_correct_it_and_leave_the_grade_the_judge_s_opinion() -> None:
    scale = scale_of("ordinal:off_topic|partial|relevant")
    rows = [Label(f"{name}-{n}", "relevance", "ann", float(n % 3), scale) for name in "AB" for n in range(30)]
    found = systems(system("A", "BAS" * 20), system("B", "BAA" * 20),
                    people=People(Labels(tuple(rows)), list(shipped().values())))  # fmt: skip
    assert [one.dimension for one in found.corrected] == ["relevance"]
    assert found.corrected[0].a.value == pytest.approx(2 / 3)
    assert "Nobody labelled the grade" in found.headline


@settings(max_examples=60)
@given(st.text("SAB-", min_size=2, max_size=12), st.text("SAB-", min_size=2, max_size=12), st.booleans())
def test_turning_the_sides_round_turns_every_sign_and_nothing_else(a: str, b: str, paired: bool) -> None:
    of_a = system("A", a)
    of_b = system("B", b, None if paired else [f"x{place}" for place in range(len(b))])
    one, other = systems(of_a, of_b), systems(of_b, of_a)
    assert one.passed.delta.value == pytest.approx(-other.passed.delta.value, nan_ok=True)
    assert one.passed.bounds == pytest.approx((-other.passed.bounds[1], -other.passed.bounds[0]))
    assert one.passed.p == pytest.approx(other.passed.p, nan_ok=True)
    assert one.order.counts == (other.order.counts[1], other.order.counts[0], *other.order.counts[2:])
    turned = {Outcome.A: Outcome.B, Outcome.B: Outcome.A}
    assert one.passed.outcome == turned.get(other.passed.outcome, other.passed.outcome)
    if not math.isnan(one.passed.delta.value):
        low, high = one.passed.bounds
        assert low - 1e-9 <= one.passed.delta.value <= high + 1e-9
