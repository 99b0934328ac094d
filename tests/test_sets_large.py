"""What is counted another way in a large set is counted the same."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
from recjudge.judge.sets.diversity import SET_METRICS
from recjudge.judge.sets.grams import count_grams
from recjudge.judge.sets.minhash import _shared
from recjudge.judge.sets.textset import TextSet, normalise

WORDS = [f"word{number}" for number in range(300)]


def texts_of(n: int, seed: int = 0) -> tuple[str, ...]:
    drawn = random.Random(seed)
    return tuple(" ".join(drawn.choices(WORDS, k=drawn.randrange(1, 6))) for _ in range(n))


def test_pairs_of_tokens_sorted_as_numbers_are_as_many_as_in_a_set() -> None:
    texts = texts_of(2_500)
    pairs = [pair for text in texts for pair in pairwise(text.split())]
    assert SET_METRICS["distinct_2"](TextSet(texts)).value == len(set(pairs)) / len(pairs)


def test_only_rows_that_are_alone_in_their_key_are_left_out_before_sorting() -> None:
    keys = np.random.default_rng(0).integers(0, 3_000, 4_000).astype(np.uint64)
    shared = np.flatnonzero(np.bincount(keys.astype(int))[keys.astype(int)] > 1)
    left = _shared(keys)
    assert set(shared.tolist()) <= set(left.tolist())
    assert len(left) < len(keys)


def test_the_evidence_of_a_large_set_is_two_of_its_texts_as_written() -> None:
    texts = (*texts_of(2_000), "A Pleading, Long Tag With An End!", "a pleading long tag with an ends")
    found = SET_METRICS["near_duplicate_share"](TextSet(texts, cap=1_000))
    assert set(found.pair) <= set(texts)
    assert len({normalise(text) for text in found.pair}) in (1, 2)


def test_ngrams_counted_in_blocks_are_those_of_each_text_alone() -> None:
    texts = [*texts_of(2_100), "x" * 300]
    grams, last = count_grams(texts, 3), count_grams(texts[-1:], 3)
    assert grams.counts[grams.starts[-2] :].tolist() == last.counts.tolist() == [1, 1, 298]
    whole = [int(block.counts.sum()) for block in grams.blocks(1000)]
    assert len(whole) == 3
    assert sum(whole) == sum(map(len, texts))
    assert sorted(set(grams.columns.tolist())) == list(range(grams.width))
