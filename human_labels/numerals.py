"""Numbers as sentences write them: `.82`, `-.03`, `1.00`."""

from __future__ import annotations

import math


def short(value: float, digits: int = 2, none: str = "–") -> str:
    """The number without the zero before its point, and without a sign when it rounds to nothing; `none` for NaN."""
    if math.isnan(value):
        return none
    text = f"{value:.{digits}f}"
    sign = "-" if value < 0 and float(text) else ""
    return sign + text.removeprefix("-").removeprefix("0")
