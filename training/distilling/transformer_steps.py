"""The steps of a training: losses of whole contexts added up, a look at what is held out after each epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Refused
from ...judge.student import Network, batches, points
from .transformer_loss import LOSSES
from .transformer_lots import Rows, addends, dealt, order, useful
from .transformer_settings import Settings
from .transformer_state import Reached, save, save_best

if TYPE_CHECKING:
    import torch
    from numpy import float64
    from numpy.typing import NDArray


@dataclass
class Training:
    """What the steps share."""

    network: Network
    rows: Rows
    held: Rows | None
    settings: Settings
    seed: int
    weights: Mapping[str, torch.Tensor] = field(default_factory=dict)
    optimiser: Any = None


def trained(
    training: Training,
    reached: Reached,
    state: Path,
    identity: Mapping[str, Any],
    told: Callable[[int, int, float], None] | None,
) -> Reached:
    """Takes the steps that are left; how far it has come."""
    import torch

    settings, rows = training.settings, training.rows
    contexts = useful(rows, settings.loss)
    if not contexts:
        raise Refused("nothing to learn: no two samples of a context differ on any target; give several a context")
    lots = dealt(contexts, settings.group_size, training.seed, 0)
    epoch_steps = -(-len(lots) // settings.batch_groups)
    total = settings.epochs * epoch_steps
    for step in range(reached.step, total):
        if reached.stale >= settings.patience:
            break
        epoch, at = divmod(step, epoch_steps)
        if at == 0 or step == reached.step:
            lots = dealt(contexts, settings.group_size, training.seed, epoch)
        # drop-out is drawn by the step's number: a training that goes on draws what it would have drawn
        torch.manual_seed(training.seed * 1_000_003 + step + 1)
        batch = lots[at * settings.batch_groups : (at + 1) * settings.batch_groups]
        loss, terms = _step(training, batch, _rate(step, total, settings.warmup))
        sums = reached.running[0] + loss, reached.running[1] + terms
        reached = replace(reached, step=step + 1, running=sums)
        if at == epoch_steps - 1:
            reached = _looked(training, reached, state)
        if at == epoch_steps - 1 or not (step + 1) % settings.save_every:
            save(state, identity, reached, training.weights, training.optimiser)
        if told:
            told(step + 1, total, loss / terms if terms else math.nan)
    return reached


def _step(training: Training, lots: Sequence[tuple[int, ...]], rate: float) -> tuple[float, int]:
    """One step of the optimiser on the mean over the addends of these lots; the sum of the loss, and the addends."""
    import torch

    network, settings, rows = training.network, training.settings, training.rows
    terms = sum(addends(rows, lot, settings.loss) for lot in lots)
    network.body.train()
    training.optimiser.zero_grad(set_to_none=True)
    total = 0.0
    for part in _parts(rows, lots, settings.batch_tokens):
        loss = _loss(training, part)
        (loss / max(1, terms)).backward()
        total += float(loss.detach())
    if not math.isfinite(total):
        raise Refused("the loss is no longer finite; give a smaller --learning-rate, and remove the training's folder")
    torch.nn.utils.clip_grad_norm_(list(training.weights.values()), settings.clip)
    for group in training.optimiser.param_groups:
        group["lr"] = group["rate"] * rate
    training.optimiser.step()
    return total, terms


def _loss(training: Training, places: Sequence[int]) -> torch.Tensor:
    import torch

    network, settings, rows = training.network, training.settings, training.rows
    device = network.device
    with torch.autocast(device.type, torch.bfloat16, enabled=settings.dtype == "bfloat16"):
        scores = points(network, [rows.tokens[place] for place in places], share=settings.share).float()
    values = torch.from_numpy(rows.values[list(places)]).to(device)
    groups = torch.from_numpy(rows.groups[list(places)]).to(device)
    of_one = LOSSES[settings.loss]
    losses = [of_one(scores[:, at], values[:, at], groups[:, at]) for at in range(scores.shape[1])]
    return torch.stack(losses).sum()


def _parts(rows: Rows, lots: Sequence[tuple[int, ...]], most: int) -> Iterator[list[int]]:
    """Lots joined while their padded tokens stay within `most`; a lot is never parted, its candidates compete."""
    part: list[int] = []
    for lot in lots:
        together = [*part, *lot]
        prefix = max(len(rows.tokens[place].prefix) for place in together)
        candidate = max(len(rows.tokens[place].candidate) for place in together)
        if part and len(together) * (prefix + candidate) > most:
            yield part
            together = list(lot)
        part = together
    if part:
        yield part


def _rate(step: int, total: int, warmup: float) -> float:
    """Up linearly over the warm-up, then down linearly to 0 after the last step."""
    warm = math.ceil(warmup * total)
    return (step + 1) / warm if step < warm else (total - step) / (total - warm)


def _looked(training: Training, reached: Reached, state: Path) -> Reached:
    """At the end of an epoch: the held-out order, and the weights kept where it is the best so far."""
    loss, terms = reached.running
    reached = replace(reached, losses=(*reached.losses, loss / max(1, terms)), running=(0.0, 0))
    if training.held is None:
        return reached
    found, pairs = order(training.held, _scores(training, training.held))
    reached = replace(reached, orders=(*reached.orders, found if pairs else None))
    if not pairs:
        return reached
    if reached.best is not None and found <= reached.best:
        return replace(reached, stale=reached.stale + 1)
    save_best(state, training.weights, reached.step)
    return replace(reached, best=found, best_step=reached.step, stale=0)


def _scores(training: Training, rows: Rows) -> NDArray[float64]:
    import numpy as np
    import torch

    training.network.body.eval()
    found = np.full(rows.values.shape, np.nan)
    with torch.inference_mode():
        for batch in batches(rows.tokens, training.settings.batch_tokens):
            found[batch] = points(training.network, [rows.tokens[place] for place in batch]).double().cpu().numpy()
    return found
