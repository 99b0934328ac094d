"""Spans and metrics of OpenTelemetry, by its conventions for generative AI: only where a provider of them is set up.

A process that never imported OpenTelemetry has set up nothing, so that looking costs one look into `sys.modules`.
Prompts, replies and texts of samples are in no span. Every engine has the span of the run with its counts. `pool` and
`here` trace each judgement and, within it, each call; `processes` and `batch` each judgement when it is committed, as a
span without length, and not the work of a worker process or a single request of a batch; `ray` each shard, and not what
its actors do.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import orjson

from ...errors import ProviderFault
from ..providers.base import Prompt, Provider, Reply

if TYPE_CHECKING:
    from ..records import Verdict
    from ..running.packing import Item
    from ..verdicts import Line

NAME = "recjudge"
_SECONDS = tuple(0.01 * 2**power for power in range(14))
_TOKENS = tuple(float(4**power) for power in range(14))
"""Bounds of the histograms, as the conventions advise."""


@dataclass(frozen=True)
class Telemetry:
    """What spans and metrics are made with."""

    tracer: Any
    duration: Any
    tokens: Any

    @contextmanager
    def run(self, identity: Mapping[str, str], run: int | None) -> Iterator[Any]:
        """The span of a run; those of its samples lie within it. A sharded run has no number."""
        told: dict[str, Any] = {"recjudge.judge": identity.get("judge", "")} | ({"recjudge.run": run} if run else {})
        with self.tracer.start_as_current_span("score", attributes=told) as span:
            yield span

    def judged(self, lines: Iterable[Line]) -> None:
        """Spans of judgements that were made elsewhere, when they are committed: how long each took is not known."""
        for line in lines:
            task = orjson.loads(line.body)["task"]
            self.past(f"judge {task}", 0.0, _told(task, line.kind, line.key, line.status, line.grade))

    def past(self, name: str, seconds: float, told: Mapping[str, Any]) -> None:
        """A span that ends now and began so long ago."""
        now = time.time_ns()
        self.tracer.start_span(name, start_time=now - int(seconds * 1e9), attributes=told).end(now)


def telemetry() -> Telemetry | None:
    """What this process set up; None where it set up nothing, be OpenTelemetry installed or not."""
    if "opentelemetry.trace" not in sys.modules and "opentelemetry.metrics" not in sys.modules:
        return None
    from opentelemetry import metrics, trace

    if _idle(trace.get_tracer_provider()) and _idle(metrics.get_meter_provider()):
        return None
    meter = metrics.get_meter(NAME)
    return Telemetry(
        trace.get_tracer(NAME),
        meter.create_histogram(
            "gen_ai.client.operation.duration", "s", "GenAI operation duration.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        ),
        meter.create_histogram(
            "gen_ai.client.token.usage", "{token}", "Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=_TOKENS,
        ),
    )  # fmt: skip


class Traced:
    """A provider whose every request is a span and stands in the metrics."""

    def __init__(self, inner: Provider, seen: Telemetry) -> None:
        self.inner, self._seen = inner, seen
        self._same = _attributes(inner.name)

    @property
    def name(self) -> str:
        """The inner provider's."""
        return self.inner.name

    async def ask(self, prompt: Prompt) -> Reply:
        """One request."""
        from opentelemetry.trace import SpanKind

        told = self._same | {"gen_ai.request.max_tokens": prompt.max_tokens}
        named = f"chat {self._same['gen_ai.request.model']}"
        began, ended = time.perf_counter(), dict(self._same)
        with self._seen.tracer.start_as_current_span(
            named, kind=SpanKind.CLIENT, attributes=told, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                reply = await self.inner.ask(prompt)
            except BaseException as error:
                ended["error.type"] = error.status if isinstance(error, ProviderFault) else type(error).__name__
                _failed(span, ended["error.type"])
                raise
            else:
                self._used(span, reply, ended)
                return reply
            finally:
                self._seen.duration.record(time.perf_counter() - began, ended)

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    def _used(self, span: Any, reply: Reply, told: dict[str, Any]) -> None:
        if reply.model:
            told["gen_ai.response.model"] = reply.model
            span.set_attribute("gen_ai.response.model", reply.model)
        used = reply.usage
        if not used.tokens_in:
            return  # the provider did not count
        span.set_attribute("gen_ai.usage.input_tokens", used.tokens_in)
        span.set_attribute("gen_ai.usage.cache_read.input_tokens", used.tokens_cached)
        span.set_attribute("gen_ai.usage.output_tokens", used.tokens_out)
        self._seen.tokens.record(used.tokens_in, told | {"gen_ai.token.type": "input"})
        self._seen.tokens.record(used.tokens_out, told | {"gen_ai.token.type": "output"})


def traced(provider: Provider) -> Provider:
    """The provider, its requests in spans and metrics where the process set these up."""
    seen = telemetry()
    return provider if seen is None else Traced(provider, seen)


@dataclass(frozen=True)
class TracedJudge:
    """A judge whose every sample is a span, in which its calls lie. For engines that judge in this process."""

    inner: Any
    seen: Telemetry

    def prepare(self, items: list[Item]) -> None:
        """Told of a window ahead of time."""
        self.inner.prepare(items)

    async def judge(self, item: Item) -> Verdict:
        """One verdict; no grade is no error of the span, it stands in its attributes."""
        with self.seen.tracer.start_as_current_span("judge") as span:
            said: Verdict = await self.inner.judge(item)
            span.update_name(f"judge {said.task}")
            told = _told(said.task, said.kind, said.key, said.status.value, said.grade and said.grade.value)
            span.set_attributes(told)
            return said


def _told(task: str, kind: str, key: str, status: str, grade: str | None) -> dict[str, Any]:
    told = {"recjudge.kind": kind, "recjudge.sample.key": key, "recjudge.status": status}
    return told | ({"gen_ai.evaluation.name": task, "gen_ai.evaluation.score.label": grade} if grade else {})


def _idle(provider: Any) -> bool:
    """Whether it is the API's own, which does nothing: nobody set one up."""
    return type(provider).__module__.startswith(("opentelemetry.trace", "opentelemetry.metrics"))


def _failed(span: Any, why: str) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", why)
    span.set_status(StatusCode.ERROR, why)


def _attributes(name: str) -> dict[str, Any]:
    """What all requests of a provider have in common, read off its name: `compatible/m?base_url=http://h:8000/v1`."""
    kind, _, rest = name.partition("/")
    model, _, options = rest.partition("?")
    told: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": kind.removesuffix("-decisions"),
        "gen_ai.request.model": model or kind,
    }
    if url := parse_qs(options).get("base_url"):
        split = urlsplit(url[0])
        told["server.address"] = split.hostname or ""
        with suppress(ValueError):  # a port that is none: the provider will say so
            told["server.port"] = split.port or (443 if split.scheme == "https" else 80)
    return told
