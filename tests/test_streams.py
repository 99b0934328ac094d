"""Bytes to lines and lines to JSON: what the readers stand on."""

from __future__ import annotations

import io
import json
import resource
from datetime import date
from decimal import Decimal
from typing import Any

import numpy
import pytest
from recjudge.judge.reading.problems import Fault
from recjudge.judge.reading.streams import lines
from recjudge.judge.reading.strict_json import MAX_DEPTH, loads, plain


def test_colons_in_strings_are_no_duplicate_keys() -> None:
    line = b'{"a": "12:30", "b": ["\\u003a", {"c": ":"}], "d" : "\\"x\\": 1"}'
    assert loads(line) == json.loads(line)


def test_depth_is_counted_and_not_the_brackets_in_a_text() -> None:
    line = json.dumps({"a": "[" * 500, "b": [[]] * 300}).encode()
    assert loads(line)["a"] == "[" * 500
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_a_line_of_a_gigabyte_takes_no_memory() -> None:
    left = 1 << 30

    def read(size: int) -> bytes:
        nonlocal left
        size = min(size, left)
        left -= size
        return b"x" * size

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert list(lines(read, "outputs.jsonl", max_line=16 << 20)) == [(1, None)]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 29, 30, 31, 32, 33, 34])
@pytest.mark.parametrize("cap", [30, 1000])
def test_line_ends_survive_any_chunk_border(cut: int, cap: int) -> None:
    source = io.BytesIO(b"a" * 31 + b"\r\n" + b"b\rc\nd\r\n\r\n" + b"e" * 30 + b"\r")
    got = [line for _, line in lines(lambda _: source.read(cut), "x", max_line=cap)]
    assert got == [None if cap == 30 else b"a" * 31, b"b", b"c", b"d", b"", b"e" * 30]


def test_python_values_become_json_values() -> None:
    given = {"a": (1, numpy.int64(2)), "b": numpy.array([1.5]), "c": date(2026, 1, 2), "d": Decimal("2"), 5: None}
    assert plain(given) == {"a": [1, 2], "b": [1.5], "c": "2026-01-02", "d": 2, "5": None}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", "\ud800", "a\x00", 2**64, object(), {1, 2}])
def test_python_values_without_a_json_form_are_faults(value: Any) -> None:
    with pytest.raises(Fault) as fault:
        plain({"a": [value]}, "context")
    assert fault.value.field == "context.a[1]"


def test_a_value_that_holds_itself_is_a_fault() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(Fault, match="nested deeper"):
        plain(loop)
