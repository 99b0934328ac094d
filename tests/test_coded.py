"""Labels as columns of numbers are the labels they were, in few bytes."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
from recjudge.human_labels import Label, Labels, latest, read_labels, scale_of
from recjudge.human_labels.coded import Coded
from recjudge.human_labels.codes import different, firsts, in_order, numbered

FIVE = scale_of("ordinal:1..5")
LABELS = (
    Label("b", "fit", "ann", 3.0, FIVE, round="r2", place="labels.csv:2"),
    Label("a", "fit", "gpt", 4.0, FIVE, "model", time="2026-01-02", place="labels.csv:3"),
    Label("b", "worth", "ann", 1.0, scale_of("binary:0|1"), "crowd", task="intent"),
    Label("a", "fit", "ann", 5.0, FIVE, round="r2"),
)


def test_labels_as_columns_are_the_same_labels() -> None:
    coded = Coded.of(LABELS)
    assert coded == LABELS
    assert (coded[-1], coded[1:3], len(coded)) == (LABELS[-1], LABELS[1:3], 4)
    assert Coded.of(coded) is coded
    assert hash(coded) == hash(LABELS)
    assert coded != LABELS[:3]


def test_columns_are_asked_by_field_in_the_order_of_the_file() -> None:
    coded = Coded.of(LABELS)
    assert coded.kinds("dimension", "role") == {
        ("fit", "expert"): 2, ("fit", "model"): 1, ("worth", "crowd"): 1,
    }  # fmt: skip
    assert coded.where(human=True, dimension="fit") == (LABELS[0], LABELS[3])
    assert coded.where(id="b", value=1.0) == (LABELS[2],)
    assert len(coded.where(annotator="nobody")) == len(Coded.of(()).where(human=True)) == 0


def test_the_last_label_of_one_round_counts_among_labels_that_were_made_in_code() -> None:
    again = replace(LABELS[0], value=2.0)
    assert latest(Labels((*LABELS, again))).rows == (*LABELS[1:], again)


def test_a_label_that_was_read_takes_few_bytes(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    rows = (f"s{item},fit,a{rater},{1 + item % 5}\n" for item in range(2000) for rater in range(10))
    path.write_text("sample,dimension,annotator,label\n" + "".join(rows))
    read_labels(path, scales={"fit": "ordinal:1..5"})
    tracemalloc.start()
    read = read_labels(path, scales={"fit": "ordinal:1..5"})
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(read.rows) == 20_000
    assert held / len(read.rows) < 60


def test_codes_are_counted_and_sorted_alike_however_many_are_possible() -> None:
    codes = np.array([7, 3, 7, 0, 3])
    for possible in (8, 10**9):
        known, place = different(codes, possible)
        assert (known.tolist(), place.tolist()) == ([0, 3, 7], [2, 1, 2, 0, 1])
    assert in_order(codes, 8).tolist() == [7, 3, 0]
    assert firsts(place, 3).tolist() == [3, 1, 0]
    assert numbered(["x", "y", "x"]).tolist() == numbered([-5, 2, -5]).tolist() == [0, 1, 0]
