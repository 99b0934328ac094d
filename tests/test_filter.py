"""The filter: who is accepted, who is left out and why, what people shall look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from recjudge.errors import RunMismatch, UsageError
from recjudge.judge import Status
from recjudge.judge.sets import alike
from recjudge.training import Row, Selection, filter_rows
from recjudge.training.aside import seen_by_the_audit
from recjudge.training.certificate_words import markdown

from filtered import NOW, filtered, ids, many, policy, row, unjudged, why, word


def test_the_policy_alone_accepts() -> None:
    rows = [row("good", 0.95), row("middling", 0.3), row("bad", 0.01)]
    found = filtered(rows)
    assert ids(found.kept) == [one.sample.id for one in rows if policy().accepts(one.verdict, now=NOW)] == ["good"]
    assert why(found) == {"middling": "not accepted", "bad": "not accepted"}


def test_a_grade_of_bad_does_not_overrule_the_policy() -> None:
    good = row("a", 0.95)
    assert ids(filtered([Row(good.sample, replace(good.verdict, grade=row("b", 0.1).verdict.grade))]).kept) == ["a"]


def test_what_a_selective_policy_leaves_to_people_is_left_out_for_them() -> None:
    line = policy("selective").lines[0]
    between = (line.accept + line.reject) / 2
    found = filtered([row("a", 0.99), row("b", between), row("c", 0.01)], mode="selective")
    assert why(found) == {"b": "for people", "c": "rejected"}


@pytest.mark.parametrize("certified", [True, False])
def test_what_is_unjudged_is_never_kept_and_counted_by_its_status(certified: bool) -> None:
    rows = [*many(9), unjudged("t", Status.TIMEOUT), unjudged("r", Status.REFUSED), unjudged("u", Status.REFUSED)]
    found = filtered(rows, certified=certified, all_pass=not certified)
    assert not {"t", "r", "u"} & set(ids(found.kept))
    assert found.certificate.unjudged == {"refused": 2, "timeout": 1}
    assert found.certificate.judged == 9
    assert why(found)["t"] == "unjudged: timeout"


def test_a_set_of_samples_is_no_row_to_keep() -> None:
    one = row("a")
    found = filtered([*many(5), Row(one.sample, replace(one.verdict, kind="set"))])
    assert why(found) == {"a": "a set"}


def test_without_a_policy_nothing_is_filtered_unless_it_is_said() -> None:
    with pytest.raises(UsageError, match=r"no policy: nothing says how many.*--uncertified"):
        filter_rows(many(9), None, now=NOW)
    with pytest.raises(UsageError, match="leave out --policy or --uncertified"):
        filter_rows(many(9), policy(), options=Selection(uncertified=True), now=NOW)


def test_uncertified_keeps_all_but_bad_and_says_so() -> None:
    found = filtered([*many(5), row("bad", 0.1)], certified=False)
    assert why(found) == {"bad": "graded Bad"}
    assert not found.certificate.certified
    assert found.certificate.statement.startswith("UNCERTIFIED")
    assert found.certificate.bad is None


def test_all_pass_rejects_for_one_defect() -> None:
    one = row("a")
    weak = (one.verdict.findings[0], replace(one.verdict.findings[0], dimension="tone", polarity=-1, label="poor"))
    defect = Row(one.sample, replace(one.verdict, findings=weak))
    assert why(filtered([*many(5), defect], certified=False, all_pass=True)) == {"a": "all-pass"}
    assert why(filtered([*many(5), defect], all_pass=True)) == {"a": "all-pass"}
    assert why(filtered([*many(5), defect])) == {}


def test_an_expired_policy_filters_nothing_not_even_no_rows() -> None:
    with pytest.raises(UsageError, match="expired on"):
        filter_rows([], policy(), now=NOW + timedelta(days=90))


def test_rows_of_another_judge_are_refused() -> None:
    one = row("a")
    with pytest.raises(RunMismatch, match="judge: policy local, verdict openai/other"):
        filtered([Row(one.sample, replace(one.verdict, judge="openai/other"))])


def test_the_audit_is_put_aside_and_everything_adds_up() -> None:
    rows = [*many(300), row("bad", 0.1), unjudged("t", Status.TIMEOUT)]
    found = filtered(rows, audit=None, near=0.9)
    assert len(found.audit.rows) == 50
    assert found.audit.probability == pytest.approx(50 / 300)
    assert not set(ids(found.audit.rows)) & set(ids(found.kept))
    assert Counter([*ids(found.kept), *ids(found.audit.rows), *why(found)]) == Counter(ids(rows))


def test_of_few_rows_a_fifth_is_put_aside() -> None:
    assert len(filtered(many(20), audit=None).audit.rows) == 4


def test_every_accepted_row_has_the_same_chance_to_be_audited() -> None:
    rows, counts = many(10), Counter[str]()
    for seed in range(200):
        counts.update(ids(filtered(rows, audit=3, seed=seed).audit.rows))
    assert sum(counts.values()) == 600
    # 60 each; four standard errors of a binomial
    assert all(abs(counts[name] - 60) < 4 * (200 * 0.3 * 0.7) ** 0.5 for name in ids(rows))


def test_a_copy_of_an_audited_row_is_not_kept() -> None:
    rows = [copy for one in many(10) for copy in (one, Row(replace(one.sample, id=f"{one.sample.id}b"), one.verdict))]
    found = filtered(rows, audit=4, duplicates=True)
    assert not {name.removesuffix("b") for name in ids(found.audit.rows)} & {
        n.removesuffix("b") for n in ids(found.kept)
    }
    assert len(found.kept) == 12


def test_another_systems_copy_of_an_audited_row_is_not_kept_in_any_case_or_spacing() -> None:
    rows = many(10, system="route_a")
    rows += [row(f"{one.sample.id}b", text=f" {one.sample.text.upper()} ", system="route_b") for one in rows]
    found = filtered(rows, audit=4, duplicates=True)
    audited = set(ids(found.audit.rows))
    other = {name.removesuffix("b") if name.endswith("b") else f"{name}b" for name in audited} - audited
    assert {name for name, step in why(found).items() if step == "as the audit"} == other
    assert found.certificate.left_out["as the audit"] == len(other) > 0
    assert not audited & set(ids(found.kept))


def test_the_same_words_for_another_user_are_not_what_the_audit_has_seen() -> None:
    rows = [row(f"r{k}", text=f"shoes {k % 4}", group=f"u{k}") for k in range(8)]
    assert len(filtered(rows, audit=4).kept) == 4


@pytest.mark.parametrize("near", [None, 0.6])
def test_near_duplicates_of_an_audited_row_go_where_near_duplicates_go(near: float | None) -> None:
    texts = [" ".join(word(10 * n + k) for k in range(8)) for n in range(12)]
    rows = [row(f"r{n}{more}", text=f"{text} {more}") for n, text in enumerate(texts) for more in ("x", "yy", "zzz")]
    found = filtered(rows, audit=9, near=near)
    audited = {name.rstrip("xyz") for name in ids(found.audit.rows)}
    kept = {name.rstrip("xyz") for name in ids(found.kept)}
    assert (not audited & kept) == (near is not None)
    assert kept if near is None else kept == {f"r{n}" for n in range(12)} - audited


def test_rows_near_the_second_of_two_audited_ones_that_are_alike_go_too() -> None:
    # each shares eight of ten words with the next, the third too few with the first
    words = [word(n) for n in range(14)]
    one, two, three = (row(f"r{at}", text=" ".join(words[at : at + 10])) for at in (0, 2, 4))
    rest = [three, row("s", text=" ".join(word(n + 50) for n in range(10)))]
    assert not alike(one.sample.text, three.sample.text, least=0.6)
    found = seen_by_the_audit(rest, [one, two], 0.6, lambda row: "")
    assert found == {0: "near-duplicate of r2, put aside for people"}


def test_a_negative_made_by_shuffling_is_never_kept() -> None:
    found = filtered([*many(5), row("n", meta={"negative": "relevance"})], certified=False)
    assert why(found) == {"n": "negative"}
    assert why(filtered([*many(5), row("n", meta={"negative": "relevance"})])) == {"n": "negative"}


def test_what_is_kept_though_graded_bad_is_counted() -> None:
    good = row("a", 0.95)
    found = filtered([*many(5), Row(good.sample, replace(good.verdict, grade=row("b", 0.1).verdict.grade))])
    assert found.certificate.graded_bad == 1
    assert "| of them graded Bad by the judge | 1 |" in markdown(found.certificate)


def test_an_audit_that_would_leave_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="an audit of 50 would leave nothing of 9 distinct"):
        filtered(many(9), audit=50)


def test_no_audit_is_written_into_the_certificate() -> None:
    assert (
        "no audit sample was put aside: precision cannot be checked against people"
        in filtered(many(9)).certificate.notes
    )
    assert not any("no audit" in note for note in filtered(many(9), audit=None).certificate.notes)


def test_nothing_accepted_is_an_empty_set_not_an_error() -> None:
    found = filtered([row("a", 0.1)], audit=None)
    assert found.kept == ()
    assert found.certificate.accepted == 0
    assert found.certificate.bad["bound"] == 0


@pytest.mark.parametrize("certified", [True, False])
def test_a_probe_or_a_row_of_a_benchmark_is_neither_kept_nor_audited(certified: bool) -> None:
    marked = [row("p", meta={"probe": "verbosity"}), row("b", meta={"kind": "benchmark"})]
    found = filtered([*many(9), *marked], certified=certified, audit=8)
    assert why(found) == {"p": "probe", "b": "benchmark"}
    assert found.certificate.accepted == 9
    assert [line["accepted"] for line in found.certificate.lines] == ([9] if certified else [])
