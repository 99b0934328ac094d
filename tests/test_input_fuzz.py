"""Fuzzed lines, records, tables and files: judged or listed, none vanishes, and nothing but InputError is raised."""

from __future__ import annotations

import contextlib
import gzip
import json
from typing import Any

import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recjudge.errors import InputError
from recjudge.judge.reading.fields import ALIASES
from recjudge.judge.reading.samples import Problem, Tally, read, resolve, samples_from
from recjudge.judge.records import Sample
from recjudge.rubrics import by_task, load_rubric, rubric_names

TASKS = by_task(load_rubric(name) for name in rubric_names())
KEYS = st.sampled_from(
    [*ALIASES, *(name for names in ALIASES.values() for name in names), "Item Tag", "Interest", "Stage", "Explation"]
) | st.text(max_size=5)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(sorted(TASKS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(KEYS, VALUES, max_size=6)
NOISE = st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode(errors="surrogatepass"))


def _spoilt(line: bytes, cut: int, noise: bytes) -> bytes:
    at = cut % (len(line) + 1)
    return line[:at] + noise + line[at:]


WHOLE = RECORDS.map(lambda record: json.dumps(record).encode())
NEARLY = RECORDS.map(lambda record: json.dumps({"task": "tag", "output": "x", **record}, ensure_ascii=False))
LINES = st.one_of(
    WHOLE,
    NEARLY.map(lambda text: text.encode(errors="surrogatepass")),
    st.builds(_spoilt, WHOLE, st.integers(0, 200), NOISE),
    NOISE,
)


PLAIN = b'{"id": 1, "task": "text", "output": "o"}\n' * 3
STARTS = [
    b"",
    PLAIN,
    gzip.compress(PLAIN),
    zstandard.compress(PLAIN),
    gzip.compress(PLAIN)[:-4],
    b"PAR1",
    b"id,output\n",
]


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(LINES, min_size=20, max_size=20))
def test_fuzzed_lines_are_judged_or_listed_and_none_vanishes(lines: list[bytes], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.jsonl"
    path.write_bytes(b'{"task": "text", "output": "first"}\n' + b"\n".join(lines))
    expected = [line for line in path.read_bytes().splitlines() if line.strip(b" \t\n\r\v\f")]
    tally = Tally()
    found = list(read(path, tasks=TASKS, tally=tally))
    assert tally.adds_up
    assert tally.records == len(expected)
    assert len(found) == tally.samples + tally.problems + tally.sets
    assert {unit.place for unit in found} == {row.place for row in resolve(path).rows()}
    assert all(str(unit).isprintable() for unit in found if isinstance(unit, Problem))
    assert all(unit.key for unit in found if isinstance(unit, Sample))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(records=st.lists(RECORDS | VALUES, min_size=1, max_size=8))
def test_fuzzed_python_records_are_judged_or_listed(records: list[Any]) -> None:
    tally = Tally()
    found = list(samples_from(records, tasks=TASKS, tally=tally))
    assert tally.adds_up
    assert tally.records == len(records)
    assert all(unit.key for unit in found if isinstance(unit, Sample))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.lists(st.text(max_size=6) | st.sampled_from(['"', "\x00", "[1]", '{"a"']), max_size=4), max_size=9)
)
def test_fuzzed_tables_never_crash(rows: list[list[str]], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    body = "\n".join(",".join(cells) for cells in rows)
    path.write_bytes(b"id,task,output\na,text,first\n" + body.encode(errors="surrogatepass"))
    tally = Tally()
    list(read(path, tasks=TASKS, tally=tally))
    assert tally.adds_up


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    start=st.sampled_from(STARTS),
    cut=st.integers(0, 400),
    noise=NOISE,
    name=st.sampled_from(["o.jsonl", "o.csv", "o.parquet"]),
)
def test_fuzzed_files_give_units_or_an_input_error(
    start: bytes, cut: int, noise: bytes, name: str, tmp_path_factory: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(_spoilt(start, cut, noise))
    tally = Tally()
    with contextlib.suppress(InputError):
        list(read(path, tasks=TASKS, tally=tally))
    assert tally.adds_up
