"""How a transformer Student is trained: every number that can be chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import UsageError
from .transformer_loss import LOSSES


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. Defaults are for a model of some hundred million weights that has been trained before."""

    epochs: int = 3
    batch_groups: int = 8
    """Contexts, each with all its candidates, in a step."""
    group_size: int = 32
    """Candidates of one context in a step; a larger context is dealt in parts, anew each epoch."""
    learning_rate: float = 2e-5
    warmup: float = 0.1
    """Share of the steps."""
    weight_decay: float = 0.01
    clip: float = 1.0
    """Largest norm of a step's gradient."""
    loss: str = "listwise"
    """A name in `LOSSES`; `pointwise` is the baseline."""
    lora: int | None = None
    """Rank of LoRA (arXiv 2106.09685) on all linear maps; merged at the end. None trains every weight."""
    dtype: str = "float32"
    """Of the computation: `float32` or `bfloat16`; without LoRA the weights themselves stay float32."""
    device: str = ""
    """`cpu`, `cuda`, …; empty for a GPU where there is one."""
    max_length: int = 1024
    """Tokens of context and candidate together."""
    held_out: float = 0.1
    """Share of the clusters that training looks at and never learns from; 0 trains to the last epoch."""
    patience: int = 2
    """Epochs without a better held-out order before it stops."""
    save_every: int = 50
    """Steps between two savings; the end of each epoch is always saved."""
    batch_tokens: int = 8192
    """Padded tokens computed at once; a step of more is added up."""
    share: bool = True
    """Encode a context once for its candidates, where the model can."""

    def __post_init__(self) -> None:
        whole = ("epochs", "batch_groups", "group_size", "max_length", "patience", "save_every", "batch_tokens")
        for name in whole:
            if getattr(self, name) < 1:
                raise UsageError(f"{name} {getattr(self, name)}: give at least 1")
        if self.group_size < 2 or (self.lora is not None and self.lora < 1):
            raise UsageError("group_size is at least 2, and lora at least 1")
        if not (0 < self.learning_rate < math.inf and 0 <= self.warmup < 1 and 0 <= self.held_out < 1):
            raise UsageError("learning_rate is above 0, warmup and held_out are shares in [0, 1)")
        if self.loss not in LOSSES or self.dtype not in ("float32", "bfloat16"):
            raise UsageError(f"loss is one of {', '.join(LOSSES)}; dtype is float32 or bfloat16")
