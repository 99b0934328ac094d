"""The command that trains a generator on its own accepted outputs, round by round: round."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import GateFailed
from .printing import Json, command_line, print_json, print_rows, say, tell

if TYPE_CHECKING:
    from ..judge import Progress
    from ..training.rounds import Figure, Round, RoundConfig, Told

PAGE = "rounds.html"


def round(
    config: Annotated[Path, typer.Argument(help="TOML: prompts, generator, judge, policy, trainer, stop rules.")],
    rounds: Annotated[int | None, typer.Option("--rounds", "-n", min=1, help="In place of the config's.")] = None,
    json: Json = False,
) -> None:
    """Generate, judge, filter, train and audit in rounds.

    The same command goes on where it ended.
    """
    from ..training.rounds import LabelsWanted, read_config, run_rounds

    own = read_config(config)
    hear, watch = _telling(own, json), _counting(json)
    with _interrupted() as by:
        try:
            made = run_rounds(own, rounds=rounds, tell=hear, watch=watch)
        except LabelsWanted:
            _page(own, waits=True)
            _print(own, _so_far(own), json)
            raise
        except KeyboardInterrupt:
            tell(f"stopped; the same command goes on after the last finished step:\n  {command_line()}")
            raise typer.Exit(128 + (by[0] if by else signal.SIGINT)) from None
    _page(own)
    _print(own, made, json)
    if last := made[-1].stopped:
        raise GateFailed(f"no further round: stop rule {last.rule} in round {made[-1].number}: {last.words}")


def _print(config: RoundConfig, made: Sequence[Round], json: bool) -> None:
    if json:
        print_json([asdict(one) | {"folder": str(one.folder)} for one in made])
        return
    if not made:
        return
    if made[1:]:
        print_rows("What was trained on", TRAINED, [_trained(one) for one in made[1:]])
    print_rows("What came out of it", CAME, [_came(one) for one in made])
    sys.stdout.write(
        "with 95 % intervals, whole prompts or groups drawn; gap: judge minus people; change: since round 0\n"
    )
    notes = dict.fromkeys(note for one in made for note in one.notes)
    say(*(f"note: {note}" for note in notes))
    if (there := len(_so_far(config))) > len(made):
        say(f"note: these are the first {len(made) - 1} of {there - 1} rounds; the page shows them all")
    sys.stdout.write(f"wrote {os.path.relpath(config.folder / PAGE)}\n")


def _trained(one: Round) -> tuple[object, ...]:
    unjudged = sum(n for name, n in one.grades.items() if name.startswith("unjudged"))
    expected = "" if one.bad_expected is None else f"{one.bad_expected:.1f}, "
    bad = "unknown" if one.bad_bound is None else f"{expected}at most {one.bad_bound:g}"
    return (
        one.number, one.generated, unjudged, _percent(one.accepted), one.kept, bad, _percent(one.audit),
        _percent(one.gap), one.milestone or "–", one.stopped.rule if one.stopped else "",
    )  # fmt: skip


def _came(one: Round) -> tuple[object, ...]:
    distinct = (one.diversity.get(name) for name in ("distinct_outputs", "distinct_2"))
    values = (f"{of.value:.2f}" if of and of.value is not None else "–" for of in distinct)
    return (
        one.number,
        one.model,
        one.quality.n,
        _words(one.quality),
        _percent(one.passing),
        _words(one.change),
        *values,
    )


def _percent(of: Figure | None) -> str:
    if of is None or of.value is None:
        return "–"
    bounds = "no interval" if of.low is None or of.high is None else f"{100 * of.low:.0f}, {100 * of.high:.0f}"
    return f"{100 * of.value:.0f} [{bounds}]"


def _words(of: Figure | None) -> str:
    if of is None or of.value is None:
        return "–"
    bounds = "no interval" if of.low is None or of.high is None else f"{of.low:.2f}, {of.high:.2f}"
    return f"{of.value:.2f} [{bounds}]"


def _telling(config: RoundConfig, quiet: bool) -> Callable[[Told], None]:
    """A line a step, and the page anew after each round."""

    def hear(told: Told) -> None:
        if told.step == "round":
            _page(config)
        elif not quiet:
            sys.stdout.write(f"round {told.round:>2}  {told.step:<9} {told.seconds:>7.1f} s  {_shown(told.facts)}\n")
            sys.stdout.flush()

    return hear


def _shown(facts: Mapping[str, Any]) -> str:
    """The facts of a step in a line; a mapping as its parts."""
    from ..reports import safe

    found = {name: facts[name] for name in SHOWN if facts.get(name) not in (None, "")}
    if (precision := facts.get("precision")) and precision["value"] is not None:
        found["people pass"] = f"{100 * precision['value']:.0f} % of {precision['n']}"
    parts = {
        key: value for name, of in found.items() for key, value in (of if name == "grades" else {name: of}).items()
    }
    return safe(", ".join(f"{name} {value}" for name, value in parts.items()))


def _counting(quiet: bool) -> Callable[[Progress], None]:
    """How many are judged, on a terminal."""
    show = not quiet and sys.stderr.isatty()

    def watch(progress: Progress) -> None:
        if show:
            done = progress.done >= progress.planned
            sys.stderr.write(f"\r  judged {progress.done} of {progress.planned}" + ("\r\033[K" if done else ""))
            sys.stderr.flush()

    return watch


def _page(config: RoundConfig, *, waits: bool = False) -> None:
    from ..judge import write_whole
    from ..reports import rounds_page

    write_whole(config.folder / PAGE, rounds_page(_so_far(config), waits=waits))


def _so_far(config: RoundConfig) -> tuple[Round, ...]:
    from ..errors import UsageError
    from ..training.rounds import read_rounds

    try:
        return read_rounds(config.folder)
    except UsageError:
        return ()


@contextmanager
def _interrupted() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM end what is under way, children too, by one exception; the signals' numbers are kept."""
    by: list[int] = []

    def interrupt(number: int, _: Any) -> None:
        by.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield by
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


TRAINED = (
    "round", "outputs", "unjudged", "accepted %", "kept", "bad of these", "people pass %", "gap %", "milestone", "stop",
)  # fmt: skip
CAME = ("round", "model", "n", "quality", "passing %", "change", "distinct", "distinct 2")
SHOWN = ("records", "grades", "kept", "rows", "model", "milestone", "ends")
