"""The command selftest: published figures beside ours, from the data that ships."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ..errors import GateFailed
from .printing import Json, print_json, print_rows

if TYPE_CHECKING:
    from ..human_labels import Reproduced


def selftest(
    source: Annotated[
        Optional[list[str]],  # noqa: UP045 - read by typer at run time
        typer.Option("--source", "-s", help="Only this source; may be repeated. An unknown one lists the known ones."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Print every figure, not a line a source.")] = False,
    json: Json = False,
) -> None:
    """Compute published figures again, offline.

    Ends with 1 unless all match.
    """
    from ..human_labels import reproduce

    found = list(reproduce(source or ()))
    missed = [figure for figure in found if not figure.match]
    if json:
        print_json({"figures": [_record(figure) for figure in found], "count": len(found), "missed": len(missed)})
    else:
        _print(found, missed, every)
    if missed:
        raise GateFailed(f"{len(missed)} of {len(found):,} figures do not match")


def _print(found: Sequence[Reproduced], missed: Sequence[Reproduced], every: bool) -> None:
    from ..human_labels import SOURCES, summaries

    if every:
        print_rows("Figures", _COLUMNS, [_row(figure) for figure in found])
    rows = [
        (of.source, SOURCES[of.source].title, f"{of.figures:,}", f"{of.matches:,}", f"{of.worst:.1g}")
        for of in summaries(found)
    ]
    columns = ("source", "what was published", "figures", "match", "largest difference")
    print_rows("Published figures, computed again", columns, rows)
    if missed and not every:
        print_rows("No match", _COLUMNS, [_row(figure) for figure in missed])
    wrong = [figure for figure in found if figure.right is not None]
    sys.stdout.write(f"{len(found) - len(missed):,} of {len(found):,} figures match.\n")
    if wrong:
        sys.stdout.write(
            f"{len(wrong)} of them are wrong in print: ours is held against what follows from their own data "
            f"(--all shows both and why).\n"
        )


_COLUMNS = ("source", "figure", "published", "ours", "match")


def _row(figure: Reproduced) -> tuple[str, ...]:
    digits = _digits(figure)
    published = f"{figure.published:,.{digits}f}"
    if figure.right is not None:
        published += f" (wrong; right: {figure.right:,.{digits}f})"
    what = f"{figure.what}: {figure.note}" if figure.note else figure.what
    ours = f"{figure.ours:,.{digits and digits + 2}f}"
    return figure.source, what, published, ours, "yes" if figure.match else "NO"


def _record(figure: Reproduced) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(figure) | {"match": figure.match}


def _digits(figure: Reproduced) -> int:
    """Decimals as printed, which half a unit of the last tells; six of a figure computed elsewhere, none of a count."""
    if figure.published == int(figure.published) and figure.tolerance < 0.5e-3:
        return 0
    return min(6, max(0, math.ceil(-math.log10(max(2.001 * figure.tolerance, 1e-6)))))
