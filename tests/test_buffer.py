"""The buffer: rare classes of all rounds stay, common ones fade by age, and the log says what went."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recjudge.cli import main
from recjudge.errors import UsageError
from recjudge.human_labels import Label, Labels, read_labels, rebalance, scale_of
from recjudge.human_labels.buffer import admitted

BINARY = scale_of("binary:0|1")


def _rounds(*counts: tuple[int, int], dimension: str = "fit", role: str = "expert") -> list[Label]:
    """Rounds, oldest first, of so many fails and passes."""
    return [
        Label(f"{dimension}{age}-{value}-{number}", dimension, "ann", float(value), BINARY, role, f"r{age}")
        for age, (fails, passes) in enumerate(counts)
        for value, count in ((0, fails), (1, passes))
        for number in range(count)
    ]


def test_rare_labels_of_all_rounds_stay_and_common_ones_are_cut_to_the_ratio() -> None:
    done = rebalance(Labels(tuple(_rounds((2, 40), (3, 40), (5, 40)))), half_life=1, target_ratio=2)
    kept = Counter((label.round, label.value) for label in done.labels.rows)
    assert {round: kept[round, 0.0] for round in ("r0", "r1", "r2")} == {"r0": 2, "r1": 3, "r2": 5}
    # rates 1 : 1/2 : 1/4 of equal rounds, 20 labels in all: 11.43, 5.71, 2.86
    assert {round: kept[round, 1.0] for round in ("r0", "r1", "r2")} == {"r0": 3, "r1": 6, "r2": 11}


def test_the_log_says_of_each_class_and_round_what_was_there_and_what_is_left() -> None:
    done = rebalance(Labels(tuple(_rounds((4, 6), (4, 6)))), half_life=1, target_ratio=1)
    said = [(one.cls, one.round, one.age, one.before, one.kept, one.dropped) for one in done.log]
    assert said == [
        ("fail", "r1", 0, 4, 4, 0), ("fail", "r0", 1, 4, 4, 0), ("pass", "r1", 0, 6, 5, 1), ("pass", "r0", 1, 6, 3, 3),
    ]  # fmt: skip
    assert sum(one.kept for one in done.log) == len(done.labels.rows)
    assert "16 of 20 labels kept (half-life 1 rounds, at most 1 to 1, seed 0)" in done.labels.notes[-1]


def test_a_long_half_life_treats_rounds_alike_and_a_short_one_takes_the_newest() -> None:
    assert admitted({0: 30, 1: 30, 2: 30}, 30, 1e9) == {0: 10, 1: 10, 2: 10}
    assert admitted({0: 30, 1: 30, 2: 30}, 40, 1e-6) == {0: 30, 1: 10, 2: 0}


@given(st.dictionaries(st.integers(0, 9), st.integers(1, 50), min_size=1), st.integers(0, 300), st.floats(1e-6, 1e6))
def test_the_quota_is_met_exactly_and_older_labels_never_have_the_better_rate(
    counts: dict[int, int], quota: int, half_life: float
) -> None:
    kept = admitted(counts, quota, half_life)
    assert sum(kept.values()) == min(quota, sum(counts.values()))
    assert all(0 <= kept[age] <= counts[age] for age in counts)
    ages = sorted(counts)
    for newer, older in pairwise(ages):
        # but for rounding to whole labels
        assert kept[newer] / counts[newer] >= kept[older] / counts[older] - 1 / counts[newer] - 1 / counts[older]


def test_the_same_seed_keeps_the_same_labels_in_their_order() -> None:
    labels = Labels(tuple(_rounds((3, 30), (3, 30))))
    one, other = (rebalance(labels, half_life=2, target_ratio=1, seed=seed).labels.rows for seed in (1, 2))
    assert one == rebalance(labels, half_life=2, target_ratio=1, seed=1).labels.rows
    assert one != other
    assert list(one) == [label for label in labels.rows if label in set(one)]


def test_dimensions_and_roles_are_balanced_each_for_itself() -> None:
    rows = _rounds((2, 9)) + _rounds((9, 3), dimension="clarity") + _rounds((1, 5), dimension="fit2", role="crowd")
    done = rebalance(Labels(tuple(rows)), half_life=1, target_ratio=1)
    left = Counter((label.dimension, label.role) for label in done.labels.rows)
    assert left == {("fit", "expert"): 4, ("clarity", "expert"): 6, ("fit2", "crowd"): 2}


def test_where_nothing_says_what_passes_every_label_is_a_class() -> None:
    scale = scale_of("ordinal:1..3")
    rows = [Label(f"s{n}", "fit", "ann", float(n % 3 + 1 if n < 6 else 3), scale) for n in range(20)]
    done = rebalance(Labels(tuple(rows)), half_life=1, target_ratio=2)
    assert Counter(label.word for label in done.labels.rows) == {"1": 2, "2": 2, "3": 4}


def test_a_single_class_has_nothing_to_be_balanced_with() -> None:
    assert len(rebalance(Labels(tuple(_rounds((0, 9)))), half_life=1, target_ratio=1).labels.rows) == 9


@pytest.mark.parametrize(
    "more",
    [
        {"half_life": 0},
        {"target_ratio": 0.5},
        {"half_life": float("nan")},
        {"minority": "drop"},
        {"majority": "newest"},
    ],
)
def test_parameters_that_are_none_are_refused(more: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        rebalance(Labels(tuple(_rounds((1, 2)))), **{"half_life": 1, "target_ratio": 1} | more)


def test_the_command_asks_for_what_the_paper_does_not_print_and_writes_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "labels.csv", tmp_path / "balanced.csv"
    rows = "".join(f"s{n},fit,ann,{int(n > 4)},r{n % 2}\n" for n in range(30))
    path.write_text("sample,dimension,annotator,label,round\n" + rows)
    command = ["labels", "rebalance", str(path), "-o", str(out)]
    assert main(command) == 2
    assert main([*command, "--half-life", "2", "--target-ratio", "1.0"]) == 0
    said = capsys.readouterr().out
    assert "Rebalanced" in said
    assert "10 of 30 labels kept" in said
    assert Counter(label.word for label in read_labels(out).rows) == {"0": 5, "1": 5}
