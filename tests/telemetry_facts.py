"""Run where OpenTelemetry is installed: judges three samples and writes what the exporters in memory got, as JSON.

Then two samples by each engine that judges elsewhere: workers, batches, shards.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from recjudge.errors import ProviderFault
from recjudge.judge import Judge, Options, Prompt, Reply, Scripted, score
from recjudge.judge.cluster import Cluster
from recjudge.judge.cluster.sharded import score_sharded
from recjudge.judge.cluster.workers import OneByOne
from recjudge.judge.observing.spans import telemetry
from recjudge.judge.providers import Usage

from batch_world import in_batches, judge_at
from makers import dimension, rubric, said
from plain_judges import Plain
from servers.batch import BatchService

ROWS = [{"id": f"s{n}", "task": "text", "output": f"Text {n} canary"} for n in range(3)]


def answer(prompt: Prompt) -> Reply:
    if "Text 2" in prompt.body:
        raise ProviderFault("canary: I will not", status="refused")
    return Reply(json.dumps(said("good", "canary")), Usage(100, 40, 10), model="m-2026")


def main() -> None:
    """Once with nothing set up, once with all."""
    judge = Judge.of(Scripted(answer, "openai/m?base_url=http://127.0.0.1:8000/v1"), rubric(dimension("relevance")))
    before = telemetry()
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
    list(score(ROWS, judge))
    spans = [_span(span) for span in exporter.get_finished_spans()]
    facts = {"before": before is None, "spans": spans, "metrics": _metrics(reader)}
    for engine, run in ELSEWHERE.items():
        exporter.clear()
        run()
        facts[engine] = [_span(span) for span in exporter.get_finished_spans()]
    json.dump(facts, sys.stdout)


def _processes() -> None:
    list(score(ROWS[:2], Plain(), options=Options(engine="processes", processes=1)))


def _batch() -> None:
    with BatchService(script=lambda body: said("good")) as service:
        in_batches(ROWS[:2], judge_at(service, "openai/m", rubric(dimension("relevance"))))


def _ray() -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "in.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in ROWS[:2]))
        options = Options(engine="ray", cluster=Cluster(shard_size=40))
        score_sharded(str(file), Plain(), out=Path(folder) / "out", options=options, workers=OneByOne())


ELSEWHERE = {"processes": _processes, "batch": _batch, "ray": _ray}


def _span(span: Any) -> dict[str, Any]:
    return {
        "name": span.name, "kind": span.kind.name,
        "id": span.context.span_id, "parent": span.parent and span.parent.span_id,
        "told": dict(span.attributes), "status": span.status.status_code.name, "events": len(span.events),
    }  # fmt: skip


def _metrics(reader: Any) -> list[dict[str, Any]]:
    found = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics
    return [
        {"name": one.name, "unit": one.unit, "told": dict(point.attributes), "count": point.count, "sum": point.sum}
        for one in found
        for point in one.data.data_points
    ]


if __name__ == "__main__":
    main()
