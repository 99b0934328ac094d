"""What is taken of the accepted rows: no copies, no more of a kind than asked, fresh ones. It looks at no label."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..errors import InputError, UsageError
from ..judge.sets import normalise, repeats
from .aside import seen_by_the_audit
from .rows import Row


@dataclass(frozen=True, slots=True)
class Selection:
    """How rows are filtered; every choice beyond acceptance is off unless asked for, exact duplicates excepted."""

    uncertified: bool = False
    """Filter without a policy: accepts every grade but Bad, or by `all_pass` alone."""
    all_pass: bool = False
    """One defect rejects (RecGPT, arXiv 2507.22879, appendix): no finding may be negative."""
    audit: int | None = None
    """Accepted rows put aside for people; None is 50, or a fifth of the accepted where that is fewer."""
    seed: int = 0
    duplicates: bool = False
    """Keep rows that are the same in all but their id."""
    near: float | None = None
    """Leave out texts with this Jaccard index of character n-grams to one that stays."""
    within: str = "group"
    """Where copies are looked for: a name in `WITHIN`."""
    across_routes: bool = False
    """Of one text that several systems wrote for one group, keep one."""
    per_category: int | None = None
    """Most rows of one category in one group (rows without a group together)."""
    category: str = "category"
    """Where the category stands: a path in the context (`item.category`), else in the sample's meta."""
    balance: str | None = None
    """Every class sampled down to the smallest: a name in `CLASSES`."""
    newest_first: bool = False
    """Who stays where some must go: the newest; else as a seeded draw has it."""
    half_life: float | None = None
    """Days after which half of the rows are left out."""
    time: str = "now"
    """Where a row's ISO date stands, as `category`."""


@dataclass(frozen=True, slots=True)
class Left:
    """One row left out."""

    row: Row
    step: str
    """Why, in a word to count by: `rejected`, `unjudged: timeout`, `near-duplicate`."""
    reason: str


AUDITED = "as the audit"
"""The step that leaves out what says the same as a row put aside for people."""
Out = dict[int, str]
"""Place of a row to why it goes."""


def select(
    rows: Sequence[Row], options: Selection, *, now: date, aside: Sequence[Row] = ()
) -> tuple[list[Row], list[Left]]:
    """What stays, in its order, and what goes; `aside` are rows of the audit, whose copies go too.

    Raises `UsageError` for an option that is none, `InputError` for a row without the date that is asked for.
    """
    check(options)
    kept, left = list(rows), []
    for name, step in STEPS.items():
        out = step(kept, options, now, aside)
        left += [Left(kept[place], name, out[place]) for place in sorted(out)]
        kept = [row for place, row in enumerate(kept) if place not in out]
    return kept, left


def field_of(row: Row, path: str) -> Any:
    """What stands at a path of the sample: in its context, else in its meta; None where nothing does."""
    for inside in (row.sample.context, row.sample.meta):
        found: Any = inside
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        if found is not None and found != "":
            return found
    return None


def content(row: Row) -> str:
    """A name for all but the id: rows with one name would teach the same twice."""
    import orjson

    own = row.sample
    parts = [own.task, own.output, own.context, own.group, own.item, own.system]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def chance(row: Row, seed: int, name: str) -> float:
    """In [0, 1), the same for the same row, seed and name."""
    words = f"{seed}\0{name}\0{row.verdict.key}\0{row.verdict.place}".encode()
    return int.from_bytes(hashlib.sha256(words).digest()[:7]) / 2**56


def _all_pass(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    found = {place: defects(row) for place, row in enumerate(rows)} if options.all_pass else {}
    return {place: f"defect: {names}" for place, names in found.items() if names}


def defects(row: Row) -> str:
    """The dimensions found negative."""
    return ", ".join(found.dimension for found in row.verdict.findings if found.polarity == -1)


def _audited(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    return seen_by_the_audit(rows, aside, options.near, WITHIN[options.within], options.seed)


def _duplicates(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    seen: dict[str, str] = {}
    out = {}
    for place, row in enumerate(rows):
        name = content(row)
        if name in seen and not options.duplicates:
            out[place] = f"the same as {seen[name]}"
        seen.setdefault(name, row.sample.id)
    return out


def _near(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    if options.near is None:
        return {}
    classes: dict[Hashable, list[int]] = defaultdict(list)
    for place in _ranked(rows, options, now, "near"):
        classes[rows[place].sample.task, WITHIN[options.within](rows[place])].append(place)
    out = {}
    for places in classes.values():
        texts = [rows[place].sample.text for place in places]
        for one, other in repeats(texts, least=options.near, seed=options.seed).items():
            out[places[one]] = f"near-duplicate of {rows[places[other]].sample.id}"
    return out


def _routes(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    if not options.across_routes:
        return {}
    first: dict[tuple[str, str, str], Row] = {}
    out = {}
    for place in _ranked(rows, options, now, "routes"):
        own = rows[place].sample
        words = normalise(own.text)
        if not words or own.system is None:
            continue
        stays = first.setdefault((own.task, own.group or own.parent or own.item or own.id, words), rows[place])
        if stays.sample.system != own.system:
            out[place] = f"route {stays.sample.system} wrote it too ({stays.sample.id})"
    return out


def _caps(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    if options.per_category is None:
        return {}
    if rows and all(field_of(row, options.category) is None for row in rows):
        raise UsageError(f"no row has a category at {options.category!r}; name its place with --category")
    counts: Counter[tuple[str, str | None, str]] = Counter()
    out = {}
    for place in _ranked(rows, options, now, "caps"):
        own, category = rows[place].sample, field_of(rows[place], options.category)
        key = (own.task, own.group, str(category))
        if category is not None:
            counts[key] += 1
            if counts[key] > options.per_category:
                out[place] = f"more than {options.per_category} of {options.category} {category} in one group"
    return out


def _balance(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    if options.balance is None or not rows:
        return {}
    classes: dict[str, list[int]] = defaultdict(list)
    for place in _ranked(rows, options, now, "balance"):
        classes[CLASSES[options.balance](rows[place], options)].append(place)
    least = min(map(len, classes.values()))
    return {
        place: f"{options.balance} {name or '(none)'} has {len(places)}, the smallest {least}"
        for name, places in classes.items()
        for place in places[least:]
    }


def _fresh(rows: Sequence[Row], options: Selection, now: date, aside: Sequence[Row]) -> Out:
    if options.half_life is None:
        return {}
    ages = [max(0, (now - _day(row, options.time)).days) for row in rows]
    return {
        place: f"{age} days old"
        for place, (row, age) in enumerate(zip(rows, ages, strict=True))
        if chance(row, options.seed, "age") >= 0.5 ** (age / options.half_life)
    }


def _ranked(rows: Sequence[Row], options: Selection, now: date, name: str) -> list[int]:
    """Places, those that stay first: as a draw has it, so that no route gains by standing first in the file."""

    def rank(place: int) -> tuple[float, float]:
        old = (now - _day(rows[place], options.time)).days if options.newest_first else 0
        return old, chance(rows[place], options.seed, name)

    return sorted(range(len(rows)), key=rank)


def _day(row: Row, path: str) -> date:
    found = field_of(row, path)
    try:
        return datetime.fromisoformat(str(found)).date()
    except ValueError as error:
        raise InputError(
            f"{row.verdict.place or row.sample.id}: no ISO date at {path!r} ({found!r}); name its place with --time"
        ) from error


def check(options: Selection) -> None:
    """Raises `UsageError` for an option that is none."""
    for name, known in (("within", WITHIN), ("balance", CLASSES)):
        value = getattr(options, name)
        if value is not None and value not in known:
            raise UsageError(f"{name} {value!r} is unknown; known: {', '.join(known)}")
    if options.near is not None and not 0 < options.near <= 1:
        raise UsageError(f"near-duplicates {options.near:g}: give a Jaccard index above 0, at most 1, e.g. 0.8")
    for name, least in (("per_category", 1), ("audit", 0), ("half_life", 0)):
        value = getattr(options, name)
        if value is not None and (not least <= value < math.inf or (name == "half_life" and value == 0)):
            raise UsageError(f"{name} {value:g}: give {'more than 0' if name == 'half_life' else f'{least} or more'}")


WITHIN: dict[str, Callable[[Row], Hashable]] = {
    "group": lambda row: row.sample.group or row.sample.parent or "",
    "item": lambda row: row.sample.item or "",
    "all": lambda row: "",
}
"""Where near-duplicates are looked for; rows without a group or item are compared with each other."""
CLASSES: dict[str, Callable[[Row, Selection], str]] = {
    "system": lambda row, options: row.sample.system or "",
    "group": lambda row, options: row.sample.group or "",
    "category": lambda row, options: str(field_of(row, options.category) or ""),
}
STEPS: Mapping[str, Callable[[Sequence[Row], Selection, date, Sequence[Row]], Out]] = {
    AUDITED: _audited,
    "all-pass": _all_pass,
    "duplicate": _duplicates,
    "near-duplicate": _near,
    "across routes": _routes,
    "category cap": _caps,
    "balance": _balance,
    "age": _fresh,
}
"""In the order in which they are taken."""
