"""Where commands print: tables, JSON, and words on standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import StorageError

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines instead of tables.")]


def print_rows(title: str, columns: tuple[str, ...], rows: Any) -> None:
    from ..reports import print_table

    print_table(console(), title, columns, rows)


def print_json(value: Any) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode() + "\n")


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def tell(words: str) -> None:
    sys.stderr.write(f"recjudge: {words}\n")


def write_whole(path: Path, text: str) -> None:
    """Writes a file under a temporary name and renames it: it is there whole, or it is as it was.

    Raises `StorageError` when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror or error})") from error
