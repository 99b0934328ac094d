"""A training on disk, so that a killed one goes on: weights and moments in safetensors, all else in its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ...errors import InputError, RunMismatch
from ...judge import whole

if TYPE_CHECKING:
    import torch

NOW, BEST = "training.safetensors", "best.safetensors"
HEADER = "recjudge"
MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True)
class Reached:
    """How far a training has come. Randomness is drawn by seed and step, so that the step is all its state."""

    step: int = 0
    best_step: int = 0
    best: float | None = None
    """Held-out order of the best weights; None before the first look."""
    stale: int = 0
    """Looks since then."""
    orders: tuple[float | None, ...] = ()
    """Of each look; None where there was no pair."""
    losses: tuple[float, ...] = ()
    """Mean over the addends of each epoch's steps."""
    running: tuple[float, int] = (0.0, 0)
    """Sum of loss, and addends, of the epoch under way."""


def save(
    folder: Path, identity: Mapping[str, Any], reached: Reached, weights: Mapping[str, torch.Tensor], optimiser: Any
) -> None:
    """All that the next step needs, in one file that is there whole or as it was."""
    # a weight that no loss has reached has no moments
    moved = {name: optimiser.state[weight] for name, weight in weights.items() if optimiser.state.get(weight)}
    tensors = {f"weight/{name}": weight.detach() for name, weight in weights.items()}
    tensors |= {f"{moment}/{name}": state[moment] for name, state in moved.items() for moment in MOMENTS}
    steps = {name: float(state["step"]) for name, state in moved.items()}
    _write(folder / NOW, tensors, {"identity": identity, "reached": asdict(reached), "steps": steps})


def restore(folder: Path, identity: Mapping[str, Any], weights: Mapping[str, torch.Tensor], optimiser: Any) -> Reached:
    """Puts back what was saved; a fresh start where nothing was.

    Raises `RunMismatch` that names what differs, `InputError` for a file that is none of ours.
    """
    import torch

    if not (folder / NOW).is_file():
        return Reached()
    said, tensors = _read(folder / NOW)
    then = said["identity"]
    if differing := [name for name in {**identity, **then} if then.get(name) != identity.get(name)]:
        told = "; ".join(f"{name}: {then.get(name)} then, {identity.get(name)} now" for name in differing)
        raise RunMismatch(f"{folder}: another training was begun here ({told}); remove the folder, or say it as then")
    listed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said["reached"].items()
    }
    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(tensors[f"weight/{name}"])
            if name in said["steps"]:
                moments = {moment: tensors[f"{moment}/{name}"].to(weight.device) for moment in MOMENTS}
                optimiser.state[weight] = {"step": torch.tensor(said["steps"][name]), **moments}
    return Reached(**listed)


def save_best(folder: Path, weights: Mapping[str, torch.Tensor], step: int) -> None:
    """The weights that ordered the held-out pairs best so far. Before `save`: a killed run comes here again."""
    _write(folder / BEST, {name: weight.detach() for name, weight in weights.items()}, {"step": step})


def restore_best(folder: Path, weights: Mapping[str, torch.Tensor]) -> None:
    """Puts them back."""
    import torch

    _, tensors = _read(folder / BEST)
    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(tensors[name])


def _write(path: Path, tensors: Mapping[str, torch.Tensor], said: Mapping[str, Any]) -> None:
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path, "mend that and run the same command again: it goes on") as temporary:
        ready = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
        save_file(ready, temporary, metadata={HEADER: orjson.dumps(said).decode()})


def _read(path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            said: dict[str, Any] = orjson.loads((file.metadata() or {})[HEADER])
            return said, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise InputError(f"{path}: is no state of a training ({error}); remove it to begin anew") from error
