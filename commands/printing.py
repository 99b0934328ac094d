"""Where commands print: tables, JSON, and words on standard error."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines instead of tables.")]


def print_rows(title: str, columns: tuple[str, ...], rows: Any) -> None:
    from ..reports import print_table

    print_table(console(), title, columns, rows)


def say(*lines: str, indent: int = 0) -> None:
    """Lines of words, outside text among them, broken at the width of the screen."""
    from ..reports import print_line

    screen = console()
    for line in lines:
        print_line(screen, line, indent=indent)


def print_json(value: Any) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode() + "\n")


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def command_line() -> str:
    """What was typed, as it can be typed again."""
    return shlex.join(["recjudge", *sys.argv[1:]])


def tell(words: str) -> None:
    sys.stderr.write(f"recjudge: {words}\n")
