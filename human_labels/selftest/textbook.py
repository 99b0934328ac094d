"""Krippendorff's example of four raters and twelve units with gaps, and every coefficient published for it.

"Content Analysis" (2004), chapter 11; the figures of AC1, AC2, Fleiss and Conger are those of the package irrCAC on its
`raw_4raters`, in which the only label of the twelfth unit is rater C's. In other printings it is rater B's; no
coefficient but Conger's can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..coefficients.alpha import alpha
from ..coefficients.raters import ac_error
from ..records import Table, scale_of
from .checking import Reproduced, printed, value

_RATERS = ("123321412...", "1233224125..", ".33323422513", "12332441251.")
"""A digit a unit; a dot where the rater said nothing."""
_PRINTED = {
    "ac1": ".77544",
    "fleiss": ".76117",
    "conger": ".76282",
    "alpha_nominal": ".743421",
    "alpha_ordinal": ".815388",
    "alpha_interval": ".849107",
    "alpha_ratio": ".797403",
    "ac2_quadratic": ".91400",
    "ac2_linear": ".85874",
}


def textbook() -> Iterator[Reproduced]:
    """Every coefficient as it is reported with intervals, and alpha by the krippendorff package beside it."""
    for name, text in _PRINTED.items():
        yield Reproduced("textbook", name, *_order(text, value(name, matrix())))
    for level in ("nominal", "ordinal", "interval", "ratio"):
        ours = alpha(matrix(), level)
        yield Reproduced("textbook", f"alpha_{level} (krippendorff package)", *_order(_PRINTED[f"alpha_{level}"], ours))
    yield Reproduced("textbook", "ac2_quadratic, standard error", *_order(".10396", ac_error(matrix(), "quadratic")))
    yield Reproduced(
        "textbook", "conger, the last label being B's", *_order(".76207", value("conger", _other_printing()))
    )


def matrix() -> Table:
    """(12, 4) labels on 1 to 5."""
    import numpy as np

    cells = [[np.nan if sign == "." else float(sign) for sign in row] for row in _RATERS]
    units = tuple(str(unit) for unit in range(1, 13))
    return Table(units, ("A", "B", "C", "D"), np.array(cells).T, scale_of("ordinal:1..5"))


def _other_printing() -> Table:
    found = matrix()
    values = found.values.copy()
    values[11, [1, 2]] = values[11, [2, 1]]
    return replace(found, values=values)


def _order(text: str, ours: float) -> tuple[float, float, float]:
    published, tolerance = printed(text)
    return published, ours, tolerance
