"""What the figures could have been, had the judge judged the items on which it has no word."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..coefficients.classes import class_figures
from ..coefficients.metrics import METRICS
from ..pairing import Pairing
from ..records import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

BOUNDED = ("kappa", "kappa_quadratic", "ac1", "alpha_nominal", "alpha_ordinal")


def bounds(pairing: Pairing, rule: str) -> dict[str, tuple[float, float]]:
    """Figure name to (least, greatest) against people's consensus: the unjudged all as wrong as can be, or all right.

    Empty when every item with a consensus was judged. As wrong as can be is the label farthest from people's word.
    """
    import numpy as np

    scale = pairing.people.scale
    if not pairing.comparable or scale is None or not scale.codes:
        return {}
    word = pairing.consensus(rule).values
    missing = np.isnan(pairing.said) & ~np.isnan(word)
    if not missing.any():
        return {}
    far = np.where(np.abs(word - scale.low) > np.abs(word - scale.high), scale.low, scale.high)
    worst = _values(pairing, word, np.where(missing, far, pairing.said))
    best = _values(pairing, word, np.where(missing, word, pairing.said))
    return {
        name: (worst[name], best[name]) for name in worst if not math.isnan(worst[name]) and not math.isnan(best[name])
    }


def _values(pairing: Pairing, word: Numbers, said: Numbers) -> dict[str, float]:
    import numpy as np

    scale = pairing.people.scale
    assert scale is not None  # noqa: S101 - the caller has looked
    kept = ~np.isnan(word)
    table = Table((), ("judge", "people"), np.column_stack([said[kept], word[kept]]), scale)
    found = {
        name: METRICS[name].make(table).value
        for name in BOUNDED
        if name in METRICS and scale.kind in METRICS[name].kinds
    }
    figures = class_figures(word[kept], said[kept], scale.codes, scale.passing)
    return found | {name: figures[name].value for name in ("accuracy", "f1_binary") if name in figures}
