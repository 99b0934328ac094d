"""Texts to make sets of."""

import random

from hypothesis import strategies as st

WORDS = [
    "red",
    "blue",
    "long",
    "short",
    "dress",
    "shoe",
    "lamp",
    "tea",
    "garden",
    "winter",
    "soft",
    "light",
    "bag",
    "of",
]


LINES = st.lists(st.lists(st.sampled_from(WORDS[:6]), min_size=1, max_size=6).map(" ".join), min_size=2, max_size=12)


def sentences(count, length, kinds=0, seed=0):
    """Random words, of `kinds` made-up ones or of `WORDS`."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(kinds)] or WORDS
    return [" ".join(rng.choices(words, k=length)) for _ in range(count)]


def edited(text, seed):
    """The text with one word of it left out."""
    words = text.split()
    del words[seed % len(words)]
    return " ".join(words)
