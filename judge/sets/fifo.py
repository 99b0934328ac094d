"""The FIFO IDF score of RecGPT-V2: how rare an explanation's tokens are among the last 160 explanations."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Sequence

from .textset import TOKENISER, SetMetric, TextSet, tokenise

MEMORY = 160
"""Explanations remembered, as RecGPT-V2 has it."""


class FifoIdf:
    """R_div = (1/L) Σ log(|M| / (n(w) + 1)) over the L tokens of a text, a repeated token each time; natural logarithm.

    M is the memory of the last `size` texts as it was before this one, n(w) the texts in it that contain w. Slightly
    negative when every text has the token; unstable while the memory fills, so look at `full`. O(tokens) a text.
    """

    def __init__(self, size: int = MEMORY) -> None:
        self.size = size
        self._memory: deque[frozenset[str]] = deque()
        self._containing: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Whether `size` texts are remembered."""
        return len(self._memory) == self.size

    def score(self, text: str) -> float | None:
        """The text's score; None when nothing is remembered yet or the text has no token. The memory is left alone."""
        return self.score_tokens(tokenise(text))

    def push(self, text: str) -> float | None:
        """Scores the text, then remembers it."""
        return self.push_tokens(tokenise(text))

    def score_tokens(self, tokens: Sequence[str]) -> float | None:
        """`score` of a text that is cut into tokens already."""
        if not self._memory or not tokens:
            return None
        seen = self._containing
        return math.log(len(self._memory)) - sum(map(math.log1p, map(seen.__getitem__, tokens))) / len(tokens)

    def push_tokens(self, tokens: Sequence[str]) -> float | None:
        """`push` of a text that is cut into tokens already; one without tokens is not remembered."""
        score = self.score_tokens(tokens)
        if tokens:
            if self.full:
                self._forget(self._memory.popleft())
            kinds = frozenset(tokens)
            self._memory.append(kinds)
            self._containing.update(kinds)
        return score

    def _forget(self, kinds: frozenset[str]) -> None:
        seen = self._containing
        seen.subtract(kinds)
        for token in kinds:
            if not seen[token]:
                del seen[token]


def fifo_idf(texts: TextSet) -> SetMetric:
    """Mean score of the texts that meet a full memory, in the order given; the only metric that order changes."""
    if texts.n <= MEMORY:
        return texts.undefined("fifo_idf", f"the memory of {MEMORY} texts never fills with {texts.n}")
    memory = FifoIdf()
    scores = []
    for tokens in texts.tokens:
        full, score = memory.full, memory.push_tokens(tokens)
        if full and score is not None:
            scores.append(score)
    words = f"mean FIFO-{MEMORY} IDF of {len(scores)} texts, in the order given ({TOKENISER})"
    return texts.value("fifo_idf", math.fsum(scores) / len(scores), words)
