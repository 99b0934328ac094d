"""A Hugging Face body with a scalar head a target: tokens to scores, a context that is shared encoded once."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, UsageError
from .tokens import Tokens

if TYPE_CHECKING:
    import torch

CLOSE = 1e-4
"""How near the shared computation must come to the whole one, on a probe, before it is used."""


@dataclass
class Network:
    """What is trained. Not frozen: its weights move."""

    body: Any
    """A transformers model without a language-model head."""
    head: Any
    """`torch.nn.Linear`, in float32: hidden states to one column a target of a task."""
    causal: bool
    """Whether no token sees a later one: found out, not believed of a name."""
    shares: bool
    """Whether a prefix can be encoded once: causal, with a cache of keys and values, proven on a probe."""
    alone: bool
    """Whether prefixes of unlike length must not be padded side by side: attention through a sliding window."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        device: torch.device = self.head.weight.device
        return device


def network_in(folder: Path, columns: int, *, device: str = "", dtype: str = "float32", seed: int = 0) -> Network:
    """The model of a local folder under a new head, drawn by `seed`. Nothing is fetched, unpickled or run from it.

    device: `cpu`, `cuda`, …; empty for a GPU where there is one. Raises `UsageError` where the `train` extra is
    missing, `InputError` for a folder that holds no encoder or causal model in safetensors.
    """
    torch = torch_here()
    from transformers import AutoModel

    if not (folder / "config.json").is_file():
        raise InputError(f"{folder}: holds no model (no config.json); give the local folder of one, nothing is fetched")
    if not any(folder.glob("*.safetensors")):
        raise InputError(
            f"{folder}: has no weights in safetensors; pickled ones (.bin, .pt) can run code and are not read: "
            "save it again with save_pretrained(…, safe_serialization=True)"
        )
    try:
        with undisturbed():
            body, told = AutoModel.from_pretrained(
                str(folder), local_files_only=True, trust_remote_code=False, use_safetensors=True,
                dtype=getattr(torch, dtype), output_loading_info=True,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise InputError(f"{folder}: cannot be loaded as a model ({error})") from error
    # a pooler is not used; anything else that is not in the file would be noise
    if missing := sorted(name for name in told["missing_keys"] if "pooler" not in name):
        raise InputError(f"{folder}: the file lacks weights of the model ({', '.join(missing[:3])}); give a whole one")
    if body.config.is_encoder_decoder:
        raise InputError(f"{folder}: is an encoder-decoder; give an encoder or a causal model")
    return _network(body, columns, torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu")), seed)


def points(network: Network, rows: Sequence[Tokens], *, share: bool = True) -> torch.Tensor:
    """(n, columns) float32 scores of one batch, gradients through the shared prefix included.

    A row's scores are those it has alone, but for the last bits of float32; lower precision is as far off as it is.
    """
    import torch

    if not (share and network.shares):
        return _whole(network, rows)
    places: list[int] = []
    found = []
    for group in _side_by_side(network, rows):
        chosen = [rows[place] for place in group]
        found.append(_shared(network, chosen) if chosen[0].prefix else _whole(network, chosen))
        places += group
    back = sorted(range(len(places)), key=places.__getitem__)
    return torch.cat(found)[torch.tensor(back, device=network.device)]


def batches(rows: Sequence[Tokens], most: int) -> list[list[int]]:
    """Places in batches of at most `most` tokens once padded (at least one row each), like contexts side by side."""
    order = sorted(range(len(rows)), key=lambda place: (len(rows[place].prefix), rows[place].prefix, place))
    found: list[list[int]] = []
    prefix = candidate = 0
    for place in order:
        row = rows[place]
        prefix, candidate = max(prefix, len(row.prefix)), max(candidate, len(row.candidate))
        if not found or (len(found[-1]) + 1) * (prefix + candidate) > most:
            found.append([])
            prefix, candidate = len(row.prefix), len(row.candidate)
        found[-1].append(place)
    return found


def torch_here() -> Any:
    """The library. Raises `UsageError` that says how to install it."""
    try:
        import torch
        import transformers  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"a student that is a transformer needs the train extra ({error}): pip install 'recjudge[train]'"
        ) from error
    return torch


@contextmanager
def undisturbed() -> Iterator[None]:
    """No network whatever the environment says, no bars, no reports of what was expected, while it lasts."""
    from huggingface_hub import constants
    from transformers.utils import logging

    before = constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY
    constants.HF_HUB_OFFLINE = constants.HF_HUB_DISABLE_TELEMETRY = True
    bars, loud = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY = before
        logging.set_verbosity(loud)
        if bars:
            logging.enable_progress_bar()


def _network(body: Any, columns: int, device: torch.device, seed: int) -> Network:
    import torch

    head = torch.nn.Linear(body.config.get_text_config().hidden_size, columns)
    drawn = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        head.weight.copy_(torch.randn(head.weight.shape, generator=drawn) * head.in_features**-0.5)
        head.bias.zero_()
    body.to(device).train(False)
    network = Network(body, head.to(device), causal=False, shares=False, alone=False)
    config = body.config.get_text_config()
    network.alone = any("full" not in kind for kind in getattr(config, "layer_types", None) or ()) or bool(
        getattr(config, "sliding_window", None)
    )
    network.causal = _is_causal(network)
    network.shares = network.causal and _can_share(network)
    return network


def _is_causal(network: Network) -> bool:
    """Whether the last token leaves what stands before it as it was."""
    import torch

    ids = torch.arange(8, device=network.device).repeat(2, 1) % network.body.config.get_text_config().vocab_size
    ids[1, -1] = 0
    with torch.no_grad():
        one, other = network.body(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    return bool((one - other).abs().max() < CLOSE)


def _can_share(network: Network) -> bool:
    """Whether scores with the prefix encoded once are those of whole sequences."""
    import torch

    rows = [Tokens((1, 2, 3, 4, 5), (6, 7)), Tokens((1, 2, 3, 4, 5), (7,)), Tokens((2, 3, 1), (4, 5, 6))]
    try:
        with torch.no_grad():
            network.shares = True
            apart = (points(network, rows) - _whole(network, rows)).abs().max()
    except (AttributeError, TypeError, ValueError, RuntimeError):
        # a body without such a cache, for instance a state-space model
        return False
    finally:
        network.shares = False
    return bool(apart < (CLOSE if network.body.dtype is torch.float32 else 0.1))


def _side_by_side(network: Network, rows: Sequence[Tokens]) -> Iterator[list[int]]:
    """Places of rows whose prefixes go through the model together."""
    groups: dict[object, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(row.prefix if network.alone else bool(row.prefix), []).append(place)
    yield from groups.values()


def _shared(network: Network, rows: Sequence[Tokens]) -> torch.Tensor:
    """Each prefix once, its keys and values given to all its candidates; both parts padded on the right."""
    import torch

    known = {prefix: place for place, prefix in enumerate(dict.fromkeys(row.prefix for row in rows))}
    ids, mask = _padded(network, list(known))
    cache = network.body(input_ids=ids, attention_mask=mask, use_cache=True).past_key_values
    of = torch.tensor([known[row.prefix] for row in rows], device=network.device)
    cache.batch_select_indices(of)
    ids, own = _padded(network, [row.candidate for row in rows])
    at = mask.sum(1)[of].unsqueeze(1) + torch.arange(ids.shape[1], device=network.device)
    more = {"position_ids": at} if "position_ids" in _accepted(network) else {}
    states = network.body(
        input_ids=ids, attention_mask=torch.cat([mask[of], own], 1), past_key_values=cache, use_cache=True, **more
    ).last_hidden_state
    return _pooled(network, states, torch.zeros_like(of), own.sum(1))


def _whole(network: Network, rows: Sequence[Tokens]) -> torch.Tensor:
    """Every row from its first token to its last."""
    import torch

    ids, mask = _padded(network, [row.prefix + row.candidate for row in rows])
    start = torch.tensor([len(row.prefix) for row in rows], device=network.device)
    more: dict[str, Any] = {}
    if network.causal:
        more["use_cache"] = False
    elif "token_type_ids" in _accepted(network) and getattr(network.body.config, "type_vocab_size", 0) > 1:
        # the candidate is the second text
        more["token_type_ids"] = (torch.arange(ids.shape[1], device=network.device) >= start[:, None]).long() * mask
    states = network.body(input_ids=ids, attention_mask=mask, **more).last_hidden_state
    return _pooled(network, states, start, mask.sum(1))


def _pooled(network: Network, states: torch.Tensor, start: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
    """The last token's state of a causal model, which has seen all; of an encoder the mean over the candidate's."""
    import torch

    if network.causal:
        pooled = states[torch.arange(len(end), device=states.device), end - 1].float()
    else:
        place = torch.arange(states.shape[1], device=states.device)
        inside = ((place >= start[:, None]) & (place < end[:, None])).unsqueeze(2)
        pooled = (states.float() * inside).sum(1) / inside.sum(1)
    scores: torch.Tensor = network.head(pooled)
    return scores


def _padded(network: Network, rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(n, longest) ids and mask, padded on the right with a token that nothing looks at."""
    import torch

    longest = max(map(len, rows))
    pad = network.body.config.get_text_config().pad_token_id or 0
    ids = torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows], device=network.device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=network.device)
    return ids, mask


def _accepted(network: Network) -> frozenset[str]:
    body = network.body
    inner = body.get_base_model() if hasattr(body, "peft_config") and hasattr(body, "get_base_model") else body
    return frozenset(inspect.signature(inner.forward).parameters)
