"""What a learned model was taught on: what is unlike it is said in words, what is like it is not."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from recjudge.human_labels import load_set
from recjudge.judge import Sample, Status, load_judge, shipped
from recjudge.judge.embedded.embedding import missing
from recjudge.judge.embedded.learned.domain import UNLIKE, away, measured, record, unlike
from recjudge.judge.student.features import names_for, vectors

NAMES = names_for(shipped()["text"])
PLANTED = {
    "poem": "O silver moon above the sleeping sea,\nyou pull the tide as memory pulls at me;\nthe gulls are hushed, "
    "the lanterns lost in foam,\nand every wave that breaks is breaking home.",
    "recipe": "Ingredients: 200 g flour, 2 eggs, 300 ml milk, a pinch of salt. 1. Whisk the eggs. 2. Add the milk, "
    "until there are no lumps. 3. Let it rest for 30 minutes. 4. Heat butter in a pan, and turn after 2 minutes.",
    "code": "def mean(values):\n    total = 0\n    for value in values:\n        total += value\n    return total / "
    "len(values)\n\nif __name__ == '__main__':\n    print(mean([1, 2, 3]))  # 2.0\n",
}
SUMMARIES = sorted((s for s in load_set("summeval").samples if s.system != "M20"), key=lambda s: str(s.group))
"""M20 writes like no other system of the set: most of it is unlike the others', and is said to be."""


@pytest.fixture(scope="module")
def told() -> Callable[[list[Sample]], list[str]]:
    """Says how samples are unlike the summaries of 25 documents by fifteen systems, in quick columns."""
    taught = SUMMARIES[: 25 * 15]
    raw = vectors(taught, NAMES)
    own = (np.isfinite(raw).sum(0) > 30) & (np.nan_to_num(raw).std(0) > 0)
    centre, scale = np.nanmean(raw[:, own], 0), np.nanstd(raw[:, own], 0)
    scale[scale == 0] = 1
    seen = record((raw[:, own] - centre) / scale, *zip(*map(measured, taught), strict=True))

    def words(samples: list[Sample]) -> list[str]:
        rows = zip((vectors(samples, NAMES)[:, own] - centre) / scale, samples, strict=True)
        return [unlike(seen, z, *measured(sample), np.array(NAMES)[own].tolist()) for z, sample in rows]

    return words


def test_few_summaries_of_other_documents_are_unlike_the_lesson(told: Callable[[list[Sample]], list[str]]) -> None:
    held_out = SUMMARIES[25 * 15 : 40 * 15]
    assert 0 < sum(map(bool, told(held_out))) <= 0.04 * len(held_out)


@pytest.mark.parametrize("kind", PLANTED)
def test_what_is_no_summary_is_unlike_the_lesson_and_the_words_name_columns(
    told: Callable[[list[Sample]], list[str]], kind: str
) -> None:
    for words in told([replace(sample, output=PLANTED[kind]) for sample in SUMMARIES[1000::100]]):
        assert words.startswith(UNLIKE)
        assert "standard deviations off" in words
        assert any(name in words for name in NAMES)


def test_length_and_language_are_named_where_they_are_what_is_unlike() -> None:
    seen = record(np.random.default_rng(0).normal(size=(300, 5)), [*range(20, 120)] * 3, ["en"] * 299 + ["fr"])
    assert seen["lengths"] == [20, 119]
    assert unlike(seen, np.zeros(5), 50, "en") == ""
    assert "4 long" in unlike(seen, np.zeros(5), 4, "en")
    assert "language fr, learned from en" in unlike(seen, np.zeros(5), 50, "fr")


def test_a_sample_is_away_by_more_than_one_exactly_where_there_are_words() -> None:
    random = np.random.default_rng(1)
    seen = record(random.normal(size=(300, 5)), [*range(20, 120)] * 3, ["en"] * 300)
    rows = [(random.normal(size=5) * size, length) for size in (0.5, 1, 2, 4) for length in (5, 20, 60, 119, 300)]
    assert all((away(seen, z, length, "en") > 1) == bool(unlike(seen, z, length, "en")) for z, length in rows)
    assert away(seen, rows[0][0], 60, "zh") == math.inf


def test_a_sample_that_has_no_column_is_unlike() -> None:
    seen = record(np.random.default_rng(2).normal(size=(100, 3)), [10] * 100, ["en"] * 100)
    assert unlike(seen, np.full(3, np.nan), 10, "en").startswith(UNLIKE)


@pytest.mark.slow
@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_local_abstains_on_a_recipe_that_poses_as_a_summary_and_not_on_a_summary_where_that_is_asked_for() -> None:
    summary = next(sample for sample in SUMMARIES if sample.system == "M22")
    judge = load_judge("local", abstain_unlike=True)
    recipe = asyncio.run(judge.judge(replace(summary, output=PLANTED["recipe"])))
    real = asyncio.run(judge.judge(summary))
    silent = {found.dimension: found.reason for found in recipe.findings if found.status is Status.ABSTAINED}
    assert {"clarity", "fluency"} <= set(silent)  # what no check settled
    assert UNLIKE in silent["clarity"]
    assert all(UNLIKE not in found.reason for found in real.findings)
