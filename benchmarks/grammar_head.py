"""The network of `judge/embedded/learned/grammar.py` once more, in torch, to be trained."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, gelu, pad, softplus

HEADS, FAR = 4, -1e4
WEIGHT_OF_TOKENS, WEIGHT_OF_SLIPS = 0.5, 3.0


class Block(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """Attention over the tokens, then a feed-forward part."""

    def __init__(self, width: int, dropped: float) -> None:
        super().__init__()
        self.qkv, self.o, self.a = nn.Linear(width, 3 * width), nn.Linear(width, width), nn.LayerNorm(width)
        self.f1, self.f2, self.b = nn.Linear(width, 2 * width), nn.Linear(2 * width, width), nn.LayerNorm(width)
        self.drop = nn.Dropout(dropped / 2)

    def forward(self, h: Tensor, mask: Tensor) -> Tensor:
        rows, size, width = h.shape
        query, keys, values = self.qkv(h).view(rows, size, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        near = query @ keys.transpose(-1, -2) / math.sqrt(width // HEADS) - (mask[:, None, None, :] - 1) * FAR
        mixed = (near.softmax(-1) @ values).transpose(1, 2).reshape(rows, size, width)
        h = self.a(h + self.drop(self.o(mixed)))
        return self.b(h + self.drop(self.f2(gelu(self.f1(h), approximate="tanh"))))


class Head(nn.Module):  # type: ignore[misc]
    """(rows, tokens, states) and a mask to (rows, tokens) scores of tokens and (rows,) of sentences."""

    def __init__(self, states: int, width: int, window: int, dropped: float, blocks: int = 1) -> None:
        super().__init__()
        self.side = window // 2
        self.inp, self.conv, self.n0 = nn.Linear(states, width), nn.Linear(window * width, width), nn.LayerNorm(width)
        self.blocks = nn.ModuleList([Block(width, dropped) for _ in range(blocks)])
        self.tok, self.hid, self.out = (
            nn.Linear(width, 1),
            nn.Linear(2 * width, width // 2),
            nn.Linear(width // 2 + 2, 1),
        )
        self.drop = nn.Dropout(dropped)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        kept, count = mask[..., None], mask.sum(1, keepdim=True)
        h = gelu(self.inp(self.drop(x)), approximate="tanh") * kept
        padded = pad(h, (0, 0, self.side, self.side))
        window = torch.cat([padded[:, at : at + h.shape[1]] for at in range(2 * self.side + 1)], -1)
        h = self.n0(h + gelu(self.conv(window), approximate="tanh"))
        for block in self.blocks:
            h = block(h, mask)
        tokens = self.tok(h)[..., 0]
        pooled = torch.cat([(h * kept).sum(1) / count, h.masked_fill(kept == 0, FAR).amax(1)], -1)
        hidden = gelu(self.hid(self.drop(pooled)), approximate="tanh")
        sums = [tokens.masked_fill(mask == 0, FAR).amax(1, keepdim=True), (tokens * mask).sum(1, keepdim=True) / count]
        return tokens, self.out(torch.cat([hidden, *sums], -1))[:, 0]


def loss_of(head: Any, x: Tensor, mask: Tensor, marks: Tensor) -> Tensor:
    """First half of the rows clean, second half the same with slips: of tokens, of sentences, and of each pair."""
    tokens, scores = head(x, mask)
    half = len(scores) // 2
    each = binary_cross_entropy_with_logits(tokens, marks, reduction="none", pos_weight=torch.tensor(WEIGHT_OF_SLIPS))
    wrong = torch.cat([torch.zeros(half), torch.ones(half)])
    of_pairs = softplus(scores[:half] - scores[half:]).mean()
    return (
        WEIGHT_OF_TOKENS * (each * mask).sum() / mask.sum() + binary_cross_entropy_with_logits(scores, wrong) + of_pairs
    )
