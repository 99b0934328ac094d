"""A table as a spreadsheet reads it, with cells that cannot become formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)


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


def uncelled(text: str) -> str:
    """The text of a cell without the quote that `cell` put in front."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
