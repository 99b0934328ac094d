"""The certificate: its numbers of bad rows, its yields, its words, and that hands which change it are noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.human_labels.proportions import upper_bound
from recjudge.training import Row, filter_rows
from recjudge.training.bad_rows import BadRows, at_most, bad_rows, predicted
from recjudge.training.certificate import certificate_json, certificate_of, policy_digest
from recjudge.training.certificate_words import markdown
from recjudge.training.selection import Selection
from scipy.stats import betabinom, binom

from filtered import NOW, filtered, many, policy, row, word


def test_the_bound_is_the_binomial_quantile_of_what_is_accepted() -> None:
    (line,) = filtered(many(200)).certificate.lines
    assert line["bound"] == binom.ppf(1 - 0.005, 200, 0.1)
    assert line["bound_confidence"] == pytest.approx(0.945)


def test_the_expected_number_is_the_share_wrong_of_the_labelled_with_its_interval() -> None:
    of = policy().lines[0].calibration.accepted
    (line,) = filtered(many(200)).certificate.lines
    assert line["expected"] == pytest.approx(200 * of.wrong / of.n)
    assert line["low"] < line["expected"] < line["high"]
    assert line["basis"] == "calibration, in-sample"


def test_selections_take_no_bad_row_away_for_sure() -> None:
    bad = filtered([*many(200), *(row(f"c{n}", text="the same") for n in range(100))]).certificate.bad
    assert bad["bound_kept"] == binom.ppf(1 - 0.005, 201, 30 / 201) > binom.ppf(1 - 0.005, 201, 0.1)
    assert bad["bound"] == at_most(300, 0.1, 0.005, largest=100) >= 100
    few = filtered(many(200, group="u", context={"category": "tea"}), per_category=3).certificate
    assert (few.kept, few.bad["bound_kept"]) == (3, 3)


def test_rows_in_clusters_may_fail_together() -> None:
    alone, crowded = at_most(400, 0.05, 0.005), at_most(400, 0.05, 0.005, largest=20)
    assert alone == 32
    assert 60 < crowded < 400
    assert at_most(40, 0.05, 0.005, largest=40) == 40


@pytest.mark.parametrize("largest", [1, 2, 5, 20])
def test_clusters_that_fail_as_one_exceed_the_bound_as_rarely_as_said(largest: int) -> None:
    random = np.random.default_rng(1)
    number = random.binomial(400 // largest, 0.05, 20_000) * largest
    assert (number > at_most(400, 0.05, 0.02, largest)).mean() <= 0.02


def test_the_bound_of_nothing_is_zero_and_of_all_is_all() -> None:
    assert at_most(0, 0.05, 0.005) == 0
    assert at_most(3, 0.9, 0.005) == 3
    assert predicted(0, 0, 7, 0.05) == 7


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2])
def test_the_limit_predicted_from_the_sealed_labels_holds_as_often_as_said(rate: float) -> None:
    random = np.random.default_rng(2)
    failed, further = random.binomial(150, rate, 3000), random.binomial(80, rate, 3000)
    limits = {k: predicted(int(k), 150, 80, 0.05) for k in set(failed.tolist())}
    assert np.mean([x > limits[k] for k, x in zip(failed.tolist(), further, strict=True)]) <= 0.05


def test_the_predicted_limit_is_near_the_bayesian_one() -> None:
    # with Jeffreys' prior, a limit of its own kind: never above the exact one, and close to it
    wanted = betabinom.ppf(0.95, 80, 5 + 0.5, 145 + 0.5)
    assert 0 <= predicted(5, 150, 80, 0.05) - wanted <= 2


def test_a_line_that_speaks_of_clusters_bounds_no_number_of_rows() -> None:
    line = replace(policy().lines[0], weigh="clusters")
    found = bad_rows(line, [one.verdict for one in many(50)], 50)
    assert found.bound is found.bound_kept is None
    assert "bounds no number of rows" in found.words


def test_with_two_lines_each_is_counted_on_what_it_accepts_by_itself() -> None:
    line = policy().lines[0]
    two = replace(policy(), lines=(line, replace(line, dimension="relevance", accept=0.94)))
    rows = [*many(50), *(row(f"m{n}", 0.9) for n in range(50))]
    found = filter_rows(rows, two, options=Selection(audit=0), now=NOW).certificate
    assert found.accepted == 50
    assert [one["accepted"] for one in found.lines] == [100, 50]
    assert found.bad["confidence"] == pytest.approx(0.89)
    assert found.bad["bound"] == at_most(100, 0.1, 0.005) + at_most(50, 0.1, 0.005)
    assert found.bad["bound_kept"] == min(50, found.bad["bound"])


def test_the_certificate_says_whose_word_it_rests_on() -> None:
    made = filtered(many(60), audit=None).certificate
    assert made.judges == ("local",)
    assert made.rubrics == ("text@1",)
    assert made.policy["digest"] == policy_digest(policy())
    assert made.expires == policy().expires
    assert len(made.audit["ids"]) == 12
    assert made.audit["probability"] == pytest.approx(0.2)
    assert "before the selections after acceptance, which look at no label" in made.statement


def test_the_policys_digest_is_the_one_in_its_file(tmp_path: Any) -> None:
    from recjudge.human_labels import write_policy

    assert json.loads(write_policy(policy(), tmp_path / "p.json").read_text())["sha256"] == policy_digest(policy())


def test_yields_are_told_by_class_with_an_interval() -> None:
    rows = [*many(8, system="a"), *(row(f"b{n}", 0.1, system="b") for n in range(4))]
    of = filtered(rows).certificate.yields
    assert of["system"]["b"] == {
        "judged": 4,
        "accepted": 0,
        "kept": 0,
        "share": 0.0,
        "interval": of["system"]["b"]["interval"],
    }
    assert of["system"]["a"]["accepted"] == 8
    assert of["text.relevance"]["bad"]["judged"] == 4
    assert of["grade"]["Superior"]["share"] == 1.0


def test_popularity_is_told_in_thirds_where_it_is_given() -> None:
    rows = [row(f"r{n}", 0.95 if n < 6 else 0.1, context={"item": {"popularity": n}}) for n in range(9)]
    of = filtered(rows).certificate.yields["popularity"]
    assert {name: one["accepted"] for name, one in of.items()} == {"tail": 3, "middle": 3, "head": 0}
    assert "popularity" not in filtered(many(5)).certificate.yields


def test_diversity_is_compared_on_sets_of_one_size() -> None:
    rows = [*many(30), *(row(f"c{n}", text=f"the same words {n}", group=f"u{n}") for n in range(30))]
    of = filtered(rows, near=0.7, within="all").certificate.diversity["text"]
    assert of["near_duplicate_share"]["kept"] == 0 < of["near_duplicate_share"]["accepted"]
    assert len({one["n"] for one in of.values()}) == 1


def test_the_certificate_comes_back_from_its_json_as_it_was() -> None:
    made = filtered(many(60), audit=None).certificate
    back = certificate_of(json.loads(json.dumps(certificate_json(made))), "here")
    assert certificate_json(back) == certificate_json(made)
    assert back.judges == made.judges


@pytest.mark.parametrize("change", [{"kept": 10**6}, {"colour": "red"}, {"version": 2}, {"sha256": None}])
def test_a_certificate_changed_by_hand_is_noticed(change: dict[str, Any]) -> None:
    content = certificate_json(filtered(many(60)).certificate) | change
    with pytest.raises(UsageError, match="here: "):
        certificate_of(content, "here")


def test_what_is_no_certificate_is_an_error() -> None:
    for content in ([], {}, {"version": 1}, None):
        with pytest.raises(UsageError, match="here: "):
            certificate_of(content, "here")


def test_the_words_open_with_what_is_guaranteed_and_escape_what_comes_from_outside() -> None:
    words = markdown(filtered([*many(60), row("evil|<b>`x", system="a|b")], audit=None).certificate)
    assert words.splitlines()[2].startswith("text.grade: at least 0.9 of what it accepts is right, confidence 0.95")
    assert "a\\|b" in words
    noted = filter_rows(many(9), replace(policy(), notes=("said: <script>",)), options=Selection(), now=NOW).certificate
    assert "- policy: said: &lt;script>" in markdown(noted)
    assert "<b>" not in words
    assert markdown(filtered(many(9), certified=False).certificate).startswith("# UNCERTIFIED")


def test_the_sealed_test_is_what_the_number_rests_on_where_there_is_one(tmp_path: Any) -> None:
    line = policy().lines[0]
    tested = replace(policy(), lines=(replace(line, test=replace(line.calibration)),))
    (found,) = filter_rows(many(100), tested, options=Selection(audit=0), now=NOW).certificate.lines
    of = line.calibration.accepted
    assert found["basis"] == "sealed test"
    assert found["tested_bound"] == predicted(of.failed, of.units, 100, 0.05)
    bad = filter_rows(many(100), tested, options=Selection(audit=0), now=NOW).certificate.bad
    assert (bad["tested_bound"], bad["tested_confidence"]) == (found["tested_bound"], 0.95)
    assert found["tested_bound"] < 100 * (upper_bound(of.failed, of.units, 0.01) + 0.1)


def test_a_row_is_left_as_it_was() -> None:
    rows = many(9)
    assert all(one is other for one, other in zip(filtered(rows).kept, rows, strict=True))
    assert isinstance(rows[0], Row)


def test_copies_are_right_or_wrong_together_and_are_not_counted_as_independent() -> None:
    alone, copied = (filtered([row(f"r{place}", text=word(place % of)) for place in range(100)], duplicates=True)
                     for of in (100, 5))  # fmt: skip
    assert "100 independent rows" in alone.certificate.lines[0]["words"]
    assert "clusters of up to 20" in copied.certificate.lines[0]["words"]
    assert copied.certificate.bad["bound"] > alone.certificate.bad["bound"]
    lists = [row("a", text="one"), row("b", text="two"), row("c", text="one"), row("d", text="three")]
    listed = [Row(one.sample, replace(one.verdict, parent=name)) for one, name in zip(lists, "xxyy", strict=True)]
    assert "clusters of up to 4" in filtered(listed, duplicates=True).certificate.lines[0]["words"]


def test_of_copies_kept_once_the_sealed_labels_bound_as_many_as_there_are_errors_for() -> None:
    # one text 301 times and never wrong, 99 texts of their own that hold every error: the hardest case
    line, n, units, rate = policy().lines[0], 400, 150, 0.05
    rows = [row(f"r{place}", text=word(max(0, place - 300))) for place in range(n)]
    random = np.random.default_rng(4)
    failed = random.binomial(units, rate, 3000)
    wrong = random.binomial(99, n * rate / 99, 3000)

    def told(k: int) -> BadRows:
        of = replace(line.calibration.accepted, n=units, wrong=k, units=units, failed=k)
        tested = replace(line, test=replace(line.calibration, accepted=of))
        return bad_rows(tested, [one.verdict for one in rows], 100, [one.sample.text for one in rows])

    found = {k: told(k) for k in set(failed.tolist())}
    limits = {k: one.distinct_tested_bound or 0 for k, one in found.items()}
    assert np.mean([x > limits[k] for k, x in zip(failed.tolist(), wrong, strict=True)]) <= 0.05
    assert limits[7] < 100 < (found[7].tested_bound or 0)
