"""Trains the learned embedded judge on the labelled sets that ship, and shows how well it agrees with held-out people.

    OMP_NUM_THREADS=1 python benchmarks/train_embedded.py [--draws 1000] [--only summeval] [--weights] [--cache FOLDER]

Writes `judge/embedded/learned/weights/*.json` and `benchmarks/results/embedded_learned.md`. Every figure is of samples
that the weights did not see. Features are rounded before they are learned from, so that a run gives the same weights.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from embedded_agreement import (  # type: ignore[import-not-found]  # beside this script
    _ceiling,
    _commonest,
    _held,
    _number,
    _shown,
)
from embedded_fit import fit, portions, weighed  # type: ignore[import-not-found]
from embedded_lessons import LESSONS, Data, Lesson, data_of  # type: ignore[import-not-found]
from embedded_page import (  # type: ignore[import-not-found]
    calibration,
    columns_of,
    difference,
    page_of,
    prior_of,
)
from recjudge.human_labels import interval
from recjudge.human_labels.proportions import wilson
from recjudge.judge import shipped
from recjudge.judge.embedded.learned.columns import KINDS, VERSION
from recjudge.judge.embedded.learned.domain import measured, record
from recjudge.judge.embedded.learned.model import domain_columns
from recjudge.judge.embedded.learned.states import States
from recjudge.judge.student.features import VERSION as QUICK
from recjudge.training.distilling.cuts import shares_of, target_of

Numbers = Any
AT_ONCE = "documents and systems at once"
ONE = "documents and one system at once"
ALONE = "documents alone"
CUTS = "the same scores, cuts of other documents and all systems"
WEIGHTS = Path(__file__).parents[1] / "judge" / "embedded" / "learned" / "weights"
DIGITS = 6
PUBLISHED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("summeval", "coherence"): (".264", ".535"),
    ("summeval", "consistency"): (".330", ".532"),
    ("summeval", "fluency"): (".183", ".458"),
    ("summeval", "relevance"): (".402", ".450"),
}
"""Llama-3.1-8B-Instruct (JUDGE-BENCH) and gpt-4o (data of the alternative annotator test), with the mean expert."""
DRAWS = 6
"""Draws of the blocks, by systems and documents at once, that agreement is shown under: one draw may be lucky."""


@dataclass(frozen=True)
class Told:
    """Held-out scores and probabilities."""

    scores: Numbers
    shares: Numbers

    @property
    def expected(self) -> Numbers:
        """(n,) places expected on the scale, in [0, 1]."""
        return self.shares @ np.linspace(0, 1, self.shares.shape[1])


@dataclass(frozen=True)
class Page:
    """Lines of its tables and lists."""

    agreement: list[str]
    calibrated: list[str]
    draws: list[str]
    curves: list[str]
    recorded: list[str]
    shipped: list[str]
    pairs: list[str]


def main() -> None:
    """Learns, evaluates, writes."""
    options = _options()
    started, states = time.perf_counter(), States()
    page = Page([], [], [], [], [], [], [])
    WEIGHTS.mkdir(exist_ok=True)
    for lesson in LESSONS:
        if options.only and lesson.set != options.only:
            continue
        if options.weights:
            _again(lesson, states, options)
        else:
            _teach(lesson, states, options, page)
    took = time.perf_counter() - started
    print(f"{took:.0f} s")
    if not options.only and not options.weights:
        size = sum(file.stat().st_size for file in WEIGHTS.glob("*.json"))
        options.out.write_text(page_of(page, options, blocks=DRAWS, minutes=took / 60, size=size))


def _teach(lesson: Lesson, states: States, options: Any, page: Page) -> None:
    """Both models of a lesson: where a model is no better than the prior measure, it does not ship."""
    data = data_of(lesson, states, options.cache)
    folds = _folds(data, options.seed)
    told = {name: _held_out(data, parts, known=name == ALONE) for name, parts in folds.items()}
    (held, first), *_ = told.items()
    quick = quick_told = None
    if f"quick {lesson.kind}" in KINDS:
        quick = data_of(lesson.lexical, states, options.cache)
        quick_told = _held_out(quick, folds[held])
    prior = prior_of(lesson.set, lesson.ours, options.cache)
    known = np.array([prior.expected[id] for id in data.ids])
    for one, of, where in ((data, first, ""), (quick, quick_told, " on quick features alone")):
        if one is None or of is None:
            continue
        drawn = _draws(one) if lesson.by_system else [of.expected]
        better = difference(lesson.measure, drawn, known, one.task.labels, data.clusters, options)
        file = WEIGHTS / f"{one.lesson.name}.json"
        ships = lesson.answers and (better.low if where else better.value) > 0
        if ships:
            file.write_bytes(weights_of(one, options.seed))
        else:
            file.unlink(missing_ok=True)
        page.shipped.append(
            f"| {lesson.set} {lesson.theirs}{where} | {better.n:,} | {_shown(better)} | {'yes' if ships else 'no'} |"
        )
        if lesson.by_system:
            page.draws.append(_drawn(one, drawn, where))
    if not lesson.answers:
        page.pairs.append(_pairs(data, first))
    page.agreement.extend(
        _line(data, name, one, quick_told if name == held else None, prior, options) for name, one in told.items()
    )
    page.calibrated.extend(calibration(f"{lesson.set} {lesson.theirs}", name, one, data) for name, one in told.items())
    if lesson.by_system:
        again = _cuts_of_all_systems(data, first)
        page.calibrated.append(calibration(f"{lesson.set} {lesson.theirs}", CUTS, again, data))
    if quick_told is not None:
        page.calibrated.append(calibration(f"{lesson.set} {lesson.theirs}", f"{held}, quick", quick_told, data))
    page.curves.append(_curve(data, first))
    page.recorded.extend(_recorded(data, first, options))
    print(page.agreement[-1], page.curves[-1], sep="\n", flush=True)


def _pairs(data: Data, told: Told) -> str:
    """How often the score, and the length, put the better of two samples of one prompt first."""
    rows: dict[str, list[int]] = {}
    for at, cluster in enumerate(data.clusters):
        rows.setdefault(cluster, []).append(at)
    found = []
    for one, other in (pair for at in rows.values() for pair in combinations(at, 2)):
        less = data.task.labels[one] - data.task.labels[other]
        lengths = len(data.samples[one].text) - len(data.samples[other].text)
        if less:
            found.append((less * (told.scores[one] - told.scores[other]) > 0, less * lengths > 0))
    cells = []
    for right in (sum(column) for column in zip(*found, strict=True)):
        low, high = wilson(right, len(found))
        cells.append(f"{right / len(found):.2f} [{low:.2f}, {high:.2f}]")
    return f"| {data.lesson.set} {data.lesson.theirs} | {len(found)} | {' | '.join(cells)} |"


def _again(lesson: Lesson, states: States, options: Any) -> None:
    for one in (lesson, lesson.lexical) if f"quick {lesson.kind}" in KINDS else (lesson,):
        if (file := WEIGHTS / f"{one.name}.json").exists():
            file.write_bytes(weights_of(data_of(one, states, options.cache), options.seed))


def _folds(data: Data, seed: int) -> dict[str, list[tuple[Numbers, Numbers]]]:
    """What is held out to pairs of masks: fitted on, told."""
    task = data.task
    every = np.ones(len(task.labels), dtype=bool)
    ten = portions(task.groups, every, 10, seed)
    alone = [(ten != at, ten == at) for at in range(10)]
    if task.systems is None:
        return {"groups": alone}
    groups, systems = portions(task.groups, every, 5, seed), portions(task.systems, every, 4, seed)
    both = [
        ((groups != one) & (systems != other), (groups == one) & (systems == other))
        for one in range(5)
        for other in range(4)
    ]
    three = portions(task.groups, every, 3, seed)
    new = [
        ((three != one) & (task.systems != other), (three == one) & (task.systems == other))
        for one in range(3)
        for other in np.unique(task.systems)
    ]
    return {AT_ONCE: both, ONE: new, ALONE: alone}


def _held_out(data: Data, folds: Sequence[tuple[Numbers, Numbers]], *, known: bool = False) -> Told:
    scores, shares = np.full(len(data.ids), np.nan), np.full((len(data.ids), len(data.labels)), np.nan)
    for train, told in folds:
        fitted, left_out = fit(data.task, train, known=known)
        target = target_of(data.lesson.ours, data.labels, left_out, data.places)
        scores[told] = fitted.scores(data.task.raw[told])
        shares[told] = shares_of(target, scores[told])
    return Told(scores, shares)


def _cuts_of_all_systems(data: Data, told: Told) -> Told:
    """The same held-out scores; probabilities by the scores of other documents, of all systems: as what ships has."""
    shares = np.full(told.shares.shape, np.nan)
    part = portions(data.task.groups, np.ones(len(data.ids), dtype=bool), 10, 0)
    for at in range(10):
        others = np.where(part != at, told.scores, np.nan)
        target = target_of(data.lesson.ours, data.labels, others, data.places)
        shares[part == at] = shares_of(target, told.scores[part == at])
    return Told(told.scores, shares)


def _draws(data: Data) -> list[Numbers]:
    """Scores by weights that saw neither a sample's document nor its system, under several draws of the blocks."""
    found = []
    for seed in range(DRAWS):
        scores = np.full(len(data.ids), np.nan)
        for train, told in _folds(data, seed)[AT_ONCE]:
            scores[told] = weighed(data.task, train).scores(data.task.raw[told])
        found.append(scores)
    return found


def _drawn(data: Data, drawn: Sequence[Numbers], where: str) -> str:
    """Agreement over the draws: the mean, the least and the most."""
    found = [_held(data.lesson.measure, scores, data.task.labels).value for scores in drawn]
    values = map(_number, (float(np.mean(found)), min(found), max(found)))
    return f"| {data.lesson.theirs}{where} | {' | '.join(values)} |"


def _line(data: Data, held: str, told: Told, quick: Told | None, prior: Any, options: Any) -> str:
    lesson, gold, table = data.lesson, data.task.labels, data.found.table(data.lesson.theirs)
    sums = _held(lesson.measure, told.scores, gold)
    known = np.array([prior.expected[id] for id in data.ids])
    target = target_of(lesson.ours, data.labels, told.scores, data.places)  # one for all: the order stays the scores'
    whole = np.where(
        [prior.settled[id] for id in data.ids], known, Told(told.scores, shares_of(target, told.scores)).expected
    )
    cells = [
        lesson.set, f"{lesson.theirs} → `{lesson.ours}`", held, f"{len(gold):,}", str(len(set(data.clusters))),
        {"auc": "AUC", "spearman": "Spearman"}[lesson.measure],
        _shown(interval(sums, list(data.clusters), seed=options.seed, draws=options.draws)),
        _shown(interval(sums, list(data.systems), seed=options.seed, draws=options.draws)) if lesson.by_system else "–",
        _number(_held(lesson.measure, whole, gold).value),
        _number(_held(lesson.measure, quick.scores, gold).value) if quick is not None else "–",
        _known(lesson.measure, known, gold),
        _ceiling(table, [data.found.clusters[id] for id in table.ids], options),
        *(_number(_held(lesson.measure, column, gold).value) for column in _baselines(data)),
        f"{_commonest(table.values):.0%}", *PUBLISHED.get((lesson.set, lesson.theirs), ("–", "–")),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _known(measure: str, scores: Numbers, gold: Numbers) -> str:
    kept = ~np.isnan(scores)
    value = _held(measure, scores[kept], gold[kept]).value if kept.sum() > 2 else np.nan
    shown: str = _number(float(value))
    return shown + (f" (n {kept.sum():,})" if not kept.all() else "")


def _baselines(data: Data) -> list[Numbers]:
    return [np.array([column[id] for id in data.ids]) for column in columns_of(data.lesson.set)]


def _curve(data: Data, told: Told) -> str:
    """Agreement on the samples whose likeliest label is surest, as more are left aside."""
    sure = np.argsort(-told.shares.max(1), kind="stable")
    found, error = [], []
    for kept in (1.0, 0.8, 0.6, 0.4):
        rows = sure[: int(kept * len(sure))]
        right = (told.shares[rows].argmax(1) == data.places[rows]).mean()
        found.append(right)
        error.append(np.sqrt(right * (1 - right) / len(rows)))
    rises = all(later >= before for before, later in pairwise(found))
    falls = any(later < before - 2 * e for before, later, e in zip(found, found[1:], error[1:], strict=False))
    said = "yes" if rises else "no" if falls else "within chance"
    cells = [f"{_number(one)} ± {_number(of)}" for one, of in zip(found, error, strict=True)]
    return f"| {data.lesson.set} {data.lesson.theirs} | {' | '.join(cells)} | {said} |"


def _recorded(data: Data, told: Told, options: Any) -> list[str]:
    """The recorded LLM judges, on the samples that they judged."""
    said: dict[str, dict[str, float]] = {}
    for label in data.found.labels:
        if not label.human and label.dimension == data.lesson.theirs:
            said.setdefault(label.annotator, {})[label.id] = label.value
    lines, measure = [], data.lesson.measure
    for annotator, values in sorted(said.items()):
        rows = [at for at, id in enumerate(data.ids) if id in values]
        if len(rows) < 20:
            continue
        theirs, own = np.array([values[data.ids[at]] for at in rows]), told.scores[rows]
        gold, clusters = data.task.labels[rows], [data.clusters[at] for at in rows]
        apart = difference(measure, [own], theirs, gold, clusters, options)
        both = (_number(_held(measure, column, gold).value) for column in (theirs, own))
        lines.append(
            f"| {data.lesson.set} {data.lesson.theirs} | {annotator} | {len(rows)} "
            f"| {' | '.join(both)} | {_shown(apart)} |"
        )
    return lines


def weights_of(data: Data, seed: int) -> bytes:
    every = np.ones(len(data.ids), dtype=bool)
    fitted, left_out = fit(data.task, every, seed)
    target = target_of(data.lesson.ours, data.labels, left_out, data.places)
    z = ((data.task.raw - fitted.centre) / fitted.scale)[:, domain_columns(data.names)]
    seen = [measured(sample) for sample in data.samples]
    domain = record(z, [length for length, _ in seen], [language for _, language in seen])
    rubric = shipped()[data.found.samples[0].task]
    dim = next(dim for dim in rubric.dimensions if dim.name == data.lesson.ours)
    said: Mapping[str, Any] = {
        "columns": VERSION, "quick": QUICK, "task": rubric.name, "dimension": dim.name, "question": dim.question,
        "kind": data.lesson.kind, "names": data.names, "domain": domain,
        **{name: list(map(_short, getattr(fitted, name))) for name in ("centre", "scale", "weights")},
        "target": {"labels": list(target.labels), "slope": target.slope, "cuts": list(target.cuts)},
        "made": {
            "set": data.lesson.set, "people": data.lesson.theirs, "n": len(data.ids), "groups": len(set(data.clusters)),
        },
    }  # fmt: skip
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="One set; the page is then not written.")
    parser.add_argument("--weights", action="store_true", help="Only the weights of the models that ship, anew.")
    parser.add_argument("--cache", type=Path, help="A folder that keeps the columns between runs.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "embedded_learned.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
