"""Calibrate: lines whose bound holds, refusals that say what is missing, and the dishonest ways that are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from recjudge.errors import Refused, UsageError
from recjudge.human_labels import Aim, calibrate, find_seal, seal_for
from recjudge.human_labels.policy import UNSEALED

import worlds

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TALK = "this rain jacket keeps you dry on the long walks that you take with your dog every morning"


def test_clustered_labels_count_once_a_cluster() -> None:
    clusters = [f"user{n // 10}" for n in range(1000)]
    policy = calibrate(worlds.good(1000, clusters=clusters), Aim(precision=0.8), now=NOW)
    line = policy.lines[0]
    assert line.calibration.accepted.units <= 100
    assert any("one sample a cluster" in note for note in line.notes)


def test_a_recall_that_the_precision_does_not_leave_room_for_is_refused() -> None:
    with pytest.raises(Refused, match="no threshold has both"):
        calibrate(worlds.good(3000), Aim(precision=0.95, min_recall=0.995), now=NOW)
    line = calibrate(worlds.good(3000), Aim(precision=0.9, min_recall=0.8), now=NOW).lines[0]
    assert line.calibration.recall.value > 0.8


def test_a_hopeless_judge_gets_no_line_but_what_is_missing() -> None:
    random = np.random.default_rng(1)
    world = worlds.pairing(random.random(600), random.random(600) < 0.7)
    with pytest.raises(Refused, match=r"no line has at most 0\.05 wrong .* best bound .* no number of labels will do"):
        calibrate(world, now=NOW)


def test_a_refusal_says_how_many_labels_would_do() -> None:
    world = worlds.pairing(np.ones(200), np.arange(200) >= 6)
    with pytest.raises(Refused, match=r"best bound reached is \d\.\d% wrong, at score ≥ 1 with 200 .* in all"):
        calibrate(world, Aim(failing=1), now=NOW)


def test_every_line_that_is_refused_is_told_at_once() -> None:
    few = worlds.pairing([0.9] * 20, [1.0] * 20)
    with pytest.raises(Refused) as refused:
        calibrate([few, replace(few, dimension="relevance"), worlds.good()], now=NOW)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["text.grade", "text.relevance"]


def test_too_few_labels_are_refused_with_the_number_needed() -> None:
    with pytest.raises(Refused, match=r"29 labelled samples, at least 30 are needed.* takes 59 accepted ones"):
        calibrate(worlds.good(29), now=NOW)


def test_too_few_failing_labels_are_refused_with_the_number_needed() -> None:
    with pytest.raises(Refused, match=r"people fail 5 of 500 .* at least 10 .* about 1,000 labels at the rate seen"):
        calibrate(worlds.pairing(np.ones(500), [0.0] * 5 + [1.0] * 495), now=NOW)


def test_a_line_that_accepts_too_little_is_refused() -> None:
    with pytest.raises(Refused, match=r"accepts \d+\.\d% of the judged samples; asked: at least 95\.0%"):
        calibrate(worlds.good(), Aim(min_yield=0.95), now=NOW)


def test_without_a_seal_the_policy_says_its_figures_are_in_sample() -> None:
    policy = calibrate(worlds.good(), now=NOW)
    assert policy.notes == (UNSEALED,)
    assert "in-sample" in UNSEALED
    assert policy.lines[0].test is None


def test_the_sealed_labels_choose_nothing_and_are_opened_once_and_counted(tmp_path: Path) -> None:
    seal = seal_for(tmp_path / "labels.csv", now=NOW)
    world = worlds.good(2000)
    sealed = np.array([seal.side(name) == "test" for name in world.clusters])
    first = calibrate(world, now=NOW, seal=seal)
    people = replace(world.people, values=np.where(sealed[:, None], 0.0, world.people.values))
    second = calibrate(replace(world, people=people), now=NOW, seal=seal)
    assert first.lines[0].accept == second.lines[0].accept
    assert second.lines[0].test is not None
    assert second.lines[0].test.accepted.precision == 0
    assert (first.opened, second.opened) == (1, 2)


def test_a_refused_calibration_opens_nothing(tmp_path: Path) -> None:
    seal = seal_for(tmp_path / "labels.csv", now=NOW)
    random = np.random.default_rng(1)
    with pytest.raises(Refused):
        calibrate(worlds.pairing(random.random(600), random.random(600) < 0.7), now=NOW, seal=seal)
    known = find_seal(tmp_path / "labels.csv")
    assert known is not None
    assert known.openings == ()


def test_a_text_on_both_sides_of_the_seal_is_refused_unless_allowed(tmp_path: Path) -> None:
    seal = seal_for(tmp_path / "labels.csv", now=NOW)
    random = np.random.default_rng(4)
    texts = [" ".join(map(str, random.integers(0, 1000, 12))) for _ in range(1000)]
    world = worlds.good(texts=texts)
    ours = next(n for n, name in enumerate(world.clusters) if seal.side(name) == "calibration")
    theirs = next(n for n, name in enumerate(world.clusters) if seal.side(name) == "test")
    texts[ours] = texts[theirs] = TALK
    world = worlds.good(texts=texts)
    with pytest.raises(Refused, match=f"sample 's{ours}' .calibration. and sample 's{theirs}' .test."):
        calibrate(world, now=NOW, seal=seal)
    policy = calibrate(world, now=NOW, seal=seal, allow_leaks=True)
    assert policy.notes[0].startswith("leaks allowed: 1 leak")


def test_a_few_shot_example_among_the_labels_is_refused() -> None:
    world = worlds.good(texts=[TALK, *(f"text number {n} speaks of matters of its own kind" for n in range(999))])
    with pytest.raises(Refused, match=r"shots.txt:1 and sample 's0' are 100% alike"):
        calibrate(world, now=NOW, shown=[("shots.txt:1", f"Say good to: {TALK}")])


def test_labels_that_were_not_drawn_at_random_are_noticed() -> None:
    policy = calibrate(worlds.good(rest=np.linspace(0, 0.3, 400)), now=NOW)
    assert any("drawn at random?" in note for note in policy.lines[0].notes)
    assert not any(
        "random" in note for note in calibrate(worlds.good(rest=np.linspace(0, 1, 400)), now=NOW).lines[0].notes
    )


def test_yield_is_of_the_whole_judged_pool_and_adds_up() -> None:
    policy = calibrate(worlds.good(rest=[0.0] * 600 + [np.nan] * 50), Aim(mode="selective"), now=NOW)
    pool = policy.lines[0].pool
    assert (pool.samples, pool.judged) == (1650, 1600)
    assert pool.accepted < 0.5
    assert pool.accepted + pool.rejected + pool.people == pytest.approx(1)


def test_ties_and_unjudged_labels_are_counted_in_the_notes() -> None:
    world = worlds.good(1000)
    scores = world.scores["quality"].copy()
    scores[:20] = np.nan
    people = world.people.values.copy()
    people[30:35] = np.nan
    second = people.copy()
    second[40:43] = 1 - second[40:43]
    table = replace(world.people, raters=("ann", "bob"), values=np.concatenate([people, second], axis=1))
    notes = calibrate(replace(world, scores={"quality": scores}, people=table), now=NOW).lines[0].notes
    assert "3 labelled samples have no majority and enter nowhere" in notes
    assert "20 labelled samples are unjudged: neither accepted nor rejected" in notes


def test_a_line_that_accepts_everything_says_that_the_judge_adds_nothing() -> None:
    random = np.random.default_rng(0)
    policy = calibrate(worlds.pairing(random.random(2000), random.random(2000) < 0.97), now=NOW)
    assert policy.lines[0].pool.accepted == 1
    assert any(note.startswith("every judged sample is accepted") for note in policy.lines[0].notes)


def test_uneven_clusters_that_leave_few_independent_labels_are_told_the_way_out() -> None:
    clusters = [f"small{n}" if n < 300 else "big" for n in range(340)]
    world = worlds.good(340, slope=20, clusters=clusters)
    with pytest.raises(Refused, match=r"301 clusters of uneven size count as \d+ .* --weigh clusters"):
        calibrate(world, now=NOW)
    assert calibrate(world, Aim(weigh="clusters"), now=NOW).lines[0].calibration.accepted.units > 59


def test_several_lines_share_the_confidence() -> None:
    one, two = worlds.good(2000), replace(worlds.good(2000, seed=1), dimension="relevance")
    policy = calibrate([one, two], now=NOW)
    assert [line.confidence for line in policy.lines] == [0.975, 0.975]
    assert policy.notes[0] == "2 lines share the confidence of 0.95: all hold together with it"


def test_the_grade_itself_can_be_the_line() -> None:
    random = np.random.default_rng(0)
    rank = random.choice([0.0, 0.5, 1.0], 3000)
    world = worlds.pairing(rank, random.random(3000) < np.array([0.2, 0.8, 0.99])[(rank * 2).astype(int)])
    policy = calibrate(world, Aim(score="rank"), now=NOW)
    assert policy.lines[0].accept == 1.0  # Superior alone: Average is right in 80 % only


@pytest.mark.parametrize("aim", [Aim(precision=1.0), Aim(confidence=0), Aim(min_yield=2), Aim(score="charm")])
def test_what_cannot_be_asked_for_is_a_usage_error(aim: Aim) -> None:
    with pytest.raises(UsageError):
        calibrate(worlds.good(), aim, now=NOW)


def test_labels_drawn_with_unequal_probabilities_are_said_to_be() -> None:
    drawn = worlds.good(1000, drawn=("0.1", "0.9") * 500)
    assert any("unequal probabilities" in note for note in calibrate(drawn, now=NOW).lines[0].notes)
    alike = worlds.good(1000, drawn=("0.5",) * 1000)
    assert not any("unequal" in note for note in calibrate(alike, now=NOW).lines[0].notes)


def test_a_line_of_trust_is_the_lowest_confidence_whose_bound_holds() -> None:
    made = calibrate(worlds.trusted(2000), Aim(0.8, mode="trust", score="confidence"), now=NOW)
    (line,) = made.lines
    # right as often as it is sure: above t a judge is right in (1 + t) / 2
    assert line.accept is not None
    assert 0.6 < line.accept < 0.72
    assert line.calibration.accepted.low >= 0.8
    assert line.calibration.agreement.value == pytest.approx(0.75, abs=0.03)
    assert line.calibration.failing == round(2000 * (1 - line.calibration.agreement.value))


def test_a_line_of_trust_is_on_the_confidence_alone() -> None:
    for aim in (Aim(mode="trust"), Aim(score="confidence")):
        with pytest.raises(UsageError, match="confidence"):
            calibrate(worlds.trusted(400), aim, now=NOW)


def test_a_judge_that_is_never_right_enough_gets_no_line_of_trust() -> None:
    with pytest.raises(Refused, match="best bound"):
        calibrate(worlds.trusted(400, right=lambda sure: 0.6 + 0 * sure), Aim(0.8, mode="trust", score="confidence"),
                  now=NOW)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("rises", [True, False])
def test_what_is_trusted_agrees_with_people_as_often_as_promised_in_all_but_1_of_20_worlds(*, rises: bool) -> None:
    # calibrated (a line lies where (1 + t) / 2 is .85), or level just under the promise (every line is wrong)
    broken = lines = 0
    for seed in range(600):
        world = worlds.trusted(400, seed=seed, right=None if rises else lambda sure: np.full(len(sure), 0.845))
        try:
            line = calibrate(world, Aim(0.85, 0.95, mode="trust", score="confidence"), now=NOW).lines[0]
        except Refused:
            continue
        assert line.accept is not None
        lines += 1
        broken += ((1 + line.accept) / 2 if rises else 0.845) < 0.85
    assert broken <= 600 * 0.05 + 2.6 * (600 * 0.05 * 0.95) ** 0.5
    assert lines > 150 if rises else lines < 60
