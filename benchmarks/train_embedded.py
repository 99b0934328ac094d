"""Trains the learned embedded judge on the labelled sets that ship, and shows how well it agrees with held-out people.

    python benchmarks/train_embedded.py [--draws 1000] [--only summeval] [--cache FOLDER]

Writes `judge/embedded/learned/weights/*.json` and `benchmarks/results/embedded_learned.md`. Every figure is of samples
that the weights did not see. Features are rounded before they are learned from, so that a run gives the same weights.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    source_of,
)
from embedded_fit import (  # type: ignore[import-not-found]
    LOGISTIC,
    OF_SYSTEMS,
    PLAIN,
    STRONG,
    Setting,
    Task,
    fit,
    portions,
    weighed,
)
from embedded_page import calibration_error, columns_of, page_of  # type: ignore[import-not-found]
from recjudge.human_labels import LabelledSet, interval, load_set
from recjudge.judge import shipped
from recjudge.judge.embedded.learned.columns import KINDS, VERSION, columns
from recjudge.judge.embedded.learned.domain import measured, record
from recjudge.judge.embedded.learned.model import domain_columns
from recjudge.judge.embedded.learned.states import States
from recjudge.judge.student.features import VERSION as QUICK
from recjudge.judge.student.features import names_for
from recjudge.training.distilling.cuts import shares_of, target_of

Numbers = Any
AT_ONCE = "documents and systems at once"
WEIGHTS = Path(__file__).parents[1] / "judge" / "embedded" / "learned" / "weights"
DIGITS = 6
DRAWS = 6
"""Draws of the blocks, by systems and documents at once, that agreement is shown under: one draw may be lucky."""


@dataclass(frozen=True)
class Lesson:
    """One dimension that people labelled, and how it is learned."""

    set: str
    theirs: str
    ours: str
    kind: str
    settings: tuple[Setting, ...]
    quick: bool = True
    by_system: bool = False
    measure: str = "spearman"

    @property
    def name(self) -> str:
        """Of the file of weights."""
        return f"{self.set}_{self.ours}"


LESSONS = (
    *(
        Lesson("summeval", theirs, ours, "source", OF_SYSTEMS, by_system=True)
        for theirs, ours in (
            ("coherence", "clarity"), ("consistency", "factuality"), ("fluency", "fluency"), ("relevance", "relevance"),
        )
    ),
    Lesson("intentionqa", "intent_validity", "reasonableness", "history", LOGISTIC, measure="auc"),
    Lesson("abredial", "relevance", "relevance", "prompt", PLAIN),
    Lesson("cola_dev", "acceptability", "fluency", "sentences", STRONG, quick=False, measure="auc"),
)  # fmt: skip
PRIORS = (("product", 300.0), ("middle", 300.0), ("told", 600.0), ("quick:", 60.0), ("l4", 30.0), ("l6", 30.0))
"""Ridge of a column of the intents' model by the beginning of its name, where the setting's strength is 1; 10 else."""


@dataclass(frozen=True)
class Data:
    """One lesson's samples, as arrays."""

    lesson: Lesson
    found: LabelledSet
    ids: tuple[str, ...]
    samples: tuple[Any, ...]
    names: tuple[str, ...]
    task: Task
    clusters: tuple[str, ...]
    systems: tuple[str, ...]
    labels: tuple[str, ...]
    places: Numbers
    """(n,) the rubric's label that people's mean stands for: their scale cut evenly."""


@dataclass(frozen=True)
class Told:
    """Held-out scores and probabilities."""

    scores: Numbers
    shares: Numbers


def main() -> None:
    """Learns, evaluates, writes."""
    options = _options()
    started, states, lines, curves = time.perf_counter(), States(), list[str](), list[str]()
    draws: list[str] = []
    WEIGHTS.mkdir(exist_ok=True)
    for lesson in LESSONS:
        if options.only and lesson.set != options.only:
            continue
        data = _data(lesson, states, options.cache)
        told = {name: _held_out(data, parts) for name, parts in _folds(data, options.seed).items()}
        first = next(iter(told.values()))
        lines += [_line(data, name, one, options) for name, one in told.items()]
        curves.append(_curve(data, first))
        curves += _recorded(data, first)
        draws += [_other_draws(data)] if lesson.by_system else []
        (WEIGHTS / f"{lesson.name}.json").write_bytes(_weights(data, first, options.seed))
        print(*lines[-len(told) :], *curves[-1:], sep="\n", flush=True)
    print(f"{time.perf_counter() - started:.0f} s")
    if not options.only:
        options.out.write_text(
            page_of(lines, curves, draws, draws_of_intervals=options.draws, seed=options.seed, blocks=DRAWS)
        )


def _data(lesson: Lesson, states: States, kept_in: Path | None) -> Data:
    found = load_set(lesson.set)
    samples = {sample.id: sample for sample in found.samples}
    table = found.table(lesson.theirs)
    kept = [place for place, id in enumerate(table.ids) if KINDS[lesson.kind].fits(samples[id])]
    ids = tuple(table.ids[place] for place in kept)
    chosen = [samples[id] for id in ids]
    rubric = shipped()[chosen[0].task]
    rubric_dim = next(dim for dim in rubric.dimensions if dim.name == lesson.ours)
    quick = tuple(f"quick:{name}" for name in names_for(rubric)) if lesson.quick else ()
    names = (*quick, *KINDS[lesson.kind].meanings)
    raw = _kept(lesson, ids, kept_in, lambda: _raw(lesson, names, chosen, states))
    told = np.array([np.isfinite(column).any() and np.nanstd(column) > 0 for column in raw.T])
    names, raw = tuple(np.array(names)[told].tolist()), raw[:, told]
    means = table.means[kept]
    scale = table.scale
    assert scale is not None
    place = (means - scale.low) / (scale.high - scale.low)
    count = len(rubric_dim.labels) if lesson.measure != "auc" else 2
    labels = rubric_dim.labels if lesson.measure != "auc" else (rubric_dim.labels[0], rubric_dim.labels[-1])
    clusters = tuple(found.clusters[id] for id in ids)
    systems = tuple(str(sample.system) for sample in chosen)
    task = Task(
        raw, means, _integers(clusters), _integers(systems) if lesson.by_system else None, lesson.settings,
        _prior(lesson, names), _common(lesson, names),
    )  # fmt: skip
    places = np.minimum((place * count + 1e-9) // 1, count - 1)
    return Data(lesson, found, ids, tuple(chosen), names, task, clusters, systems, labels, places)


def _raw(lesson: Lesson, names: Sequence[str], samples: Sequence[Any], states: States) -> Numbers:
    order = sorted(range(len(samples)), key=lambda at: source_of(samples[at]))  # a source's sentences are read once
    found = np.empty((len(samples), len(names)))
    found[order] = np.round(columns(lesson.kind, [samples[at] for at in order], names, states), 5)
    return found


def _kept(lesson: Lesson, ids: Sequence[str], folder: Path | None, make: Any) -> Numbers:
    if folder is None:
        return make()
    file = folder / f"{lesson.set}_{lesson.kind}_{len(ids)}_{VERSION}.npy"
    if not file.exists():
        np.save(file, make())
    return np.load(file)


def _prior(lesson: Lesson, names: Sequence[str]) -> Numbers:
    if lesson.kind != "history":
        return np.ones(len(names))
    ridges = [next((ridge for start, ridge in PRIORS if name.startswith(start)), 10.0) for name in names]
    return 1 / np.sqrt([10.0 if name.startswith("told_") else ridge for name, ridge in zip(names, ridges, strict=True)])


def _common(lesson: Lesson, names: Sequence[str]) -> Numbers:
    """Places of one vector share a scale: a place that hardly varies says little."""
    starts = ("product", "middle", "told")
    return np.array(
        [
            next((at for at, start in enumerate(starts) if name.startswith(start) and name[-1].isdigit()), -1)
            if lesson.kind == "history"
            else -1
            for name in names
        ]
    )


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
    return {AT_ONCE: both, "documents alone": alone}


def _held_out(data: Data, folds: Sequence[tuple[Numbers, Numbers]]) -> Told:
    scores, shares = np.full(len(data.ids), np.nan), np.full((len(data.ids), len(data.labels)), np.nan)
    for train, told in folds:
        fitted, left_out = fit(data.task, train)
        target = target_of(data.lesson.ours, data.labels, left_out, data.places)
        scores[told] = fitted.scores(data.task.raw[told])
        shares[told] = shares_of(target, scores[told])
    return Told(scores, shares)


def _other_draws(data: Data) -> str:
    """Agreement over several draws of the blocks: the mean, the least and the most."""
    found = []
    for seed in range(DRAWS):
        scores = np.full(len(data.ids), np.nan)
        for train, told in _folds(data, seed)[AT_ONCE]:
            scores[told] = weighed(data.task, train).scores(data.task.raw[told])
        found.append(_held(data.lesson.measure, scores, data.task.labels).value)
    values = ", ".join(map(_number, (float(np.mean(found)), min(found), max(found))))
    return f"| {data.lesson.theirs} | {' | '.join(values.split(', '))} |"


def _line(data: Data, held: str, told: Told, options: Any) -> str:
    lesson, gold, table = data.lesson, data.task.labels, data.found.table(data.lesson.theirs)
    sums = _held(lesson.measure, told.scores, gold)
    cells = [
        lesson.set, f"{lesson.theirs} → `{lesson.ours}`", held, f"{len(gold):,}", str(len(set(data.clusters))),
        {"auc": "AUC", "spearman": "Spearman"}[lesson.measure],
        _shown(interval(sums, list(data.clusters), seed=options.seed, draws=options.draws)),
        _shown(interval(sums, list(data.systems), seed=options.seed, draws=options.draws)) if lesson.by_system else "–",
        _ceiling(table, [data.found.clusters[id] for id in table.ids], options),
        *(_number(_held(lesson.measure, column, gold).value) for column in _baselines(data)),
        f"{_commonest(table.values):.0%}", _number(calibration_error(told.shares, data.places)),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _baselines(data: Data) -> Iterator[Numbers]:
    yield from (np.array([column[id] for id in data.ids]) for column in columns_of(data.lesson.set))


def _curve(data: Data, told: Told) -> str:
    """Agreement on the samples whose likeliest label is surest, as more are left aside."""
    sure = np.argsort(-told.shares.max(1), kind="stable")
    words = []
    for kept in (1.0, 0.8, 0.6, 0.4):
        rows = sure[: int(kept * len(sure))]
        right = (told.shares[rows].argmax(1) == data.places[rows]).mean()
        words.append(f"{kept:.0%} {right:.3f}")
    return f"- {data.lesson.set} {data.lesson.theirs}: {', '.join(words)}"


def _recorded(data: Data, told: Told) -> Iterator[str]:
    """The recorded LLM judges, on the samples that they judged."""
    said: dict[str, dict[str, float]] = {}
    for label in data.found.labels:
        if not label.human and label.dimension == data.lesson.theirs:
            said.setdefault(label.annotator, {})[label.id] = label.value
    for annotator, values in sorted(said.items()):
        rows = [at for at, id in enumerate(data.ids) if id in values]
        if len(rows) < 20:
            continue
        theirs = np.array([values[data.ids[at]] for at in rows])
        gold, name = data.task.labels[rows], f"{data.lesson.set} {data.lesson.theirs}"
        one, own = (_held(data.lesson.measure, column, gold) for column in (theirs, told.scores[rows]))
        yield f"- {name}, {annotator}, n {len(rows)}: {_number(one.value)}, learned {_number(own.value)}"


def _weights(data: Data, told: Told, seed: int) -> bytes:
    every = np.ones(len(data.ids), dtype=bool)
    fitted, left_out = fit(data.task, every, seed)
    target = target_of(data.lesson.ours, data.labels, left_out, data.places)
    z = ((data.task.raw - fitted.centre) / fitted.scale)[:, domain_columns(data.names)]
    seen = [measured(sample) for sample in data.samples]
    domain = record(z, [length for length, _ in seen], [language for _, language in seen])
    rubric = shipped()[data.found.samples[0].task]
    dim = next(dim for dim in rubric.dimensions if dim.name == data.lesson.ours)
    sums = _held(data.lesson.measure, told.scores, data.task.labels)
    said: Mapping[str, Any] = {
        "columns": VERSION, "quick": QUICK, "task": rubric.name, "dimension": dim.name, "question": dim.question,
        "kind": data.lesson.kind, "names": data.names, "domain": domain,
        **{name: list(map(_short, getattr(fitted, name))) for name in ("centre", "scale", "weights")},
        "target": {"labels": list(target.labels), "slope": target.slope, "cuts": list(target.cuts)},
        "made": {
            "set": data.lesson.set, "people": data.lesson.theirs, "n": len(data.ids), "groups": len(set(data.clusters)),
            data.lesson.measure: round(sums.value, 3), "ece": round(calibration_error(told.shares, data.places), 3),
        },
    }  # fmt: skip
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _integers(names: Sequence[str]) -> Numbers:
    return np.unique(names, return_inverse=True)[1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="One set; the page is then not written.")
    parser.add_argument("--cache", type=Path, help="A folder that keeps the columns between runs.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "embedded_learned.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
