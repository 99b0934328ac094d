"""What may be trained on at all: judged samples with their prompt, completion, grade and who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass

from ..errors import UsageError
from ..human_labels.pairing import SCORES
from ..judge import Grade, Sample, Verdict
from ..rubrics import Rubric
from .aside import words_in_context
from .prompting import Message, Template, completion_of, prompt_of
from .rows import Row

UNCERTIFIED = "uncertified"
UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Cover:
    """What a policy or a certificate answers for."""

    digest: str
    """Of the policy; `uncertified` for rows that were filtered without one."""
    accepts: Callable[[Verdict], bool]
    aside: frozenset[str] = frozenset()
    """Ids of the samples put aside for people: trained on, they could check nothing any more."""
    words: frozenset[str] = frozenset()
    """What they say, by `words_in_context`: nobody else's copy may be trained on either."""
    spares: Callable[[Verdict], bool] = lambda verdict: False
    """What the policy accepts and a selection left out: no grade of the judge makes it an unwanted example."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One judged sample, ready to be written in any format."""

    sample: Sample
    verdict: Verdict
    grade: Grade
    human: bool
    """The grade is people's, else the judge's."""
    quality: float
    """The judge's, in [0, 1]; NaN where it gives none."""
    prompt: tuple[Message, ...]
    completion: str
    covered: bool
    """Accepted, or nothing was asked."""
    policy: str
    """Digest of the policy that accepts it, else `uncertified`."""

    @property
    def context(self) -> object:
        """What it competes in: equal for candidates that answer the same prompt of one user, interest and item."""
        of = self.sample
        asked = tuple((message["role"], message["content"]) for message in self.prompt)
        return of.task, of.group, of.item, str(of.context.get("interest")), asked


def candidates(
    rows: Iterable[Row],
    left: MutableMapping[str, int],
    *,
    rubrics: Mapping[str, Rubric],
    cover: Cover | None = None,
    people: Mapping[str, Grade] | None = None,
    template: Template | None = None,
) -> Iterator[Candidate]:
    """The rows that can be exported, in their order; those that cannot are counted under the reason why.

    rubrics: by task. people: sample id to people's grade, taken before the judge's. A sample listed twice counts once.
    Raises `UsageError` for a task without a rubric, and what `prompt_of` raises.
    """
    seen: set[str] = set()
    for row in rows:
        sample, verdict = row.sample, row.verdict
        said = (people or {}).get(sample.id)
        grade = said or verdict.grade
        if row.never:
            left[f"{row.never}: never trained on"] += 1
        elif grade is None:
            left[UNJUDGED] += 1
        elif cover and sample.id in cover.aside:
            left["put aside for people (audit)"] += 1
        elif cover and words_in_context(sample) in cover.words:
            left["the same words as a row put aside for people (audit)"] += 1
        elif cover and said is None and grade is Grade.BAD and cover.spares(verdict):
            left["accepted by the policy, left out by a selection"] += 1
        elif row.negative and grade is not Grade.BAD:
            left["a negative that is not graded Bad: never wanted"] += 1
        elif sample.key in seen:
            left["the same row again"] += 1
        elif not (prompt := prompt_of(sample, _rubric(rubrics, sample), template)):
            left["no prompt: neither context.prompt nor a field that the rubric or template names"] += 1
        elif not (completion := completion_of(sample)).strip():
            left["no completion: the output is empty"] += 1
        else:
            seen.add(sample.key)
            covered = not row.negative and (cover is None or (verdict.grade is not None and cover.accepts(verdict)))
            yield Candidate(
                sample, verdict, grade, said is not None, SCORES["quality"](verdict, "grade", {}), prompt, completion,
                covered, cover.digest if cover and covered else UNCERTIFIED,
            )  # fmt: skip


def _rubric(rubrics: Mapping[str, Rubric], sample: Sample) -> Rubric:
    if sample.task not in rubrics:
        raise UsageError(f"{sample.place or sample.id}: no rubric for task {sample.task!r}; give it with --rubric FILE")
    return rubrics[sample.task]
