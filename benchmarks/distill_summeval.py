"""A Student trained on experts' labels, against its point-wise twin and the embedded judge, on SummEval's documents.

    python benchmarks/distill_summeval.py [--folds 10] [--out benchmarks/results/distill_summeval.md]

Takes some minutes on one core. Every score is by weights of other documents; shrinkage, knots and cuts are chosen anew
inside the training documents of each fold.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from recjudge.human_labels import Interval, as_labels, combine, interval, load_set
from recjudge.judge import read_verdicts, score, shipped
from recjudge.judge.student import GRADE
from recjudge.training import Row
from recjudge.training.distilling import Example, Examples, Lesson, better_by, examples_of, judges_places, learn, order
from recjudge.training.distilling.evaluating import in_order
from recjudge.training.distilling.fitting import LISTWISE, POINTWISE
from recjudge.training.distilling.pairs import Pairs

FOUR = ("relevance", "factuality", "fluency", "clarity")
CALLED = {"relevance": "relevance", "factuality": "consistency", "fluency": "fluency", "clarity": "coherence"}
OTHERS = ((5, 0), (5, 1), (10, 1))
"""Folds and seeds that the comparison is shown under too."""
MEAN = "mean of the four"
HEADER = (
    "Experts' dimension → ours", "pairs", "Student, listwise [95 %]", "point-wise", "embedded judge",
    "listwise − point-wise [95 %]", "listwise − embedded [95 %]", "NDCG", "Spearman: listwise, point-wise, embedded",
    "Brier (base)",
)  # fmt: skip
SYSTEMS = (
    "Experts' dimension → ours",
    "pairs",
    "listwise [95 %]",
    "listwise − point-wise [95 %]",
    "listwise − embedded [95 %]",
)
NOTES = """\
- *In order*: the share of pairs of one document whose experts' means differ that a scorer orders as they do, equal
  scores counting half; a coin has .5. Intervals draw whole documents ({draws:,} draws, BCa); differences are over the
  same pairs, document by document.
- *Student*: text features, bent at quantiles, under the listwise loss of RecGPT-V2 over all levels of the mean;
  *point-wise* is a logistic regression of the mean's place on the scale, on the same columns. Both choose their
  shrinkage by the order of held-out pairs within the training documents.
- *Embedded judge*: `{judge}`, by the place it expects; nothing in it was fitted to these labels.
- *Spearman*: mean over documents. *Brier*: of the probability of no defect, the experts' scale cut evenly; the base
  gives each sample the share that passes.
- `mean of the four` was learned as the grade, from the experts' mean over the four dimensions.
- Other losses were tried on the first 40 or 50 documents, in five folds: gaps as weights, pairs, a point-wise part,
  scales within documents. None was better by more than chance, and the paper's loss stands as it is.
"""


def main() -> None:
    """Trains, evaluates, prints and writes the page."""
    options = _options()
    started = time.perf_counter()
    examples, rows, judge = _examples(options.verdicts)
    judged = judges_places(rows, examples)
    judged[GRADE] = np.mean([judged[name] for name in FOUR], axis=0)
    lesson = learn(examples, parts=options.folds, seed=options.seed, draws=options.draws, judged=judged)
    systems = learn(_by_system(examples), parts=4, seed=options.seed, draws=2)
    page = (
        "\n".join([*_page(examples, lesson, systems, judged, judge, options), *_others(examples, judged, options)])
        + "\n"
    )
    print(page)
    print(f"{time.perf_counter() - started:.0f} s")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page)


def _examples(path: Path | None) -> tuple[Examples, list[Row], str]:
    found = load_set("summeval")
    verdicts = {one.id: one for one in (read_verdicts(path) if path else score(found.samples, "local"))}
    rows = [Row(sample, verdicts[sample.id]) for sample in found.samples]
    people = as_labels(found).of_one_role("expert")
    read = examples_of(rows, shipped(), people, dimensions=(*FOUR, GRADE))["text"]
    judge = rows[0].verdict.judge
    return replace(read, rows=tuple(map(_with_mean, read.rows))), rows, judge


def _with_mean(row: Example) -> Example:
    """The experts' mean over the four in the place of the grade."""
    mean = round(sum(row.values[name] for name in FOUR) / 4, 9)
    labels = {name: row.labels[name] for name in FOUR} | {GRADE: int(mean >= 2 / 3) + int(mean >= 4 / 3)}
    values = {name: row.values[name] for name in FOUR} | {GRADE: mean}
    return replace(row, values=values, labels=labels, people=frozenset(values))


def _by_system(examples: Examples) -> Examples:
    """Systems, not documents, are held out."""
    return replace(examples, rows=tuple(replace(row, cluster=str(row.sample.system)) for row in examples.rows))


def _together(examples: Examples, one: Any, other: Any, options: Any) -> tuple[float, Interval]:
    """The mean over the four dimensions of accuracies, and what it is more than the other's, documents drawn whole."""
    first = [in_order(_pairs(examples, name), one[name]) for name in FOUR]
    second = [in_order(_pairs(examples, name), other[name]) for name in FOUR]

    def apart(*parts: Any) -> Any:
        return sum(parts[: len(FOUR)]) / len(FOUR) - sum(parts[len(FOUR) :]) / len(FOUR)

    found = interval(
        combine(apart, *first, *second), examples.clusters.tolist(), draws=options.draws, seed=options.seed
    )
    return float(np.mean([sums.value for sums in first])), found


def _pairs(examples: Examples, name: str) -> Pairs:
    return Pairs.of(examples.values(name), examples.groups(name))


def _of(lesson: Lesson, kind: str) -> dict[str, Any]:
    """Target to held-out scores."""
    return {target.name: lesson.scores[target.name, kind] for target in lesson.targets}


def _page(examples: Examples, lesson: Lesson, systems: Lesson, judged: Any, judge: str, options: Any) -> Iterator[str]:
    documents = len({row.cluster for row in examples.rows})
    yield f"{len(examples.rows):,} summaries of {documents} documents by 16 systems, three experts;"
    yield f"{options.folds} folds of whole documents, seed {options.seed}."
    yield from ("", f"| {' | '.join(HEADER)} |", f"|{'---|' * len(HEADER)}")
    for one in lesson.learned:
        cal, embedded, over = one.calibration, one.judge, one.over_judge
        assert cal
        assert embedded
        assert over
        yield _line(
            _named(one.target), f"{one.student.pairs:,}", _shown(one.student.accuracy),
            _number(one.other.accuracy.value), _number(embedded.accuracy.value), _shown(one.ahead, "+"),
            _shown(over, "+"), _number(one.student.ndcg.value),
            ", ".join(_number(of.spearman.value) for of in (one.student, one.other, embedded)),
            f"{_number(cal.brier.value)} ({_number(cal.base.value)})",
        )  # fmt: skip
    yield ""
    yield _sentence("documents", examples, lesson, judged, options)
    yield from ("", NOTES.format(draws=options.draws, judge=judge))
    yield "## A warning: systems held out"
    yield ""
    yield "Four folds of whole systems; pairs are of one document and one fold. What a Student knows is to a part how"
    yield "these systems write: about a new generator's outputs ask people first."
    yield from ("", f"| {' | '.join(SYSTEMS)} |", f"|{'---|' * len(SYSTEMS)}")
    yield from _system_lines(examples, systems, judged, options)


def _system_lines(examples: Examples, systems: Lesson, judged: Any, options: Any) -> Iterator[str]:
    fold = {place: part for part, (_, _, places) in enumerate(systems.held_out) for place in places}
    rows = (replace(row, context=f"{row.context}/{fold[place]}") for place, row in enumerate(examples.rows))
    within = replace(examples, rows=tuple(rows))
    own, other = _of(systems, LISTWISE), _of(systems, POINTWISE)
    for name in own:
        told = order(within, name, own[name], draws=options.draws, seed=options.seed)
        yield _line(
            _named(name), f"{told.pairs:,}", _shown(told.accuracy),
            _shown(better_by(within, name, own[name], other[name], draws=options.draws), "+"),
            _shown(better_by(within, name, own[name], judged[name], draws=options.draws), "+"),
        )  # fmt: skip

    yield ""
    yield _sentence("systems", within, systems, judged, options)


def _others(examples: Examples, judged: Any, options: Any) -> Iterator[str]:
    yield from ("", "## Other draws of the folds", "")
    for parts, seed in OTHERS:
        lesson = learn(examples, parts=parts, seed=seed, draws=2)
        yield f"- {parts} folds, seed {seed}. {_sentence('documents', examples, lesson, judged, options)}"


def _sentence(held: str, examples: Examples, lesson: Lesson, judged: Any, options: Any) -> str:
    own = _of(lesson, LISTWISE)
    value, ahead = _together(examples, own, _of(lesson, POINTWISE), options)
    _, over = _together(examples, own, judged, options)
    return (
        f"The four dimensions together, {held} held out (the mean of their shares): listwise {_number(value)}, "
        f"{_shown(ahead, '+')} more than point-wise, {_shown(over, '+')} more than the embedded judge."
    )


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _named(target: str) -> str:
    return MEAN if target == GRADE else f"{CALLED[target]} → `text.{target}`"


def _shown(found: Interval, sign: str = "") -> str:
    return f"{_number(found.value, sign)} [{_number(found.low, sign)}, {_number(found.high, sign)}]"


def _number(value: float, sign: str = "") -> str:
    return f"{value:{sign}.3f}".replace("0.", ".", 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verdicts", type=Path, help="The embedded judge's verdicts, where they are there already.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "distill_summeval.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
