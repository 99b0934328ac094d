"""Facts of the training of a transformer Student: its losses, what it learns, seeds, kills and refusals."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from pathlib import Path
from typing import Any

from tiny_models import causal_in, encoder_in
from transformer_world import refusal, same, settings, weights_of, world


def the_listwise_loss_and_its_gradient_are_those_of_the_numpy_reference(folder: Path) -> None:
    import numpy as np
    import torch
    from recjudge.training.distilling import listwise
    from recjudge.training.distilling.transformer_loss import LOSSES

    drawn = np.random.default_rng(0)
    for size, spread in ((1, 1.0), (40, 1.0), (40, 60.0)):
        scores = torch.tensor(drawn.normal(0, spread, size), requires_grad=True)
        values = drawn.integers(0, 3, size).astype(float)
        values[drawn.random(size) < 0.1] = np.nan
        groups = drawn.integers(0, 6, size)
        loss = LOSSES["listwise"](scores, torch.tensor(values), torch.tensor(groups))
        loss.backward()
        wanted, slope = listwise(scores.detach().numpy(), values, groups)
        assert abs(float(loss) - wanted) < 1e-6
        assert np.abs(scores.grad.numpy() - slope).max() < 1e-6


def the_pointwise_loss_is_a_sigmoids_cross_entropy(folder: Path) -> None:
    import math

    import torch
    from recjudge.training.distilling.transformer_loss import LOSSES

    nan = float("nan")
    said = LOSSES["pointwise"](torch.tensor([0.0, 2.0, 9.0]), torch.tensor([0.5, 1.0, nan]), torch.zeros(3))
    assert abs(float(said) - (math.log(2) + math.log(1 + math.exp(-2)))) < 1e-6


def it_learns_to_order_what_it_has_not_seen_within_a_minute(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer
    from recjudge.training.distilling.transformer_lots import order, rows_of

    for name, made in (("causal", causal_in(folder / "causal")), ("encoder", encoder_in(folder / "encoder"))):
        before = time.process_time()
        chosen = settings(epochs=10, held_out=0.15, patience=12, max_length=256)
        scorer = train_transformer(world(120), made, folder / f"{name}-student", settings=chosen)
        held = rows_of(world(40, seed=9), scorer.reader, scorer.columns)
        found, pairs = order(held, scorer.scores("explanation", world(40, seed=9)["explanation"].samples))
        assert pairs == 40 * 12
        assert found > 0.9, f"{name}: {found} after {scorer.training}"
        assert time.process_time() - before < 60, f"{name}: {time.process_time() - before}"


def half_precision_trains_with_and_without_lora(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    for lora, dtype in ((None, "float32"), (4, "bfloat16")):
        chosen = settings(dtype="bfloat16", lora=lora)
        scorer = train_transformer(world(12), causal_in(folder / "model"), folder / f"s{lora}", settings=chosen)
        assert scorer.dtype == str(scorer.network.body.dtype).removeprefix("torch.") == dtype
        assert scorer.training["prefix_shared"]
        assert scorer.training["losses"][-1] < scorer.training["losses"][0]


def equal_seeds_give_equal_weights_and_another_gives_others(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = encoder_in(folder / "model")  # has drop-out
    one, other, third = (
        train_transformer(world(8), made, folder / f"s{number}", settings=settings(), seed=seed)
        for number, seed in enumerate((3, 3, 4))
    )
    assert same(one, other)
    assert not same(one, third)


def a_training_that_is_killed_anywhere_ends_in_the_same_weights(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = encoder_in(folder / "model")
    chosen = settings(epochs=3, patience=1, held_out=0.25)
    whole = train_transformer(world(24), made, folder / "whole", settings=chosen)
    assert whole.training["steps"] > 10
    drawn = random.Random(0)
    for trial in range(12):
        events = 0
        for kill_at in (drawn.randrange(1, 12), drawn.randrange(3, 14), 0):
            child = os.fork()
            if child == 0:
                os._exit(_killed_run(made, folder / f"s{trial}", chosen, kill_at))
            ended = os.waitpid(child, 0)[1]
            events += os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL
            assert os.WIFSIGNALED(ended) or os.WEXITSTATUS(ended) == 0
        assert events, "no run was killed"
        # all steps are taken: this one reads the end
        again = train_transformer(world(24), made, folder / f"s{trial}", settings=chosen, told=_no_step)
        assert same(whole, again), trial
        assert again.training == whole.training


def _killed_run(made: Path, folder: Path, chosen: Any, kill_at: int) -> int:
    """Dies at its n-th event: the end of a step, or a side of the renaming of a file."""
    from recjudge.training.distilling import train_transformer

    seen = 0

    def event(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def replace(self: Path, target: Path) -> Path:
        event()
        os.replace(self, target)
        event()
        return target

    Path.replace = replace  # type: ignore[assignment, method-assign]
    try:
        train_transformer(world(24), made, folder, settings=chosen, told=event)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _no_step(*_: Any) -> None:
    raise AssertionError("a step was taken again")


def another_training_in_the_same_folder_is_refused_by_what_differs(folder: Path) -> None:
    from recjudge.errors import RunMismatch
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    train_transformer(world(4), made, folder / "s", settings=settings(epochs=1))
    said = refusal(
        lambda: train_transformer(world(4), made, folder / "s", settings=settings(epochs=1, clip=2.0)), RunMismatch
    )
    assert "(clip: 1.0 then, 2.0 now)" in said


def lora_learns_is_merged_and_goes_on_after_a_kill(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    chosen = settings(epochs=2, lora=4)
    one = train_transformer(world(12), made, folder / "one", settings=chosen)
    child = os.fork()
    if child == 0:
        os._exit(_killed_run(made, folder / "other", chosen, 3))
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    other = train_transformer(world(12), made, folder / "other", settings=chosen)
    assert same(one, other)
    assert not [name for name in weights_of(one) if "lora" in name]
    assert one.training["losses"][-1] < one.training["losses"][0]


def contexts_without_an_order_are_counted_and_nothing_else_is_refused(folder: Path) -> None:
    from dataclasses import replace

    from recjudge.errors import Refused
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    examples = world(6)["explanation"]
    flat = tuple(replace(row, values={"grade": 1.0}) if row.context in ("c0", "c1") else row for row in examples.rows)
    chosen = settings(epochs=1, held_out=0)
    scorer = train_transformer({"explanation": replace(examples, rows=flat)}, made, folder / "s", settings=chosen)
    assert scorer.training["contexts_with_nothing_to_order"] == 2
    alone = {"explanation": replace(examples, rows=flat[:6])}
    said = refusal(lambda: train_transformer(alone, made, folder / "t", settings=chosen), Refused)
    assert "nothing to learn" in said
    train_transformer(alone, made, folder / "u", settings=settings(epochs=1, held_out=0, loss="pointwise"))


def shared_and_whole_training_end_close_together(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    one, other = (
        train_transformer(world(8), made, folder / str(share), settings=settings(share=share, learning_rate=1e-4))
        for share in (True, False)
    )
    # not the weights: Adam makes a whole step of a gradient that is a rounding error
    assert abs(one.training["losses"][0] - other.training["losses"][0]) < 1e-4
    assert (one.training["prefix_shared"], other.training["prefix_shared"]) == (True, False)
