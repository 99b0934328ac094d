"""Two judges on the same samples: who is right more often, who is stricter, what each costs.

One call for all dimensions against one call a dimension (`--mode single`, `--mode panel`) is such a comparison.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...judge import Cost, Verdict
from ..coefficients import METRICS
from ..intervals import Sums, combine, mean_of, ratio
from ..pairing import GRADES, Pairing
from ..pairing.pairing import PASS_FAIL
from ..records import GRADE, Table
from .differences import Draws, difference
from .matching import cluster_of
from .people import People
from .records import AgainstPeople, BetweenJudges, Bill, Difference, Discordant, JudgesSection, Scored
from .sides import Contender
from .systems import FIELDS, OVERALL, Wanted, parts, passes
from .testing import mcnemar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

UNJUDGED = "unjudged"


def judges_section(task: str, a: Contender, b: Contender, wanted: Wanted, people: People | None) -> JudgesSection:
    """One task; the sentences and outcomes come when the family is known."""
    keys = [key for key, verdict in a.by_key.items() if verdict.task == task and key in b.by_key]
    pairs = [(a.by_key[key], b.by_key[key]) for key in keys]
    against, notes = _against(task, pairs, wanted, people)
    return JudgesSection(
        task,
        (a.judged_by[task][1], b.judged_by[task][1]),
        len(pairs),
        (len(a.of(task)) - len(pairs), len(b.of(task)) - len(pairs)),
        between(pairs, wanted.how, planned=not against),
        against,
        (_bill(a, [first for first, _ in pairs]), _bill(b, [second for _, second in pairs])),
        tuple(_strata(task, pairs, wanted, people)),
        tuple(notes),
    )


def between(pairs: Sequence[tuple[Verdict, Verdict]], how: Draws, planned: bool = True) -> BetweenJudges:
    """Both judges' grades: how often alike, and who passes more; the question itself where nobody labelled."""
    import numpy as np

    codes = np.array([[_code(first), _code(second)] for first, second in pairs], float)
    table = Table(tuple(first.id for first, _ in pairs), ("a", "b"), codes, GRADES)
    clusters = [cluster_of(first) for first, _ in pairs]
    passed = np.where(np.isnan(codes), np.nan, (codes > 0).astype(float))
    figures = tuple((title, how.of(sums, clusters)) for _, title, sums in _coefficients(table))
    labels = (*GRADES.points, UNJUDGED)
    places = np.where(np.isnan(codes), len(labels) - 1, codes).astype(int)
    counts = np.zeros((len(labels), len(labels)), int)
    np.add.at(counts, (places[:, 0], places[:, 1]), 1)
    stricter = paired(
        OVERALL, "share that passes (Superior or Average)", passed[:, 0], passed[:, 1], clusters, how, planned
    )
    return BetweenJudges(
        labels,
        tuple(tuple(int(count) for count in row) for row in counts),
        figures,
        stricter,
        discordant(passed[:, 0], passed[:, 1]),
    )


def paired(
    name: str, title: str, a: Numbers, b: Numbers, clusters: Sequence[str], how: Draws, planned: bool = True
) -> Difference:
    """The difference of two columns over the same items; only items with both words enter, the bounds are over all.

    With every item its own cluster p is McNemar's, else that of the clusters.
    """
    import numpy as np

    both = ~np.isnan(a) & ~np.isnan(b)
    of_a = np.arange(2 * len(a)) < len(a)
    found = difference(
        name, title, np.concatenate([a, b]), of_a, [*clusters, *clusters], how,
        entering=np.concatenate([both, both]), planned=planned,
    )  # fmt: skip
    found = replace(found, delta=replace(found.delta, n=int(both.sum())))
    if len(set(clusters)) < len(clusters):
        return found
    test = discordant(a, b)
    return replace(found, p=test.p, test=test.test)


def discordant(a: Numbers, b: Numbers) -> Discordant:
    """Items on which one column alone is 1, among those with both words."""
    only_a, only_b = int(((a == 1) & (b == 0)).sum()), int(((a == 0) & (b == 1)).sum())
    return Discordant(only_a, only_b, *mcnemar(only_a, only_b))


def _against(
    task: str, pairs: Sequence[tuple[Verdict, Verdict]], wanted: Wanted, people: People | None
) -> tuple[tuple[AgainstPeople, ...], list[str]]:
    """Each labelled dimension, the grade first."""
    if people is None:
        return (), []
    of_a, of_b = (people.beside(verdicts) for verdicts in ([a for a, _ in pairs], [b for _, b in pairs]))
    other = {pairing.dimension: pairing for pairing in of_b}
    found, notes = [], []
    for pairing in sorted(of_a, key=lambda one: one.dimension != GRADE):
        if pairing.dimension not in other:
            continue
        try:
            found.append(against_people(pairing, other[pairing.dimension], wanted, people))
        except UsageError as error:
            notes.append(str(error))
    if not found:
        notes.append(f"{task}: no labelled sample that both judges were given; nobody can say who is right")
    return tuple(found), notes


def _strata(
    task: str, pairs: Sequence[tuple[Verdict, Verdict]], wanted: Wanted, people: People | None
) -> Iterator[Difference]:
    """The leading difference again in each part of the samples: exploratory."""
    for name, mask in parts([first for first, _ in pairs], wanted, ("system", *FIELDS)):
        part = [pair for pair, kept in zip(pairs, mask, strict=True) if kept]
        against, _ = _against(task, part, wanted, people)
        one = against[0].accuracy if against else between(part, wanted.how).stricter
        yield replace(one, name=name, title=f"{one.title}, {one.name} where {name}", planned=False)


def against_people(a: Pairing, b: Pairing, wanted: Wanted, people: People) -> AgainstPeople:
    """Two judges and people on the same items. Raises `UsageError` where nothing says which labels pass."""
    import numpy as np

    approved = a.approved(people.rule)
    known = ~np.isnan(approved)
    a, b, approved = a.take(known), b.take(known), approved[known]
    right = [np.where(np.isnan(one.passed), np.nan, (one.passed == approved).astype(float)) for one in (a, b)]
    both = ~np.isnan(right[0]) & ~np.isnan(right[1])
    planned = a.dimension == GRADE or wanted.planned(a.dimension)
    accuracy = paired(
        a.dimension, "accuracy, pass or not, against people", right[0], right[1], a.clusters, wanted.how, planned
    )
    undecided = a.consensus(people.rule).undecided
    return AgainstPeople(
        a.dimension,
        a.role,
        len(approved),
        int(both.sum()),
        accuracy,
        tuple(_figures(a.take(both), b.take(both), approved[both], wanted.how, people)),
        discordant(*right),
        float(approved.mean()) if len(approved) else float("nan"),
        (f"{undecided} items left out on which people are tied",) if undecided else (),
    )


def _figures(a: Pairing, b: Pairing, approved: Numbers, how: Draws, people: People) -> list[Scored]:
    """F1 of a pass and of the best label, kappa and AC1: each judge's and the difference."""
    import numpy as np

    made = [("f1_pass", "F1, positive class: pass", f1(a.passed, approved), f1(b.passed, approved))]
    for name, title, truth in (
        ("sensitivity", "sensitivity: passes what people pass", 1.0),
        ("specificity", "specificity: rejects what people reject", 0.0),
    ):
        of_a, of_b = (mean_of(np.where(approved == truth, one.passed == truth, np.nan), share=True) for one in (a, b))
        made.append((name, title, of_a, of_b))
    if a.comparable and b.comparable and a.people.scale is not None:
        word, top = a.consensus(people.rule).values, a.people.scale.high
        named, is_best = a.people.scale.word(top), (word == top).astype(float)
        best = [f1((one.said == top).astype(float), is_best) for one in (a, b)]
        made.append((f"f1_{named}", f"F1, {named} against the rest", best[0], best[1]))
        tables = [Table(one.ids, ("people", "judge"), np.column_stack([word, one.said]), a.people.scale)
                  for one in (a, b)]  # fmt: skip
    else:
        tables = [Table(one.ids, ("people", "judge"), np.column_stack([approved, one.passed]), PASS_FAIL)
                  for one in (a, b)]  # fmt: skip
    for (name, title, of_a), (_, _, of_b) in zip(*map(_coefficients, tables), strict=True):
        if name != "raw":
            made.append((name, f"{title}, {tables[0].scale}", of_a, of_b))
    return [
        Scored(name, title, how.of(of_a, a.clusters), how.of(of_b, a.clusters),
               how.of(combine(operator.sub, of_a, of_b), a.clusters))
        for name, title, of_a, of_b in made
    ]  # fmt: skip


def f1(said: Numbers, truth: Numbers) -> Sums:
    """2 tp / (2 tp + fp + fn); NaN where neither people nor the judge ever say the positive class."""
    import numpy as np

    hits, either = said * truth, said + truth
    return Sums(np.stack([2 * hits, either], axis=1), lambda sums: ratio(sums[..., 0], sums[..., 1]))


def _coefficients(table: Table) -> list[tuple[str, str, Sums]]:
    """(name, title, statistic) of raw agreement, kappa and AC1 of two columns."""
    import numpy as np

    first, second = table.values.T
    alike = np.where(np.isnan(first) | np.isnan(second), np.nan, (first == second).astype(float))
    return [
        ("raw", "raw agreement", mean_of(alike, share=True)),
        *((name, METRICS[name].title, METRICS[name].make(table)) for name in ("kappa", "ac1")),
    ]


def _bill(side: Contender, verdicts: Sequence[Verdict]) -> Bill:
    total = sum((verdict.cost for verdict in verdicts), Cost())
    timed = [side.seconds[v.key] for v in verdicts if v.key in side.seconds]
    return Bill(
        len(verdicts),
        dict(Counter(verdict.status.value for verdict in verdicts if verdict.grade is None)),
        total.calls,
        total.cached_calls,
        total.tokens_in,
        total.tokens_out,
        total.usd,
        median(timed) if timed else None,
        len(timed),
    )


def _code(verdict: Verdict) -> float:
    import numpy as np

    code = None if passes(verdict) is None else GRADES.code(verdict.grade)
    return np.nan if code is None else code
