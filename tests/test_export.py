"""Export: which rows come out of which verdicts, in each format, and what is left out and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from recjudge.errors import UsageError
from recjudge.human_labels import read_labels
from recjudge.judge import Grade, Status
from recjudge.training import (
    EXPORTERS,
    Cover,
    Form,
    Row,
    cover_of_folder,
    cover_of_policy,
    grades_by_people,
    write_filtered,
)

import filtered as made
from exported import ANY, average, one, written


def test_sft_is_a_conversation_that_ends_with_the_completion() -> None:
    row = written([one("a", text="So it is.")], "sft").rows[0]
    assert row["messages"] == [{"role": "user", "content": "Say it."}, {"role": "assistant", "content": "So it is."}]


def test_every_row_names_its_sample_its_grade_its_judge_its_rubric_and_its_policy() -> None:
    for format in ("sft", "prompt-completion", "kto", "reward"):
        row = written([one("a", group="u1")], format).rows[0]
        found = {name: row[name] for name in ("id", "grade", "judge", "rubric", "policy", "source", "group")}
        assert found == {"id": "a", "grade": "Superior", "judge": "local", "rubric": "text@1",
                         "policy": "uncertified", "source": "llm", "group": "u1"}  # fmt: skip


def test_plain_rows_hold_strings_that_can_be_joined() -> None:
    row = written([one("a", text="So.")], "sft", Form(conversational=False, uncertified=True)).rows[0]
    assert row["prompt"] + row["completion"] == "Say it.\n\nSo."


def test_the_unjudged_are_in_no_format_and_are_counted() -> None:
    rows = [one("a"), one("b", 0.1), one("c", None), made.unjudged("d", Status.REFUSED)]
    for format in EXPORTERS:
        found = written(rows, format)
        assert found.left_out["unjudged"] == 2
        assert not {"c", "d"} & {word for row in found.rows for value in row.values() for word in _words(value)}


def test_what_is_taught_as_right_needs_someone_who_vouches() -> None:
    for format in ("sft", "prompt-completion"):
        with pytest.raises(UsageError, match="--uncertified"):
            written([one("a")], format, Form())
    assert written([one("a"), one("b", 0.1)], "kto", Form()).rows


def test_without_a_policy_bad_ones_are_never_taught_as_right() -> None:
    found = written([one("a"), average("b"), one("c", 0.1)], "sft")
    assert [row["id"] for row in found.rows] == ["a", "b"]
    assert found.left_out == {"Bad": 1}


def test_a_policy_alone_says_what_sft_takes() -> None:
    cover = cover_of_policy(made.policy(), now=made.NOW)
    found = written([one("a"), average("b", 0.3), one("c", 0.1)], "sft", Form(), cover=cover)
    assert [(row["id"], row["policy"]) for row in found.rows] == [("a", cover.digest)]
    assert len(cover.digest) == 64
    assert found.left_out == {"not accepted": 2}


def test_a_policy_and_uncertified_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="one of the two"):
        written([one("a")], "sft", ANY, cover=cover_of_policy(made.policy(), now=made.NOW))


def test_a_policy_answers_for_no_task_that_it_has_no_line_for() -> None:
    row = one("a")
    other = Row(replace(row.sample, task="explanation"), replace(row.verdict, task="explanation"))
    cover = cover_of_policy(made.policy(), now=made.NOW)
    assert not cover.accepts(other.verdict)
    assert cover.accepts(row.verdict)


def test_a_filtered_folder_lets_its_kept_rows_through_and_its_audit_stays_aside(tmp_path: Any) -> None:
    rows = [one(f"r{n}", text=made.word(n)) for n in range(20)]
    filtered = made.filtered(rows, audit=4)
    cover = cover_of_folder(write_filtered(filtered, tmp_path / "train"), now=made.NOW)
    found = written([*rows, one("new")], "sft", Form(), cover=cover)
    assert [row["id"] for row in found.rows] == made.ids(filtered.kept)
    assert found.left_out == {"not accepted": 1, "put aside for people (audit)": 4}
    assert {row["policy"] for row in found.rows} == {filtered.certificate.policy["digest"]}
    assert len(written(rows, "kto", Form(), cover=cover).rows) == 16


def test_a_row_judged_anew_is_not_the_one_that_was_certified(tmp_path: Any) -> None:
    cover = cover_of_folder(write_filtered(made.filtered([one("a"), one("b")]), tmp_path / "train"), now=made.NOW)
    again = one("a")
    assert cover.accepts(again.verdict)
    assert not cover.accepts(replace(again.verdict, judge="another"))


def test_a_folder_filtered_without_a_policy_certifies_nothing(tmp_path: Any) -> None:
    folder = write_filtered(made.filtered([one("a"), one("b")], certified=False), tmp_path / "train")
    cover = cover_of_folder(folder, now=made.NOW + timedelta(days=9999))
    with pytest.raises(UsageError, match="--uncertified"):
        written([one("a")], "sft", Form(), cover=cover)
    assert written([one("a")], "sft", ANY, cover=cover).rows[0]["policy"] == "uncertified"


def test_a_certificate_vouches_for_nothing_from_the_day_its_policy_expires_on(tmp_path: Any) -> None:
    folder = write_filtered(made.filtered([one("a"), one("b")]), tmp_path / "train")
    end = date.fromisoformat(made.policy().expires)
    assert cover_of_folder(folder, now=end - timedelta(days=1)).accepts(one("a").verdict)
    with pytest.raises(UsageError, match=f"train: the policy of its certificate expired on {end}; .*filter again"):
        cover_of_folder(folder, now=end)


@pytest.mark.parametrize("near", [None, 0.8])
def test_no_copy_of_the_audit_is_exported_by_whatever_system_and_under_whatever_grade(
    tmp_path: Any, near: float | None
) -> None:
    texts = [" ".join(made.word(n * 9 + k) for k in range(9)) for n in range(20)]
    rows = [one(f"r{n}", text=text, system="route_a") for n, text in enumerate(texts)]
    filtered = made.filtered(rows, audit=4)
    again = [one(f"s{n}", 0.1, text=text.upper() + "!", system="route_b") for n, text in enumerate(texts)]
    cover = cover_of_folder(write_filtered(filtered, tmp_path / "train"), now=made.NOW)
    found = written([*rows, *again], "kto", Form(), cover=cover)
    audited = {one.removeprefix("r") for one in made.ids(filtered.audit.rows)}
    assert found.left_out == {
        "put aside for people (audit)": 4,
        "the same words as a row put aside for people (audit)": 4,
    }
    assert {row["id"][1:] for row in found.rows} == {str(n) for n in range(20)} - audited


def test_what_a_policy_accepts_is_wanted_whatever_the_judge_calls_it(tmp_path: Any) -> None:
    rows = [one("a"), one("b"), one("c", 0.1)]
    rows[0] = Row(rows[0].sample, replace(rows[0].verdict, grade=Grade.BAD))
    filtered = made.filtered(rows)
    assert filtered.certificate.graded_bad == 1
    cover = cover_of_folder(write_filtered(filtered, tmp_path / "train"), now=made.NOW)
    taught = [row["id"] for row in written(rows, "sft", Form(), cover=cover).rows]
    labels = {row["id"]: row["label"] for row in written(rows, "kto", Form(), cover=cover).rows}
    assert taught == [id for id, wanted in labels.items() if wanted] == ["a", "b"]
    said = written(rows, "kto", Form(), cover=cover, people={"a": Grade.BAD}).rows
    assert not said[0]["label"]
    assert not written(rows, "kto").rows[0]["label"]


def test_what_a_policy_accepts_and_a_selection_left_out_is_not_unwanted(tmp_path: Any) -> None:
    rows = [one("a", text="Same words."), one("b", text="Same words."), one("c", 0.1)]
    rows = [Row(row.sample, replace(row.verdict, grade=Grade.BAD)) for row in rows]
    cover = cover_of_folder(write_filtered(made.filtered(rows), tmp_path / "train"), now=made.NOW)
    found = written(rows, "kto", Form(), cover=cover)
    assert [(row["id"], row["label"]) for row in found.rows] == [("a", True), ("c", False)]
    assert found.left_out == {"accepted by the policy, left out by a selection": 1}


def test_what_is_near_an_audited_row_is_exported_in_no_format(tmp_path: Any) -> None:
    texts = [" ".join(made.word(10 * n + k) for k in range(8)) for n in range(9)]
    rows = [one(f"r{n}{more}", text=f"{text} {more}") for n, text in enumerate(texts) for more in ("x", "yy")]
    filtered = made.filtered(rows, audit=3, near=0.6)
    cover = cover_of_folder(write_filtered(filtered, tmp_path / "train"), now=made.NOW)
    found = written(rows, "reward", Form(), cover=cover)
    audited = {id.rstrip("xy") for id in made.ids(filtered.audit.rows)}
    assert {row["id"].rstrip("xy") for row in found.rows} == {f"r{n}" for n in range(9)} - audited


def test_a_negative_made_by_shuffling_is_never_wanted_and_may_be_rejected() -> None:
    made_bad, passed = (one(id, quality, meta={"negative": "relevance"}) for id, quality in (("n", 0.1), ("m", 0.95)))
    rows = [one("a", 0.9), one("b", 0.2), made_bad, passed]
    for cover in (None, Cover("0" * 64, lambda verdict: True)):
        form = ANY if cover is None else Form()
        found = {format: written(rows, format, form, cover=cover) for format in EXPORTERS}
        assert all("m" not in str([_ids(row) for row in one.rows]) for one in found.values())
        reason = "a negative that is not graded Bad: never wanted"
        assert all(one.left_out[reason] == 1 for one in found.values())
        assert "n" not in [row["id"] for row in found["sft"].rows]
        assert {row["id"]: row["label"] for row in found["kto"].rows}["n"] is False
        assert ("a", "n") in [(row["chosen_id"], row["rejected_id"]) for row in found["dpo"].rows]
        assert "n" not in [row["chosen_id"] for row in found["dpo"].rows]
        assert [row["B_id"] for row in found["listwise"].rows] == [["b", "n"]]


def test_kto_wants_every_grade_but_bad() -> None:
    found = written([one("a"), average("b"), one("c", 0.1)], "kto")
    assert [(row["id"], row["label"]) for row in found.rows] == [("a", True), ("b", True), ("c", False)]


def test_under_a_policy_kto_wants_only_what_it_accepts() -> None:
    cover = cover_of_policy(made.policy(), now=made.NOW)
    found = written([one("a"), average("b", 0.3), one("c", 0.1)], "kto", Form(), cover=cover)
    assert [(row["id"], row["label"]) for row in found.rows] == [("a", True), ("c", False)]


def test_a_reward_is_the_judges_quality_and_none_is_never_nought() -> None:
    silent = one("b")
    silent = Row(silent.sample, replace(silent.verdict, findings=()))
    found = written([one("a", 0.75), silent], "reward")
    assert [(row["id"], row["reward"]) for row in found.rows] == [("a", 0.75)]
    assert found.left_out == {"no quality from the judge": 1}


def test_grpo_has_each_prompt_once_with_what_its_completions_are_judged_by() -> None:
    rows = written([one("a"), one("b", 0.1, text="Another."), one("c", group="u2")], "grpo").rows
    assert [row["group"] for row in rows] == [None, "u2"]
    assert rows[0]["prompt"] == [{"role": "user", "content": "Say it."}]
    assert "prompt" not in rows[0]["context"]
    assert "completion" not in rows[0]


def test_probes_and_benchmarks_are_never_trained_on() -> None:
    rows = [one("a", meta={"probe": "verbosity"}), one("b", meta={"benchmark": "summeval"}), one("c", 0.1), one("d")]
    flagged = Row(rows[3].sample, replace(rows[3].verdict, flags=("probe",)))
    for format in EXPORTERS:
        found = written([*rows[:3], flagged], format)
        assert found.left_out["probe: never trained on"] == 2
        assert found.left_out["benchmark: never trained on"] == 1


def test_a_sample_listed_twice_is_exported_once() -> None:
    found = written([one("a"), one("a")], "kto")
    assert (len(found.rows), found.left_out) == (1, {"the same row again": 1})


def test_people_are_taken_before_the_judge() -> None:
    found = written([one("a"), one("b", 0.1)], "kto", people={"a": Grade.BAD})
    assert [(row["label"], row["source"]) for row in found.rows] == [(False, "human"), (False, "llm")]


def test_what_people_call_bad_is_not_taught_whatever_a_policy_accepts() -> None:
    cover = cover_of_policy(made.policy(), now=made.NOW)
    found = written([one("a"), one("b")], "sft", Form(), cover=cover, people={"a": Grade.BAD})
    assert [row["id"] for row in found.rows] == ["b"]


def test_what_the_judge_could_not_judge_no_policy_covers_but_people_may_grade() -> None:
    rows, people = [one("a", None)], {"a": Grade.SUPERIOR}
    cover = Cover("0" * 64, lambda verdict: True)
    assert written(rows, "kto", Form(), people=people, cover=cover).left_out == {"not accepted": 1}
    assert written(rows, "kto", Form(), people=people).rows[0]["grade"] == "Superior"


def test_peoples_grades_are_those_more_raters_gave(tmp_path: Any) -> None:
    said = [("a", "Bad"), ("a", "Bad"), ("a", "Superior"), ("b", "Average"), ("c", "Bad"), ("c", "Superior")]
    lines = [f"{id},grade,rater{place},{grade}" for place, (id, grade) in enumerate(said)]
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(["sample,dimension,annotator,label", *lines]))
    labels = read_labels(path, scales={"grade": "ordinal:Bad|Average|Superior"})
    assert grades_by_people(labels) == {
        "a": Grade.BAD,
        "b": Grade.AVERAGE,
    }


def test_an_unknown_format_is_named_with_those_known() -> None:
    with pytest.raises(UsageError, match="known: sft, prompt-completion, dpo"):
        written([], "orpo")


def test_equal_input_gives_equal_rows() -> None:
    rows = [one("a"), one("b", 0.2), average("c"), one("d", 0.1)]
    for format in EXPORTERS:
        assert written(rows, format) == written(rows, format)


def _ids(row: dict[str, Any]) -> list[Any]:
    return [value for name, value in row.items() if name.endswith("id")]


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [word for part in value for word in _words(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("margin", [float("nan"), float("inf"), 1.5])
def test_a_margin_that_is_no_number_is_refused(margin: float) -> None:
    with pytest.raises(UsageError, match="give the least difference of quality"):
        written([one("a"), one("b", 0.1)], "dpo", Form(margin=margin))
