"""Gates: a quick look whether a slow pattern can match at all. They change no result, and spare time."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

Gate = Callable[[str], bool]
K = TypeVar("K", bound=Hashable)
_FOLDED = ("\u0131", "\u0130", "i\u0307", "\u017f", "\u212a")
"""Letters that a pattern takes for an ASCII letter when it ignores case: a text with one of them always passes."""
_DIGIT = re.compile(r"\d")
_ZEROS = str.maketrans("123456789", "000000000")


class needing:
    """True of a text in lower case that has one of the pieces, of which every match of the pattern has at least one.

    run: also true where so many characters stand together without a space.
    """

    def __init__(self, *pieces: str, run: int = 0) -> None:
        self._wanted = tuple(dict.fromkeys((*pieces, *_FOLDED)))
        self._plain = tuple(piece for piece in self._wanted if piece.isascii())
        self._begin = tuple(dict.fromkeys(piece.split()[0] for piece in self._wanted if piece.split()))
        self._run = run

    @property
    def counts(self) -> bool:
        """Whether a piece has a digit."""
        return bool(_DIGIT.search("".join(self._wanted)))

    def __call__(self, low: str) -> bool:
        found = any(map(low.__contains__, self._plain if low.isascii() else self._wanted))
        return found or bool(self._run and max(map(len, low.split()), default=0) >= self._run)

    def may(self, word: str) -> bool:
        """Whether some text with this word, between spaces, may pass: a text passes by none of its words, or by one."""
        return any(map(word.__contains__, self._begin)) or 0 < self._run <= len(word)


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


class Gates:
    """Several gates at once, by a text's words: hardly any word may open one, and most are met again.

    Raises ValueError for a piece with a digit: all numbers of as many digits are one word here.
    """

    def __init__(self, gates: Mapping[str, needing]) -> None:
        if any(gate.counts for gate in gates.values()):
            raise ValueError("a gate of several may need no digit: leave it out of them")
        self._gates = gates
        self._may = lru_cache(maxsize=4_096)(self._opened_by)
        self._words: Rarely[str] = Rarely(lambda word: bool(self._may(word)))

    def open(self, low: str) -> list[str]:
        """The names of the gates that a text in lower case passes, in their order."""
        words = self._words.among(_words_in(low))
        may = frozenset().union(*map(self._may, words)) if words else ()
        return [name for name in self._gates if name in may and self._gates[name](low)] if may else []

    def _opened_by(self, word: str) -> frozenset[str]:
        return frozenset(name for name, gate in self._gates.items() if gate.may(word))


@lru_cache(maxsize=64)  # several ask in turn about one text
def _words_in(low: str) -> frozenset[str]:
    """What stands between spaces, with 0 for each digit."""
    return frozenset(low.translate(_ZEROS).split())


def digits_in(text: str) -> int:
    """How many digits, of any script."""
    return len(_DIGIT.findall(text))
