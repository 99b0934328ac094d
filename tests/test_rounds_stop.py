"""Stop rules: each fires on a world made for it and not on the one beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from recjudge.training.rounds import STOPS, Figure, Round, Stop
from recjudge.training.rounds.config import GapRule, StopRules
from recjudge.training.rounds.stopping import difference, gap, stops

import rounds_world as world


def stopped(folder: Path, **more: Any) -> tuple[int, Stop | None]:
    """The last round of a world, and the rule that stopped it."""
    last = world.run(world.made(folder, **more))[-1]
    return last.number, last.stopped


def test_a_judge_that_can_be_tricked_is_caught_by_people(tmp_path: Path) -> None:
    learns_tricks = {"skill": 0.1, "trick": 0.8}
    rules = {"audit": world.labelled(n=15), "stop": {"gap": {"most": 0.3}}}
    number, found = stopped(tmp_path / "tricked", change=learns_tricks, **rules)
    assert (number, found.rule) == (2, "gap")
    assert "all of it above the 0.3 allowed" in found.words
    assert stopped(tmp_path / "honest", change={"skill": 0.9}, **rules) == (2, None)


@pytest.mark.slow
def test_a_gap_that_grows_stops_where_one_that_was_always_there_does_not(tmp_path: Path) -> None:
    rules = {"audit": world.labelled(n=12), "stop": {"gap": {"growth": 0.2}}}
    number, found = stopped(tmp_path / "grows", change={"skill": 0.0, "trick": 0.9}, **rules)
    assert (number, found.rule) == (2, "gap")
    assert "in round 1 to 1.000" in found.words
    blind = {"skill": 0.1, "trick": 0.9}
    assert stopped(tmp_path / "always", start=blind, change=blind, **rules) == (2, None)


def test_outputs_that_become_all_alike_stop(tmp_path: Path) -> None:
    rules = {"stop": {"diversity": [{"metric": "distinct_outputs", "share": 0.5}]}}
    number, found = stopped(tmp_path / "alike", change={"words": 2}, **rules)
    assert (number, found.rule) == (1, "diversity")
    assert "of the 1.000 of round 0, asked is 50%" in found.words
    assert stopped(tmp_path / "unlike", change={"words": 500}, **rules) == (2, None)


@pytest.mark.slow
def test_a_category_that_vanishes_stops(tmp_path: Path) -> None:
    rules = {
        "stop": {"yield": [{"by": "category", "least": 0.3}]},
        "count": 36,
        "prompts": {"samples": 2, "evaluation_samples": 1},
    }
    number, found = stopped(tmp_path / "vanishes", change={"skips": "b"}, **rules)
    assert (number, found.rule) == (2, "yield")
    assert found.words.startswith("of category 'b' 0.000 [0.000, ")
    assert stopped(tmp_path / "stays", change={"skips": ""}, **rules) == (2, None)


def test_a_round_without_rows_trains_nothing(tmp_path: Path) -> None:
    config = world.made(tmp_path, start={"skill": 0.0})
    made = world.run(config)[-1]
    assert (made.number, made.stopped) == (1, Stop("rows", "none of 48 accepted"))
    assert (made.quality, made.model, made.kept) == (Figure(None), "start", 0)
    assert "train" not in world.calls(config)
    assert world.run(config)[-1] == made


def test_fewer_rows_than_asked_train_nothing(tmp_path: Path) -> None:
    made = world.run(world.made(tmp_path, stop={"rows": 40}))[-1]
    assert made.stopped.rule == "rows"
    assert made.stopped.words == f"{made.kept} rows kept of 48, asked are at least 40"


def test_an_audit_that_would_take_all_rows_stops_instead(tmp_path: Path) -> None:
    made = world.run(world.made(tmp_path, audit={"n": 40}))[-1]
    assert "an audit of 40 leaves nothing of" in made.stopped.words


def test_a_generator_that_writes_nothing_stops(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    script = tmp_path / "generate.py"
    script.write_text('import sys\nif "t0" in sys.stdin.read():\n    sys.exit()\n' + world.GENERATE)
    made = world.run(config)[-1]
    assert made.stopped.words.startswith("the generator wrote none of 48 outputs: the command wrote no line")


@pytest.mark.parametrize(("status", "rules"), [("degraded", ["milestone"]), ("underpowered", []), ("ok", [])])
def test_a_policy_that_no_longer_holds_stops(status: str, rules: list[str]) -> None:
    last = made(1, milestone=status, milestone_reason="grade: fewer are right than promised")
    assert [stop.rule for stop in stops([made(0), last], StopRules())] == rules
    assert not stops([made(0), last], StopRules(milestone=False))


def test_without_labels_no_gap_stops() -> None:
    assert gap([made(0), made(1)], StopRules(gap=GapRule(most=0, growth=0))) == ""


def test_a_gap_whose_interval_holds_what_is_allowed_does_not_stop() -> None:
    rules = StopRules(gap=GapRule(most=0.1))
    assert gap([made(0), made(1, gap=Figure(0.5, 0.1, 0.9, 9))], rules) == ""
    assert gap([made(0), made(1, gap=Figure(0.5, 0.11, 0.9, 9))], rules)


def test_the_difference_of_two_figures_is_newcombes_for_shares() -> None:
    # Newcombe 1998, Stat. Med. 17:873, table II, example (a): 56/70 - 48/80, method 10
    from recjudge.human_labels import wilson

    one, other = Figure(56 / 70, *wilson(56, 70), 70), Figure(48 / 80, *wilson(48, 80), 80)
    found = difference(one, other)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert difference(one, Figure(None)).value is None


def test_every_rule_that_is_broken_is_told(tmp_path: Path) -> None:
    rules = {"diversity": [{"metric": "distinct_outputs", "share": 0.5}], "gap": {"most": 0.1}}
    start = {"skill": 0.0, "trick": 0.9}
    config = world.made(tmp_path, start=start, change={"words": 1}, audit=world.labelled(), stop=rules)
    last = world.run(config)[-1]
    assert last.stopped.rule == "gap"
    assert any(note.startswith("stop rule diversity too: ") for note in last.notes)


def made(number: int, **more: Any) -> Round:
    """A round of which nothing is known."""
    none = Figure(None)
    return Round(
        number, Path(), "m", "m", "j", "p", 1, 1, {}, none, none, None, {}, none, {}, 1, None, None, **more
    )  # fmt: skip


def test_the_rules_are_those_of_the_readme() -> None:
    page = (Path(__file__).parent.parent / "training" / "rounds" / "README.md").read_text()
    assert all(f"`{name}`" in page for name in [*STOPS, "rows"])
