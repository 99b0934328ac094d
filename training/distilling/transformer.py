"""Trains a Hugging Face encoder or causal model as a Student: listwise groups, resumable, equal by seed on a CPU."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...judge.student import Transformer, Wording, network_in, reader_in, torch_here
from .examples import split
from .records import Examples
from .transformer_lots import Rows, order, rows_of, useful
from .transformer_settings import Settings
from .transformer_state import Reached, restore, restore_best
from .transformer_steps import Training, trained

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

HEAD_RATE = 10.0
"""The new head learns this much faster than the body, which knows something already."""


def train_transformer(
    examples: Mapping[str, Examples],
    model: Path | str,
    folder: Path,
    *,
    settings: Settings | None = None,
    seed: int = 0,
    told: Callable[[int, int, float], None] | None = None,
) -> Transformer:
    """The trained scorer, of the epoch that ordered the held-out pairs best; `training` says what was counted.

    examples: by task; one column a target of a task. model: a local folder, nothing is fetched. folder: of the
    student; the state stands beside it, in `state_of(folder)`, and the same call goes on from there after a kill, to
    the same weights on a CPU with as many threads. `forget` removes it. told: after each step, with its number, how
    many there are, and its mean loss.
    Raises `UsageError` without the `train` extra, `RunMismatch` where another training was begun in the folder,
    `Refused` where there is nothing to order, or where the loss is no longer finite.
    """
    torch = torch_here()
    settings = settings or Settings()
    columns = _columns(examples)
    state = state_of(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        training, scorer = _prepared(examples, Path(model), columns, settings, seed)
        identity = _identity(training, Path(model))
        reached = restore(state, identity, training.weights, training.optimiser)
        reached = trained(training, reached, state, identity, told)
        if reached.best_step:
            restore_best(state, training.weights)
    network = training.network
    if settings.lora:
        network.body = network.body.merge_and_unload()
    network.body.eval()
    return replace(scorer, training=_facts(training, reached, examples))


def state_of(folder: Path) -> Path:
    """Where the state of a training is kept: beside the student's folder, which is written as a whole."""
    folder = folder.resolve()
    return folder.with_name(f".{folder.name}.training")


def forget(folder: Path) -> None:
    """Removes a training's state, once the student is written."""
    shutil.rmtree(state_of(folder), ignore_errors=True)


def _columns(examples: Mapping[str, Examples]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    at = 0
    for task, one in examples.items():
        found[task] = tuple(range(at, at + len(one.targets)))
        at += len(one.targets)
    return found


def _prepared(
    examples: Mapping[str, Examples], model: Path, columns: Mapping[str, tuple[int, ...]], settings: Settings, seed: int
) -> tuple[Training, Transformer]:
    import torch

    held_dtype = settings.dtype if settings.lora else "float32"
    network = network_in(model, sum(map(len, columns.values())), device=settings.device, dtype=held_dtype, seed=seed)
    wordings = {task: Wording.of(one.rubric) for task, one in examples.items()}
    reader = reader_in(model, network, wordings, settings.max_length)
    learned, held = _held_out(examples, settings.held_out, seed)
    rows = rows_of(learned, reader, columns)
    training = Training(network, rows, rows_of(held, reader, columns) if held else None, settings, seed)
    if settings.lora:
        from peft import LoraConfig, get_peft_model

        network.body = get_peft_model(
            network.body, LoraConfig(r=settings.lora, lora_alpha=2 * settings.lora, target_modules="all-linear")
        )
    body = {f"body.{name}": weight for name, weight in network.body.named_parameters() if weight.requires_grad}
    head = {f"head.{name}": weight for name, weight in network.head.named_parameters()}
    training.weights = body | head
    rate = settings.learning_rate
    training.optimiser = torch.optim.AdamW(
        [
            {"params": [weight for weight in body.values() if weight.ndim > 1], "rate": rate},
            {"params": [weight for weight in body.values() if weight.ndim < 2], "rate": rate, "weight_decay": 0.0},
            {"params": list(head.values()), "rate": rate * HEAD_RATE, "weight_decay": 0.0},
        ],
        weight_decay=settings.weight_decay,
    )
    return training, Transformer(network, reader, columns, held_dtype)


def _held_out(
    examples: Mapping[str, Examples], share: float, seed: int
) -> tuple[Mapping[str, Examples], Mapping[str, Examples]]:
    """To learn from, and to look at: whole clusters of each task; nothing to look at where a task has one cluster."""
    if not share or any(len(set(one.clusters.tolist())) < 2 for one in examples.values()):
        return examples, {}
    both = {task: split(one, share, seed) for task, one in examples.items()}
    return {task: one for task, (one, _) in both.items()}, {task: one for task, (_, one) in both.items()}


def _identity(training: Training, model: Path) -> Mapping[str, Any]:
    """All that the weights depend on: a training goes on only where nothing of it has changed."""
    import torch
    import transformers

    files = hashlib.sha256()
    for path in sorted(path for path in model.iterdir() if path.suffix in (".json", ".safetensors")):
        files.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    held = training.held.digest[:16] if training.held else ""
    return {
        **asdict(training.settings),
        "seed": training.seed,
        "model": files.hexdigest()[:16],
        "examples": training.rows.digest[:16],
        "held out": held,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def _facts(training: Training, reached: Reached, examples: Mapping[str, Examples]) -> Mapping[str, Any]:
    """For the card: what was trained on, what was left out, how it went."""
    settings, rows, held = training.settings, training.rows, training.held
    network = training.network
    contexts = useful(rows, settings.loss)
    _, pairs = order(held, _nothing(held)) if held else (0.0, 0)
    return {
        "settings": asdict(settings),
        "seed": training.seed,
        "weights": sum(weight.numel() for weight in network.body.parameters()),
        "causal": network.causal,
        "prefix_shared": network.shares and settings.share,
        "samples": len(rows.tokens),
        "contexts": len(contexts),
        "contexts_with_nothing_to_order": len(rows.contexts) - len(contexts),
        "context_cut": rows.cut + (held.cut if held else 0),
        "too_long": rows.too_long + (held.too_long if held else 0),
        "held_out_samples": len(held.tokens) if held else 0,
        "held_out_pairs": pairs,
        "held_out_order": list(reached.orders),
        "best_step": reached.best_step or reached.step,
        "steps": reached.step,
        "losses": list(reached.losses),
    }


def _nothing(rows: Rows) -> NDArray[float64]:
    import numpy as np

    return np.zeros(rows.values.shape)
