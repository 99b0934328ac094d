"""The command status: where a run is, from another terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import UsageError
from .printing import Json, print_rows, tell

if TYPE_CHECKING:
    from ..judge import EventLog, RunStatus

LogJson = Annotated[
    str | None,
    typer.Option("--log-json", metavar="FILE", help="Append events, one JSON a line; - is standard output, alone."),
]
LogTexts = Annotated[bool, typer.Option("--log-texts", help="With --log-json: texts of samples and faults too.")]
_EXPORTERS = ("OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT")


def status(
    run: Annotated[Path, typer.Argument(help="A run's verdicts file or folder, or its ledger (.db).")],
    watch: Annotated[
        float | None, typer.Option(min=0, metavar="SECONDS", help="Look again so often, until nobody works on it.")
    ] = None,
    json: Json = False,
) -> None:
    """Show where a run is: judged, rate, cost, time left."""
    from ..judge import status as look

    seen = look(run)
    _show(seen, json, alone=watch is None)
    while watch is not None and seen.owner is not None:
        time.sleep(watch)
        seen = look(run)
        _show(seen, json, alone=False)


def event_log(path: str | None, texts: bool, json: bool) -> EventLog | None:
    """The stream that `--log-json` names; trouble with it is told once on standard error. Raises `UsageError`."""
    from ..judge import EventLog

    if path is None:
        if texts:
            raise UsageError("--log-texts says what --log-json writes: give both")
        return None
    if path == "-" and json:
        raise UsageError("--json and --log-json - both want standard output: give --log-json a file")
    return EventLog(path, texts=texts, troubled=tell)


@contextmanager
def exporting_telemetry() -> Iterator[None]:
    """Sets OpenTelemetry up as its own environment variables say, where they name an exporter; else does nothing.

    Raises `UsageError` where they do and the SDK is not installed.
    """
    if not any(os.environ.get(name) for name in _EXPORTERS) or "opentelemetry.trace" in sys.modules:
        yield
        return
    from importlib.metadata import entry_points

    found = list(entry_points(group="opentelemetry_configurator"))
    if not found:
        raise UsageError("OTEL_… names an exporter and OpenTelemetry is not installed: pip install 'recjudge[otel]'")
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        os.environ.setdefault("OTEL_TRACES_EXPORTER", "otlp")
        os.environ.setdefault("OTEL_METRICS_EXPORTER", "otlp")
    found[0].load()().configure(auto_instrumentation_version=None)
    try:
        yield
    finally:
        _flush()


def _flush() -> None:
    """What is still held back goes out now: a command ends before the next export is due."""
    from opentelemetry import metrics, trace

    for provider in (trace.get_tracer_provider(), metrics.get_meter_provider()):
        if hasattr(provider, "force_flush"):
            provider.force_flush()


def _show(seen: RunStatus, json: bool, *, alone: bool) -> None:
    """One table; machines get one object, and of a watched run one a line."""
    from ..reports import status_rows

    if not json:
        print_rows(f"Run {seen.run} of {seen.path}", ("", seen.at), status_rows(seen))
        return
    import orjson

    option = orjson.OPT_INDENT_2 if alone else 0
    sys.stdout.write(orjson.dumps(_record(seen), option=option).decode() + "\n")
    sys.stdout.flush()


def _record(seen: RunStatus) -> dict[str, Any]:
    rates = {name: getattr(seen, name) for name in ("last_minute", "since_start")}
    return asdict(seen) | {
        name: rate and asdict(rate) | {"per_second": rate.per_second} for name, rate in rates.items()
    }
