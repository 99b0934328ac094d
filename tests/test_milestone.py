"""Milestone: fresh labels against the line in use."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from recjudge.cli import main
from recjudge.errors import Refused, RunMismatch, UsageError
from recjudge.human_labels import Aim, Labels, Pairing, Policy, calibrate, milestone, write_policy
from recjudge.judge.verdicts import encode

import worlds

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    made = calibrate(worlds.good(2000, slope=20), now=NOW, labels=Labels((), source="labels.csv", digest="d1"))
    return replace(made, lines=(replace(made.lines[0], accept=0.5),))


def _fresh(right: int, wrong: int, **more: object) -> Pairing:
    return worlds.pairing([0.9] * (right + wrong), [1.0] * right + [0.0] * wrong, **more)


@pytest.mark.parametrize(
    ("right", "wrong", "status"), [(970, 30, "ok"), (900, 100, "degraded"), (48, 2, "underpowered")]
)
def test_a_milestone_is_ok_degraded_or_underpowered(policy: Policy, right: int, wrong: int, status: str) -> None:
    found = milestone(policy, _fresh(right, wrong), now=NOW)
    assert found.status == status
    assert found.words.startswith(f"text.grade: {status}: of {right + wrong} accepted samples")


def test_its_bounds_are_exact_and_one_sided(policy: Policy) -> None:
    found = milestone(policy, _fresh(59, 0), now=NOW)
    assert found.low == pytest.approx(0.05 ** (1 / 59))
    assert found.high == 1
    assert found.status == "ok"  # .9505 is above .95 - .02


def test_too_few_fresh_labels_are_told_how_many_would_tell(policy: Policy) -> None:
    found = milestone(policy, _fresh(48, 2), now=NOW)
    assert found.needed is not None
    assert found.needed > 50
    assert f"label about {found.needed:,} accepted ones" in found.words


def test_a_tighter_margin_asks_for_more_labels(policy: Policy) -> None:
    needed = [milestone(policy, _fresh(48, 2), now=NOW, margin=margin).needed or 0 for margin in (0.04, 0.02, 0.015)]
    assert needed == sorted(needed)
    assert needed[0] < needed[-1]


def test_a_line_that_accepts_none_of_the_fresh_samples_is_underpowered(policy: Policy) -> None:
    found = milestone(policy, worlds.pairing([0.1] * 50, [0.0] * 50), now=NOW)
    assert (found.status, found.needed) == ("underpowered", None)


@pytest.mark.parametrize("other", [{"judge": "openai/new"}, {"rubric": "text@2"}, {"role": "crowd"}])
def test_fresh_labels_of_another_judge_rubric_or_role_are_refused(policy: Policy, other: dict[str, str]) -> None:
    ((name, value),) = other.items()
    with pytest.raises(RunMismatch, match=f"{name}: policy .*, fresh {value}"):
        milestone(policy, _fresh(95, 5, **other), now=NOW)


def test_the_labels_the_policy_was_made_from_are_not_fresh(policy: Policy) -> None:
    with pytest.raises(Refused, match="the labels the policy was made from"):
        milestone(policy, _fresh(95, 5), now=NOW, labels=Labels((), source="copy.csv", digest="d1"))


def test_clustered_fresh_labels_count_once_a_cluster(policy: Policy) -> None:
    found = milestone(policy, _fresh(970, 30, clusters=[f"user{n // 20}" for n in range(1000)]), now=NOW)
    assert found.now.accepted.units == 50
    assert found.status == "underpowered"


def test_people_who_changed_their_word_are_told_from_a_judge_that_did(policy: Policy) -> None:
    found = milestone(policy, _fresh(90, 10), now=NOW, old=_fresh(100, 0))
    assert found.relabelled is not None
    assert (found.relabelled.n, found.relabelled.stricter, found.relabelled.milder) == (100, 10, 0)
    assert found.relabelled.p == pytest.approx(2 * 0.5**10)


def test_the_change_of_precision_has_newcombes_interval() -> None:
    from recjudge.human_labels.policy import Decided
    from recjudge.human_labels.policy.milestone import _change

    # Newcombe 1998, table II, example (a), method 10: 56/70 against 48/80 gives [0.0524, 0.3339]
    then, now = Decided(80, 32, 0.6, 80, 32, 0.0), Decided(70, 14, 0.8, 70, 14, 0.0)
    assert _change(then, now) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(("margin", "alpha"), [(0.0, 0.05), (0.02, 0.7)])
def test_a_margin_or_alpha_that_is_no_share_is_a_usage_error(policy: Policy, margin: float, alpha: float) -> None:
    with pytest.raises(UsageError, match="give shares"):
        milestone(policy, _fresh(95, 5), now=NOW, margin=margin, alpha=alpha)


@pytest.mark.parametrize(("right", "wrong", "code"), [(980, 20, 0), (850, 150, 1), (40, 2, 1)])
def test_milestone_by_command_ends_with_0_only_when_the_line_is_ok(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], right: int, wrong: int, code: int
) -> None:
    policy = calibrate(worlds.good(2000, slope=20), Aim(precision=0.95), now=NOW)
    write_policy(policy, tmp_path / "policy.json")
    verdicts, labels = _files(tmp_path, [1.0] * right + [0.0] * wrong)
    command = ["milestone", str(verdicts), "--labels", str(labels), "--policy", str(tmp_path / "policy.json")]
    assert main(command) == code
    told = capsys.readouterr()
    status = "ok" if not code else "degraded" if wrong > 100 else "underpowered"
    assert f"text.grade: {status}: of {right + wrong}" in told.out
    assert (f"text.grade: {status}" in told.err) == bool(code)
    assert main([*command, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["lines"][0]["status"] == status


def _files(folder: Path, passed: list[float]) -> tuple[Path, Path]:
    verdict = worlds.verdict(0.95)
    (folder / "v.jsonl").write_bytes(b"".join(encode(replace(verdict, id=f"s{n}")) + b"\n" for n in range(len(passed))))
    rows = [f"s{n},grade,ann,{('Bad', 'Superior')[int(word)]}" for n, word in enumerate(np.array(passed))]
    (folder / "fresh.csv").write_text("\n".join(["id,dimension,annotator,label", *rows]) + "\n")
    return folder / "v.jsonl", folder / "fresh.csv"
