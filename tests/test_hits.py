"""HR@K against its formula, and who is left out of it."""

from __future__ import annotations

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.training import hit_rate

KIND = {"trail shoes": "shoes", "head torch": "lights", "set": ["bags", "lights"]}.get


def test_a_user_is_hit_by_the_category_of_one_of_the_first_k_tags() -> None:
    tags = {"a": ["head torch", "trail shoes"], "b": ["set"], "c": ["unknown"]}
    after = {"a": "shoes", "b": "lights", "c": "shoes"}
    one, two = hit_rate(tags, after, KIND, k=1), hit_rate(tags, after, KIND, k=2)
    assert (one.share.count, two.share.count) == (1, 2)
    assert (one.short, two.short) == (0, 2)
    assert (one.categories, two.categories) == (1.0, 4 / 3)


def test_it_is_the_mean_of_the_literal_formula() -> None:
    rng = np.random.default_rng(5)
    lists = rng.integers(0, 40, (200, 30))
    after = rng.integers(0, 40, 200)
    told = hit_rate(
        {user: [str(tag) for tag in row] for user, row in enumerate(lists)},
        {user: str(kind) for user, kind in enumerate(after)},
        lambda tag: tag,
        k=30,
    )
    assert told.share.value == np.mean([kind in row for kind, row in zip(after, lists, strict=True)])
    low, high = told.share.interval
    assert low < told.share.value < high


def test_a_user_whose_next_item_is_unknown_is_counted_apart() -> None:
    told = hit_rate({"a": ["set"], "b": ["set"], "c": ["set"]}, {"a": "bags", "b": None}, KIND, k=1)
    assert (told.share.count, told.share.n, told.share.planned) == (1, 1, 3)


def test_without_a_user_or_a_tag_there_is_no_rate() -> None:
    with pytest.raises(UsageError, match="same user ids"):
        hit_rate({"a": ["set"]}, {1: "bags"}, KIND, k=1)
    with pytest.raises(UsageError, match="give 1 or more"):
        hit_rate({"a": ["set"]}, {"a": "bags"}, KIND, k=0)
