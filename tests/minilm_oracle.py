"""MiniLM's forward pass written a second time, in numpy, to hold the converted graph against."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import erf

HEADS = 12


def embed(weights: Mapping[str, Any], ids: Sequence[int]) -> Any:
    """The unit vector of one text, given as token ids, without batches or padding; in double precision."""
    w = {name: np.asarray(value, np.float64) for name, value in weights.items()}
    x = w["embeddings.word_embeddings.weight"][list(ids)] + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = _norm(x + w["embeddings.token_type_embeddings.weight"][0], w, "embeddings.LayerNorm")
    for layer in range(6):
        at = f"encoder.layer.{layer}"
        x = _norm(x + _attend(x, w, f"{at}.attention"), w, f"{at}.attention.output.LayerNorm")
        wide = _linear(x, w, f"{at}.intermediate.dense")
        wide = 0.5 * wide * (1 + erf(wide / math.sqrt(2)))
        x = _norm(x + _linear(wide, w, f"{at}.output.dense"), w, f"{at}.output.LayerNorm")
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


def _attend(x: Any, w: Mapping[str, Any], at: str) -> Any:
    parts = [np.split(_linear(x, w, f"{at}.self.{name}"), HEADS, axis=1) for name in ("query", "key", "value")]
    mixed = [_softmax(q @ k.T / math.sqrt(q.shape[1])) @ v for q, k, v in zip(*parts, strict=True)]
    return _linear(np.concatenate(mixed, axis=1), w, f"{at}.output.dense")


def _softmax(x: Any) -> Any:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _linear(x: Any, w: Mapping[str, Any], at: str) -> Any:
    return x @ w[f"{at}.weight"].T + w[f"{at}.bias"]


def _norm(x: Any, w: Mapping[str, Any], at: str) -> Any:
    centred = x - x.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
    return centred / scale * w[f"{at}.weight"] + w[f"{at}.bias"]
