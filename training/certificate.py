"""The certificate of a set of training rows: whose word it rests on, how many may be bad, and what was left out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from ..errors import UsageError
from ..human_labels import Policy, policy_json, wilson
from ..judge import Grade, Status
from ..judge.sets import TextSet, measure
from .bad_rows import BadRows, bad_rows, cluster_of
from .rows import Row
from .selection import Left, Selection, chance, content, field_of

VERSION = 1
DIVERSITY = ("distinct_1", "distinct_2", "rouge_diversity", "ngram_distance", "near_duplicate_share")
SHOWN = 1000
"""Most texts of a task that its diversity is measured on."""
NO_AUDIT = "no audit sample was put aside: precision cannot be checked against people"


@dataclass(frozen=True)
class Certificate:
    """What can be said of the kept rows; every field is JSON as it stands."""

    certified: bool
    statement: str
    made: str
    expires: str
    """ISO date of the policy's end; "" for what is not certified."""
    judges: tuple[str, ...]
    rubrics: tuple[str, ...]
    """Name and content hash."""
    policy: Mapping[str, Any] | None
    """Digest, label file and its digest, rounds, made, how often the sealed labels were opened, notes."""
    lines: tuple[Mapping[str, Any], ...]
    """`BadRows` of each line, with `expected_kept` and `bound_kept`."""
    bad: Mapping[str, Any] | None
    """Over all lines: `expected`, `low`, `high`, `bound`, `confidence`; conservatively of the kept, `…_kept`; by the
    sealed labels alone, `tested_bound` and `tested_confidence`."""
    rows: int
    judged: int
    accepted: int
    kept: int
    groups: int
    """Groups with a kept row."""
    groups_judged: int
    left_out: Mapping[str, int]
    unjudged: Mapping[str, int]
    """By status; in no share."""
    yields: Mapping[str, Mapping[str, Mapping[str, Any]]]
    """By what, of which class: judged, accepted, kept, the share accepted and its 95 % Wilson interval."""
    diversity: Mapping[str, Mapping[str, Mapping[str, Any]]]
    """Task to set metric to `n`, `judged`, `accepted`, `kept`: each on as many texts as the smallest of them has."""
    audit: Mapping[str, Any]
    """`ids`, `probability`, `seed`."""
    selection: Mapping[str, Any]
    notes: tuple[str, ...]
    recjudge: str
    graded_bad: int | None = None
    """Kept although the judge grades them Bad: a policy accepts by score. None in certificates that do not tell."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file beside it."""
    version: int = VERSION


def certify(
    rows: Sequence[Row],
    accepted: Sequence[Row],
    kept: Sequence[Row],
    left: Sequence[Left],
    audit: Sequence[str],
    probability: float,
    *,
    policy: Policy | None,
    options: Selection,
    now: date,
    recjudge: str = "",
) -> Certificate:
    """The certificate of a filter's outcome; digests of files come in when they are written."""
    judged = [row for row in rows if row.verdict.status is Status.OK]
    found = _lines(judged, kept, policy, options) if policy else []
    steps = Counter(one.step for one in left)
    return Certificate(
        certified=policy is not None,
        statement=_statement(policy, found),
        made=now.isoformat(),
        expires=policy.expires if policy else "",
        judges=tuple(sorted({row.verdict.judge for row in rows})),
        rubrics=tuple(sorted({row.verdict.rubric for row in rows})),
        policy=_policy(policy) if policy else None,
        lines=tuple(asdict(one) | {"expected_kept": one.expected_kept, "bound_kept": one.bound_kept} for one in found),
        bad=_total(found, len(kept)) if policy else None,
        rows=len(rows),
        judged=len(judged),
        accepted=len(accepted),
        kept=len(kept),
        groups=len({cluster_of(row.verdict) for row in kept}),
        groups_judged=len({cluster_of(row.verdict) for row in judged}),
        left_out=dict(sorted(steps.items())),
        unjudged=dict(sorted(Counter(word for row in rows if (word := row.verdict.status.value) != Status.OK).items())),
        yields=_yields(judged, accepted, kept, options),
        diversity=_diversity({"judged": judged, "accepted": accepted, "kept": kept}, options.seed),
        audit={"ids": list(audit), "probability": probability, "seed": options.seed},
        selection=asdict(options),
        notes=_notes(policy, found, audit, options),
        recjudge=recjudge,
        graded_bad=sum(row.verdict.grade is Grade.BAD for row in kept),
    )


def certificate_json(certificate: Certificate) -> dict[str, Any]:
    """As JSON, with a digest over all of it."""
    content: dict[str, Any] = json.loads(json.dumps(asdict(certificate)))
    return content | {"sha256": _digest(content)}


def certificate_of(content: Any, place: str) -> Certificate:
    """The certificate of its JSON. Raises `UsageError` for what is none or was changed by hand."""
    remedy = "`recjudge filter` writes it"
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise UsageError(f"{place}: not a certificate that this recjudge reads; {remedy}")
    digest = content.pop("sha256", None)
    if digest != _digest(content):
        raise UsageError(f"{place}: changed after it was made; filter again")
    several = ("judges", "rubrics", "lines", "notes")
    try:
        return Certificate(**content | {name: tuple(content[name]) for name in several})
    except (TypeError, KeyError) as error:
        raise UsageError(f"{place}: not a certificate ({error}); {remedy}") from error


def policy_digest(policy: Policy) -> str:
    """The SHA-256 that the policy's own file holds."""
    return _digest(policy_json(policy))


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _lines(judged: Sequence[Row], kept: Sequence[Row], policy: Policy, options: Selection) -> list[BadRows]:
    """Each line with the rows it accepts by itself: what all accept is guaranteed by no line, but is among these."""
    found = []
    for line in policy.lines:
        own = [row for row in judged if row.verdict.task == line.task and not (row.never or row.negative)]
        taken = [row for row in own if line.decide(row.verdict) == "accept"]
        if own:
            verdicts, contents = [row.verdict for row in taken], [content(row) for row in taken]
            n = sum(row.verdict.task == line.task for row in kept)
            found.append(bad_rows(line, verdicts, n, contents, copies=options.duplicates))
    return found


def _total(found: Sequence[BadRows], kept: int) -> dict[str, Any]:
    """Bad on one line or another: at most the sum over lines, with the lines' confidences together."""

    def total(values: Iterable[float | None]) -> float | None:
        known = list(values)
        return None if not known or None in known else sum(value for value in known if value is not None)

    bound, distinct = total(one.bound for one in found), total(one.distinct_bound for one in found)
    tested = total(one.tested_bound for one in found)
    tested_once = total(one.distinct_tested_bound for one in found)
    expected = total(one.expected for one in found)
    return {
        "expected": expected,
        "low": total(one.low for one in found),
        "high": total(one.high for one in found),
        "expected_kept": None if expected is None else min(float(kept), expected),
        "bound": bound,
        "bound_kept": None if distinct is None else min(kept, distinct),
        "confidence": round(1 - sum(1 - one.bound_confidence for one in found), 10),
        "tested_bound": tested,
        "tested_bound_kept": None if tested_once is None else min(kept, tested_once),
        "tested_confidence": round(1 - sum(1 - one.confidence for one in found), 10),
    }


def _statement(policy: Policy | None, found: Sequence[BadRows]) -> str:
    if policy is None:
        return "UNCERTIFIED: accepted without a policy; nothing says how many of these rows are bad"
    lines = "; ".join(
        f"{one.line}: at least {one.precision:.4g} of what it accepts is right, confidence {one.confidence:.4g}"
        for one in found
    )
    return (
        f"{lines or 'no row was judged'}. This holds for the accepted set, of samples drawn as the labelled ones were, "
        "before the selections after acceptance, which look at no label; bad rows among the kept are bounded by all "
        "those among the accepted"
    )


def _policy(policy: Policy) -> dict[str, Any]:
    names = ("labels", "rounds", "made", "expires", "opened", "notes")
    own = {name: getattr(policy, name) for name in names}
    return {"digest": policy_digest(policy), "labels_digest": policy.digest} | own


def _yields(
    judged: Sequence[Row], accepted: Sequence[Row], kept: Sequence[Row], options: Selection
) -> dict[str, dict[str, dict[str, Any]]]:
    ways: dict[str, Callable[[Row], Any]] = {
        "grade": lambda row: row.verdict.grade,
        "task": lambda row: row.verdict.task,
        "system": lambda row: row.verdict.system,
        "category": lambda row: field_of(row, options.category),
        "popularity": _thirds(judged),
    }
    names = dict.fromkeys((row.verdict.task, found.dimension) for row in judged for found in row.verdict.findings)
    ways |= {f"{task}.{name}": _label(task, name) for task, name in names}
    found = {name: _yield(of, judged, accepted, kept) for name, of in ways.items()}
    return {name: classes for name, classes in found.items() if classes}


def _yield(
    of: Callable[[Row], Any], judged: Sequence[Row], accepted: Sequence[Row], kept: Sequence[Row]
) -> dict[str, dict[str, Any]]:
    seen, taken, left = (
        Counter(str(value) for row in rows if (value := of(row)) is not None) for rows in (judged, accepted, kept)
    )
    return {
        name: {"judged": n, "accepted": taken[name], "kept": left[name], "share": taken[name] / n,
               "interval": list(wilson(taken[name], n))}
        for name, n in sorted(seen.items())
    }  # fmt: skip


def _label(task: str, name: str) -> Callable[[Row], str | None]:
    def label(row: Row) -> str | None:
        found = row.verdict.findings if row.verdict.task == task else ()
        return next((of.label or of.status.value for of in found if of.dimension == name), None)

    return label


def _thirds(rows: Sequence[Row]) -> Callable[[Row], str | None]:
    """`tail`, `middle` or `head` by the popularity given with a sample or its item; words as they stand."""

    def given(row: Row) -> Any:
        found = field_of(row, "item.popularity")
        return field_of(row, "popularity") if found is None else found

    numbers = sorted(float(value) for row in rows if isinstance(value := given(row), (int, float)))

    def third(row: Row) -> str | None:
        value = given(row)
        if not isinstance(value, (int, float)):
            return value if isinstance(value, str) else None
        below = sum(number <= value for number in (numbers[len(numbers) // 3], numbers[2 * len(numbers) // 3]))
        return ("tail", "middle", "head")[below]

    return third


def _diversity(sets: Mapping[str, Sequence[Row]], seed: int) -> dict[str, dict[str, dict[str, Any]]]:
    """Before and after on sets of one size, as distinct-n falls with size: seeded samples of the larger."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for task in dict.fromkeys(row.verdict.task for row in sets["judged"]):
        own = {name: [row for row in rows if row.verdict.task == task] for name, rows in sets.items()}
        n = min([SHOWN, *(len(rows) for rows in own.values())])
        if n < 2:
            continue
        measured = {name: measure(_drawn(rows, n, seed), DIVERSITY) for name, rows in own.items()}
        found[task] = {
            metric: {"n": n} | {name: values[metric].value for name, values in measured.items()} for metric in DIVERSITY
        }
    return found


def _drawn(rows: Sequence[Row], n: int, seed: int) -> TextSet:
    ranked = sorted(rows, key=lambda row: chance(row, seed, "diversity"))[:n]
    return TextSet(tuple(row.sample.text for row in ranked), seed=seed, cap=20_000)


def _notes(
    policy: Policy | None, found: Sequence[BadRows], audit: Sequence[str], options: Selection
) -> tuple[str, ...]:
    notes = [] if audit else [NO_AUDIT]
    if len(found) > 1:
        notes.append("each line guarantees what it accepts by itself; bad rows are added up over the lines")
    if policy is not None:
        notes.append("rows that were among the calibration labels: for them the figures are in-sample")
        notes += [f"policy: {note}" for note in policy.notes]
    if options.near is not None:
        notes.append(f"near-duplicates (Jaccard index of {options.near:g}) were looked for within: {options.within}")
    return tuple(notes)
