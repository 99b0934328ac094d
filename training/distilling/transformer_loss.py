"""The two losses in torch: the listwise contrastive one, equal to `listwise.py`, and the point-wise baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    Loss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def listwise_loss(scores: torch.Tensor, values: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
    """The sum over groups, as `listwise.listwise` has it; all (n,), values NaN where nothing is known.

    Each sample above its group's lowest level adds log(1 + e^(D - f)), D the log of the sum of e^f over lower levels
    (RecGPT-V2, arXiv 2512.14503, the listwise reward model).
    """
    import torch

    lower = beaten(values, groups)
    above = lower.any(1)
    if not bool(above.any()):
        # its graph is kept: a batch with nothing to order has a loss of 0, and gradients of 0
        return scores.sum() * 0.0
    under = scores.masked_fill(~lower, -torch.inf)[above].logsumexp(1)
    return torch.nn.functional.softplus(under - scores[above], threshold=30).sum()


def pointwise_loss(scores: torch.Tensor, values: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of sigmoid(f) against the place on the scale, here in [0, 1], summed over what is known."""
    import torch

    known = ~values.isnan()
    if not bool(known.any()):
        return scores.sum() * 0.0
    return torch.nn.functional.binary_cross_entropy_with_logits(
        scores[known], values[known].to(scores.dtype), reduction="sum"
    )


def beaten(values: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
    """(n, n): whether the row's sample is of a higher level than the column's, in one group; never where NaN."""
    return (values[:, None] > values[None, :]) & (groups[:, None] == groups[None, :])


LOSSES: Mapping[str, Loss] = {"listwise": listwise_loss, "pointwise": pointwise_loss}
