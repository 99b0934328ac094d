"""How the embedded judge agrees with people on sets that nothing was learned from, and what keeps it from guessing.

    python benchmarks/embedded_elsewhere.py [--data FOLDER] [--most 400] [--only pandalm]

Two tables. First the judge as it ships, on sets that its weights were not taught on. Then each learned model asked what
it was not taught, whether the judge would ask it or not (what was asked for stands in the place of the source): how
often `learned/domain.py` calls the text unlike the lesson, and whether agreement is better where it does not. Sets that
are not in the project are read from `--data`: a folder for each with `items.jsonl` and `labels.jsonl`.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import operator
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from elsewhere_sets import SETS, Case, Elsewhere  # type: ignore[import-not-found]  # beside this script
from embedded_agreement import _held, expected_rank, rouge_l  # type: ignore[import-not-found]
from recjudge.human_labels import Interval, Sums, interval
from recjudge.human_labels.sums import combine, mean_of
from recjudge.judge import Judge, Sample, Status, load_judge
from recjudge.judge.checks.words import read
from recjudge.judge.embedded.learned.model import Model, Moved, models
from recjudge.judge.records import Verdict

Numbers = Any
HEADER = (
    "Set", "Ships", "People's dimension → ours", "n", "Clusters", "Measure", "Embedded judge [95 %]", "Longer text",
    "Judge − longer [95 %]", "ROUGE-L", "MiniLM cosine", "Learned", "Prior", "Check", "Abstained", "Reading",
)  # fmt: skip
FORCED = (
    "Model", "Set, people's dimension", "n", "Measure", "All [95 %]", "Longer text", "Unlike", "Not unlike [95 %], n",
    "Unlike [95 %], n",
)  # fmt: skip
PAIRS = "right of pairs"
CHANCE = {"pairs": 0.5, "spearman": 0.0, "auc": 0.5}
NOTES = """\
- At most {most} cases a set, whole clusters drawn at random; intervals: {draws} draws of whole clusters, seed {seed}.
- *right of pairs*: the share of pairs of which people prefer one where the judge's expected place on its scale is
  higher for that one; a tie is half right, chance .5. *Spearman*: chance 0. *AUC*: chance .5.
- *Reading*: from the intervals alone: of agreement against chance, and of the difference to the longer text against 0.
- *Longer text*, *ROUGE-L* and *MiniLM cosine* (with what was asked for) are baselines on the same cases.
- *Learned*, *Prior*, *Check*, *Abstained*: who answered, of all texts: a learned model, a measure of the rubric, a code
  check, nobody. A set and dimension that the judge's weights were taught on is not in the first table.
- *Unlike*: the share of cases one of whose texts `learned/domain.py` calls unlike the lesson, where the judge therefore
  does not ask that model. A part of fewer than {least} cases has no figure.
"""


@dataclass(frozen=True)
class Told:
    """What one scorer makes of the texts of a set: a number each, and who said it."""

    scores: dict[str, float]
    by: dict[str, str]


def main() -> None:
    """Judges the sets, prints and writes both tables."""
    options = _options()
    started = time.perf_counter()
    judge = load_judge("local")
    assert isinstance(judge, Judge)
    first, second = list[str](), list[str]()
    for name, found in SETS.items():
        if (options.only and name != options.only) or not (found.ships or options.data):
            continue
        cases = _drawn(list(found.read(options.data)), options)
        of_judge, of_models = _of_set(name, found, cases, judge, options)
        print(*of_judge, *of_models, f"{name}: {time.perf_counter() - started:.0f} s", sep="\n", flush=True)
        first, second = [*first, *of_judge], [*second, *of_models]
    if not options.only:
        options.out.write_text(_page(first, second, judge, options))


def _of_set(name: str, found: Elsewhere, cases: Sequence[Case], judge: Judge, options: Any) -> tuple[list[str], ...]:
    """Rows of both tables; each text is read once for all of them."""
    dimensions = {ours for _, ours in found.asks}
    asked = [model for model in models() if _forceable(model, name, dimensions)]
    states = judge.examiner.states  # type: ignore[attr-defined]
    verdicts: dict[str, Verdict] = {}
    moved: dict[str, dict[str, Moved]] = {model.made["set"] + model.dimension: {} for model in asked}
    for key, (text, context) in _texts(cases).items():
        verdicts[key] = asyncio.run(judge.judge(_sample(text, context, "prompt")))
        for model in asked:
            sample = _sample(text, context, model.kind.removeprefix("quick "))
            if model.lexical or model.fits(sample):
                moved[model.made["set"] + model.dimension][key] = model.read(sample, states)
    first = [
        _row(name, found, theirs, ours, cases, _told(verdicts, ours), judge, options)
        for theirs, ours in found.asks
        if not _taught(name, ours)
    ]
    second = [
        _forced(model, name, found, theirs, cases, moved[model.made["set"] + model.dimension], options)
        for model in asked
        for theirs, ours in found.asks
        if ours == model.dimension
    ]
    return first, second


def _row(
    name: str, found: Elsewhere, theirs: str, ours: str, cases: Sequence[Case], told: Told, judge: Judge, options: Any
) -> str:
    kept = [case for case in cases if not math.isnan(case.gold.get(theirs, math.nan))]
    judged = np.array([_difference(case, told.scores) for case in kept])
    rows = [case for case, one in zip(kept, judged, strict=True) if not math.isnan(one)]
    sums = _sums(found.measure, _scores(rows, told.scores), rows, theirs)
    texts = _texts(rows)
    columns = [{key: of(*given) for key, given in texts.items()} for of in _baselines(judge)]
    baselines = [_value(found.measure, _scores(rows, column), rows, theirs) for column in columns]
    length = _sums(found.measure, _scores(rows, columns[0]), rows, theirs)
    over = _interval(combine(operator.sub, sums, length), rows, options)
    who = [told.by[_key(text, case.context)] for case in kept for text in case.texts]
    cells = [
        name, "yes" if found.ships else "no", f"{theirs} → `{ours}`", f"{len(rows):,} of {len(kept):,}",
        str(len({case.cluster for case in rows})), _named(found.measure), _shown(sums, rows, options),
        baselines[0], _told_interval(over), *baselines[1:],
        *(f"{who.count(by) / max(1, len(who)):.0%}" for by in ("learned", "prior", "check", "abstained")),
        _reading(_interval(sums, rows, options), over, CHANCE[found.measure]),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _forceable(model: Model, name: str, dimensions: set[str]) -> bool:
    """Not taught on this set, of a dimension asked here; quick columns alone where there is nothing to compare with."""
    alone = name == "cola_dev"
    return (
        model.task == "text" and model.made["set"] != name and model.dimension in dimensions and model.lexical == alone
    )


def _forced(
    model: Model,
    name: str,
    found: Elsewhere,
    theirs: str,
    cases: Sequence[Case],
    moved: Mapping[str, Moved],
    options: Any,
) -> str:
    scores = {key: one.score for key, one in moved.items()}
    rows = [
        case for case in cases
        if not math.isnan(case.gold.get(theirs, math.nan)) and all(_key(t, case.context) in scores for t in case.texts)
    ]  # fmt: skip
    flagged = np.array(
        [any(moved[_key(text, case.context)].unlike for text in case.texts) for case in rows], dtype=bool
    )
    taught = f"{model.made['set']} {model.dimension}{' (lexical)' * model.lexical}"
    cells = [taught, f"{name}, {theirs}", f"{len(rows):,}", _named(found.measure)]
    cells.append(_shown(_sums(found.measure, _scores(rows, scores), rows, theirs), rows, options))
    longer = {key: _length(*given) for key, given in _texts(rows).items()}
    cells += [_value(found.measure, _scores(rows, longer), rows, theirs), f"{flagged.mean():.0%}"]
    for mark in (False, True):
        part = [case for case, one in zip(rows, flagged, strict=True) if one == mark]
        few = len(part) < options.least
        shown = "few" if few else _shown(_sums(found.measure, _scores(part, scores), part, theirs), part, options)
        cells.append(f"{shown}, {len(part):,}")
    return f"| {' | '.join(cells)} |"


def _sums(measure: str, scores: Numbers, cases: Sequence[Case], theirs: str) -> Sums:
    gold = np.array([case.gold[theirs] for case in cases])
    if measure == "pairs":  # a tie of the judge is half right
        return mean_of(np.where(np.isnan(scores), np.nan, np.where(scores == 0, 0.5, (scores > 0) == (gold == 1))))
    found: Sums = _held(measure, scores, gold)
    return found


def _value(measure: str, scores: Numbers, cases: Sequence[Case], theirs: str) -> str:
    return _number(_sums(measure, scores, cases, theirs).value) if len(cases) and np.isfinite(scores).any() else "–"


def _scores(cases: Sequence[Case], scores: Mapping[str, float]) -> Numbers:
    return np.array([_difference(case, scores) for case in cases])


def _difference(case: Case, scores: Mapping[str, float]) -> float:
    said = [scores[_key(text, case.context)] for text in case.texts]
    return said[0] if len(said) == 1 else said[0] - said[1]


def _baselines(judge: Judge) -> tuple[Callable[[str, str], float], ...]:
    embedder = judge.examiner.embedder  # type: ignore[attr-defined]

    def cosine(text: str, context: str) -> float:
        found = embedder.similarity(text, context) if embedder and context else None
        return math.nan if found is None else found

    return _length, lambda text, context: rouge_l(text, context) if context else math.nan, cosine


def _length(text: str, context: str) -> float:
    return float(read(text).length)


def _told(verdicts: Mapping[str, Verdict], dimension: str) -> Told:
    found = {key: next(f for f in one.findings if f.dimension == dimension) for key, one in verdicts.items()}
    return Told({key: expected_rank(one) for key, one in found.items()}, {key: _by(one) for key, one in found.items()})


def _texts(cases: Sequence[Case]) -> dict[str, tuple[str, str]]:
    """Each distinct text with its context once."""
    return {_key(text, case.context): (text, case.context) for case in cases for text in case.texts}


def _sample(text: str, context: str, field: str) -> Sample:
    return Sample("s", "text", text, {field: context} if context else {})


def _key(text: str, context: str) -> str:
    return f"{context}\0{text}"


def _by(finding: Any) -> str:
    if finding.status is not Status.OK:
        return "abstained"
    return "learned" if finding.by.startswith("learned") else "check" if finding.by.startswith("check") else "prior"


def _taught(name: str, ours: str) -> bool:
    """Whether the judge's own weights were taught on this set and dimension of ours."""
    return any(model.made["set"] == name and model.dimension == ours for model in models())


def _drawn(cases: list[Case], options: Any) -> list[Case]:
    """Whole clusters, at random, until there are `--most` cases."""
    clusters = sorted({case.cluster for case in cases})
    order = np.random.default_rng(options.seed).permutation(len(clusters))
    rank = {clusters[at]: place for place, at in enumerate(order)}
    return sorted(cases, key=lambda case: rank[case.cluster])[: options.most]


def _shown(sums: Sums, cases: Sequence[Case], options: Any) -> str:
    return _told_interval(_interval(sums, cases, options))


def _interval(sums: Sums, cases: Sequence[Case], options: Any) -> Interval:
    return interval(sums, [case.cluster for case in cases], seed=options.seed, draws=options.draws)


def _told_interval(found: Interval) -> str:
    return f"{_number(found.value)} [{_number(found.low)}, {_number(found.high)}]"


def _reading(own: Interval, over: Interval, chance: float) -> str:
    if own.high < chance:
        return "worse than chance"
    if not own.low > chance:
        return "no better than chance"
    return "better than chance and length" if over.low > 0 else "better than chance, not than length"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}".replace("0.", ".", 1)


def _named(measure: str) -> str:
    return {"pairs": PAIRS, "spearman": "Spearman", "auc": "AUC"}[measure]


def _page(first: Sequence[str], second: Sequence[str], judge: Judge, options: Any) -> str:
    names = [f"{name} ({'in the project' if found.ships else 'not in the project'})" for name, found in SETS.items()]
    notes = NOTES.format(most=options.most, draws=f"{options.draws:,}", seed=options.seed, least=options.least)
    tables = [
        [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines, ""]
        for head, lines in ((HEADER, first), (FORCED, second))
    ]
    asked = f"Judge: `{judge.name}` on {judge.rubrics['text'].id}. Sets: {', '.join(names)}."
    return "\n".join([
        "# The embedded judge on what it was not taught", "", asked, "", *tables[0],
        "## Each learned model asked what it was not taught", "", *tables[1], notes,
    ])  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="Folder of sets that are not in the project.")
    parser.add_argument("--most", type=int, default=400, help="Cases a set, whole clusters drawn at random.")
    parser.add_argument("--least", type=int, default=40, help="Cases below which a part has no figure.")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=SETS, help="One set; the page is then not written.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "embedded_elsewhere.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
