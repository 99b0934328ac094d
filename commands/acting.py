"""Commands that draw the line to act on, and hold it against fresh labels: calibrate, milestone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ..errors import GateFailed, UsageError
from .labelled import (
    Annotators,
    Asked,
    Drop,
    LabelFile,
    Names,
    Passing,
    Pool,
    Role,
    Rubrics,
    Rule,
    Scales,
    VerdictFile,
)
from .printing import Json, command_line, print_json, print_rows, say, tell
from .sealing import clusters_of

if TYPE_CHECKING:
    from ..human_labels import Labels, Pairing, Policy
    from ..human_labels.policy import Line, Milestone, Seal

Dimensions = Annotated[
    Optional[list[str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--dimension", help="A dimension of the rubric, or grade (default); may be repeated."),
]

FITTED = "calibrated on all labels, the sealed ones too: every figure is in-sample"


def calibrate(
    verdicts: VerdictFile,
    labels: LabelFile,
    precision: Annotated[float, typer.Option(help="Share right among what is decided, guaranteed.")] = 0.95,
    confidence: Annotated[float, typer.Option(help="With which the guarantee holds.")] = 0.95,
    dimension: Dimensions = None,
    score: Annotated[str, typer.Option(help="The judge's score: quality, sureness, or rank (its label).")] = "quality",
    selective: Annotated[
        bool, typer.Option("--selective", help="Reject as well, and leave the rest to people.")
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help="The line above which the judge says what people say: `score --then`.")
    ] = False,
    min_yield: Annotated[float | None, typer.Option(help="Refuse a line that accepts a smaller share.")] = None,
    min_recall: Annotated[float | None, typer.Option(help="Guarantee too this share of the passing samples.")] = None,
    weigh: Annotated[
        str,
        typer.Option(help="With clusters, guarantee it for: items (a sample as they come), or clusters (one of each)."),
    ] = "items",
    share: Annotated[float | None, typer.Option(help="Share sealed at the first call; default 0.3.")] = None,
    all_labels: Annotated[
        bool, typer.Option("--all-labels", help="Seal nothing and calibrate on all labels; the policy says so.")
    ] = False,
    shown: Annotated[
        Path | None, typer.Option(help="What else the judge was shown, a text a line: few-shot examples.")
    ] = None,
    allow_leaks: Annotated[
        bool, typer.Option("--allow-leaks", help="Go on with leaked texts; the policy says so.")
    ] = False,
    role: Role = None,
    pool: Pool = False,
    map_: Names = None,
    passing: Passing = None,
    scale: Scales = None,
    annotators: Annotators = None,
    rubric: Rubrics = None,
    drop: Drop = False,
    people: Rule = "majority",
    out: Annotated[Path, typer.Option("--out", "-o", help="The policy file.")] = Path("policy.json"),
    json: Json = False,
) -> None:
    """Find the line to act on, or say what is missing."""
    from ..human_labels import Aim, find_seal, policy_json, write_policy
    from ..human_labels import calibrate as run

    if weigh not in ("items", "clusters"):
        raise UsageError(f"--weigh {weigh}: known: items, clusters")
    asked = Asked(role, pool, map_, passing, scale, annotators, rubric, drop)
    read, pairings = _joined(asked, verdicts, labels)
    pairings = _chosen(pairings, dimension)
    now, command = datetime.now(UTC), command_line()
    if trust and (selective or score != "quality"):
        raise UsageError("--trust is a line on the judge's confidence in its word: leave out --selective and --score")
    aim = Aim(
        precision, confidence, "confidence" if trust else score,
        "trust" if trust else "selective" if selective else "accept", people, min_yield, min_recall,
        "clusters" if weigh == "clusters" else "items",
    )  # fmt: skip
    policy = run(
        pairings, aim, now=now, seal=None if all_labels else _seal(labels, pairings, share, now), labels=read,
        rubrics=asked.rubrics, shown=_lines(shown), allow_leaks=allow_leaks, command=command,
        recjudge=version("recjudge"),
    )  # fmt: skip
    if all_labels and (before := find_seal(labels)):
        # counted before anything is shown: what was sealed has now been fitted to
        opened = len(before.open("calibrate on all labels", now, command).openings)
        policy = replace(policy, opened=opened, notes=(*policy.notes[:-1], FITTED))
    write_policy(policy, out)
    if json:
        print_json({"file": str(out)} | policy_json(policy))
        return
    print_policy(policy)
    sys.stdout.write(f"wrote {out}\n")


def milestone(
    verdicts: VerdictFile,
    labels: LabelFile,
    policy: Annotated[Path, typer.Option(help="The policy in use.")] = Path("policy.json"),
    margin: Annotated[float, typer.Option(help="Loss of precision that still counts as none.")] = 0.02,
    alpha: Annotated[float, typer.Option(help="Chance of calling a line ok that has lost the margin.")] = 0.05,
    old: Annotated[Path | None, typer.Option("--old", help="Earlier labels: did people change their word?")] = None,
    role: Role = None,
    pool: Pool = False,
    map_: Names = None,
    passing: Passing = None,
    scale: Scales = None,
    annotators: Annotators = None,
    rubric: Rubrics = None,
    drop: Drop = False,
    json: Json = False,
) -> None:
    """Hold fresh labels against the policy in use."""
    from ..human_labels import milestone as run
    from ..human_labels import policy_json, read_policy
    from ..human_labels.policy import unseen

    line_up = read_policy(policy)
    asked = Asked(role, pool, map_, passing, scale, annotators, rubric, drop)
    read = unseen(line_up, asked.labels(labels))
    fresh = _beside(asked, verdicts, read)
    before = _joined(asked, verdicts, old)[1] if old else []
    now, found = datetime.now(UTC), []
    for line in line_up.lines:
        pairing = _of(line, fresh)
        if pairing is None:
            raise UsageError(f"{labels}: no fresh label for the policy's line {line.name}; label that dimension too")
        found.append(run(line_up, pairing, now=now, margin=margin, alpha=alpha, labels=read, old=_of(line, before)))
    if json:
        print_json({"policy": str(policy), "lines": [policy_json(one) for one in found], "notes": read.notes})
    else:
        say(*(f"note: {note}" for note in read.notes))
        print_milestones(found)
    if failed := [one.words for one in found if one.status != "ok"]:
        raise GateFailed("; ".join(failed))


def print_policy(policy: Policy) -> None:
    """What the policy does and rests on, first what may make one distrust it."""
    from ..reports import safe

    say(*(f"note: {note}" for note in policy.notes))
    for line in policy.lines:
        say(_sentence(line))
        sides = [("in-sample", line.calibration), *([("sealed test", line.test)] if line.test else [])]
        rows = [
            (
                name, of.judged, of.accepted.n, of.accepted.wrong, _share(of.accepted.precision),
                f"{_share(of.accepted.low)} ({of.accepted.units})", _spread(of.yields), _spread(of.recall),
                _spread(of.agreement),
            )
            for name, of in sides
        ]  # fmt: skip
        taken, word = ("trusted", "people say so") if line.mode == "trust" else ("accepted", "people pass")
        columns = (
            "labels", "n", taken, "wrong", "precision", "at least (of)", "yield %", "recall %", "agrees %",
        )  # fmt: skip
        print_rows(f"{safe(line.name)}, labels by {safe(line.role)}", columns, rows)
        rejected = [f"{name}: {of.rejected.n} rejected, {of.rejected.wrong} of them wrong, right in at least "
                    f"{_share(of.rejected.low)}" for name, of in sides if of.rejected]  # fmt: skip
        say(*rejected, indent=2)
        if line.fit:
            say(
                f"score as P({word}): {line.fit.calibrator.kind}, out of fold Brier {line.fit.brier:.3f}, ECE "
                f"{line.fit.ece:.3f}; uncalibrated {line.fit.raw_brier:.3f}, {line.fit.raw_ece:.3f}; no guarantee "
                "rests on it",
                indent=2,
            )
        say(*(f"note: {note}" for note in line.notes), indent=2)
    times = {0: "never opened", 1: "opened once", 2: "opened twice"}.get(policy.opened, f"opened {policy.opened} times")
    sys.stdout.write(f"test labels {times}; valid until {policy.expires}\n" if policy.opened else "")
    sys.stdout.write("" if policy.opened else f"no test labels; valid until {policy.expires}\n")


def print_milestones(found: Sequence[Milestone]) -> None:
    """Then and now, and what it means."""
    rows = []
    for one in found:
        for name, of in (("then", one.then), ("now", one.now)):
            rows.append((one.name, name, of.judged, f"{of.accepted.n} ({of.accepted.wrong} wrong)",
                         _share(of.accepted.precision), _spread(of.yields), _spread(of.agreement)))  # fmt: skip
    print_rows("Milestone", ("line", "", "judged", "accepted", "precision", "yield %", "judge = people %"), rows)
    for one in found:
        if one.change:
            change, low, high = one.change
            say(f"{one.name}: precision changed by {change:+.1%} [{low:+.1%}, {high:+.1%}]")
        if moved := one.relabelled:
            say(
                f"{one.name}: people labelled {moved.n} samples both times: {moved.stricter} they passed then and not "
                f"now, {moved.milder} the other way (McNemar p = {moved.p:.3g})"
            )
        say(one.words)


def _sentence(line: Line) -> str:
    if line.mode == "trust":
        return (
            f"{line.name}: trust {line.judge} from a confidence of {line.accept:.4g} on ({line.pool.accepted:.1%} of "
            f"{line.pool.judged} judged), {line.pool.people:.1%} go to the next judge or to people; of what is trusted "
            f"at least {line.precision:.4g} is what people say, with confidence {line.confidence:.4g}; "
            "recjudge score --then … --policy"
        )
    parts = []
    if line.accept is not None:
        parts.append(f"accept {line.score} ≥ {line.accept:.4g} ({line.pool.accepted:.1%} of {line.pool.judged} judged)")
    if line.reject is not None:
        parts.append(f"reject {line.score} ≤ {line.reject:.4g} ({line.pool.rejected:.1%})")
    rest = "left to people" if line.mode == "selective" else "not accepted"
    return (
        f"{line.name}: {', '.join(parts)}, {line.pool.people:.1%} {rest}; of what is decided at least "
        f"{line.precision:.4g} is right, with confidence {line.confidence:.4g}"
        + (f"; at least {line.recall:.4g} of the passing samples are accepted" if line.recall else "")
    )


def _joined(asked: Asked, verdicts: Path, labels: Path) -> tuple[Labels, list[Pairing]]:
    read = asked.labels(labels)
    return read, _beside(asked, verdicts, read)


def _beside(asked: Asked, verdicts: Path, labels: Labels) -> list[Pairing]:
    return asked.pairings(verdicts, labels if asked.pool else labels.of_one_role(asked.role))


def _chosen(pairings: Sequence[Pairing], dimensions: Sequence[str] | None) -> list[Pairing]:
    """The pairings of the dimensions named; of the grade when none is."""
    known = list(dict.fromkeys(pairing.dimension for pairing in pairings))
    for name in dimensions or ["grade"]:
        if name not in known:
            raise UsageError(f"no labels of {name!r}; name one with --dimension: {', '.join(known)}")
    return [pairing for pairing in pairings if pairing.dimension in (dimensions or ["grade"])]


def _seal(labels: Path, pairings: Sequence[Pairing], share: float | None, now: datetime) -> Seal:
    from ..human_labels import find_seal, seal_for

    new = find_seal(labels) is None
    seal = seal_for(labels, now=now, share=share, clusters=clusters_of(pairings))
    if new:
        tell(
            f"sealed {seal.share:.0%} of the clusters as the test, once for all; keep {seal.path} beside the labels: "
            "every look at them is written down there"
        )
    return seal


def _lines(path: Path | None) -> list[tuple[str, str]]:
    if path is None:
        return []
    try:
        return [(f"{path.name}:{n}", text) for n, text in enumerate(path.read_text("utf-8").splitlines(), 1)]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); give a text file, a text a line") from error


def _of(line: Line, pairings: Sequence[Pairing]) -> Pairing | None:
    return next((one for one in pairings if (one.task, one.dimension) == (line.task, line.dimension)), None)


def _share(value: float) -> str:
    return "–" if value != value else f"{value:.1%}"


def _spread(of: Any) -> str:
    if of.value != of.value:
        return "–"
    bounds = "no interval" if of.low != of.low else f"{of.low:.0%}, {of.high:.0%}".replace("%", "")
    return f"{100 * of.value:.0f} [{bounds}]"
