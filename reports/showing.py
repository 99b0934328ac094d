"""One sample on the terminal: every finding, its reason and evidence, the exact prompt and reply behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..judge import Call, Finding, Ledger, Verdict, ledger_path, read_verdicts
from ..judge.cluster import verdict_files
from .render import safe


def find_verdict(path: Path, row: str) -> Verdict:
    """The verdict with that id, else that of that line (1 is the first). Raises `InputError` when there is neither."""
    by_line = None
    for number, verdict in enumerate(read_verdicts(path), 1):
        if verdict.id == row:
            return verdict
        if row.isdigit() and number == int(row):
            by_line = verdict
    if by_line is None:
        raise InputError(
            f"{path}: no verdict {row!r}; give a line number or an id, e.g. from the first column of the file"
        )
    return by_line


def calls_of(path: Path, verdict: Verdict) -> dict[str, Call]:
    """Prompt key to the call behind it, from the ledger beside the file; empty when the ledger is gone.

    Of a sharded run from the first ledger that knows any.
    """
    for ledger in (ledger_path(Path(file)) for file in verdict_files(path)):
        if ledger.exists():
            with Ledger.read(ledger) as store:
                found = {key: call for key in _keys(verdict) if (call := store.call(key)) is not None}
            if found:
                return found
    return {}


def show_lines(verdict: Verdict, calls: dict[str, Call]) -> Iterator[str]:
    """The verdict as lines of plain text, safe for a terminal."""
    yield f"{safe(verdict.id)}  {verdict.grade or 'no grade'}  ({verdict.status})  {safe(verdict.place)}"
    yield f"  text     {safe(verdict.text, 2000)}"
    yield f"  judge    {safe(verdict.judge)} on {verdict.rubric}"
    yield f"  review   {safe(verdict.reason)} (by {verdict.reviewed_by})"
    for flag in verdict.flags:
        yield f"  flag     {safe(flag)}"
    for found in verdict.findings:
        yield from _finding_lines(found)
    for member in verdict.members:
        yield f"\n  member   {safe(member.judge)}: {member.grade or member.status}"
        for found in member.findings:
            yield from _finding_lines(found)
    for key, call in calls.items():
        yield from _call_lines(key, call)


def as_record(verdict: Verdict, calls: dict[str, Call]) -> dict[str, Any]:
    """The same for machines."""
    shown = {
        key: {"provider": call.provider, "prompt": asdict(call.prompt) | {"accept": None}, "reply": call.reply}
        for key, call in calls.items()
    }
    return {"verdict": verdict, "calls": shown}


def _finding_lines(found: Finding) -> Iterator[str]:
    sign = {1: "+", 0: "0", -1: "-", None: "?"}[found.polarity]
    code = f" ({found.code})" if found.code else ""
    yield f"\n  {sign} {found.dimension}: {found.label or found.status}{code}  [{found.by}]"
    yield f"      {safe(found.reason)}"
    if found.distribution and max(found.distribution) < 1:
        yield f"      probabilities {', '.join(f'{share:.2f}' for share in found.distribution)}, worst label first"
    for piece in found.evidence:
        yield f"      evidence: {safe(piece)}"


def _call_lines(key: str, call: Call) -> Iterator[str]:
    yield f"\n--- call {key[:12]} to {safe(call.provider)}"
    yield f"[system]\n{safe(call.prompt.system)}"
    yield f"[user]\n{safe(call.prompt.user)}"
    if call.prompt.questions:
        yield from (f"[question {q.name}] {safe(q.text)} {q.levels}" for q in call.prompt.questions)
    if call.reply:
        yield f"[reply of {safe(call.reply.model)}]\n{safe(call.reply.text)}"
    for attempt in call.attempts:
        yield f"[attempt] {safe(attempt)}"


def _keys(verdict: Verdict) -> list[str]:
    own = (key for found in verdict.findings for key in found.prompts)
    # a jury may sit in a cascade
    theirs = (key for member in verdict.members for key in _keys(member))
    return list(dict.fromkeys((*own, *theirs)))
