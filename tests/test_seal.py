"""The seal: one split by cluster, kept as labels are added; every opening is written down. And what leaks across it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from recjudge.errors import Refused, StorageError, UsageError
from recjudge.human_labels import find_seal, seal_for
from recjudge.human_labels.policy import between_sides, near, quoted, seal_path
from recjudge.human_labels.policy.leaks import refuse, rubric_texts
from recjudge.rubrics import load_rubric

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TALK = "this rain jacket keeps you dry on the long walks that you take with your dog every morning"


def test_the_share_of_clusters_asked_for_is_sealed(tmp_path: Path) -> None:
    seal = seal_for(tmp_path / "labels.csv", share=0.2, now=NOW)
    sealed = sum(seal.side(f"user{number}") == "test" for number in range(10_000))
    assert 1880 < sealed < 2120


def test_labels_added_later_leave_every_cluster_on_its_side(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("first round")
    before = {name: seal_for(labels, now=NOW).side(name) for name in "abcdefgh"}
    labels.write_text("first round and the second")
    assert {name: seal_for(labels, now=NOW).side(name) for name in "abcdefgh"} == before


def test_a_seal_deleted_and_made_again_cannot_deal_other_cards(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    first = seal_for(labels, now=NOW)
    seal_path(labels).unlink()
    again = seal_for(labels, now=NOW)
    assert [first.side(str(n)) for n in range(100)] == [again.side(str(n)) for n in range(100)]


def test_a_seal_has_one_share_for_good(tmp_path: Path) -> None:
    seal_for(tmp_path / "labels.csv", share=0.3, now=NOW)
    with pytest.raises(UsageError, match=r"sealed with a share of 0\.3"):
        seal_for(tmp_path / "labels.csv", share=0.5, now=NOW)


def test_each_opening_is_in_the_file_before_anything_is_shown(tmp_path: Path) -> None:
    seal = seal_for(tmp_path / "labels.csv", now=NOW)
    assert seal.words == "test labels never opened"
    seal.open("agreement", NOW, "recjudge agree")
    seal.open("calibrate text.grade", NOW)  # the same old seal: the file knows better
    known = find_seal(tmp_path / "labels.csv")
    assert known is not None
    assert [opening.purpose for opening in known.openings] == ["agreement", "calibrate text.grade"]
    assert known.openings[0].command == "recjudge agree"
    assert known.words == "test labels opened twice"


def test_what_cannot_be_written_down_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    seal = seal_for(folder / "labels.csv", now=NOW)
    seal_path(folder / "labels.csv").unlink()
    folder.rmdir()
    folder.write_text("a file where the folder was")
    with pytest.raises(StorageError, match="cannot be written"):
        seal.open("agreement", NOW)


def test_a_seal_whose_openings_were_struck_out_by_hand_says_so(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    seal_for(labels, now=NOW).open("agreement", NOW)
    content = json.loads(seal_path(labels).read_text()) | {"openings": []}
    seal_path(labels).write_text(json.dumps(content))
    with pytest.raises(UsageError, match="changed by hand"):
        seal_for(labels, now=NOW)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"digest": 1}'])
def test_a_damaged_seal_is_an_error_and_never_a_new_seal(tmp_path: Path, content: str) -> None:
    seal_path(tmp_path / "labels.csv").write_text(content)
    with pytest.raises(UsageError, match="not a seal"):
        seal_for(tmp_path / "labels.csv", now=NOW)


def test_samples_that_a_new_grouping_would_move_across_are_noticed(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    own = {f"s{n}": f"s{n}" for n in range(50)}
    seal_for(labels, now=NOW, clusters=own)
    seal_for(labels, now=NOW, clusters=own | {"s99": "s99"})
    with pytest.raises(UsageError, match=r"the split cannot be kept: .* would change sides"):
        seal_for(labels, now=NOW, clusters={id: f"user{int(id[1:]) // 5}" for id in own})


def test_a_text_on_both_sides_is_a_leak_though_its_case_and_a_word_differ() -> None:
    found = between_sides([("a", TALK.upper() + "!")], [("b", TALK + " again"), ("c", TALK[::-1])])
    assert [(leak.one, leak.other) for leak in found] == [("sample 'a' (calibration)", "sample 'b' (test)")]
    assert found[0].alike > 0.85


def test_short_texts_that_two_users_share_are_no_leak() -> None:
    assert between_sides([("a", "running shoes")], [("b", "running shoes")]) == []


def test_chinese_texts_are_compared_by_character() -> None:
    assert between_sides([("a", "这件冲锋衣防水透气适合徒步")], [("b", "这件冲锋衣防水透气适合徒步")])[0].alike == 1


def test_near_duplicates_found_by_prefix_are_those_of_all_pairs() -> None:
    import itertools
    import random

    from recjudge.human_labels.policy.leaks import _jaccard, _shingles

    draw = random.Random(5)
    words = "abcdefghij"
    base = [" ".join(draw.choices(words, k=20)) for _ in range(15)]

    def bent(text: str) -> str:
        parts = text.split()
        for _ in range(draw.randint(0, 2)):
            parts[draw.randrange(len(parts))] = draw.choice(words)
        return " ".join(parts)

    ones, others = [(f"a{n}", t) for n, t in enumerate(base)], [(f"b{n}", bent(t)) for n, t in enumerate(base)]
    wanted = {b for (_, s), (b, t) in itertools.product(ones, others) if _jaccard(_shingles(s), _shingles(t)) >= 0.8}
    assert 0 < len(wanted) < 15
    assert {leak.other for leak in near(ones, others)} == wanted


def test_an_example_in_the_rubric_that_is_also_labelled_is_a_leak() -> None:
    rubric = load_rubric("explanation")
    told = [*rubric_texts(rubric), ("few-shot", f"Example: {TALK}. Answer: good.")]
    assert [leak.one for leak in quoted(told, [("s1", TALK), ("s2", "something else was said of these shoes")])] == [
        "few-shot"
    ]


def test_a_leak_refuses_unless_it_is_allowed_and_then_it_is_printed() -> None:
    found = between_sides([("a", TALK)], [("b", TALK)])
    with pytest.raises(Refused, match=r"sample 'a' \(calibration\) and sample 'b' \(test\).*--allow-leaks"):
        refuse(found)
    assert refuse(found, allowed=True).startswith("leaks allowed: 1 leak between")
    assert refuse([]) == ""
