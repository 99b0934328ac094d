"""A judge as a reward: a function with the signature of TRL's GRPO and RLOO trainers. It trains nothing itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import InputError, UsageError
from ..human_labels.pairing import SCORES, scales_of
from ..judge import AnyJudge, Grade, Options, Problem, Sample, Student, Verdict, load_judge, read
from ..judge import score as scored
from ..judge.student import expected
from ..rubrics import Rubric, by_task
from .together import Together

Score = Callable[[Verdict], float | None]
"""A verdict to a number, None where it has no word."""
OUTPUT, ID, TASK = "recjudge:output", "recjudge:id", "recjudge:task"
"""Keys of our own, so that no column of a data set is taken for the completion, its id or its task."""
NOT_COLUMNS = frozenset({"trainer_state", "log_extra", "log_metric", "environments", "completion_ids", "prompt_ids"})
"""What trainers pass beside the data set's columns."""


@dataclass(frozen=True, slots=True)
class Rewarded:
    """One completion's reward, or why it has none."""

    reward: float | None
    why: str
    """The verdict's reason; what is wrong with the completion where it could not be read."""
    verdicts: tuple[Verdict, ...] = ()
    """One; one an element where the completion is a list; none where it could not be read."""


def reward_function(
    judge: AnyJudge | str,
    *,
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
    score: str | Score | None = None,
    dimension: str = "grade",
    options: Options | None = None,
    store: Path | str | None = None,
    name: str = "recjudge",
) -> Reward:
    """A reward function `f(prompts, completions, **columns) -> list[float | None]` for GRPO, batch by batch.

    `completions` are strings, or conversations whose last message with words is the artefact. A column is a list with
    one value a completion; it becomes context by its name (`context`, `interest`, `item`, `history`, `profile`, …) or
    by `fields`, our field names to the data set's; other columns no judge sees. `task` may be left out where the judge
    has one rubric, or where `fields` names the column that holds it. `score` is `graded` (of the grade, the
    default there), `quality` (the default of a dimension), `sureness` or `rank` of `dimension`, or a function of the
    verdict. `name` is what the trainer logs.

    Every batch is one run of the judge, with the retries and pace of `options`, whose `max_cost` is that of a batch.
    The same completion in the same context is judged once a batch, and once in all with a `store`: the file of the last
    batch's verdicts, whose ledger beside it keeps every one (a store for each process). It may be called from threads
    and inside a running event loop: calls that come while one is judged are judged together, in the next run. With the
    embedded judge it is a pure function of its arguments.

    None, never 0, for what could not be judged: a verdict without a grade, a completion that is no artefact of the task
    (malformed JSON: put a format reward beside it), a list of which one element has no word. The reward of a list is
    the mean over its elements. TRL leaves such a completion out of its group's baseline and gives it the advantage 0
    (trl 1.16.0, `trl/trainer/grpo_trainer.py`, `_calculate_rewards` and `unscorable_mask`).

    Raises `UsageError` for an unknown task, score, dimension or field; a call raises `ValueError` when the batch's
    parts differ in length, `InputError` when its columns can be read for no completion, and what ends a run
    (`AccountError`, `ProviderDown`, …).
    """
    score = score or ("graded" if dimension == "grade" else "quality")
    judge = load_judge(judge) if isinstance(judge, str) else judge
    mapping = dict(fields or {})
    if taken := {"id", "output"} & mapping.keys():
        raise UsageError(f"fields: {sorted(taken)[0]!r} is the completion's own; leave it out")
    if "task" not in mapping:
        task, mapping["task"] = _task(judge, task), TASK
    elif task is not None:
        raise UsageError("task: `fields` names the column of tasks already; give one of the two")
    measure = score if callable(score) else measure_of(judge, score, dimension, task)
    return Reward(judge, task, mapping | {"id": ID, "output": OUTPUT}, measure, options or Options(), store, name)


class Reward:
    """What `reward_function` makes: call it for rewards, or `explain` for rewards with their reasons."""

    def __init__(
        self,
        judge: AnyJudge,
        task: str | None,
        fields: Mapping[str, str],
        score: Score,
        options: Options,
        store: Path | str | None,
        name: str,
    ) -> None:
        self.judge, self.task, self.fields, self.score = judge, task, fields, score
        self.options, self.store = options, store
        self.__name__ = name
        self._together: Together[dict[str, Any], Rewarded] = Together(self._judged)

    def __call__(
        self, prompts: Sequence[Any] | None = None, completions: Sequence[Any] = (), **columns: Any
    ) -> list[float | None]:
        """One reward a completion; the share without one goes to the trainer's `log_metric`, reasons to `log_extra`."""
        found = self.explain(prompts, completions, **columns)
        if found and callable(told := columns.get("log_metric")):
            told(f"{self.__name__}/unjudged", sum(one.reward is None for one in found) / len(found))
        if found and callable(told := columns.get("log_extra")):
            told(f"{self.__name__}/why", [one.why for one in found])
        return [one.reward for one in found]

    def explain(
        self, prompts: Sequence[Any] | None = None, completions: Sequence[Any] = (), **columns: Any
    ) -> list[Rewarded]:
        """The same, with reasons and verdicts."""
        records = self.records(prompts, completions, columns)
        return self._together(records) if records else []

    def records(
        self,
        prompts: Sequence[Any] | None,
        completions: Sequence[Any],
        columns: Mapping[str, Any],
        task: str | None = None,
    ) -> list[dict[str, Any]]:
        """A record a completion, for `read`. `task` goes before the reward's own."""
        table = {key: values for key, values in columns.items() if _is_column(key, values, len(completions))}
        if prompts is not None:
            _same_length("prompts", prompts, len(completions))
            table.setdefault("prompt", [text_of(prompt, last=False) for prompt in prompts])
        return [
            {key: values[place] for key, values in table.items()}
            | {OUTPUT: text_of(completion), ID: str(place), TASK: task or self.task}
            for place, completion in enumerate(completions)
        ]

    def _judged(self, records: list[dict[str, Any]]) -> list[Rewarded]:
        """All records in one run of the judge."""
        found, faults = self.read(records)
        samples = [[_by_content(sample) for sample in row] for row in found]
        kept = {sample.id: sample for row in samples for sample in row}
        verdicts = self._verdicts(list(kept.values())) if kept else {}
        rows = zip(samples, faults, strict=True)
        return [self.rewarded([verdicts[sample.id] for sample in row], fault) for row, fault in rows]

    def _verdicts(self, samples: list[Sample]) -> dict[str, Verdict]:
        """By id. A Student answers at once: nothing was paid that a ledger would have to keep."""
        if isinstance(self.judge, Student) and self.store is None:
            return {verdict.id: verdict for verdict in self.judge.at_once(samples)}
        done = scored(samples, self.judge, out=self.store, options=self.options)
        return {verdict.id: verdict for verdict in done if verdict.kind == "sample"}

    def read(self, records: list[dict[str, Any]]) -> tuple[list[list[Sample]], list[str]]:
        """Each record's samples, and what leaves it unread; raises `InputError` when the columns fit no completion."""
        samples, faults = by_row(
            read(records, tasks=by_task(self.judge.rubrics.values()), task=self.task, fields=self.fields), len(records)
        )
        if first := _of_the_columns(faults):
            raise InputError(f"no completion of the batch has columns that can be read: {first}")
        return samples, [fault_words(fault) for fault in faults]

    def rewarded(self, verdicts: Sequence[Verdict], fault: str) -> Rewarded:
        """The reward of one completion's verdicts; without any, the fault that left it unread."""
        return joined([reward_of(verdict, self.score) for verdict in verdicts]) if verdicts else Rewarded(None, fault)


def reward_of(verdict: Verdict, score: Score) -> Rewarded:
    """The reward of one verdict, or why it gives none."""
    value = score(verdict)
    if (number := _number(value)) is None:
        return Rewarded(None, _silence(verdict, value), (verdict,))
    return Rewarded(number, verdict.reason, (verdict,))


def rewards_at_once(student: Student, samples: Sequence[Sample], score: Score) -> list[Rewarded]:
    """The reward of each sample, without its verdict: the same number, in less time where it is that of the grade."""
    if score is not graded or not student.has_grades:
        return [replace(reward_of(verdict, score), verdicts=()) for verdict in student.at_once(samples)]
    return [
        Rewarded(None, f"{found.status}: {found.reason}")
        if found.distribution is None
        else Rewarded(expected(found.distribution), found.reason)
        for found in student.grades(samples)
    ]


def joined(parts: Sequence[Rewarded]) -> Rewarded:
    """The reward of a completion's elements together: the mean, or why one of them has none."""
    verdicts = tuple(verdict for part in parts for verdict in part.verdicts)
    known = [part.reward for part in parts if part.reward is not None]
    if len(known) < len(parts):
        return Rewarded(None, next(part.why for part in parts if part.reward is None), verdicts)
    return Rewarded(math.fsum(known) / len(known), "; ".join(part.why for part in parts), verdicts)


def by_row(units: Iterable[Any], size: int) -> tuple[list[list[Sample]], list[Problem | None]]:
    """What `read` made of `size` records: each one's samples, or its first problem; a unit's place is `row N`."""
    samples: list[list[Sample]] = [[] for _ in range(size)]
    faults: list[Problem | None] = [None] * size
    for unit in units:
        row = int(unit.place.rpartition(" ")[2]) - 1
        if isinstance(unit, Problem):
            faults[row] = faults[row] or unit
        elif isinstance(unit, Sample):
            samples[row].append(unit)
    return [[] if fault else row for row, fault in zip(samples, faults, strict=True)], faults


def fault_words(fault: Problem | None) -> str:
    """The problem and its remedy, without its place; empty where there is none."""
    return "" if fault is None else f"{fault.field} {fault.problem}; {fault.remedy}"


def graded(verdict: Verdict) -> float | None:
    """(place of the grade + quality) / 3, in [0, 1]: no Bad earns what an Average does; quality orders a grade's own.

    A verdict with a distribution over the grades (a Student's) earns the place expected of it, a number without steps.
    Quality alone is a mean over the dimensions that the judge could tell of, so that an empty text, on which most
    dimensions abstain, can earn more than a poor one that was judged on all.
    """
    if verdict.grade is None:
        return None
    if verdict.distribution:
        return SCORES["quality"](verdict, "grade", {})
    place = (Grade.BAD, Grade.AVERAGE, Grade.SUPERIOR).index(verdict.grade)
    return (place + SCORES["quality"](verdict, "grade", {})) / 3


def text_of(turn: Any, *, last: bool = True) -> Any:
    """The words of a string or of a conversation: its last message that has any, or all of them, a blank line between.

    A message's content is a string, or parts of which those with `text` count. Anything else is given back as it is,
    for the reader to refuse by name.
    """
    if not isinstance(turn, (list, tuple)):
        return turn
    said = [words for message in turn if isinstance(message, Mapping) and (words := _words(message.get("content")))]
    return (said[-1] if last else "\n\n".join(said)) if said else ""


def _words(content: Any) -> str:
    if isinstance(content, (list, tuple)):
        return "\n".join(str(part["text"]) for part in content if isinstance(part, Mapping) and part.get("text"))
    return content if isinstance(content, str) else ""


def _is_column(key: str, values: Any, size: int) -> bool:
    """Whether it is a column of the batch; what a trainer passes beside them is none."""
    if key in NOT_COLUMNS or callable(values) or values is None:
        return False
    _same_length(f"column {key!r}", values, size)
    return True


def _same_length(what: str, values: Any, size: int) -> None:
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__len__"):
        raise ValueError(f"{what} is one {type(values).__name__}; give a list with one value for each completion")
    if len(values) != size:
        raise ValueError(
            f"{what} has {len(values)} values for {size} completions; repeat each prompt's value for each of its "
            "completions, in the same order"
        )


def _of_the_columns(faults: Sequence[Problem | None]) -> Problem | None:
    """The first problem, when every row has one that is not its completion's: so it will be in every batch to come."""
    other = [fault for fault in faults if fault is not None and not fault.field.startswith("output")]
    return other[0] if len(other) == len(faults) else None


def _by_content(sample: Sample) -> Sample:
    """The sample under a name made of what it says, so that the same completion is the same sample."""
    bare = replace(sample, id="", parent=None, meta={}, place="")
    return replace(bare, id=bare.key)


def _number(value: float | None) -> float | None:
    """None for what is not finite: one infinite reward makes every advantage of its group NaN."""
    return float(value) if value is not None and math.isfinite(value) else None


def _silence(verdict: Verdict, value: float | None) -> str:
    """Why a verdict gives no number; empty where it does."""
    if _number(value) is not None:
        return ""
    infinite = value is not None and math.isinf(value)
    said = f"the score gave {value}, which is no reward" if infinite else verdict.error or verdict.reason
    return f"{verdict.status}: {said}"


def _task(judge: AnyJudge, task: str | None) -> str:
    names = by_task(judge.rubrics.values())
    if task is None and len(judge.rubrics) == 1:
        return next(iter(judge.rubrics))
    if task is None or task not in names:
        said = "task is missing" if task is None else f"unknown task {task!r}"
        raise UsageError(f"{said}; known: {', '.join(sorted(judge.rubrics))}")
    return names[task].name


def measure_of(judge: AnyJudge, score: str, dimension: str, task: str | None) -> Score:
    """The score of that name, on `dimension` of the task's rubric, or of all when there is no one task."""
    if score == "graded" and dimension == "grade":
        return graded
    if score not in SCORES:
        known = f"{', '.join(SCORES)}, graded (of the grade)"
        raise UsageError(f"unknown score {score!r} of {dimension!r}; known: {known}, or give a function of the verdict")
    rubrics: list[Rubric] = [judge.rubrics[task]] if task else list(judge.rubrics.values())
    scales = {rubric.name: scales_of(rubric) for rubric in rubrics}
    for name, there in scales.items():
        if dimension not in there:
            raise UsageError(f"task {name!r} has no dimension {dimension!r}; it has {', '.join(there)}")
    return lambda verdict: SCORES[score](verdict, dimension, scales[verdict.task])
