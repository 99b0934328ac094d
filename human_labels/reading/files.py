"""Files written whole or not at all; cells of a spreadsheet that cannot become formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ...errors import StorageError

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)


def write_whole(path: Path, content: str) -> Path:
    """UTF-8 text under a temporary name, then renamed. Raises `StorageError`."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content.encode())
        temporary.replace(path)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written ({error.strerror or error}); mend that and run it again"
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]], *, tabs: bool = False) -> str:
    """A spreadsheet's text; a cell that would be a formula gets a quote in front, which `read_labels` takes off."""
    out = io.StringIO()
    # CRLF as RFC 4180 has it: only then does the csv module quote a carriage return in a cell
    writer = csv.writer(out, delimiter="\t" if tabs else ",", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue()


def cell(text: str) -> str:
    """The text, with a quote in front where a spreadsheet would compute it. Numbers stay numbers (CWE-1236)."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
