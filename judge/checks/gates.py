"""Gates: a quick look whether a slow pattern can match at all. They change no result, and spare time."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

Gate = Callable[[str], bool]
K = TypeVar("K", bound=Hashable)
_FOLDED = ("\u0131", "\u0130", "i\u0307", "\u017f", "\u212a")
"""Letters that a pattern takes for an ASCII letter when it ignores case: a text with one of them always passes."""
_DIGIT = re.compile(r"\d")


def needing(*pieces: str, run: int = 0) -> Gate:
    """True of a text in lower case that has one of the pieces, of which every match of the pattern has at least one.

    run: also true where so many characters stand together without a space.
    """
    wanted = tuple(dict.fromkeys((*pieces, *_FOLDED)))
    plain = tuple(piece for piece in wanted if piece.isascii())

    def passes(low: str) -> bool:
        found = any(map(low.__contains__, plain if low.isascii() else wanted))
        return found or bool(run and max(map(len, low.split()), default=0) >= run)

    return passes


class Rarely(Generic[K]):
    """A slow test of words (or of pairs of them) that hardly any passes: those that did not are left out at once."""

    def __init__(self, test: Callable[[K], bool], most: int = 16_384) -> None:
        self.test, self.most = test, most
        self._failed: set[K] = set()

    def among(self, words: Iterable[K]) -> set[K]:
        """The distinct words that pass."""
        open_ = set(words).difference(self._failed)
        if not open_:
            return open_
        passed = set(filter(self.test, open_))
        if len(self._failed) > self.most:
            self._failed.clear()
        self._failed |= open_ - passed
        return passed

    def count(self, words: Sequence[K]) -> int:
        """How many of the words pass, one that stands twice counted twice."""
        passed = self.among(words)
        return sum(map(passed.__contains__, words)) if passed else 0


def digits_in(text: str) -> int:
    """How many digits, of any script."""
    return len(_DIGIT.findall(text))
