"""Formats: bytes of one file to rows. A row that cannot be read is a row with its fault; only a damaged file raises."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from ...errors import InputError
from .problems import Fault, quoted
from .streams import Read, lines
from .strict_json import loads


class Origin(NamedTuple):
    """What the rows of one file have in common."""

    name: str
    """For messages: the file's name without its folder."""
    unit: str = ":"
    """What stands between the name and a row's number."""
    shard: str = ""
    """Goes before the number in the id of a row that has none, so that shards do not share ids."""
    text_cells: bool = False
    """Cells are text: an empty one is missing, one that spells JSON is decoded."""
    python: bool = False
    """Values come from Python or a column store, and are brought to JSON types before use."""

    def place(self, number: int) -> str:
        return f"{self.name}{self.unit}{number}"


class Row(NamedTuple):
    """One record as it was found: a value, or the fault that kept it from being one."""

    value: Any
    number: int
    """From 1: the physical line in a text file, else the row."""
    origin: Origin
    fault: Fault | None = None

    @property
    def place(self) -> str:
        return self.origin.place(self.number)


def json_rows(read: Read, origin: Origin, max_line: int) -> Iterator[Row]:
    """One row a line that is not blank."""
    for number, line in lines(read, origin.name, max_line=max_line):
        if line is None:
            yield Row(None, number, origin, _too_long(max_line))
        elif line and not line.isspace():
            try:
                yield Row(loads(line), number, origin)
            except Fault as fault:
                yield Row(None, number, origin, fault)


def csv_rows(read: Read, origin: Origin, max_line: int, *, tabs: bool = False) -> Iterator[Row]:
    """One row a record under the header, which is required and names each column once.

    A semicolon separates when the header has semicolons and no comma. Raises `InputError` about the header.
    """
    origin = origin._replace(text_cells=True)
    text = _CsvText(read, origin.name, max_line)
    header_line = next((line for line in text if line.strip()), "")
    delimiter = "\t" if tabs else _delimiter(header_line)
    _allow_fields(max_line)
    rows = csv.reader(_chain(header_line, text), delimiter=delimiter, strict=True)
    header = _header(rows, origin.name)
    while True:
        text.faults.clear()
        start = text.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(None, start, origin, _csv_fault(error, text.number))
            continue
        if text.faults:
            yield Row(None, start, origin, text.faults[0])
        elif cells:
            yield _csv_row(header, cells, start, origin)


def parquet_rows(file: IO[bytes], origin: Origin, groups: Sequence[int] | None = None) -> Iterator[Row]:
    """One row a row, some hundred at a time; of these row groups alone, where they are named.

    Raises `InputError` on a damaged file.
    """
    import pyarrow
    import pyarrow.parquet

    origin = origin._replace(unit=":row ", python=True)
    try:
        table = pyarrow.parquet.ParquetFile(file)
        _once(list(table.schema_arrow.names), origin.name)
        number = 0
        for batch in table.iter_batches(batch_size=256, row_groups=None if groups is None else list(groups)):
            for value in _cells(batch):
                number += 1
                yield _arrow_row(value, number, origin)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{origin.name}: cannot be read as Parquet ({_first_line(error)}); write it again") from error


def hub_rows(folder: Path, origin: Origin) -> Iterator[Row]:
    """The rows of a folder that `Dataset.save_to_disk` wrote. Raises `InputError` on a damaged one."""
    import datasets
    import pyarrow

    origin = origin._replace(unit=":row ", python=True)
    try:
        table = datasets.load_from_disk(str(folder)).with_format("arrow")
        number = 0
        for batch in table.iter(batch_size=256):
            for value in _cells(batch):
                number += 1
                yield _arrow_row(value, number, origin)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{origin.name}: cannot be read by datasets ({_first_line(error)}); save it again") from error


class _CsvText:
    """Decoded lines for the csv module, which cannot be told of a bad one: its fault waits in `faults`."""

    def __init__(self, read: Read, name: str, max_line: int) -> None:
        self._lines = lines(read, name, max_line=max_line, keep_ends=True)
        self._max_line = max_line
        self.number = 0
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        if line is None:
            self.faults.append(_too_long(self._max_line))
            return "\n"
        try:
            return line.decode()
        except UnicodeDecodeError as bad:
            where = f"byte 0x{line[bad.start]:02x} at byte {bad.start} of line {self.number}"
            self.faults.append(Fault("", f"is not UTF-8: {where}", "save the table as UTF-8"))
            return line.decode(errors="replace")  # to keep the csv module in step; the row is listed, never read


def _header(rows: Iterator[list[str]], name: str) -> list[str]:
    try:
        header = [cell.strip() for cell in next(rows, [])]
    except csv.Error as error:
        raise InputError(f"{name}: the header cannot be read ({error}); its first line must name the columns") from None
    _once(header, name)
    return header


def _csv_row(header: list[str], cells: list[str], number: int, origin: Origin) -> Row:
    if len(cells) != len(header):
        words = f"has {len(cells)} cells under a header of {len(header)}"
        return Row(None, number, origin, Fault("", words, "quote cells that hold separators, or mend the row"))
    if any("\x00" in cell for cell in cells):
        return Row(None, number, origin, Fault("", "holds a NUL character", "remove it from the text"))
    return Row(dict(zip(header, cells, strict=True)), number, origin)


def _csv_fault(error: csv.Error, last: int) -> Fault:
    return Fault("", f"is not CSV up to line {last}: {error}", 'close every quote, and write a quote in a cell as ""')


def _allow_fields(size: int) -> None:
    # the csv module keeps one cap for the whole process, and its 128 KiB is less than a user's history may take
    csv.field_size_limit(max(size, csv.field_size_limit()))


def _delimiter(header: str) -> str:
    """A comma, where the header has one; else what spreadsheets write in its place: a semicolon or a tab."""
    return next((mark for mark in ",;\t" if mark in header), ",")


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _once(names: list[str], where: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{where}: has several columns named {', '.join(map(quoted, twice))}; keep one of each")


def _cells(batch: Any) -> Iterator[Any]:
    """Each row as a dict, or the Fault of a row whose text is no UTF-8."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for number in range(batch.num_rows):
            yield _one_row(batch.slice(number, 1))


def _one_row(batch: Any) -> Any:
    try:
        return batch.to_pylist()[0]
    except UnicodeDecodeError as bad:
        return Fault("", f"is not UTF-8 at byte {bad.start} of a cell", "write the column as UTF-8 text")


def _arrow_row(value: Any, number: int, origin: Origin) -> Row:
    return Row(None, number, origin, value) if isinstance(value, Fault) else Row(value, number, origin)


def _too_long(max_line: int) -> Fault:
    return Fault("", f"is longer than {max_line} bytes and was skipped", "split the record, or raise the cap on lines")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
