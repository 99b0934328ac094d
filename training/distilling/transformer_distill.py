"""Verdicts, and people's labels where there are any, to a transformer Student in a folder, with its card."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Refused
from ...human_labels import AgreementReport, Interval
from ...judge import Verdict, write_whole
from ...judge.student import Student, Target, Transformer, domains, read_student, write_student
from ...judge.student.features import names_for, vectors
from ..rows import Row
from .agreeing import agreement_of
from .cuts import shares_of, target_of
from .distill import CARD, WORDS, judges_places
from .doubts import doubts, unlearned
from .evaluating import DRAWS, Calibration, Order, better_by, calibration, order
from .examples import examples_of, split
from .fitting import Task, columns_of, fit, stem_of
from .folder import ours, student_folder
from .listwise import Lists
from .records import Examples
from .transformer import forget, train_transformer
from .transformer_card import card_json, card_page
from .transformer_settings import Settings

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...human_labels import Labels
    from ...rubrics import Rubric

    Numbers = NDArray[float64]


@dataclass(frozen=True)
class Held:
    """One target on clusters that were held out of training, of early stopping and of its own cuts."""

    target: str
    n: int
    """Held-out samples of which something is said."""
    by_people: int
    student: Order
    embedded: Order
    """Of an embedded Student that learned from the same samples."""
    ahead: Interval
    """Accuracy of the student less that of the embedded one, over the same pairs."""
    judge: Order | None
    """Of the judge's own places, where people's word is what is learned."""
    over_judge: Interval | None
    calibration: Calibration | None
    """By cuts of the other half of the held-out clusters."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class DistilledTransformer:
    """A Student with what is known of it."""

    student: Student
    folder: Path
    held: Mapping[str, tuple[Held, ...]]
    """By task, what was learned."""
    skipped: Mapping[str, Mapping[str, str]]
    """By task, target to why it was not learned; of such a one the Student abstains."""
    agreement: AgreementReport | None
    """Held-out verdicts with people's labels; None without labels."""
    card: Mapping[str, Any]


def distill_transformer(
    rows: Iterable[Row],
    folder: Path | str,
    model: Path | str,
    *,
    rubrics: Mapping[str, Rubric],
    labels: Labels | None = None,
    names: Mapping[str, str] | None = None,
    cuts: Mapping[str, Sequence[float]] | None = None,
    dimensions: Collection[str] = (),
    sealed: Collection[str] = (),
    soft: bool = False,
    settings: Settings | None = None,
    test_share: float = 0.2,
    seed: int = 0,
    draws: int = DRAWS,
    told: Callable[[int, int, float], None] | None = None,
) -> DistilledTransformer:
    """A Hugging Face model of a local folder as a Student of every task of the rows.

    It learns from all clusters but a share `test_share`, which gives the figures and the cuts: no second training on
    everything follows. A killed run goes on with the same call. The other arguments are those of `examples_of` and
    `train_transformer`. What does no better than a coin on held-out pairs is not learned, and abstained on. Raises
    `Refused` where that is everything, `UsageError` where nothing can be held out, and for a folder that is no
    Student's.
    """
    settings, folder, rows = settings or Settings(), Path(folder), list(rows)
    ours(folder.resolve())
    found = examples_of(rows, rubrics, labels, names=names, cuts=cuts, dimensions=dimensions, sealed=sealed, soft=soft)
    both = {task: split(one, test_share, seed) for task, one in found.items()}
    learned = {task: chosen for task, (one, _) in both.items() if (chosen := _ordered(one)).targets}
    if not learned:
        raise Refused("nothing can be learned: no two samples of one context differ; give several a context")
    tests = {task: replace(both[task][1], targets=one.targets) for task, one in learned.items()}
    scorer = train_transformer(learned, model, folder, settings=settings, seed=seed, told=told)
    scores = {task: scorer.scores(task, one.samples) for task, one in tests.items()}
    targets = {task: _targets(one, scores[task]) for task, one in tests.items()}
    crossed = {task: _crossed(one, scores[task], seed) for task, one in tests.items()}
    tried = {
        task: tuple(
            _held(
                learned[task],
                one,
                targets[task][at],
                scores[task],
                crossed[task],
                judges_places(rows, one),
                draws,
                seed,
            )
            for at in range(len(one.targets))
        )
        for task, one in tests.items()
    }
    skipped = {task: _skipped(one, targets.get(task, ()), tried.get(task, ())) for task, one in found.items()}
    held = {task: tuple(one for one in rows if one.target not in skipped[task]) for task, rows in tried.items()}
    if not any(held.values()):
        why = "; ".join(f"{task}.{name}: {words}" for task, of in skipped.items() for name, words in of.items())
        raise Refused(f"nothing was learned: {why}; give more judged samples, or train for longer")
    targets = {task: _silent(of, skipped[task]) for task, of in targets.items()}
    crossed = {task: tuple((_silent(of, skipped[task]), at) for of, at in halves) for task, halves in crossed.items()}
    told_of = {task: replace(one, targets=tuple(row.target for row in held[task])) for task, one in tests.items()}
    agreement = None if labels is None else _agreement(scorer, crossed, told_of, labels, names, draws, seed)
    made = {
        "recjudge": version("recjudge"),
        "kind": settings.loss,
        "model": Path(model).resolve().name,
        "seed": seed,
        "rows": sum(len(one.rows) for one in found.values()),
        "held_out": sum(len(one.rows) for one in tests.values()),
        "training": dict(scorer.training),
        "cut_or_too_long_of_held_out": {task: dict(scorer.counts(task, one.samples)) for task, one in tests.items()},
    }
    card = card_json(
        made, found, {task: [asdict(one) for one in rows] for task, rows in held.items()}, skipped, agreement
    )

    seen = domains({task: [row.sample for row in one.rows] for task, one in found.items()}, rubrics)

    def write(into: Path) -> None:
        write_student(into, scorer, targets, rubrics, made={**made, **seen})
        write_whole(into / CARD, card_page(card)[0])
        write_whole(into / WORDS, card_page(card)[1])

    folder = student_folder(folder, write)
    forget(folder)
    return DistilledTransformer(read_student(folder, rubrics), folder, held, skipped, agreement, card)


def _skipped(examples: Examples, targets: Sequence[Target], tried: Sequence[Held]) -> dict[str, str]:
    """Target to why it was not learned."""
    found = dict.fromkeys(examples.targets, "nothing to order") | {
        one.target: unlearned(target, one.student) for target, one in zip(targets, tried, strict=True)
    }
    return {name: why for name, why in found.items() if why}


def _silent(targets: Sequence[Target], skipped: Mapping[str, str]) -> tuple[Target, ...]:
    """Those that were not learned with a slope of 0: they are abstained on."""
    return tuple(replace(one, slope=0.0) if one.name in skipped else one for one in targets)


def _ordered(examples: Examples) -> Examples:
    """With those targets on which there is something to order."""
    kept = (name for name in examples.targets if Lists.of(examples.values(name), examples.groups(name)).groups)
    return replace(examples, targets=tuple(kept))


def _targets(examples: Examples, scores: Numbers) -> tuple[Target, ...]:
    """(rows, targets) held-out scores to targets with their cuts."""
    return tuple(
        target_of(name, examples.scale(name), scores[:, at], examples.labels(name))
        for at, name in enumerate(examples.targets)
    )


def _crossed(examples: Examples, scores: Numbers, seed: int) -> tuple[tuple[tuple[Target, ...], NDArray[Any]], ...]:
    """Halves of the held-out clusters: the targets with cuts of the other half, and the places of the rows.

    None where there is one cluster: nothing is known of its cuts then.
    """
    import numpy as np

    from .examples import folds

    fold = folds(examples.clusters, 2, seed)
    if len(set(fold.tolist())) < 2:
        return ()
    halves = [np.flatnonzero(fold == part) for part in (0, 1)]
    return tuple(
        (_targets(examples.take(other), scores[other]), half)
        for half, other in zip(halves, reversed(halves), strict=True)
    )


def _held(
    learned: Examples,
    test: Examples,
    target: Target,
    scores: Numbers,
    crossed: Sequence[tuple[tuple[Target, ...], NDArray[Any]]],
    judged: Mapping[str, Numbers],
    draws: int,
    seed: int,
) -> Held:
    import numpy as np

    name, at = target.name, test.targets.index(target.name)
    own = scores[:, at]
    embedded = _embedded(learned, test, name, seed)
    shares = np.full((len(own), len(test.scale(name))), np.nan)
    for targets, places in crossed:
        shares[places] = shares_of(targets[at], own[places])
    people = test.by_people(name)
    judge = np.where(people, judged[name], np.nan)
    known = bool((~np.isnan(judge)).any())
    drawn = {"draws": draws, "seed": seed}
    student = order(test, name, own, **drawn)
    return Held(
        target=name,
        n=int((~np.isnan(test.values(name))).sum()),
        by_people=int(people.sum()),
        student=student,
        embedded=order(test, name, embedded, **drawn),
        ahead=better_by(test, name, own, embedded, **drawn),
        judge=order(test, name, judge, **drawn) if known else None,
        over_judge=better_by(test, name, own, judge, **drawn) if known else None,
        calibration=calibration(test, name, shares, **drawn),
        warnings=tuple(doubts(student)),
    )


def _embedded(learned: Examples, test: Examples, name: str, seed: int) -> Numbers:
    """(rows,) scores of the held-out samples by an embedded Student of the others."""
    features = names_for(learned.rubric)
    raw = vectors(learned.samples, features)
    stem = stem_of(raw, features)
    top = float(len(learned.scale(name)) - 1)
    task = Task(learned.values(name), top, learned.groups(name), learned.clusters, learned.texts)
    weights = fit(columns_of(stem, raw, features), task, seed=seed).weights
    found: Numbers = columns_of(stem, vectors(test.samples, features), features) @ weights
    return found


def _agreement(
    scorer: Transformer,
    crossed: Mapping[str, Sequence[tuple[tuple[Target, ...], NDArray[Any]]]],
    tests: Mapping[str, Examples],
    labels: Labels,
    names: Mapping[str, str] | None,
    draws: int,
    seed: int,
) -> AgreementReport:
    """Each held-out sample judged by cuts of the other half, beside people's labels."""
    verdicts: list[Verdict] = []
    for task, halves in crossed.items():
        for targets, places in halves:
            student = Student("student/held-out", {task: tests[task].rubric}, {task: targets}, scorer)
            verdicts += student.at_once([tests[task].rows[place].sample for place in places])
    learned = {(task, target) for task, one in tests.items() for target in one.targets}
    rubrics = [one.rubric for one in tests.values()]
    return agreement_of(verdicts, learned, rubrics, labels, names, draws=draws, seed=seed)
