"""Run where OpenTelemetry is installed: judges three samples and writes what the exporters in memory got, as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from recjudge.errors import ProviderFault
from recjudge.judge import Judge, Prompt, Reply, Scripted, score
from recjudge.judge.observing.spans import telemetry
from recjudge.judge.providers import Usage

from makers import dimension, rubric, said

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
    json.dump({"before": before is None, "spans": spans, "metrics": _metrics(reader)}, sys.stdout)


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
