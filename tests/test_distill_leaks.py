"""Nothing of a held-out sample is in what scores it: no label, no copy of its text, no name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from recjudge.judge.student.features import names_for, vectors
from recjudge.training import Row
from recjudge.training.distilling import Examples, examples_of, folds, learn, split

from distill_world import RUBRIC, RUBRICS, rows


def turned(examples: Examples, places: list[int]) -> Examples:
    """The labels of these rows the other way round."""
    of = list(examples.rows)
    for place in places:
        values = {name: 2 - value for name, value in of[place].values.items()}
        of[place] = replace(of[place], values=values, labels={name: int(value) for name, value in values.items()})
    return replace(examples, rows=tuple(of))


def test_scores_and_cuts_of_a_fold_do_not_know_its_labels() -> None:
    examples = examples_of(rows(12), RUBRICS)["text"]
    places = np.flatnonzero(folds(examples.clusters, 5) == 0).tolist()
    one, other = learn(examples, draws=2), learn(turned(examples, places), draws=2)
    for target in ("grade", "relevance"):
        for kind in ("listwise", "pointwise"):
            before, after = one.scores[target, kind], other.scores[target, kind]
            assert before[places].tolist() == after[places].tolist()
            assert before.tolist() != after.tolist()
    assert one.held_out[0][2] == tuple(places)
    assert one.held_out[0] == other.held_out[0]


def test_no_fold_shares_a_cluster_with_what_scores_it() -> None:
    examples = examples_of(rows(12), RUBRICS)["text"]
    lesson = learn(examples, draws=2)
    held = [{examples.rows[place].cluster for place in places} for _, _, places in lesson.held_out]
    assert sum(map(len, held)) == len(set().union(*held)) == 12
    assert sorted(place for _, _, places in lesson.held_out for place in places) == list(range(36))


def test_features_see_neither_names_nor_meta() -> None:
    samples = [row.sample for row in rows(6)]
    renamed = [
        replace(one, id=f"x{one.id}", system="Z", meta={"grade": "Bad"}, group="q", item="i", parent="p", place="f:1")
        for one in samples
    ]
    names = names_for(RUBRIC)
    assert np.array_equal(vectors(samples, names), vectors(renamed, names), equal_nan=True)


def test_a_split_puts_copies_of_held_out_texts_on_no_side() -> None:
    of = rows(8)
    copies = []
    for row in of:
        copy = replace(
            row.sample, id=f"copy-{row.sample.id}", group=f"h{row.sample.group}", output=row.sample.text.upper()
        )
        copies.append(Row(copy, replace(row.verdict, id=copy.id, group=copy.group, key=copy.key)))
    examples = examples_of([*of, *copies], RUBRICS)["text"]
    assert len({row.cluster for row in examples.rows}) == 16
    train, held = split(examples, 0.25, seed=1)
    texts = [{row.sample.text.casefold() for row in side.rows} for side in (train, held)]
    assert texts[0].isdisjoint(texts[1])
    assert len(held.rows) == 12
    assert len(train.rows) < 36
