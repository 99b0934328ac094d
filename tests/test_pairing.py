"""People's words and the judge's on the same items: scales, consensus, and the join, from which nothing falls out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from recjudge.errors import InputError, UsageError
from recjudge.human_labels import Label, Labels, Table, consensus, pair, recorded, scale_of, table_of
from recjudge.human_labels.pairing import GRADES
from recjudge.human_labels.records import GRADE
from recjudge.judge import Finding, Grade, Status, Verdict

from makers import dimension, rubric

RUBRIC = rubric(dimension("relevance", aliases=("fit",)), dimension("fluency"))
SHARES = {"bad": (0.8, 0.1, 0.1), "fair": (0.1, 0.8, 0.1), "good": (0.1, 0.2, 0.7)}
POLARITY = {"bad": -1, "fair": 0, "good": 1}


def finding(name: str, label: str | None) -> Finding:
    if label is None:
        return Finding(name, Status.TIMEOUT)
    return Finding(name, Status.OK, label, POLARITY[label], SHARES[label], reason=f"{label} it is")


def verdict(id: str, *labels: str | None, grade: Grade | None = Grade.AVERAGE, **more: object) -> Verdict:
    names = ("relevance", "fluency")
    status = Status.OK if grade else Status.TIMEOUT
    made = tuple(finding(name, label) for name, label in zip(names, labels, strict=False))
    fields = {"judge": "j@1", "rubric": RUBRIC.id, "key": id, "error": None if grade else "timeout"} | more
    return Verdict(id=id, task="text", status=status, grade=grade, findings=made, **fields)


def label(id: str, said: str | float, *, by: str = "ann", on: str = "relevance", scale: str = "ordinal:bad|fair|good",
          role: str = "expert") -> Label:  # fmt: skip
    of = GRADES if on == GRADE else scale_of(scale)
    code = of.code(said)
    assert code is not None
    return Label(id, on, by, code, of, role)


def labels(*rows: Label, **items: dict[str, str]) -> Labels:
    return Labels(rows, items)


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("ordinal:1..5", 3, 3), ("ordinal:1..5", "3", 3), ("ordinal:1..5", 3.5, None), ("ordinal:1..5", 6, None),
        ("ordinal:weak|fair|strong", "fair", 1), ("ordinal:weak|fair|strong", "Fair", None),
        ("nominal:1|2|tie", 1, 0), ("nominal:1|2|tie", "tie", 2), ("nominal:1|2|tie", 0, None),
        ("binary:0|1", "1", 1), ("binary:0|1", True, None), ("binary:no|yes", "yes", 1), ("interval:0..1", 0.25, 0.25),
        ("interval:0..1", float("nan"), None), ("ordinal:1..5", None, None),
    ],
)  # fmt: skip
def test_what_is_off_the_scale_has_no_code(text: str, said: object, code: float | None) -> None:
    assert scale_of(text).code(said) == code


@pytest.mark.parametrize("text", ["ordinal", "ordinal:5..1", "ordinal:a", "nominal:a|a", "interval:a|b", "x:1..2", ""])
def test_what_names_no_scale_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match=r"write ordinal:1\.\.5"):
        scale_of(text)


@pytest.mark.parametrize("text", ["ordinal:1..5", "ordinal:weak|fair", "nominal:a|b", "binary:0|1", "interval:0..1"])
def test_a_scale_is_written_as_it_is_read(text: str) -> None:
    assert str(scale_of(text)) == text


def test_a_tie_is_no_majority_and_is_counted() -> None:
    table = Table(("a", "b", "c"), ("x", "y"), np.array([[1.0, 1], [0, 1], [1, math.nan]]), scale_of("binary:0|1"))
    found = consensus(table)
    assert found.values[[0, 2]].tolist() == [1, 1]
    assert math.isnan(found.values[1])
    assert (found.n, found.labelled, found.undecided) == (2, 3, 1)


def test_one_rater_alone_is_never_unanimous() -> None:
    table = Table(("a", "b"), ("x", "y"), np.array([[1.0, 1], [0, math.nan]]), scale_of("binary:0|1"))
    assert np.isnan(consensus(table, "unanimous").values).tolist() == [False, True]


def test_half_of_the_raters_are_not_most() -> None:
    values = np.array([[0.0, 0, 1, 2], [0, 0, 0, 2]])
    table = Table(("a", "b"), tuple("wxyz"), values, scale_of("nominal:a|b|c"))
    assert consensus(table, "majority").values.tolist() == [0, 0]
    assert math.isnan(consensus(table, "most").values[0])


def test_verdicts_and_labels_are_joined_by_id() -> None:
    judged = [verdict("a", "good", "fair"), verdict("b", "bad", "good"), verdict("c", "fair", "fair")]
    (found,) = pair(judged, labels(label("b", "bad"), label("a", "fair")), [RUBRIC])
    assert found.ids == ("b", "a")
    assert found.said.tolist() == [0, 2]
    assert found.people.values.ravel().tolist() == [0, 1]
    assert found.passed.tolist() == [0, 1]
    assert found.scores["quality"].tolist() == pytest.approx([0.15, 0.8])
    assert found.scores["sureness"].tolist() == pytest.approx([0.2, 0.9])
    assert found.reasons == ("bad it is", "good it is")
    assert found.unlabelled is not None
    assert found.unlabelled.ids == ("c",)


def test_what_was_labelled_and_not_judged_stays_with_its_status() -> None:
    judged = [verdict("a", None, "good"), verdict("b", "good", "good")]
    (found,) = pair(judged, labels(label("a", "bad"), label("b", "good"), label("lost", "bad")), [RUBRIC])
    assert found.status == ("timeout", "ok", "no verdict")
    assert found.coverage == pytest.approx(1 / 3)
    assert dict(found.unjudged) == {"timeout": 1, "no verdict": 1}
    assert np.isnan(found.said).tolist() == [True, False, True]


def test_an_ungraded_verdict_has_no_pass() -> None:
    judged = [verdict("a", "good", None, grade=None), verdict("b", "bad", "good", grade=Grade.BAD)]
    rows = labels(label("a", "Superior", on=GRADE), label("b", "Bad", on=GRADE))
    (found,) = pair(judged, rows, [RUBRIC])
    assert np.isnan(found.passed).tolist() == [True, False]
    assert np.isnan(found.scores["quality"]).tolist() == [True, False]
    assert found.said[1] == 0


def test_a_dimension_is_found_by_its_alias_and_by_the_name_given() -> None:
    judged = [verdict("a", "good", "bad")]
    by_alias = pair(judged, labels(label("a", "good", on="fit")), [RUBRIC])
    by_name = pair(judged, labels(label("a", "bad", on="style")), [RUBRIC], names={"fluency": "style"})
    assert [found.dimension for found in (*by_alias, *by_name)] == ["relevance", "fluency"]


def test_roles_are_never_pooled_unless_asked() -> None:
    judged = [verdict("a", "good", "good"), verdict("b", "bad", "good")]
    rows = labels(
        label("a", "good"), label("b", "bad"), label("a", "bad", by="c", role="crowd"),
        label("b", "bad", by="c", role="crowd")
    )  # fmt: skip
    assert [found.role for found in pair(judged, rows, [RUBRIC])] == ["expert", "crowd"]
    assert [found.role for found in pair(judged, rows, [RUBRIC], role="crowd")] == ["crowd"]
    (pooled,) = pair(judged, rows, [RUBRIC], pool=True)
    assert (pooled.role, pooled.people.values.shape) == ("expert+crowd", (2, 2))
    with pytest.raises(UsageError, match=r"never pooled: 2 by expert, 2 by crowd.*--role"):
        rows.of_one_role()


def test_binary_labels_are_held_against_pass_and_fail() -> None:
    judged = [verdict("a", "fair", "good"), verdict("b", "bad", "good")]
    (found,) = pair(judged, labels(label("a", 1, scale="binary:0|1"), label("b", 1, scale="binary:0|1")), [RUBRIC])
    assert found.said.tolist() == [1, 0]
    assert found.approved().tolist() == [1, 1]


def test_another_scale_is_compared_as_passes_once_they_are_named() -> None:
    judged = [verdict("a", "fair", "good"), verdict("b", "bad", "good")]
    rows = labels(label("a", 5, scale="ordinal:1..5"), label("b", 2, scale="ordinal:1..5"))
    (bare,) = pair(judged, rows, [RUBRIC])
    assert not bare.comparable
    assert bare.compared() is bare
    with pytest.raises(UsageError, match="--passing relevance=4,5"):
        bare.approved()
    (named,) = pair(judged, rows, [RUBRIC], passing={"relevance": ["4", "5"]})
    assert named.compared().said.tolist() == [1, 0]
    assert named.compared().people.values.ravel().tolist() == [1, 0]
    with pytest.raises(UsageError, match=r"'9' is not on ordinal:1\.\.5"):
        pair(judged, rows, [RUBRIC], passing={"relevance": ["9"]})


def test_verdicts_of_another_version_of_the_rubric_are_named() -> None:
    (found,) = pair([verdict("a", "good", "good", rubric="text@1")], labels(label("a", "good")), [RUBRIC])
    assert f"the verdicts were made by text@1, and are read with the scales of {RUBRIC.id}" in found.notes
    with pytest.raises(InputError, match="the verdicts say 'fine', which is not on ordinal:bad"):
        pair(
            [replace(verdict("a"), findings=(Finding("relevance", Status.OK, "fine", 1),))],
            labels(label("a", "good")),
            [RUBRIC],
        )


def test_two_contents_under_one_id_cannot_be_joined() -> None:
    twice = [verdict("a", "good", "good", place="v:1"), verdict("a", "bad", "good", key="other", place="v:2")]
    with pytest.raises(InputError, match=r"v:2: sample 'a' has another verdict already \(v:1\)"):
        pair(twice, labels(label("a", "good")), [RUBRIC])


def test_two_judges_in_one_file_cannot_be_joined() -> None:
    both = [verdict("a", "good", "good"), verdict("b", "good", "good", judge="k@2")]
    with pytest.raises(InputError, match="one judge's verdicts a file"):
        pair(both, labels(label("a", "good")), [RUBRIC])


def test_nothing_shared_says_what_each_side_has() -> None:
    with pytest.raises(UsageError, match=r"share no sample: verdicts have 'a', labels 'z'"):
        pair([verdict("a", "good", "good")], labels(label("z", "good")), [RUBRIC])
    with pytest.raises(UsageError, match=r"labelled colour; known fluency, relevance, grade.*--map"):
        pair([verdict("a", "good", "good")], labels(label("a", "good", on="colour")), [RUBRIC])


def test_the_highest_cluster_is_the_group_then_the_list_then_the_item() -> None:
    judged = [
        verdict("a", "good", group="u1", item="i"), verdict("b", "good", parent="p", item="i"),
        verdict("c", "good", item="i"), verdict("d", "good"),
    ]  # fmt: skip
    (found,) = pair(judged, labels(*(label(id, "good") for id in "abcd")), [RUBRIC])
    assert found.clusters == ("u1", "p", "i", "d")


def test_what_items_can_be_cut_by_comes_from_labels_and_verdicts() -> None:
    judged = [verdict("a", "good", system="s1"), verdict("b", "good", system="s2")]
    rows = labels(
        label("a", "good"), label("b", "good"), a={"language": "en", "one": "x"}, b={"language": "zh", "one": "x"}
    )
    (found,) = pair(judged, rows, [RUBRIC])
    assert found.strata == {"system": ("s1", "s2"), "language": ("en", "zh")}


def test_a_recorded_model_is_held_against_people_on_what_it_labelled() -> None:
    rows = labels(label("a", "good"), label("b", "bad"), label("a", "good", by="gpt", role="model"))
    (found,) = recorded(rows)
    assert (found.judge, found.role, found.ids) == ("gpt", "expert", ("a",))
    assert found.said.tolist() == [2]
    assert found.status == ("ok",)


def test_a_recorded_model_s_reply_that_could_not_be_read_is_unjudged() -> None:
    rows = replace(
        labels(label("a", "good"), label("b", "bad"), label("c", "bad"), label("a", "good", by="gpt", role="model")),
        unread=(("b", "relevance", "gpt"),),
    )
    (found,) = recorded(rows)
    assert found.ids == ("a", "b")
    assert found.status == ("ok", "parse_failed")
    assert found.coverage == 0.5


def test_taking_items_keeps_every_column_in_step() -> None:
    judged = [verdict(id, "good", group=id.upper()) for id in "abc"]
    (found,) = pair(judged, labels(*(label(id, "good") for id in "abc")), [RUBRIC])
    part = found.take(np.array([True, False, True]))
    assert part.ids == ("a", "c")
    assert part.clusters == ("A", "C")
    assert len(part.said) == len(part.scores["quality"]) == len(part.status) == len(part.reasons) == 2


def test_one_dimension_on_two_scales_is_refused() -> None:
    rows = (label("a", "good"), replace(label("b", 3, scale="ordinal:1..5"), place="l.csv:3"))
    with pytest.raises(UsageError, match=r"l\.csv:3: dimension 'relevance' is labelled on ordinal:1\.\.5 and on"):
        table_of(rows, "relevance")


def test_a_median_between_two_labels_is_no_label() -> None:
    judged = [verdict("a", "good"), verdict("b", "good")]
    rows = labels(label("a", "fair"), label("a", "good", by="bob"), label("b", "good"), label("b", "good", by="bob"))
    (found,) = pair(judged, rows, [RUBRIC])
    for rule in ("median", "mean"):
        word = found.consensus(rule)
        assert np.isnan(word.values).tolist() == [True, False]
        assert word.undecided == 1
        assert np.isnan(found.approved(rule)).tolist() == [True, False]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"names": {"relevanse": "relevance"}}, "--map relevanse=relevance: no rubric has 'relevanse'; known: fit"),
        ({"names": {"relevance": "fitting"}}, "no label is of 'fitting'; labelled: relevance"),
        ({"passing": {"relevanse": ["good"]}}, "--passing relevanse: no rubric has 'relevanse'"),
    ],
)
def test_a_mistyped_name_is_refused_and_not_passed_over(asked: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        pair([verdict("a", "good")], labels(label("a", "good")), [RUBRIC], **asked)


def test_a_labelled_sample_of_no_known_task_is_named() -> None:
    other = replace(verdict("b", "good"), task="other")
    given = labels(label("a", "good"), label("b", "good"), label("mistyped", "good"))
    found = pair([verdict("a", "good"), other], given, [RUBRIC])[0]
    assert found.ids == ("a",)
    assert "labelled samples without a verdict, in no figure: 'mistyped'" in "\n".join(found.notes)
    assert pair([verdict("a", "good"), other], labels(label("a", "good")), [RUBRIC])[0].notes == ()


def test_a_recorded_model_on_another_scale_is_no_model_of_these_people() -> None:
    """0 and 1 beside people's 1 and 2: the label spaces of LLMBar's wrong kappas."""
    people = [label(f"s{n}", 1 + n % 2, scale="ordinal:1..2") for n in range(4)]
    model = [label(f"s{n}", n % 2, by="gpt", scale="ordinal:0..1", role="model") for n in range(4)]
    with pytest.raises(UsageError, match="gpt labels 'relevance' on ordinal:0"):
        recorded(labels(*people, *model))


def test_what_is_hidden_of_the_labels_stays_among_the_judges_samples() -> None:
    judged = [verdict(id, "good") for id in "abc"]
    (found,) = pair(judged, labels(label("a", "good"), label("b", "bad"), label("x", "bad")), [RUBRIC])
    own = found.hiding([True, False, False])
    assert own.ids == ("a",)
    assert own.unlabelled is not None
    assert own.unlabelled.ids == ("c", "b")
    assert own.unlabelled.scores["quality"] == pytest.approx([0.8, 0.8])


def test_two_runs_of_one_judge_in_one_file_are_refused() -> None:
    twice = [verdict("a", "good"), verdict("a", "bad")]
    with pytest.raises(InputError, match="'a' was judged twice and not alike"):
        pair(twice, labels(label("a", "good")), [RUBRIC])
    (found,) = pair([verdict("a", "good"), verdict("a", "good")], labels(label("a", "good")), [RUBRIC])
    assert found.n == 1


def test_copies_under_ids_of_their_own_are_noticed() -> None:
    text = "a light two person tent for windy ridges"
    rows = labels(*(label(id, "good") for id in "abc"))
    (found,) = pair([verdict(id, "good", text=text) for id in "abc"], rows, [RUBRIC])
    assert "3 of 3 labelled samples share their text with a sample of another cluster" in "\n".join(found.notes)
    (one,) = pair([verdict(id, "good", text=text, group="u") for id in "abc"], rows, [RUBRIC])
    (short,) = pair([verdict(id, "good", text="running shoes") for id in "abc"], rows, [RUBRIC])
    assert not any("share their text" in note for note in (*one.notes, *short.notes))
