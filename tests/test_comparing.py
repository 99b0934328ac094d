"""Two systems, two judges: what each figure is, by hand, and what may not be concluded from it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import InputError, Refused, UsageError
from recjudge.human_labels import (
    Wanted,
    two_systems,
)
from recjudge.human_labels.comparing import Outcome, SystemsSection, side_of
from recjudge.human_labels.comparing.grades import median
from recjudge.human_labels.comparing.sides import kind_of
from recjudge.judge import Grade
from recjudge.reports import comparison_json

from comparable import judged, system, verdict
from compared import compared, systems


def test_dropping_failed_parses_turns_the_order_round_and_is_not_decided() -> None:
    found = systems(system("A", "A" * 601 + "B" * 399), system("B", "A" * 538 + "B" * 316 + "-" * 146))
    assert found.passed.b.interval.value == pytest.approx(0.630, abs=5e-4)
    assert found.passed.a.interval.value == pytest.approx(0.601)
    assert found.passed.b.bounds == pytest.approx((0.538, 0.684))
    assert found.passed.outcome is Outcome.NOT_DECIDED
    assert "not decided" in found.headline
    assert ".538 to .684" in found.headline


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


def test_the_same_seed_gives_the_same_comparison() -> None:
    a, b = system("A", "AAB" * 20), system("B", "ABB" * 20)
    assert comparison_json(compared(a, b)) == comparison_json(compared(a, b))


def test_unpaired_sides_that_do_not_vary_are_told_apart_by_how_they_could_be_dealt_out() -> None:
    a, b = system("A", "A" * 6), system("B", "B" * 6, [f"x{n}" for n in range(6)])
    assert systems(a, b).passed.p == pytest.approx(2 / math.comb(12, 6))


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
