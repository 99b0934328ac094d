"""A run as a stream of events, one JSON object a line: for log collectors, and for whoever waits on a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from ...errors import StorageError
from ..ledger.pulses import utc_now

STANDARD_OUTPUT = "-"
TEXTS = frozenset({"text", "detail"})
"""Fields that may hold words of samples, models or providers: written only when texts are wanted."""
EVENTS = {
    "run_started": "run, pid, ledger, identity, engine, processes, concurrency, planned, shards: of the engine ray the "
    "ledger is the folder, and run is null",
    "committed": "verdicts, grades, unjudged, shard, done, planned: what was committed since the line before; of the "
    "engine ray all of one shard, when it is done",
    "unjudged": "kind, id, key, status, and with texts text and detail: a verdict without a grade",
    "call_failed": "provider, call, status, seconds, and with texts detail: a request that brought no whole reply",
    "refused": "as call_failed: the model, or a filter of the provider, would not answer",
    "retry": "provider, call, status, attempt, wait: the same call is sent again after `wait` seconds",
    "backoff": "provider, wait, in_flight: nobody leaves for `wait` seconds; then at most `in_flight` at once",
    "paused": "provider, failures: so many failed in a row that only a probe goes out",
    "resumed": "provider: it answers again",
    "batch": "provider, batch, state, requests, done, missing, statuses, lines, kinds: a batch was submitted, "
    "held_back (its provider takes it later), found (an earlier process had sent it), looked at (waiting, ended or "
    "refused, with `done` requests), collected; of one that was collected, `missing` replies that are requeued, by "
    "status, and `lines` that were quarantined, by kind",
    "run_ended": "complete, error, seconds, done, planned, unjudged, requests, calls, tokens_in, tokens_cached, "
    "tokens_out, usd, usd_at_most",
}
"""Each event, with the fields it has beside `time` (UTC, ISO 8601) and `event`."""


class EventLog:
    """Appends events to a file, or to standard output for `-`; each line is handed to the system before the next.

    texts: also words of samples, models and providers; without it there is no text in the stream, and a sample is
    named by its id and key alone. now: the clock. troubled: told once when a line cannot be written (a full disk, a
    closed pipe); from then on nothing more is written, and the run goes on. Raises `StorageError` for a file that
    cannot be opened.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        texts: bool = False,
        now: Callable[[], datetime] = utc_now,
        troubled: Callable[[str], None] = lambda words: None,
    ) -> None:
        self.path, self.texts, self.trouble = str(path), texts, ""
        """`trouble`: why nothing is written any more; empty while all is well."""
        self._now, self._troubled = now, troubled
        self._file = os.dup(1) if self.path == STANDARD_OUTPUT else _opened(Path(path))

    def __call__(self, event: str, fields: Mapping[str, Any]) -> None:
        """One event. Fields that may hold texts are left out unless texts are wanted."""
        if self.trouble or self._file < 0:
            return
        told = fields if self.texts else {name: value for name, value in fields.items() if name not in TEXTS}
        time = self._now().isoformat(timespec="milliseconds")
        line = orjson.dumps({"time": time, "event": event, **told}, option=orjson.OPT_NON_STR_KEYS) + b"\n"
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            self.trouble = f"{self.path}: {error.strerror}; the run goes on, and no more events are written"
            self._troubled(self.trouble)

    def close(self) -> None:
        """Gives the file back."""
        if self._file >= 0:
            with suppress(OSError):
                os.close(self._file)
            self._file = -1

    def __enter__(self) -> EventLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _opened(path: Path) -> int:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}; give --log-json a file that can be written") from error
    with suppress(OSError):  # a device or a pipe has no end to look at
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            os.write(file, b"\n")  # what a full disk cut off stays a line of its own
    return file
