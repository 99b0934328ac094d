"""From people's labels and the judge's scores to a Policy, or a refusal that says what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ...errors import Refused, UsageError
from ...rubrics import Rubric
from ..pairing import Pairing, scales_of
from ..proportions import upper_bound
from ..records import ENOUGH, GRADE, Labels, Scale
from .aim import Aim
from .confidence import calibrated
from .evidence import evidence, pool_of, pool_scores
from .guarantee import Walk, binomial_p, grid_of, learn_then_test, one_of_each, walk
from .leaks import Leak, between_sides, quoted, refuse, rubric_texts
from .policy import DAYS, TRUST, Evidence, Line, Policy, Pool
from .refusal import refusal, too_few
from .seal import Seal, trace
from .selective import select
from .trust import outcome, trust

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

UNSEALED = "no labels were sealed: figures are in-sample if anything was tuned on them"
EVERYTHING = "every judged sample is accepted: people pass so many that the line rests on them, not on the judge"

ALL_TRUSTED = "every judged sample is trusted: the judge says what people say so often that no line is needed"


def calibrate(
    pairings: Pairing | Sequence[Pairing],
    aim: Aim | None = None,
    *,
    now: datetime,
    seal: Seal | None = None,
    labels: Labels | None = None,
    rubrics: Sequence[Rubric] = (),
    shown: Sequence[tuple[str, str]] = (),
    allow_leaks: bool = False,
    command: str = "",
    recjudge: str = "",
) -> Policy:
    """A line for each pairing, found on the calibration side and shown on the sealed one, which is opened once.

    With several pairings 1 - confidence is divided among them, so that all lines hold together. `shown`, (place, text),
    is what else the judge was shown: few-shot examples. Raises `Refused`, saying what is missing, when one has no line,
    too few labels, or texts that leak; then nothing was opened.
    """
    several = [pairings] if isinstance(pairings, Pairing) else list(pairings)
    wanted = _checked(aim or Aim(), several)
    shared = replace(wanted, confidence=1 - (1 - wanted.confidence) / len(several))
    table = {rubric.name: rubric for rubric in rubrics}
    notes = [refuse(_leaks(pairing, seal, table.get(pairing.task), shown), allowed=allow_leaks) for pairing in several]
    if seal is not None:
        # written down before a bound is seen: a line that was not found is a search as well
        seal = seal.search([_name(pairing) for pairing in several])
    lines = _lines(several, shared, seal, table)
    if seal is not None:
        seal = seal.open(f"calibrate {', '.join(line.name for line in lines)}", now, command)
        lines = [_tested(line, pairing, shared, seal) for line, pairing in zip(lines, several, strict=True)]
    said = list(dict.fromkeys(note for note in notes if note))
    if len(several) > 1:
        said.append(f"{len(several)} lines share the confidence of {wanted.confidence:g}: all hold together with it")
    said += _searched(seal, [line.name for line in lines], shared) if seal else [UNSEALED]
    return Policy(
        lines=tuple(lines),
        made=now.date().isoformat(),
        expires=(now.date() + timedelta(days=DAYS)).isoformat(),
        labels=labels.source if labels else "",
        digest=labels.digest if labels else "",
        rounds=tuple(name for name in labels.rounds if name) if labels else (),
        seen=_seen(labels, several) if labels else (),
        opened=len(seal.openings) if seal else 0,
        notes=tuple(said),
        recjudge=recjudge,
    )


def sides(pairing: Pairing, seal: Seal | None) -> tuple[Pairing, Pairing | None]:
    """The items of the calibration side and of the sealed one; all and None without a seal."""
    import numpy as np

    if seal is None:
        return pairing, None
    test = np.array([seal.side(cluster) == "test" for cluster in pairing.clusters], bool)
    return pairing.take(~test), pairing.take(test)


def _seen(labels: Labels, pairings: Sequence[Pairing]) -> tuple[str, ...]:
    held = {(id, pairing.called or pairing.dimension) for pairing in pairings for id in pairing.ids}
    return tuple(sorted({trace(row) for row in labels.rows if (row.id, row.dimension) in held}))


def _lines(pairings: Sequence[Pairing], aim: Aim, seal: Seal | None, rubrics: Mapping[str, Rubric]) -> list[Line]:
    """A line each. Raises `Refused` with every reason at once, so that nobody mends one to meet the next."""
    lines, reasons = [], []
    for pairing in pairings:
        try:
            lines.append(_line(pairing, aim, seal, rubrics.get(pairing.task)))
        except Refused as refused:
            reasons.append(str(refused))
    if reasons:
        raise Refused("\n".join(reasons))
    return lines


def _line(pairing: Pairing, aim: Aim, seal: Seal | None, rubric: Rubric | None) -> Line:
    own, _ = sides(pairing, seal)
    approved = own.approved(aim.rule)
    too_few(own, approved, aim.least, aim.failing, seal, aim.precision, aim.confidence)
    kept = one_of_each(own.clusters, weigh=aim.weigh)
    right = outcome(own, aim.rule, aim.mode)
    scores, words = own.scores[aim.score][kept], right[kept]
    grid = grid_of(pool_scores(pairing, aim.score))
    accept, reject, walks = MODES[aim.mode](scores, words, grid, aim)
    if accept is None and reject is None:
        raise Refused(refusal(own, right, walks, aim, seal))
    pool = pool_of(pairing, aim.score, accept, reject)
    if aim.min_yield is not None and not pool.accepted >= aim.min_yield:
        raise Refused(
            f"{_name(pairing)}: the line that holds accepts {pool.accepted:.1%} of the judged samples; asked: at least "
            f"{aim.min_yield:.1%}; give more labels, a lower --precision, or a lower --min-yield"
        )
    return Line(
        task=pairing.task, dimension=pairing.dimension, role=pairing.role, judge=pairing.judge, rubric=pairing.rubric,
        score=aim.score, mode=aim.mode, accept=accept, reject=reject, precision=aim.precision,
        confidence=aim.confidence, recall=aim.min_recall, rule=aim.rule, weigh=aim.weigh, method=_method(aim, walks),
        grid=grid,
        calibration=evidence(own, right, score=aim.score, accept=accept, reject=reject, confidence=aim.confidence,
                             weigh=aim.weigh, agreed=right if aim.mode == TRUST else None),
        test=None,
        pool=pool,
        fit=calibrated(own.scores[aim.score], right, own.clusters),
        scales=_scales(pairing, aim.score, rubric),
        notes=(*_notes(pairing, own, right, kept, aim, len(words)), *_of_all(pool, aim)),
    )  # fmt: skip


def _of_all(pool: Pool, aim: Aim) -> list[str]:
    return [] if pool.accepted < 1 else [ALL_TRUSTED if aim.mode == TRUST else EVERYTHING]


def _tested(line: Line, pairing: Pairing, aim: Aim, seal: Seal) -> Line:
    _, test = sides(pairing, seal)
    if test is None or not test.n:
        return replace(line, notes=(*line.notes, "no labelled sample is on the sealed side"))
    right = outcome(test, aim.rule, aim.mode)
    found = evidence(
        test, right, score=line.score, accept=line.accept, reject=line.reject, confidence=line.confidence,
        weigh=aim.weigh, agreed=right if aim.mode == TRUST else None,
    )  # fmt: skip
    return replace(line, test=found, notes=(*_doubts(line, found, aim), *line.notes))


def _doubts(line: Line, found: Evidence, aim: Aim) -> list[str]:
    """What the sealed labels say against the promise."""
    seen, doubts = found.accepted, []
    if line.accept is not None and seen.n and seen.precision < aim.precision:
        high = upper_bound(seen.units - seen.failed, seen.units, 1 - aim.confidence)
        sure = "surely " if high < aim.precision else ""
        doubts.append(
            f"the sealed labels are {sure}below the promise: {seen.precision:.1%} of the {seen.n} accepted are right, "
            f"promised are {aim.precision:.1%}" + ("; do not act on this line" if sure else "")
        )
    return doubts


def _searched(seal: Seal | None, names: Sequence[str], aim: Aim) -> list[str]:
    """What repeated searches on the same labels leave of the confidence."""
    said = []
    for name in names:
        times = seal.searches.get(name, 1) if seal else 1
        if times > 1:
            left = max(0.0, 1 - times * (1 - aim.confidence))
            said.append(
                f"{name}: a line was looked for {times} times on these calibration labels; a line kept because it was "
                f"found holds with a confidence of {left:.0%} at least, not {aim.confidence:.0%}"
            )
    return said


def _accept(
    scores: Numbers, passed: Numbers, grid: Sequence[float], aim: Aim
) -> tuple[float | None, float | None, list[Walk]]:
    """The lowest threshold that holds; with a recall, the lowest that both losses certify at half of delta each."""
    import numpy as np

    delta = 1 - aim.confidence
    if aim.min_recall is None:
        found = walk(scores, passed, grid, precision=aim.precision, delta=delta, least=aim.least)
        return found.threshold, None, [found]
    above = walk(scores, passed, grid, precision=aim.precision, delta=delta / 2, least=aim.least)
    # what is lost: passing samples below the threshold; tested from the lowest threshold up, where nothing is lost
    known = (passed == 1) & ~np.isnan(scores)
    inside = walk_up(scores[known], grid, recall=aim.min_recall, delta=delta / 2)
    both = [threshold for threshold in above.held if threshold in inside]
    return (both[-1] if both else None), None, [above]


def walk_up(scores: Numbers, grid: Sequence[float], *, recall: float, delta: float) -> set[float]:
    """Thresholds that accept at least this share of passing samples (their scores given), from the lowest up."""
    import numpy as np

    lost = np.array([(scores < threshold).sum() for threshold in grid])
    p_values = {"recall": binomial_p(lost, np.full(len(lost), len(scores)), 1 - recall)}
    held = learn_then_test(p_values, delta, first={"recall": -1})
    return {threshold for threshold, holds in zip(grid, held, strict=True) if holds}


def _selective(
    scores: Numbers, passed: Numbers, grid: Sequence[float], aim: Aim
) -> tuple[float | None, float | None, list[Walk]]:
    found = select(scores, passed, grid, precision=aim.precision, delta=1 - aim.confidence, least=aim.least)
    return found.accept, found.reject, [found.above, found.below]


def _checked(aim: Aim, pairings: Sequence[Pairing]) -> Aim:
    for name in ("precision", "confidence", "min_yield", "min_recall"):
        value = getattr(aim, name)
        if value is not None and not 0 < value < 1:
            raise UsageError(f"{name} {value:g}: give a share between 0 and 1, e.g. 0.95")
    if (aim.mode == TRUST) != (aim.score == "confidence"):
        raise UsageError("a line of trust is on the judge's confidence, and no other line is: --trust without --score")
    if aim.mode != "accept" and aim.min_recall is not None:
        raise UsageError("a least recall goes with one line to accept at; without --selective or --trust")
    if aim.confidence < 0.5:
        raise UsageError(f"confidence {aim.confidence:g}: a line that fails more often than not; give 0.5 or more")
    if not pairings:
        raise UsageError("nothing to calibrate: no pairing of labels and verdicts")
    for pairing in pairings:
        if aim.score not in pairing.scores:
            raise UsageError(f"{_name(pairing)}: no score {aim.score!r}; known: {', '.join(pairing.scores)}")
    return aim


def _leaks(pairing: Pairing, seal: Seal | None, rubric: Rubric | None, shown: Sequence[tuple[str, str]]) -> list[Leak]:
    own, test = sides(pairing, seal)
    found = quoted([*(rubric_texts(rubric) if rubric else ()), *shown], _texts(pairing))
    return found + (between_sides(_texts(own), _texts(test)) if test else [])


def _texts(pairing: Pairing) -> list[tuple[str, str]]:
    return list(zip(pairing.ids, pairing.texts, strict=True)) if pairing.texts else []


def _scales(pairing: Pairing, score: str, rubric: Rubric | None) -> dict[str, Scale]:
    """What `decide` needs to score a verdict by itself: nothing for quality, and a line of trust decides nothing."""
    if score in ("quality", "confidence"):
        return {}
    scales = scales_of(rubric)
    if pairing.dimension == GRADE:
        return {GRADE: scales[GRADE]} if score == "rank" else scales
    if pairing.dimension not in scales:
        raise UsageError(f"{_name(pairing)}: score {score!r} needs the rubric {pairing.rubric}; name it with --rubric")
    return {pairing.dimension: scales[pairing.dimension]}


def _method(aim: Aim, walks: Sequence[Walk]) -> str:
    share = "" if len(walks) == 1 and aim.min_recall is None else ", delta in halves"
    return (
        f"fixed-sequence testing from the most demanding threshold with {walks[0].start} labels down, exact binomial "
        f"bounds{share}"
    )


def _notes(pairing: Pairing, own: Pairing, approved: Numbers, kept: Numbers, aim: Aim, units: int) -> list[str]:
    import numpy as np

    notes = [*pairing.notes, "holds for samples drawn as the labelled ones were"]
    if units < own.n:
        how = "every sample with the same chance" if aim.weigh == "items" else "each cluster once"
        notes.append(f"labels come in clusters: bounds rest on one sample a cluster at most, {how}: {units} of {own.n}")
    if len(set(own.drawn)) > 1:
        notes.append(
            "labels were drawn with unequal probabilities and are counted alike: the guarantee is for samples drawn "
            "so, not for samples as they come"
        )
    if undecided := own.consensus(aim.rule).undecided:
        notes.append(f"{undecided} labelled samples have no {aim.rule} and enter nowhere")
    if unjudged := int((np.isnan(own.scores[aim.score]) & ~np.isnan(approved)).sum()):
        notes.append(f"{unjudged} labelled samples are unjudged: neither accepted nor rejected")
    return notes + _unlike(pairing, aim.score)


def _unlike(pairing: Pairing, score: str) -> list[str]:
    """A warning where the labelled samples' scores are not distributed as the others'."""
    import numpy as np
    from scipy.stats import ks_2samp

    if pairing.unlabelled is None:
        return []
    ones, others = (values[~np.isnan(values)] for values in (pairing.scores[score], pairing.unlabelled.scores[score]))
    if min(len(ones), len(others)) < ENOUGH or ks_2samp(ones, others, method="asymp").pvalue >= 0.001:
        return []
    return ["labelled samples are scored unlike the others (Kolmogorov-Smirnov, p < .001): were they drawn at random?"]


def _name(pairing: Pairing) -> str:
    return ".".join(part for part in (pairing.task, pairing.dimension) if part)


MODES = {"accept": _accept, "selective": _selective, TRUST: trust}
