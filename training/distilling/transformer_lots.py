"""What a step of training sees: contexts with all their candidates, dealt anew each epoch by seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...judge.student import Reader, Tokens
from .pairs import Pairs
from .records import Examples

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Rows:
    """Examples of all tasks as a network sees them."""

    tokens: tuple[Tokens, ...]
    values: NDArray[float64]
    """(rows, columns) places on each column's scale, in [0, 1]; NaN where nothing is said, or of another task."""
    groups: NDArray[int64]
    """(rows, columns) what competes with what."""
    contexts: tuple[tuple[int, ...], ...]
    """Places of the rows of each context: what a step takes together."""
    too_long: int
    """Samples left out: their text alone is longer than the model may read."""

    @property
    def cut(self) -> int:
        """Samples whose context lost its middle."""
        return sum(row.cut > 0 for row in self.tokens)

    @property
    def digest(self) -> str:
        """Changes with any token or value."""
        found = hashlib.sha256(repr([(row.prefix, row.candidate) for row in self.tokens]).encode())
        for part in (self.values, self.groups):
            found.update(part.tobytes())
        return found.hexdigest()


def rows_of(examples: Mapping[str, Examples], reader: Reader, columns: Mapping[str, Sequence[int]]) -> Rows:
    """examples: by task. columns: by task, the head's columns in the order of the task's targets."""
    import numpy as np

    width = sum(map(len, columns.values()))
    tokens: list[Tokens] = []
    values, groups = [], []
    contexts: dict[object, list[int]] = {}
    for task, found in examples.items():
        read = reader.tokens(task, found.samples)
        value = np.full((len(read), width), np.nan)
        group = np.zeros((len(read), width), dtype=np.int64)
        for column, target in zip(columns[task], found.targets, strict=True):
            value[:, column] = found.values(target) / (len(found.scale(target)) - 1)
            group[:, column] = found.groups(target)
        kept = np.array([one is not None for one in read], dtype=bool)
        values.append(value[kept])
        groups.append(group[kept])
        for one, row in zip(read, found.rows, strict=True):
            if one is not None:
                contexts.setdefault((task, row.context), []).append(len(tokens))
                tokens.append(one)
    samples = sum(len(found.rows) for found in examples.values())
    return Rows(
        tuple(tokens), np.concatenate(values), np.concatenate(groups), tuple(map(tuple, contexts.values())),
        samples - len(tokens),
    )  # fmt: skip


def useful(rows: Rows, loss: str) -> list[tuple[int, ...]]:
    """The contexts that a loss learns from: the listwise one needs two levels on some target."""
    if loss != "listwise":
        return list(rows.contexts)
    return [context for context in rows.contexts if _orders(rows, context)]


def dealt(contexts: Sequence[tuple[int, ...]], most: int, seed: int, epoch: int) -> list[tuple[int, ...]]:
    """An epoch's lots: every context once, drawn by seed and epoch; large ones in parts of at most `most`."""
    import numpy as np

    drawn = np.random.default_rng([seed, epoch])
    lots: list[tuple[int, ...]] = []
    for context in contexts:
        if len(context) <= most:
            lots.append(context)
            continue
        mixed = drawn.permutation(context)
        lots += [tuple(part.tolist()) for part in np.array_split(mixed, -(-len(mixed) // most))]
    return [lots[place] for place in drawn.permutation(len(lots))]


def addends(rows: Rows, places: Sequence[int], loss: str) -> int:
    """How many addends a loss has on these rows, over all columns: what it is divided by."""
    import numpy as np

    values, groups = rows.values[list(places)], rows.groups[list(places)]
    if loss != "listwise":
        return int((~np.isnan(values)).sum())
    higher = (values[:, None] > values[None]) & (groups[:, None] == groups[None])
    return int(higher.any(axis=1).sum())


def order(rows: Rows, scores: NDArray[float64]) -> tuple[float, int]:
    """Share of the pairs of unequal level within a group that the scores order right, ties half; and how many pairs.

    scores: (rows, columns). All targets' pairs count alike. NaN where there is no pair.
    """
    import numpy as np

    right = np.concatenate(
        [Pairs.of(rows.values[:, at], rows.groups[:, at]).right(scores[:, at]) for at in range(scores.shape[1])]
    )
    return (float(right.mean()) if len(right) else float("nan")), len(right)


def _orders(rows: Rows, context: Sequence[int]) -> bool:
    """Whether two of its samples that compete differ on some target."""
    import numpy as np

    for values, groups in zip(rows.values[list(context)].T, rows.groups[list(context)].T, strict=True):
        known = ~np.isnan(values)
        pairs = np.unique(np.stack([groups[known], values[known]]), axis=1)[0]
        if len(np.unique(pairs)) < len(pairs):
            return True
    return False
