"""Gates: a quick look whether a slow pattern can match at all. They change no result, and spare time."""

from __future__ import annotations

import re
from collections.abc import Callable

Gate = Callable[[str], bool]
_FOLDED = ("\u0131", "\u0130", "i\u0307", "\u017f", "\u212a")
"""Letters that a pattern takes for an ASCII letter when it ignores case: a text with one of them always passes."""
_DIGIT = re.compile(r"\d")


def needing(*pieces: str, run: int = 0) -> Gate:
    """True of a text in lower case that has one of the pieces, of which every match of the pattern has at least one.

    run: also true where so many characters stand together without a space.
    """
    wanted = tuple(dict.fromkeys((*pieces, *_FOLDED)))

    def passes(low: str) -> bool:
        return any(map(low.__contains__, wanted)) or bool(run and any(len(part) >= run for part in low.split()))

    return passes


def digits_in(text: str) -> int:
    """How many digits, of any script."""
    return len(_DIGIT.findall(text))
