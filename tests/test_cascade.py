"""A cascade: the next judge is asked where the one before abstains, and only there; who said it is on the verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from recjudge import Options, Price, plan, score
from recjudge.cli import main
from recjudge.errors import RunMismatch, UsageError
from recjudge.human_labels import Aim, calibrate, load_set, write_policy
from recjudge.human_labels.pairing import READINGS, scales_of
from recjudge.human_labels.policy import trusting
from recjudge.judge import BY_HAND, Cascade, Doubting, Judge, Prompt, Reply, Scripted, Status, load_judge, read_verdicts
from recjudge.judge.providers import Usage
from recjudge.reports import print_summary, run_page, summarise

import worlds
from cascading import RUBRIC, cascade, first, rows, second
from makers import said
from page_words import words
from servers.process import wire_process

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SURES = [0.9, 0.5, 0.8, 0.6, 0.71, 0.69]


def test_each_verdict_is_that_of_the_first_judge_that_is_sure_enough() -> None:
    found = list(score(rows(SURES), cascade()))
    alone = {name: list(score(rows(SURES), judge)) for name, judge in (("first", first()), ("second", second()))}
    for place, verdict in enumerate(found):
        name = "first" if SURES[place] >= 0.7 else "second"
        own = alone[name][place]
        assert (verdict.grade, [f.label for f in verdict.findings]) == (own.grade, [f.label for f in own.findings])
        assert verdict.reviewed_by.startswith(name)
        assert [member.status for member in verdict.members] == ([] if name == "first" else ["abstained", "ok"])


def test_its_name_says_the_judges_in_order_and_their_lines() -> None:
    assert cascade(0.7).name == "cascade: first (abstains below 0.7) → second"
    assert cascade(0.6).name != cascade(0.7).name


def test_a_line_set_by_hand_is_said_on_every_verdict_and_one_from_a_policy_is_not() -> None:
    assert all(BY_HAND in verdict.flags for verdict in score(rows(SURES), cascade()))
    judge = Cascade((trusting(first(), policy(), now=NOW), second()))
    found = list(score(rows(SURES), judge))
    assert not any(BY_HAND in verdict.flags for verdict in found)
    assert {verdict.reviewed_by for verdict in found} == {judge.stages[0].name, "second"}


def test_what_fails_at_the_first_judge_is_not_asked_again() -> None:
    seen: list[str] = []
    broken = Judge.of(Scripted(lambda prompt: "", name="broken"), RUBRIC)
    (verdict,) = list(score(rows([0.5]), Cascade((broken, second(seen)))))
    assert (verdict.status, seen) == (Status.PARSE_FAILED, [])


def test_the_last_judges_failure_is_no_grade() -> None:
    silent = Judge.of(Scripted(lambda prompt: "", name="silent"), RUBRIC)
    (verdict,) = list(score(rows([0.5]), Cascade((Doubting(first(), 0.7), silent))))
    assert (verdict.status, verdict.grade) == (Status.PARSE_FAILED, None)
    assert [member.status for member in verdict.members] == ["abstained", "parse_failed"]


def test_three_judges_are_asked_in_turn() -> None:
    judge = Cascade((Doubting(first(), 0.9), Doubting(first("stricter"), 0.6), second()))
    found = list(score(rows([0.95, 0.7, 0.5]), judge))
    assert [len(verdict.members) for verdict in found] == [0, 2, 3]
    assert [verdict.reviewed_by.split()[0] for verdict in found] == ["first", "stricter", "second"]


def test_it_costs_what_all_who_were_asked_cost() -> None:
    found = list(score(rows(SURES), cascade()))
    assert [verdict.cost.calls for verdict in found] == [1 if sure >= 0.7 else 2 for sure in SURES]


def test_those_of_one_context_go_to_the_next_judge_side_by_side() -> None:
    seen: list[str] = []
    list(score(rows([0.5, 0.9] * 12, contexts=4), cascade(seen=seen), options=Options(concurrency=1)))
    contexts = [int(number) % 4 for number in seen]
    assert len(seen) == 12
    assert sum(a != b for a, b in pairwise(contexts)) == len(set(contexts)) - 1


def test_a_run_that_stopped_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    out, seen = tmp_path / "o.verdicts.jsonl", list[str]()
    score(rows(SURES), cascade(seen=seen), out=out, options=Options(limit=3))
    assert seen == ["1"]
    again = list(score(rows(SURES), cascade(seen=seen), out=out))
    assert sorted(seen) == ["1", "3", "5"]
    assert [v.grade for v in again] == [v.grade for v in score(rows(SURES), cascade())]
    with pytest.raises(RunMismatch):
        score(rows(SURES), cascade(0.75), out=out)


def test_the_cap_on_cost_holds_over_both_judges() -> None:
    judge = Cascade((Doubting(costly(first()), 0.7), costly(second())))
    prices = Price(1, 1, 1)
    done = score(rows([0.5] * 40), judge, options=Options(price=prices, max_cost=0.05, concurrency=2))
    found = list(done)
    assert {verdict.status for verdict in found} == {Status.OK, Status.BUDGET_STOPPED}
    assert done.totals.usd_at_most <= 0.05
    assert all(verdict.grade is None for verdict in found if verdict.status is Status.BUDGET_STOPPED)


def test_the_plan_knows_what_a_judge_without_provider_passes_on() -> None:
    samples = [{"id": "a", "task": "explanation", "output":
                "These waterproof hiking boots keep your feet dry on the long rainy trails that you like.",
                "context": {"item": {"title": "Waterproof hiking boots"}, "interest": "hiking"}}]  # fmt: skip
    asking = Judge.of(Scripted(lambda prompt: said(), name="llm"))
    none, every = (plan(samples, Cascade((Doubting(load_judge("local/lexical"), line), asking))) for line in (0.01, 1))
    alone = plan(samples, asking)
    own = next(iter(score(samples, load_judge("local/lexical"))))
    assert none.high.calls == (0 if own.grade else alone.high.calls)
    assert (every.low.calls, every.high.calls) == (alone.low.calls, alone.high.calls)


def test_the_plan_of_a_cascade_of_providers_takes_nothing_to_everything_to_go_on() -> None:
    made = plan(rows(SURES), cascade())
    assert (made.low.calls, made.high.calls) == (len(SURES), 2 * 2 * len(SURES))


def test_the_summary_says_whose_word_it_is() -> None:
    summary = summarise(score(rows(SURES), cascade()))
    assert summary.said == {"first (abstains below 0.7)": 3, "second": 3}
    from io import StringIO

    from rich.console import Console

    screen = Console(file=StringIO(), width=200)
    print_summary(screen, summary)
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "Whose word it is: first (abstains below 0.7) 3; second 3" in text
    assert BY_HAND in text


def test_the_page_of_a_run_says_whose_word_it_is_and_that_nothing_vouches_for_the_line() -> None:
    said = words(run_page(list(score(rows(SURES), cascade()))))
    assert "The cascade Each sample went from judge to judge until one did not abstain." in said
    assert "second 3 50%" in said
    assert f"on 6 of 6: {BY_HAND}" in said
    assert "Asked in turn first (abstains below 0.7): abstained; second: Average" in said
    assert "The jury" not in said


@pytest.mark.parametrize("stages", [(first(),), (first(), first())])
def test_a_cascade_needs_two_different_judges(stages: tuple[Judge, ...]) -> None:
    with pytest.raises(UsageError):
        Cascade(stages)


def test_lines_of_another_judge_or_rubric_or_an_expired_policy_are_refused() -> None:
    made = policy()
    with pytest.raises(RunMismatch, match="calibrate anew"):
        trusting(second(), made, now=NOW)
    with pytest.raises(UsageError, match="expired"):
        trusting(first(), made, now=NOW + timedelta(days=91))
    with pytest.raises(UsageError, match="--trust"):
        trusting(first(), calibrate(worlds.good(), now=NOW), now=NOW)
    with pytest.raises(UsageError, match="accepts nothing"):
        made.decide(next(iter(score(rows([0.9]), first()))), now=NOW)


@pytest.mark.parametrize(("more", "words"), [
    (["--then", "local"], "--abstain-below 0"),
    (["--policy", "p.json"], "--then"),
    (["--then", "local", "--policy", "p.json", "--abstain-below", "0.5"], "leave out"),
    (["--then", "x", "--policy", "p.json", "--abstain-unlike"], "leave out"),
])  # fmt: skip
def test_a_cascade_without_a_line_is_refused_with_the_remedy(
    more: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "o.jsonl").write_text("")
    assert main(["score", str(tmp_path / "o.jsonl"), "-j", "local/lexical", *more]) == 2
    assert words in capsys.readouterr().err


def policy() -> Any:
    pairing = worlds.trusted(600)
    made = calibrate(pairing, Aim(0.8, mode="trust", score="confidence"), now=NOW)
    line = replace(made.lines[0], judge="first", rubric=RUBRIC.id, accept=0.85)
    return replace(made, lines=(line,))


def costly(judge: Judge) -> Judge:
    """A judge whose every reply is billed for 1,000 tokens each way."""
    return judge.over(_Billed)


class _Billed:
    def __init__(self, inner: Any) -> None:
        self.inner, self.name = inner, inner.name

    async def ask(self, prompt: Prompt) -> Reply:
        return replace(await self.inner.ask(prompt), usage=Usage(1000, 0, 100))

    async def close(self) -> None:
        await self.inner.close()


def test_score_then_by_command_with_the_policys_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = load_set("summeval").samples[:40]
    source, line_up = tmp_path / "o.jsonl", tmp_path / "policy.json"
    source.write_text("".join(json.dumps({
        "id": one.id, "task": "text", "output": one.output, "context": dict(one.context), "group": one.group,
    }) + "\n" for one in samples))  # fmt: skip
    local = load_judge("local/lexical")
    own = list(score(source, local))
    scales = scales_of(local.rubrics["text"])
    sure = sorted(READINGS["confidence"](verdict, "factuality", scales) for verdict in own)
    made = calibrate(worlds.trusted(600), Aim(0.8, mode="trust", score="confidence"), now=datetime.now(UTC))
    line = replace(made.lines[0], judge=local.name, rubric=own[0].rubric, dimension="factuality", accept=sure[20])
    write_policy(replace(made, lines=(line,)), line_up)
    with wire_process() as wire:
        asked = [str(source), "-j", "local/lexical", "--then", "compatible/m", "--base-url", wire.url]
        assert main(["plan", *asked, "--policy", str(line_up), "--json"]) == 0
        counted = json.loads(capsys.readouterr().out)
        assert main(["score", *asked, "--policy", str(line_up), "--json"]) == 0
        summary = json.loads(capsys.readouterr().out)
        requests = wire.stats()["requests"]
    found = list(read_verdicts(tmp_path / "o.verdicts.jsonl"))
    went_on = [READINGS["confidence"](verdict, "factuality", scales) < sure[20] for verdict in own]
    assert [verdict.reviewed_by.startswith("compatible/m") for verdict in found] == went_on
    assert sum(summary["said"].values()) == 40
    assert 0 < counted["low"]["calls"] <= requests <= counted["high"]["calls"]
    assert summary["flags"].get(BY_HAND) is None
