"""Calibrate: lines whose bound holds, refusals that say what is missing, and the dishonest ways that are closed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from recjudge.cli import main
from recjudge.errors import Refused, UsageError
from recjudge.human_labels import Aim, calibrate, find_seal, read_policy, seal_for
from recjudge.human_labels.policy import UNSEALED, grid_of, labels_needed, one_of_each, select, walk
from recjudge.human_labels.policy.guarantee import learn_then_test, start_size, zero_failures
from recjudge.human_labels.proportions import upper_bound
from recjudge.judge.verdicts import encode

import worlds

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TALK = "this rain jacket keeps you dry on the long walks that you take with your dog every morning"


def test_the_top_threshold_is_not_returned_when_its_bound_fails() -> None:
    # published reference code returns it: 40 labels at the top, 5 of them wrong
    scores, passed = np.full(40, 0.9), np.array([0.0] * 5 + [1.0] * 35)
    found = walk(scores, passed, [0.9, 0.5], precision=0.95, delta=0.05, start=30)
    assert found.threshold is None
    assert [step.held for step in found.steps] == [False]


def test_the_walk_stops_at_the_first_failure_though_a_later_bound_would_hold() -> None:
    scores = np.array([0.9] * 100 + [0.8] * 100 + [0.7] * 1000)
    passed = np.concatenate([np.ones(100), np.zeros(20), np.ones(80), np.ones(1000)])
    found = walk(scores, passed, [0.9, 0.8, 0.7], precision=0.95, delta=0.05, start=30)
    assert found.threshold == 0.9
    assert [step.held for step in found.steps] == [True, False]
    assert upper_bound(20, 1200, 0.05) < 0.05


@pytest.mark.parametrize(("n", "threshold"), [(58, None), (59, 0.5)])
def test_a_line_without_an_error_takes_59_labels(n: int, threshold: float | None) -> None:
    found = walk(np.full(n, 0.5), np.ones(n), [0.5], precision=0.95, delta=0.05, start=30)
    assert found.threshold == threshold
    assert zero_failures(0.05, 0.05) == 59


def test_fewer_than_30_labels_are_never_enough() -> None:
    assert walk(np.full(29, 0.5), np.ones(29), [0.5], precision=0.5, delta=0.05, start=1).threshold is None


def test_unjudged_and_unlabelled_items_do_not_enter() -> None:
    scores = np.concatenate([np.full(60, 0.5), np.full(60, np.nan), np.full(60, 0.5)])
    passed = np.concatenate([np.ones(60), np.zeros(60), np.full(60, np.nan)])
    assert walk(scores, passed, [0.5], precision=0.95, delta=0.05, start=30).steps[0].n == 60


def test_the_grid_holds_scores_that_occur_and_sees_no_label() -> None:
    scores = np.random.default_rng(0).random(10_000)
    grid = grid_of(np.append(scores, np.nan))
    assert len(grid) == 100
    assert set(grid) <= set(scores)
    assert list(grid) == sorted(grid, reverse=True)
    assert grid_of(np.array([0.0, 1.0, 0.5, 0.5])) == (1.0, 0.5, 0.0)


def test_where_the_walk_begins_depends_on_the_number_of_labels_alone() -> None:
    assert [start_size(n, 0.05, 0.05) for n in (50, 400, 10_000)] == [59, 100, labels_needed(0.05 / 3, 0.05, 0.05)]


def test_labels_needed_give_the_power_they_promise_and_one_fewer_does_not() -> None:
    from recjudge.human_labels.policy.guarantee import _power

    needed = labels_needed(0.02, 0.05, 0.05)
    assert needed is not None
    assert _power(0.02, needed, 0.05, 0.05) >= 0.8
    assert _power(0.02, needed - 1, 0.05, 0.05) < 0.8
    assert labels_needed(0.05, 0.05, 0.05) is None


def test_of_a_cluster_at_most_one_item_counts_and_every_item_with_the_same_chance() -> None:
    clusters = [f"c{n // 3}" if n < 3000 else f"d{n}" for n in range(6000)]
    kept = one_of_each(clusters)
    assert len({c for c, k in zip(clusters, kept, strict=True) if k}) == kept.sum()
    assert 0.28 < kept[:3000].mean() < 0.38
    assert 0.28 < kept[3000:].mean() < 0.38
    assert one_of_each(clusters, weigh="clusters").sum() == 4000
    assert one_of_each(["a", "b", "c"]).all()


def test_clustered_labels_count_once_a_cluster() -> None:
    clusters = [f"user{n // 10}" for n in range(1000)]
    policy = calibrate(worlds.good(1000, clusters=clusters), Aim(precision=0.8), now=NOW)
    line = policy.lines[0]
    assert line.calibration.accepted.units <= 100
    assert any("one sample a cluster" in note for note in line.notes)


def test_three_ways_keep_their_lines_apart_and_both_sides_right() -> None:
    world = worlds.good(3000)
    passed = world.approved()
    lines = select(world.scores["quality"], passed, grid_of(world.scores["quality"]), precision=0.9, delta=0.1)
    assert lines.accept is not None
    assert lines.reject is not None
    assert lines.reject < lines.accept
    assert passed[world.scores["quality"] >= lines.accept].mean() > 0.9
    assert passed[world.scores["quality"] <= lines.reject].mean() < 0.1


def test_a_perfect_judge_decides_everything() -> None:
    scores = np.linspace(0, 1, 1000)
    lines = select(scores, (scores >= 0.5).astype(float), grid_of(scores), precision=0.95, delta=0.05)
    assert lines.accept is not None
    assert lines.reject is not None
    assert lines.reject < lines.accept
    assert ((scores >= lines.accept) | (scores <= lines.reject)).mean() > 0.95


def test_several_losses_are_tested_together() -> None:
    p_values = {"precision": np.array([0.001, 0.01, 0.02, 0.3]), "recall": np.array([0.4, 0.02, 0.01, 0.001])}
    assert learn_then_test(p_values, 0.05, first={"recall": -1}).tolist() == [False, True, True, False]
    assert learn_then_test(p_values, 0.1, rule="bonferroni").tolist() == [False, True, True, False]
    assert learn_then_test(p_values, 0.05, rule="fixed").tolist() == [False] * 4


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


def test_calibrate_by_command_writes_the_policy_and_seals_the_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(2000))
    out = tmp_path / "policy.json"
    assert main(["calibrate", str(verdicts), "--labels", str(labels), "-o", str(out)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert re.search(r"text.grade: accept quality ≥ 0\.\d+ .* of what is decided at least 0.95 is right", told)
    assert "test labels opened once; valid until" in told
    policy = read_policy(out)
    assert (policy.labels, policy.opened) == ("labels.csv", 1)
    line = policy.lines[0]
    assert line.test is not None
    assert line.test.labelled + line.calibration.labelled == 2000


def test_calibrate_by_command_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(1000))
    command = ["calibrate", str(verdicts), "--labels", str(labels), "-o", str(tmp_path / "p.json"), "--json"]
    assert main([*command, "--selective", "--precision", "0.9", "--all-labels"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["lines"][0]["pool"]["people"] < 1
    assert told["notes"] == [UNSEALED]


def test_calibrating_on_all_labels_opens_the_sealed_ones(tmp_path: Path) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(1000, slope=20))
    out = tmp_path / "policy.json"
    command = ["calibrate", str(verdicts), "--labels", str(labels), "-o", str(out)]
    assert main(command) == 0
    assert main([*command, "--all-labels"]) == 0
    policy = read_policy(out)
    assert policy.opened == 2
    assert policy.notes == ("calibrated on all labels, the sealed ones too: every figure is in-sample",)


def test_calibrate_by_command_ends_with_1_where_there_is_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(1000, slope=0.5))
    assert main(["calibrate", str(verdicts), "--labels", str(labels), "-o", str(tmp_path / "p.json")]) == 1
    assert "no line has at most 0.05 wrong" in capsys.readouterr().err
    assert not (tmp_path / "p.json").exists()


def test_calibrate_by_command_names_the_dimensions_that_are_labelled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(100))
    assert main(["calibrate", str(verdicts), "--labels", str(labels), "--dimension", "charm"]) == 2
    assert "no labels of 'charm'; name one with --dimension: grade" in capsys.readouterr().err


def _files(folder: Path, world: worlds.Pairing) -> tuple[Path, Path]:
    """The verdicts and labels of a world as files; people say Bad or Superior."""
    quality, passed = world.scores["quality"], world.people.values[:, 0]
    verdicts = [replace(worlds.verdict(float(score)), id=id) for id, score in zip(world.ids, quality, strict=True)]
    (folder / "v.jsonl").write_bytes(b"".join(encode(one) + b"\n" for one in verdicts))
    rows = [f"{id},grade,ann,{('Bad', 'Superior')[int(word)]}" for id, word in zip(world.ids, passed, strict=True)]
    (folder / "labels.csv").write_text("\n".join(["id,dimension,annotator,label", *rows]) + "\n")
    return folder / "v.jsonl", folder / "labels.csv"


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
