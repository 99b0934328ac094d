"""The policy: what it decides, what it refuses, and its file; and scores calibrated to probabilities."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from recjudge.errors import RunMismatch, UsageError
from recjudge.human_labels import Aim, Policy, calibrate, read_policy, write_policy
from recjudge.human_labels.policy import calibrated, cross_fitted
from recjudge.human_labels.policy.confidence import brier, ece, fit
from recjudge.rubrics import load_rubric

import worlds

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return calibrate(worlds.good(2000, slope=20, rest=np.linspace(0, 1, 500)), Aim(mode="selective"), now=NOW)


def test_a_policy_accepts_above_its_line_rejects_below_the_other_and_asks_people_between(policy: Policy) -> None:
    line = policy.lines[0]
    assert line.accept is not None
    assert line.reject is not None
    said = [
        policy.decide(worlds.verdict(score), now=NOW) for score in (line.accept, (line.accept + line.reject) / 2, 0)
    ]
    assert said == ["accept", "people", "reject"]


def test_what_is_unjudged_is_decided_by_nobody(policy: Policy) -> None:
    assert policy.decide(worlds.verdict(None), now=NOW) is None
    assert not policy.accepts(worlds.verdict(None), now=NOW)


def test_a_set_is_no_sample_to_accept(policy: Policy) -> None:
    assert policy.decide(replace(worlds.verdict(1.0), kind="set"), now=NOW) is None


def test_an_accepting_line_alone_rejects_nothing() -> None:
    policy = calibrate(worlds.good(), now=NOW)
    assert policy.decide(worlds.verdict(0.0), now=NOW) == "people"
    assert policy.accepts(worlds.verdict(1.0), now=NOW)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"judge": "openai/other"}, "judge: policy local, verdict openai/other"),
        ({"rubric": "text@2"}, "rubric: policy text@1, verdict text@2"),
    ],
)
def test_a_policy_refuses_verdicts_of_another_judge_or_rubric(
    policy: Policy, other: dict[str, str], words: str
) -> None:
    with pytest.raises(RunMismatch, match=words):
        policy.decide(worlds.verdict(0.9, **other), now=NOW)


def test_a_policy_refuses_a_task_without_a_line(policy: Policy) -> None:
    with pytest.raises(UsageError, match="no line for task 'intent'; it has text"):
        policy.accepts(worlds.verdict(0.9, task="intent"), now=NOW)


def test_a_policy_decides_nothing_from_the_day_it_expires_on(policy: Policy) -> None:
    assert policy.expires == "2027-02-19"
    assert policy.accepts(worlds.verdict(1.0), now=date(2027, 2, 18))
    with pytest.raises(UsageError, match="expired on 2027-02-19"):
        policy.accepts(worlds.verdict(1.0), now=date(2027, 2, 19))


def test_with_two_lines_both_must_accept_and_one_rejects(policy: Policy) -> None:
    line = policy.lines[0]
    strict = replace(policy, lines=(line, replace(line, dimension="relevance", accept=0.99, reject=0.5)))
    said = [strict.decide(worlds.verdict(score), now=NOW) for score in (0.995, 0.9, 0.45)]
    assert said == ["accept", "people", "reject"]


@pytest.mark.parametrize(("score", "dimension"), [("quality", "grade"), ("sureness", "grade"), ("rank", "grade")])
def test_a_policy_comes_back_from_its_file_as_it_was(tmp_path: Path, score: str, dimension: str) -> None:
    made = worlds.good(1000)
    made = replace(made, scores={**made.scores, "sureness": made.scores["quality"]}, unlabelled=None)
    policy = calibrate(made, Aim(precision=0.9, score=score), now=NOW, rubrics=[load_rubric("text")])
    back = read_policy(write_policy(policy, tmp_path / "policy.json"))
    assert back == policy
    assert (tmp_path / "policy.json").stat().st_size < 20_000


def test_a_score_of_a_dimension_that_needs_the_rubric_asks_for_it() -> None:
    made = replace(worlds.good(1000), dimension="relevance")
    with pytest.raises(UsageError, match="needs the rubric text@1; name it with --rubric"):
        calibrate(made, Aim(precision=0.9, score="rank"), now=NOW)


def test_a_line_moved_by_hand_is_noticed(tmp_path: Path, policy: Policy) -> None:
    path = write_policy(policy, tmp_path / "policy.json")
    content = json.loads(path.read_text())
    content["lines"][0]["accept"] = 0.1
    path.write_text(json.dumps(content))
    with pytest.raises(UsageError, match="changed by hand"):
        read_policy(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "unknown key colour"),
        ({"made": 7}, "made: 7 is no str"),
        ({"version": 2}, "version: 2, this recjudge reads 1"),
        ({"opened": True}, "opened: True is no int"),
        ({"lines": {}}, "lines: {} is no"),
    ],
)
def test_a_policy_file_is_read_strictly(tmp_path: Path, policy: Policy, change: dict[str, object], words: str) -> None:
    path = write_policy(policy, tmp_path / "policy.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UsageError, match=words):
        read_policy(path)


@pytest.mark.parametrize("content", ["", "[1]", "NaN", '{"version": 1}', '{"version": NaN}', "\x00"])
def test_what_is_no_policy_is_an_error_that_names_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"policy\.json: "):
        read_policy(path)


def test_isotonic_calibration_equals_the_reference() -> None:
    from sklearn.isotonic import IsotonicRegression

    random = np.random.default_rng(1)
    scores = np.round(random.random(400), 2)
    passed = (random.random(400) < scores**2).astype(float)
    wanted = IsotonicRegression(out_of_bounds="clip").fit(scores, passed).predict(np.linspace(-0.1, 1.1, 50))
    assert fit(scores, passed, "isotonic").probability(np.linspace(-0.1, 1.1, 50)) == pytest.approx(wanted, abs=1e-12)


def test_platt_calibration_equals_the_reference() -> None:
    from sklearn.calibration import _SigmoidCalibration

    random = np.random.default_rng(2)
    scores = random.normal(size=300)
    passed = (random.random(300) < 1 / (1 + np.exp(-2 * scores - 0.5))).astype(float)
    wanted = _SigmoidCalibration().fit(scores, passed).predict(scores)
    assert fit(scores, passed, "platt").probability(scores) == pytest.approx(wanted, abs=1e-4)


def test_platt_stays_finite_where_the_score_separates() -> None:
    found = fit(np.array([0.1, 0.2, 0.8, 0.9]), np.array([0.0, 0, 1, 1]), "platt")
    assert all(math.isfinite(number) for pair in found.knots for number in pair)
    assert found.probability(np.array([0.0, 1.0])) == pytest.approx([0.18, 0.82], abs=0.1)


def test_a_probability_out_of_fold_has_not_seen_its_cluster() -> None:
    scores, clusters = np.arange(40.0), [f"c{n // 4}" for n in range(40)]
    passed = (scores >= 20).astype(float)
    before = cross_fitted(scores, passed, clusters, kind="isotonic")
    moved = passed.copy()
    moved[:4] = 1
    assert cross_fitted(scores, moved, clusters, kind="isotonic")[:4] == pytest.approx(before[:4])
    assert np.isnan(cross_fitted(scores, passed, ["one"] * 40, kind="platt")).all()


def test_calibration_mends_an_overconfident_score() -> None:
    random = np.random.default_rng(3)
    scores = random.random(2000)
    passed = (random.random(2000) < 0.4 + 0.2 * scores).astype(float)
    found = calibrated(scores, passed, [str(n) for n in range(2000)])
    assert found.raw_ece > 0.15
    assert found.ece < 0.05
    assert found.brier < found.raw_brier


def test_brier_and_ece_have_their_textbook_values() -> None:
    probability, passed = np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 0, 0, 0])
    assert brier(probability, passed) == pytest.approx((0.01 + 0.81 + 0.01 + 0.01) / 4)
    assert ece(probability, passed) == pytest.approx((0.4 * 2 + 0.1 * 2) / 4)
    assert math.isnan(brier(np.zeros(0), np.zeros(0)))
