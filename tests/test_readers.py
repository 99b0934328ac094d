"""Files to rows: encodings, archives, tables, folders, and what is refused by name."""

from __future__ import annotations

import gzip
import io
import json
import resource
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet
import pytest
import zstandard
from recjudge.errors import InputError
from recjudge.judge.reading.readers import default_stem, fingerprint, resolve, spool
from recjudge.judge.reading.strict_json import MAX_DEPTH

RECORDS = [{"id": number, "output": f"Grüße {number}\r\n末"} for number in range(5)]
CLEAN = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS).encode()


def values(path: Any, **how: Any) -> list[Any]:
    return [row.value for row in resolve(path).rows(**how)]


def written(folder: Path, content: bytes, name: str = "outputs.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "same",
    [
        CLEAN,
        b"\xef\xbb\xbf" + CLEAN,
        CLEAN.replace(b"\n", b"\r\n"),
        CLEAN.replace(b"\n", b"\r"),
        CLEAN.rstrip(b"\n"),
        b"\n \n" + CLEAN.replace(b"\n", b"\n\n"),
        b"\xef\xbb\xbf" + CLEAN.replace(b"\n", b"\n\xef\xbb\xbf", 1),
        gzip.compress(CLEAN),
        gzip.compress(CLEAN[:90]) + gzip.compress(CLEAN[90:]) + b"\x00" * 20,
        zstandard.compress(CLEAN),
        zstandard.compress(CLEAN[:90]) + zstandard.compress(CLEAN[90:]),
        gzip.compress(b"\xef\xbb\xbf" + CLEAN),
    ],
)
def test_marks_line_ends_and_archives_do_not_change_a_record(tmp_path: Path, same: bytes) -> None:
    assert values(written(tmp_path, same)) == RECORDS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_by_name(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match=r"outputs\.jsonl: is UTF-16.*iconv"):
        values(written(tmp_path, CLEAN.decode().encode(encoding)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"a": "\xff"}', "not UTF-8: byte 0xff at byte 7 of the line"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8: byte 0xed at byte 7"),
        (b'{"a": "\x00"}', "NUL at byte 7"),
        (b'{"a": "\\u0000"}', "NUL character"),
        (b'{"\\u0000": 1}', "NUL character"),
        ('{"é": "\\ud800"}'.encode(), "lone surrogate escape at byte 8"),
        (b'{"a": NaN}', "NaN, Infinity"),
        (b'{"a": -Infinity}', "NaN, Infinity"),
        (b'{"a": 1e999}', "number too large"),
        (b'{"a": 1, "b": 2, "a": 3}', "the key 'a' twice"),
        (b'{"a": 1, "b": {"c": "x:y", "c": ":"}}', "the key 'c' twice"),
        (b'{"a": "\\u003a", "a": 3}', "the key 'a' twice"),
        (b'{"a" : 1, "\\u0061": "b"}', "the key 'a' twice"),
        (b"[" * 2000 + b"]" * 2000, "nested deeper"),
        (b"[" * 100_000, "nested deeper"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested deeper"),
        (b'{"a": 1', "cut short"),
        (b"{'a': 1}", "Python dict"),
        (b'{"a": 1} {"a": 2}', "not JSON"),
        (b"hello", "not JSON"),
    ],
)
def test_a_bad_line_is_a_row_with_its_fault(tmp_path: Path, line: bytes, words: str) -> None:
    rows = list(resolve(written(tmp_path, b'{"a": 1}\n' + line + b'\n{"a": 3}\n')).rows())
    assert [row.value for row in rows] == [{"a": 1}, None, {"a": 3}]
    assert rows[1].place == "outputs.jsonl:2"
    assert rows[1].fault is not None
    assert words in rows[1].fault.problem


def test_a_long_line_is_skipped_and_the_next_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b'{"a": 1}\n{"a": "' + b"x" * 2_000_000 + b'"}\r\n{"a": 3}')
    rows = list(resolve(path).rows(max_line=1000))
    assert [(row.number, row.value) for row in rows] == [(1, {"a": 1}), (2, None), (3, {"a": 3})]
    assert rows[1].fault is not None
    assert "longer than 1000 bytes" in rows[1].fault.problem


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_truncated_archive_is_an_error_and_no_short_run(
    tmp_path: Path, pack: Callable[[bytes], bytes], keep: float
) -> None:
    packed = pack(b"".join(b'{"id": %d, "output": "%x"}\n' % (n, n * 7919) for n in range(5000)))
    with pytest.raises(InputError, match="truncated"):
        values(written(tmp_path, packed[: int(len(packed) * keep)]))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_damaged_archive_is_an_error(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(b"".join(b'{"id": %d, "output": "%x"}\n' % (n, n * 7919) for n in range(5000))))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    with pytest.raises(InputError, match="is damaged"):
        values(written(tmp_path, bytes(packed)))


def test_a_bomb_is_stopped(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b" " * (1 << 20) + b"\n") for _ in range(200)) + packer.flush()
    with pytest.raises(InputError, match="unpack it and give the plain file"):
        values(written(tmp_path, bomb, "outputs.jsonl.gz"))


def test_a_zstd_bomb_is_stopped_in_little_memory(tmp_path: Path) -> None:
    bomb = zstandard.ZstdCompressor().compress(b" " * (300 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match="unpack it and give the plain file"):
        values(written(tmp_path, bomb, "outputs.jsonl.zst"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024  # KiB


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04....", "zip archive"),
        (b"BZh9....", "bzip2"),
        (b"\xfd7zXZ\x00..", "xz"),
        (gzip.compress(gzip.compress(CLEAN)), "inside an archive"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_other_formats_are_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        values(written(tmp_path, content))


def test_a_json_array_gets_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"jq -c '\.\[\]' all\.json > all\.jsonl"):
        values(written(tmp_path, b' [{"id": 1}]', "all.json"))


def test_csv_cells_quotes_and_line_numbers(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbfid,output\r\n1,"two\r\nlines"\r\n\r\n2,"say ""hi"""\r\n'
    rows = list(resolve(written(tmp_path, content, "o.csv")).rows())
    assert [(row.place, row.value) for row in rows] == [
        ("o.csv:2", {"id": "1", "output": "two\r\nlines"}),
        ("o.csv:5", {"id": "2", "output": 'say "hi"'}),
    ]


@pytest.mark.parametrize(
    ("body", "places", "words"),
    [
        (b"1,a\n2\n3,c\n", ["o.csv:3"], "has 1 cells under a header of 2"),
        (b"1,a\n2,b,c\n3,c\n", ["o.csv:3"], "has 3 cells"),
        (b"1,a\n2,\xff\n3,c\n", ["o.csv:3"], "byte 0xff at byte 2 of line 3"),
        (b"1,a\n2,\x00\n3,c\n", ["o.csv:3"], "NUL"),
        (b'1,a\n2,"b"x\n3,c\n', ["o.csv:3"], "not CSV"),
        (b'1,a\n3,c\n2,"b\n4,d\n', ["o.csv:4"], "not CSV up to line 5"),
        (b"1,a\n2," + b"x" * 5000 + b"\n3,c\n", ["o.csv:3"], "longer than"),
    ],
)
def test_a_bad_csv_row_is_listed_and_the_rest_read(tmp_path: Path, body: bytes, places: list[str], words: str) -> None:
    rows = list(resolve(written(tmp_path, b"id,output\n" + body, "o.csv")).rows(max_line=4096))
    bad = [row for row in rows if row.fault]
    assert [row.place for row in bad] == places
    assert bad[0].fault is not None
    assert words in bad[0].fault.problem
    assert [row.value["id"] for row in rows if not row.fault] == ["1", "3"]


def test_semicolons_and_tabs_separate_too(tmp_path: Path) -> None:
    assert values(written(tmp_path, b"id;output\n1;a,b\n", "o.csv")) == [{"id": "1", "output": "a,b"}]
    assert values(written(tmp_path, b"id\toutput\n1\ta,b\n", "o.tsv")) == [{"id": "1", "output": "a,b"}]
    assert values(written(tmp_path, b"id\toutput\n1\ta,b\n", "o.csv")) == [{"id": "1", "output": "a,b"}]


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="several columns named 'output'"):
        values(written(tmp_path, b"id,output,output\n1,a,b\n", "o.csv"))


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "outputs.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(RECORDS), path)
    return path


def test_parquet_rows_have_places(parquet: Path) -> None:
    rows = list(resolve(parquet).rows())
    assert [row.value for row in rows] == RECORDS
    assert rows[4].place == "outputs.parquet:row 5"
    assert values(parquet.rename(parquet.with_suffix(".bin"))) == RECORDS


def test_a_cut_parquet_file_is_an_error(parquet: Path) -> None:
    parquet.write_bytes(parquet.read_bytes()[:-9])
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        values(parquet)


def test_parquet_text_that_is_no_utf8_costs_one_row(tmp_path: Path) -> None:
    cells = pyarrow.array([b"a", b"\xff", b"c"]).view(pyarrow.string())
    pyarrow.parquet.write_table(pyarrow.table({"output": cells}), tmp_path / "o.parquet")
    rows = list(resolve(tmp_path / "o.parquet").rows())
    assert [row.value for row in rows] == [{"output": "a"}, None, {"output": "c"}]
    assert "not UTF-8" in str(rows[1].fault)


def test_a_datasets_folder_is_read(tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    datasets.Dataset.from_list(RECORDS).save_to_disk(str(tmp_path / "hub"))
    rows = list(resolve(tmp_path / "hub").rows())
    assert [row.value for row in rows] == RECORDS
    assert rows[0].place == "hub:row 1"


def test_several_splits_ask_which(tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    whole = datasets.Dataset.from_list(RECORDS)
    datasets.DatasetDict({"train": whole, "test": whole}).save_to_disk(str(tmp_path / "hub"))
    with pytest.raises(InputError, match=r"several splits \(test, train\)"):
        resolve(tmp_path / "hub")
    assert values(tmp_path / "hub" / "test") == RECORDS


def test_shards_are_read_in_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, record in (("b.jsonl", RECORDS[1]), ("a.jsonl.gz", RECORDS[0])):
        content = json.dumps(record).encode()
        written(tmp_path / "data", gzip.compress(content) if name.endswith("gz") else content, name)
    rows = list(resolve(tmp_path).rows())
    assert [row.value for row in rows] == RECORDS[:2]
    assert rows[1].place == f"{tmp_path.name}/b.jsonl:1"
    assert rows[0].origin.shard != rows[1].origin.shard


def test_a_folder_without_data_or_with_two_kinds_is_refused(tmp_path: Path) -> None:
    written(tmp_path, b"", "notes.md")
    with pytest.raises(InputError, match=r"holds no \.jsonl"):
        resolve(tmp_path)
    written(tmp_path, b"", "a.jsonl")
    written(tmp_path, b"", "b.csv")
    with pytest.raises(InputError, match=r"several kinds \(\.csv, \.jsonl\)"):
        resolve(tmp_path)


def test_a_missing_file_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file; give the file of outputs"):
        resolve(tmp_path / "no.jsonl")


def test_a_stream_is_spooled_and_read_twice_at_once() -> None:
    source = spool(io.BytesIO(gzip.compress(CLEAN)))
    one, other = source.rows(), source.rows()
    assert [(a.value, b.value) for a, b in zip(one, other, strict=True)] == [(record, record) for record in RECORDS]
    assert next(source.rows()).place == "stdin:1"


def test_an_iterator_can_be_read_again() -> None:
    def records() -> Iterator[dict[str, Any]]:
        yield from RECORDS

    source = resolve(records())
    assert [row.value for row in source.rows()] == [row.value for row in source.rows()] == RECORDS


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    path = written(tmp_path, CLEAN)
    before, folder = fingerprint(path), fingerprint(tmp_path)
    assert fingerprint(spool(io.BytesIO(CLEAN))) == before
    path.write_bytes(CLEAN.replace(b"3", b"4", 1))
    assert fingerprint(path) != before
    assert fingerprint(tmp_path) != folder
    assert fingerprint([{"id": 1}]) == fingerprint([{"id": 1}]) != fingerprint([{"id": 2}])


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("outputs.jsonl", "outputs"),
        ("outputs.jsonl.gz", "outputs"),
        ("out.v2.csv.zst", "out.v2"),
        ("outputs", "outputs"),
        ("o.txt", "o"),
        ("-x y.jsonl", "-x y"),
    ],
)
def test_outputs_are_named_after_the_input(tmp_path: Path, name: str, stem: str) -> None:
    assert default_stem(written(tmp_path, b"", name)) == stem


def test_stdin_has_a_stem_unread() -> None:
    assert default_stem("-") == "stdin"


def test_an_array_in_a_jsonl_file_is_told_of_another_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('[\n{"output": "soft"}\n]\n')
    with pytest.raises(InputError, match=r"is one JSON array.* > a\.lines\.jsonl"):
        list(resolve(tmp_path / "a.jsonl").rows())
