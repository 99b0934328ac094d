"""A run's state as rows for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..judge import Rate, RunStatus, Shelved

STATES = {
    "reading": "its input is being read",
    "running": "at work",
    "stopped": "nobody is at work on it; the same command goes on where it was",
    "finished": "finished",
}


def status_rows(seen: RunStatus) -> list[tuple[str, str]]:
    """What a ledger says of its run, one row a subject."""
    owner = "" if seen.owner is None else f", process {seen.owner or 'unknown'} holds the run"
    rows = [("state", STATES[seen.state] + owner), ("judge", seen.identity.get("judge", "")), ("started", seen.started)]
    if seen.samples is not None:
        sets = f" and {seen.sets} sets" if seen.sets else ""
        listed = f"; {seen.listed} records could not be read" if seen.listed else ""
        rows.append(("planned", f"{seen.samples} samples{sets}{listed}"))
    rows.append(("judged", f"{seen.judged}{_of(seen.grades)}"))
    again = f"; the same command asks {seen.again} again" if seen.again else ""
    rows.append(("unjudged", f"{sum(seen.unjudged.values())}{_of(seen.unjudged)}{again}"))
    rows.append(("rate", _rates(seen)))
    if seen.requests:
        usd = "no price given" if seen.usd is None else f"${seen.usd:.4f}, at most ${seen.usd_at_most:.4f}"
        cached = f"({seen.tokens_cached} from the provider's cache)"
        rows += [
            ("calls", f"{seen.calls} whole replies of {seen.requests} requests{_of(seen.failures)}"),
            ("tokens", f"{seen.tokens_in} in {cached}, {seen.tokens_out} out"),
            ("cost so far", usd),
        ]
    if seen.batches:
        rows.append(("batches", _batches(seen.batches)))
    left = "" if seen.seconds_left is None else f"{duration(seen.seconds_left)}; "
    if left or seen.rests_on:
        rows.append(("time left", f"{left}{seen.rests_on}"))
    return rows


def _batches(held: Shelved) -> str:
    told = [f"{held.collected} collected ({held.requests_collected} requests)"]
    if held.waiting or held.unsent:
        unsent = f" and {held.unsent} to be sent" if held.unsent else ""
        told.append(f"{held.waiting} with the provider{unsent} ({held.requests_waiting} requests)")
    told += [f"{held.requeued} requests sent again"] if held.requeued else []
    told += [f"{held.quarantined} lines quarantined"] if held.quarantined else []
    return "; ".join(told)


def duration(seconds: float) -> str:
    """`3 h 20 min`, `2 min 5 s`, `4 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def _rates(seen: RunStatus) -> str:
    told = [_rate(seen.last_minute, "the last minute"), _rate(seen.since_start, "this process")]
    return "; ".join(filter(None, told)) or "not known: no process has told the time yet"


def _rate(rate: Rate | None, of: str) -> str:
    if rate is None or rate.per_second is None:
        return ""
    return f"{of}: {rate.per_second:.3g}/s ({rate.verdicts} in {duration(rate.seconds)})"


def _of(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{count} {name}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1]))
    return f" ({parts})" if parts else ""
