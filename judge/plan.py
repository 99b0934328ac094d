"""What a run would take before a cent is spent: calls, tokens and dollars, each with a lower and an upper bound.

It walks the judge's own path twice over every sample, with a provider that answers nothing but counts: once by the
replies that lead to the fewest calls, once by those that lead to the most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ..errors import ProviderFault, UsageError
from ..rubrics import by_task
from .batches.forecast import Forecast
from .calls.wrappers import Price
from .cascade import Cascade
from .engine import check_engine
from .judges import AnyJudge, load_judge
from .ledger.ledger import Ledger
from .ledger.rows import call_key
from .providers import Prompt, Provider, Reply
from .reading.problems import Problem
from .reading.readers import resolve
from .reading.samples import read
from .records import Sample
from .score import blocking
from .steps import MOST_CLAIMS
from .writing import ledger_path

Casts = tuple[Forecast, Forecast] | None
"""Of the engine batch, for the least and the most."""


@dataclass
class Bound:
    """One end of what a run may take."""

    calls: int = 0
    cached: int = 0
    """Calls more, whose replies are in the ledger already."""
    tokens_in: int = 0
    tokens_shared: int = 0
    """Of `tokens_in`, those at the beginning of a prompt that an earlier one began with: what a prefix cache can serve,
    where it takes prefixes of their length and still has them (a run asks in an order that helps)."""
    tokens_out: int = 0
    usd: float | None = None
    """Without any cache."""
    usd_cached: float | None = None
    """With a cache that serves all of `tokens_shared`."""
    waves: int | None = None
    """Of the engine batch: how often it asks and waits; None of any other."""
    batches: int | None = None


@dataclass
class Plan:
    """What a run would take. Retries after faults are in neither bound; one re-ask of every reply is in the upper."""

    judge: str
    samples: int = 0
    problems: list[Problem] = field(default_factory=list)
    settled: int = 0
    """Findings that code settles, or that need a context the sample lacks: they cost no call."""
    findings: int = 0
    low: Bound = field(default_factory=Bound)
    high: Bound = field(default_factory=Bound)


def plan(
    source: Any,
    judge: AnyJudge | str = "local",
    *,
    out: Path | str | None = None,
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
    price: Price | None = None,
    engine: str | None = None,
) -> Plan:
    """Counts without calling. Tokens are bounded by characters (see `tokens`); dollars are None without a price.

    `source`, `judge`, `task` and `fields` are those of `score`. `out` is the verdicts' file of an earlier run, whose
    stored replies are counted as cached. With the engine `batch` there are waves and batches, and dollars are those of
    the providers' batch APIs, at `price` less their discount. Records that cannot be read are in the plan's `problems`.
    Raises `InputError` for a source that is missing or damaged, `UsageError` for an engine that is not there.
    """
    judge = load_judge(judge) if isinstance(judge, str) else judge
    made = Plan(judge.name)
    path = ledger_path(Path(out)) if out else None
    ledger = Ledger.read(path) if path and path.exists() else None
    check_engine(engine)
    casts = (Forecast(), Forecast()) if engine == "batch" else None
    least = _foretold(judge, most=False).over(_counter(made.low, ledger, casts and casts[0], most=False))
    most = _foretold(judge, most=True).over(_counter(made.high, ledger, casts and casts[1], most=True))
    if casts:
        price = casts[0].price(price)
    tasks = by_task(judge.rubrics.values())
    try:
        blocking(_walk(made, read(resolve(source), tasks=tasks, task=task, fields=fields or {}), least, most, casts))
    finally:
        if ledger:
            ledger.close()
    made.high.calls, made.high.tokens_in = 2 * made.high.calls, 2 * made.high.tokens_in
    made.high.tokens_shared, made.high.tokens_out = 2 * made.high.tokens_shared, 2 * made.high.tokens_out
    if casts:
        made.low.waves, made.low.batches = casts[0].waves, casts[0].batches()
        made.high.waves, made.high.batches = 2 * casts[1].waves, 2 * casts[1].batches()
    for bound in (made.low, made.high):
        if price is not None:
            bound.usd = price.cost(bound.tokens_in, 0, bound.tokens_out)
            bound.usd_cached = price.cost(bound.tokens_in, bound.tokens_shared, bound.tokens_out)
    return made


def tokens(text: str) -> tuple[int, int]:
    """Least and most tokens a text may be, whatever the tokeniser of today's models: a rule of thumb, stated.

    Least: six letters, or two other characters, a token. Most: two letters a token, and each other character two.
    """
    plain = len(_PLAIN.findall(text))
    other = len(text) - plain
    return plain // 6 + other // 2, plain // 2 + 2 * other + 1


@dataclass
class _Counter:
    """A provider that counts and gives the reply that ends the way soonest, or latest."""

    inner: Provider
    bound: Bound
    ledger: Ledger | None
    most: bool
    begun: set[int] = field(default_factory=set)
    """Hashes of what prompts began with: systems, and systems with contexts."""
    last: tuple[str, str, str] = ("", "", "")
    """The beginning of the prompt before: all that is asked of one sample is asked in one go."""

    @property
    def name(self) -> str:
        return self.inner.name

    async def ask(self, prompt: Prompt) -> Reply:
        stored = self.ledger.reply(call_key(self.name, prompt.key)) if self.ledger else None
        if stored is not None:
            self.bound.cached += 1
            return stored
        asked = f"{prompt.system}{prompt.user}{orjson.dumps(dict(prompt.schema)).decode() if prompt.schema else ''}"
        asked += "".join(f"{q.text}{q.levels}" for q in prompt.questions)
        self.bound.calls += 1
        self.bound.tokens_in += tokens(asked)[self.most]
        self.bound.tokens_shared += tokens(self._shared(prompt))[self.most]
        return self._reply(prompt)

    def _shared(self, prompt: Prompt) -> str:
        """The longest beginning, part by part, that was sent before."""
        whole, context = (prompt.system, prompt.shared, prompt.body), hash((prompt.system, prompt.shared))
        system = hash(prompt.system)
        if whole == self.last:
            return "".join(whole)
        known = prompt.system + prompt.shared if context in self.begun else ""
        known = known or (prompt.system if system in self.begun else "")
        self.begun |= {system, context}
        self.last = whole
        return known

    def _reply(self, prompt: Prompt) -> Reply:
        if prompt.questions:
            even = {q.name: {label: 1 / len(q.levels) for label, _ in q.levels} for q in prompt.questions}
            return Reply("", answers=even)
        text = next(self._accepted(prompt))
        self.bound.tokens_out += prompt.max_tokens if self.most else tokens(text)[0]
        return Reply(text)

    def _accepted(self, prompt: Prompt) -> Iterator[str]:
        sizes = range(MOST_CLAIMS + 1)
        for size in reversed(sizes) if self.most else sizes:
            # the last label of a look-up's turn is no label: then the one before
            for place in (-1, -2) if self.most else (0,):
                text = orjson.dumps(_made(prompt.schema, size, place)).decode()
                try:
                    if prompt.accept:
                        prompt.accept(text)
                except ProviderFault:
                    continue
                yield text
        raise UsageError(f"the plan found no reply that fits the schema {prompt.schema_name!r}; please report this")

    async def close(self) -> None:
        await self.inner.close()


async def _walk(made: Plan, units: Iterator[Any], least: AnyJudge, most: AnyJudge, casts: Casts) -> None:
    for unit in units:
        if isinstance(unit, Problem):
            made.problems.append(unit)
        elif isinstance(unit, Sample):
            verdict = await (casts[0].judged(least, unit) if casts else least.judge(unit))
            await (casts[1].judged(most, unit) if casts else most.judge(unit))
            made.samples += 1
            made.findings += len(verdict.findings)
            made.settled += sum(found.by.startswith(("check:", "needs")) for found in verdict.findings)


def _foretold(judge: AnyJudge, *, most: bool) -> AnyJudge:
    """What a provider will say is not known: at least nothing, at most everything goes on to a cascade's next judge."""
    return judge.foretelling(most) if isinstance(judge, Cascade) else judge


def _counter(
    bound: Bound, ledger: Ledger | None, cast: Forecast | None, *, most: bool
) -> Callable[[Provider], Provider]:
    def counting(provider: Provider) -> Provider:
        counter = _Counter(provider, bound, ledger, most)
        return cast.over(provider, counter) if cast else counter

    return counting


def _made(schema: Mapping[str, Any], size: int, place: int, name: str = "") -> Any:
    """A reply with so many claims, and the label that is at that place of its scale.

    The shortest way ends at the worst label, whose defect no senior reviewer is asked about; the longest at the best.
    """
    if "enum" in schema:
        known = schema["enum"]
        if name == "label":
            return known[max(place, -len(known))]
        # a look-up's last action is the answer, which ends it
        return known[-1 if name == "action" and place == 0 else 0]
    if schema.get("type") == "object":
        return {key: _made(part, size, place, key) for key, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_made(schema["items"], size, place) for _ in range(size)]
    if name == "quote":
        return "context"  # which stands in every prompt: a claim whose quotation does not is a defect
    return "" if place == 0 else "x" * 40


_PLAIN = re.compile(r"[A-Za-z ]")
