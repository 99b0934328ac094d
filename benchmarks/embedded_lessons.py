"""What the learned embedded judge is taught on: columns and labels of a set, and who is held out together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from embedded_agreement import source_of  # type: ignore[import-not-found]
from embedded_fit import LOGISTIC, OF_SYSTEMS, PLAIN, STRONG, Setting, Task  # type: ignore[import-not-found]
from recjudge.human_labels import LabelledSet, load_set
from recjudge.judge import shipped
from recjudge.judge.embedded.learned.columns import KINDS, LEXICAL, VERSION, columns
from recjudge.judge.embedded.learned.states import States
from recjudge.judge.student.features import names_for

Numbers = Any
ALONE = frozenset(
    [
        "slips", "opens_loose", "next_mean", "next_least", "alike_most", "alike_mean", "to_first", "in_order", "steps",
        "same", "flows",
    ]
)  # fmt: skip


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
    without: Callable[[str], bool] = field(default_factory=lambda: _none)
    """Columns that this dimension may not hang on: their weights are 0."""
    vote: tuple[str, ...] = ()
    """Columns whose mean has as much say as all that was learned (`embedded_fit.Task.vote`)."""
    answers: bool = True
    """False: learned and shown, and never shipped."""

    @property
    def name(self) -> str:
        """Of the file of weights."""
        return f"{self.set}_{self.ours}{'_lexical' if self.kind in LEXICAL else ''}"

    @property
    def lexical(self) -> Lesson:
        """The same on quick features alone."""
        return replace(self, kind=f"quick {self.kind}")


def _none(name: str) -> bool:
    return False


def of_the_text_alone(name: str) -> bool:
    """Columns that say nothing of the source. Factuality is told without them, whatever they would add on labels: a
    slip of grammar is no false fact, and the two must move apart."""
    quick = name.startswith("quick:") and not name.startswith("quick:source")
    return quick or name in ALONE


def of_the_system(name: str) -> bool:
    """Columns that tell how a system's texts were cut into tokens and cased, which is known of SummEval's systems and
    says nothing of a text's worth elsewhere. They would add .05 to coherence."""
    return name in MANNERS


def of_filler(name: str) -> bool:
    """Those, how long the text is, and how much of it small words are: filler must not make it more relevant."""
    return of_the_system(name) or name in FILLER


MANNERS = frozenset(
    f"quick:{name}" for name in ("lower_starts", "loose_marks", "debris", "capitals", "names", "quotes", "dashes")
)
FILLER = frozenset(
    f"quick:{name}"
    for name in (
        "words", "log_words", "characters", "sentences", "source_compression", "pronoun_starts",
        "common_words", "stop_words",
    )
)  # fmt: skip
SALIENCE = ("quick:source_frequent", "whole")
"""What the rubric's own measure of relevance is made of: what the source speaks of most, and nearness to all of it."""
LESSONS = (
    *(
        Lesson(
            "summeval", theirs, ours, kind, OF_SYSTEMS, by_system=True, without=without,
            vote=SALIENCE if ours == "relevance" else (),
        )
        for theirs, ours, kind, without in (
            ("coherence", "clarity", "source", of_the_system),
            ("consistency", "factuality", "claims", of_the_text_alone),
            ("fluency", "fluency", "manner", of_the_system),
            ("relevance", "relevance", "source", of_filler),
        )
    ),
    Lesson("intentionqa", "intent_validity", "reasonableness", "history", LOGISTIC, measure="auc"),
    Lesson("abredial", "relevance", "relevance", "prompt", PLAIN),
    Lesson("helpsteer2", "helpfulness", "relevance", "prompt", PLAIN, answers=False),
    Lesson("helpsteer2", "coherence", "clarity", "prompt", PLAIN, answers=False),
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


def data_of(lesson: Lesson, states: States, kept_in: Path | None) -> Data:
    found = load_set(lesson.set)
    samples = {sample.id: sample for sample in found.samples}
    table = found.table(lesson.theirs)
    kept = [place for place, id in enumerate(table.ids) if KINDS[lesson.kind].fits(samples[id])]
    ids = tuple(table.ids[place] for place in kept)
    chosen = [samples[id] for id in ids]
    rubric = shipped()[chosen[0].task]
    rubric_dim = next(dim for dim in rubric.dimensions if dim.name == lesson.ours)
    wide = replace(lesson, kind=lesson.kind.removeprefix("quick "))
    quick = tuple(f"quick:{name}" for name in names_for(rubric)) if lesson.quick else ()
    names = (*quick, *KINDS[wide.kind].meanings)
    raw = _kept(wide, ids, kept_in, lambda: _raw(wide, names, chosen, states))
    own = (*quick, *KINDS[lesson.kind].meanings)
    names, raw = own, raw[:, : len(own)]
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
        np.where([lesson.without(name) for name in names], 0.0, _prior(lesson, names)), _common(lesson, names),
        tuple(at for at, name in enumerate(names) if name in lesson.vote),
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


def _integers(names: Sequence[str]) -> Numbers:
    return np.unique(names, return_inverse=True)[1]
