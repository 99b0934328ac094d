"""Labels written and read again, and files that were mangled on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recjudge.errors import InputError
from recjudge.human_labels import (
    Label,
    Labels,
    read_all,
    read_labels,
    scale_of,
    write_labels,
)
from recjudge.rubrics import load_rubric

from label_files import LONG

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1, max_size=8).filter(
    lambda text: text.strip() and text == text.strip()
)


SCALES = [scale_of(text) for text in ("ordinal:-2..5", "binary:0|1", "nominal:=a|-b|it's", "interval:-1..1")]


@st.composite
def any_labels(draw: st.DrawFn) -> Labels:
    """Labels without second ones, with one scale a dimension and one role an annotator."""
    dimensions = draw(st.dictionaries(NAMES, st.sampled_from(SCALES), min_size=1, max_size=3))
    raters = draw(
        st.dictionaries(NAMES, st.sampled_from(["expert", "crowd", "end_user", "model"]), min_size=1, max_size=3)
    )
    key = st.tuples(
        NAMES, st.sampled_from(sorted(dimensions)), st.sampled_from(sorted(raters)), st.sampled_from(["", "r1"])
    )
    rows = []
    for sample, dimension, rater, round in draw(st.lists(key, min_size=1, max_size=8, unique=True)):
        scale = dimensions[dimension]
        codes = st.sampled_from(scale.codes) if scale.codes else st.floats(scale.low, scale.high)
        rows.append(Label(sample, dimension, rater, draw(codes) + 0.0, scale, raters[rater], round))
    about = {row.id: draw(st.dictionaries(st.sampled_from(["group", "text"]), NAMES)) for row in rows}
    return Labels(tuple(rows), about)


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.jsonl"])
@given(labels=any_labels())
def test_labels_that_are_written_are_read_again_the_same(
    tmp_path_factory: pytest.TempPathFactory, name: str, labels: Labels
) -> None:
    found = read_labels(write_labels(labels, tmp_path_factory.mktemp("round") / name))
    assert tuple(replace(row, place="") for row in found.rows) == labels.rows
    assert {id: known for id, known in found.items.items() if known} == {id: a for id, a in labels.items.items() if a}
    assert found.notes == ()


CELL = st.sampled_from(
    ["", " ", "1", "2", "5", "7", "x", "expert", "crowd", "ann", "a", "ordinal:1..5", '"', "a,b", "\n"]
)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=7), min_size=1, max_size=12))
def test_no_row_vanishes(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    content = "sample,dimension,annotator,label,role,scale\n" + "".join(",".join(row) + "\n" for row in rows)
    path = tmp_path_factory.mktemp("rows") / "labels.csv"
    path.write_text(content)
    try:
        reading = read_all(path)
    except InputError as error:
        assert "tells no scale" in str(error) or "tell no scale" in str(error)  # noqa: PT017
        return
    assert reading.cells == len(reading.labels.rows) + reading.listed + reading.empty
    assert reading.listed == len(reading.problems)
    assert reading.cells >= 1


def test_a_cell_that_a_spreadsheet_would_compute_is_quoted_and_numbers_stay_numbers(tmp_path: Path) -> None:
    scale = scale_of("interval:-9..9")
    rows = [Label(id, "fit", "@SUM(A1)", -4.5, scale) for id in ("=1+1", "+1", "-x", "\tb", "'=c", "plain")]
    path = write_labels(Labels(tuple(rows)), tmp_path / "out.csv")
    cells = [line.split(",")[0] for line in path.read_text().splitlines()[1:]]
    assert cells == ["'=1+1", "+1", "'-x", "'\tb", "''=c", "plain"]
    assert ",'@SUM(A1),expert,-4.5," in path.read_text()
    assert [label.id for label in read_labels(path).rows] == [row.id for row in rows]


WHOLE = {
    "long.csv": LONG + "a,fit,ann,1\nb,fit,bob,0\n",
    "wide.tsv": "id\tann\tbob\ns1\tBad\tSuperior\ns2\tBad\t\n",
    "labels.jsonl": '{"sample":"a","dimension":"fit","annotator":"ann","label":1,"scale":"ordinal:1..5"}\n' * 2,
    "export.json": json.dumps([{
        "data": {"sample": "a", "group": None},
        "annotations": [{"completed_by": {"id": 1}, "result": [
            {"from_name": "fit", "type": "rating", "value": {"rating": 2}},
            {"from_name": "relevance", "type": "choices", "value": {"choices": ["weak"]}},
        ]}],
    }]),
}  # fmt: skip


PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"{", b"}", b"[", b"null", b"1e999", b"-", b":", b"NaN", b"\t"]
)


@given(
    name=st.sampled_from(sorted(WHOLE)),
    cuts=st.lists(st.tuples(st.integers(0, 400), PIECES, st.integers(0, 9)), min_size=1, max_size=4),
)
def test_a_mangled_file_is_read_or_refused_and_nothing_else_happens(
    tmp_path_factory: pytest.TempPathFactory, name: str, cuts: list[tuple[int, bytes, int]]
) -> None:
    content = bytearray(WHOLE[name].encode())
    for place, piece, length in cuts:
        content[place % len(content) : place % len(content) + length] = piece
    path = tmp_path_factory.mktemp("mangled") / name
    path.write_bytes(content)
    try:
        reading = read_all(path, rubrics=[load_rubric("explanation")])
    except InputError:
        return
    assert reading.cells == len(reading.labels.rows) + reading.listed + reading.empty
