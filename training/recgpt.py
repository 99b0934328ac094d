"""The rewards of RecGPT-V2 (arXiv 2512.14503) for lists of tags and for explanations: the numbers that gates stand on.

The paper gives no threshold; every one is an argument here. None is what could not be told, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Literal

from ..errors import UsageError
from ..judge.sets import Embedder, FifoIdf, TextSet, measure, tokenise
from .hits import categories
from .shaping import Gate, Shaped, Values, shaped

Unit = Literal["word", "character"]
MEMORY = 160
"""Explanations remembered, as the paper has it."""


def accuracy(
    tags: Sequence[str], truth: Sequence[str], category_of: Callable[[str], str | Sequence[str] | None]
) -> float | None:
    """R_acc = |C_gt ∩ tag2cat(T)| / |C_gt|: the share of the true categories that some tag falls in.

    `category_of` is tag2cat: a tag to its category, several, or None. None where the truth is empty.
    """
    wanted = set(truth)
    if not wanted:
        return None
    return len(wanted & categories(tags, category_of)) / len(wanted)


def alignment(values: Values) -> float | None:
    """R_align of a list: the mean of its tags' judged rewards; None where one has none, or there is no tag."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None


def distance(tags: Sequence[str], *, metric: str = "ngram_distance", embedder: Embedder | None = None) -> float | None:
    """R_div of a list: the mean pairwise distance of its tags, in [0, 2]; None with fewer than two.

    `ngram_distance` (1 − cosine of character n-grams) works in every language; `embedding_distance` needs an embedder
    (the paper uses BGE embeddings, which are others than ours). Thresholds of one do not carry over to the other.
    """
    texts = TextSet(tuple(tags), embedder=embedder)
    return measure(texts, [metric])[metric].value


def band(length: float) -> float:
    """R_len of a length: 1 from 6 to 11, .5 from 4 up to 6 and over 11 to 13, else 0.

    The paper's bands (6–11, 4–6, 11–13) overlap at 6 and 11; here both belong to the band that gives 1.
    """
    if 6 <= length <= 11:
        return 1.0
    return 0.5 if 4 <= length <= 13 else 0.0


def length_of(text: str, unit: Unit) -> int:
    """Words (as `TOKENISER` says, so one a character in Chinese) or characters without spaces.

    The paper does not say which it counts.
    """
    if unit not in ("word", "character"):
        raise UsageError(f"unknown unit {unit!r}; known: word, character")
    return len(tokenise(text)) if unit == "word" else len("".join(text.split()))


def length(tags: Sequence[str], unit: Unit) -> float | None:
    """R_len of a list: the mean over its tags; None without a tag."""
    return math.fsum(band(length_of(tag, unit)) for tag in tags) / len(tags) if tags else None


def tag_rewards(
    lists: Sequence[Sequence[str]],
    truths: Sequence[Sequence[str]],
    category_of: Callable[[str], str | Sequence[str] | None],
    alignments: Values,
    *,
    align: float,
    diverse: float,
    long: float,
    unit: Unit,
    metric: str = "ngram_distance",
    embedder: Embedder | None = None,
    groups: Sequence[Hashable] | None = None,
) -> Shaped:
    """R = R_acc · 1[R_align ≥ τ] · 1[R_div ≥ τ] · 1[R_len ≥ τ], one a list; `align`, `diverse` and `long` are the τ.

    `alignments` are the lists' judged rewards, as a reward function gives them. A list of one tag has no distance, and
    so no reward. Raises `ValueError` where lengths differ.
    """
    if len(truths) != len(lists):
        raise ValueError(f"truths: {len(truths)} for {len(lists)} lists; give each list its true categories")
    main = [accuracy(tags, truth, category_of) for tags, truth in zip(lists, truths, strict=True)]
    gates = [
        Gate("alignment", alignments, align),
        Gate("diversity", [distance(tags, metric=metric, embedder=embedder) for tags in lists], diverse),
        Gate("length", [length(tags, unit) for tags in lists], long),
    ]
    return shaped(main, gates, groups=groups)


class Fifo:
    """The last explanations, and how rare the tokens of a new one are among them: R_div of explanations.

    R_div = (1/L) Σ log(|M| / (n(w) + 1)), natural logarithm; tokens are lower-case words after NFKC without
    punctuation, one a character in Chinese, Japanese and Thai (the paper names no tokeniser). None until the memory is
    full, because the score rises with its size: `remember` earlier explanations first.
    """

    def __init__(self, size: int = MEMORY) -> None:
        self._memory = FifoIdf(size)

    @property
    def full(self) -> bool:
        """Whether it holds as many as it can."""
        return self._memory.full

    def remember(self, texts: Sequence[str]) -> None:
        """Takes texts in, oldest first; those without a token are passed over."""
        for text in texts:
            self._memory.push(text)

    def scores(self, texts: Sequence[str]) -> list[float | None]:
        """R_div of each against the memory as it was before any of them, then all are remembered.

        So no completion of a batch is held against another of it, and their order does not change their scores.
        """
        found = [self._memory.score(text) if self.full else None for text in texts]
        self.remember(texts)
        return found


def explanation_rewards(
    texts: Sequence[str],
    alignments: Values,
    memory: Fifo,
    *,
    diverse: float,
    groups: Sequence[Hashable] | None = None,
) -> Shaped:
    """R = R_align · 1[R_div ≥ τ], one an explanation; `diverse` is the threshold and the memory goes on with the texts.

    Raises `ValueError` where lengths differ.
    """
    if len(alignments) != len(texts):
        raise ValueError(f"alignments: {len(alignments)} for {len(texts)} texts; give one each")
    return shaped(alignments, [Gate("diversity", memory.scores(texts), diverse)], groups=groups)
