"""A reason for purchases against what was bought: element-wise products of vectors, nearness by parts and tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import minilm
from .states import MEAN_LAYERS, Read, States

EVENTS = 20
"""Events of a history that are read, the latest."""
_WIDTH = minilm.WIDTH
_MIDDLE = 4
_SIDES = ("least", "most", "mean")
_NEAR: Mapping[str, str] = {
    "precision": "mean cosine of the text's tokens with an event's nearest token",
    "recall": "mean cosine of an event's tokens with the text's nearest token",
    "three": "mean cosine of the three nearest of the text's tokens",
    "nearest": "greatest cosine of a token of the text with one of an event",
}

MEANINGS: Mapping[str, str] = (
    {f"product{at}": f"the text's and the events' vectors multiplied, place {at}" for at in range(_WIDTH)}
    | {f"middle{at}": f"the same of layer {_MIDDLE}'s means, place {at}" for at in range(_WIDTH)}
    | {f"told{at}": f"the vector of what the text gives as a reason, place {at}" for at in range(_WIDTH)}
    | {f"cosine_{side}": f"cosine of the whole text with the events: {side}" for side in _SIDES}
    | {f"told_{side}": f"cosine of the reason with the events: {side}" for side in _SIDES}
    | {
        f"l{layer}_{name}_{side}": f"{words}: {side} over events (layer {layer})"
        for layer in (4, 6)
        for name, words in _NEAR.items()
        for side in _SIDES
    }
)


def told(text: str) -> str:
    """What stands after the first "because"; the text itself where it has none."""
    return text.split("because", 1)[-1].strip() or text


def wanted(text: str, events: Sequence[str]) -> list[str]:
    """What `against_history` will ask the network about; nothing without an event."""
    return [text, told(text), *events[-EVENTS:]] if events else []


def against_history(text: str, events: Sequence[str], states: States) -> list[float]:
    """The values of `MEANINGS`, in order; NaN throughout without an event."""
    import numpy as np

    if not events:
        return [float("nan")] * len(MEANINGS)
    whole, reason, *of = states.of(wanted(text, events))
    middle = MEAN_LAYERS.index(_MIDDLE)
    vectors = np.stack([one.vector for one in of])
    means = _unit(np.sum([_unit(one.means[middle]) for one in of], axis=0))
    values = [
        reason.vector * _unit(vectors.sum(0)),
        _unit(reason.means[middle]) * means,
        reason.vector,
        _sides(vectors @ whole.vector),
        _sides(vectors @ reason.vector),
        *(side for layer in (1, 2) for side in _near(reason, of, layer)),
    ]
    return [round(float(value), 5) for value in np.concatenate(values)]


def _near(reason: Read, of: Sequence[Read], layer: int) -> list[Any]:
    """For each of `_NEAR`, its least, most and mean over events."""
    import numpy as np

    own, found = reason.tokens[layer].astype(np.float32), []
    for one in of:
        near = own @ one.tokens[layer].astype(np.float32).T
        if near.size:
            best = near.max(1)
            found.append([best.mean(), near.max(0).mean(), np.sort(best)[-3:].mean(), best.max()])
    table = np.array(found) if found else np.full((1, len(_NEAR)), np.nan)
    return [_sides(column) for column in table.T]


def _sides(values: Any) -> Any:
    import numpy as np

    return np.array([values.min(), values.max(), values.mean()])


def _unit(vector: Any) -> Any:
    import numpy as np

    return vector / max(float(np.linalg.norm(vector)), 1e-9)
