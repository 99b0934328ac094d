"""Constrained reward shaping: a main reward that counts only where every gate is passed. It judges nothing.

R = R_main · Π 1[R_k ≥ τ_k] (RecGPT-V2, arXiv 2512.14503, constrained reward shaping). The paper gives none of its τ:
here a threshold is the caller's, and `sweep` shows what each choice costs. What was not judged (None) stays None.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

Values = Sequence[float | None]
"""One number a completion; None where there is none to be had."""
MOST_ROWS = 10_000
"""Rows of a sweep beyond which the grid is surely a mistake."""
FLAT = 1e-8
"""Rewards of a group that lie within this are the same: where TRL calls a deviation zero (`torch.isclose`)."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: the value must reach the threshold."""

    name: str
    values: Values
    threshold: float


@dataclass(frozen=True, slots=True)
class Groups:
    """What the rewards give a trainer that compares within groups (GRPO): a group without a difference teaches nothing.

    `n` groups in all; `empty` have no reward, `alone` one, `flat` several that are the same.
    """

    n: int
    empty: int
    alone: int
    flat: int

    @property
    def zero_advantage(self) -> float:
        """Share of all groups whose every advantage is zero; NaN without groups."""
        return (self.empty + self.alone + self.flat) / self.n if self.n else math.nan


@dataclass(frozen=True, slots=True)
class Shaped:
    """Rewards with what made them. Shares are of the `judged` completions, NaN where there are none."""

    rewards: tuple[float | None, ...]
    fail_rates: Mapping[str, float]
    """Gate to the share below its threshold, each gate by itself."""
    failed: float
    """Share that at least one gate fails."""
    zero_share: float
    """Share with the reward 0, by a gate or by the main reward itself."""
    mean: float
    judged: int
    unjudged: int
    """Completions whose main reward or whose value at a gate is None: they have no reward."""
    groups: Groups | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """One row of a sweep: the thresholds tried and what they do."""

    thresholds: Mapping[str, float]
    shaped: Shaped


def shaped(main: Values, gates: Sequence[Gate], *, groups: Sequence[Hashable] | None = None) -> Shaped:
    """The main reward where every gate is passed, 0 where one fails, None where the main reward or a gate's value is.

    `groups` names each completion's group (its prompt). Raises `ValueError` where lengths differ, a value is not
    finite, two gates share a name, or the main reward is negative: a failed gate would then be rewarded.
    """
    values, passed, unknown = _columns(main, gates)
    if (values < 0).any():
        raise ValueError("main: a reward is negative, so a failed gate's 0 would be above it; shift the main reward")
    return _told(values * passed.all(axis=1), passed, unknown, gates, groups)


def summed(
    main: Values,
    gates: Sequence[Gate],
    weights: Mapping[str, float] | None = None,
    *,
    groups: Sequence[Hashable] | None = None,
) -> Shaped:
    """The baseline that gates are held against: main + Σ w_k · value_k, thresholds ignored; a weight left out is 1.

    Fail rates are those of the gates, told beside it. None and errors as in `shaped`, but the main reward may be
    negative; raises `ValueError` for the weight of an unknown gate.
    """
    import numpy as np

    values, passed, unknown = _columns(main, gates)
    given = dict(weights or {})
    if wrong := given.keys() - {gate.name for gate in gates}:
        raise ValueError(f"weights: no gate is named {sorted(wrong)[0]!r}; there are {_names(gates)}")
    for gate in gates:
        values = values + given.get(gate.name, 1.0) * np.nan_to_num(_column(gate.name, gate.values))
    return _told(values, passed, unknown, gates, groups)


def sweep(
    main: Values,
    gates: Sequence[Gate],
    grid: Mapping[str, Sequence[float]],
    *,
    groups: Sequence[Hashable] | None = None,
) -> tuple[Swept, ...]:
    """`shaped` at every combination of the grid's thresholds, gate name to thresholds; other gates stay as they are.

    Choosing by the rewards alone is choosing by the judge: look at the rows people labelled as well. Raises
    `ValueError` for an unknown gate, an empty list or more than 10,000 combinations.
    """
    if wrong := grid.keys() - {gate.name for gate in gates}:
        raise ValueError(f"grid: no gate is named {sorted(wrong)[0]!r}; there are {_names(gates)}")
    size = math.prod(len(tried) for tried in grid.values())
    if not 0 < size <= MOST_ROWS:
        raise ValueError(f"grid: {size} combinations of thresholds; give between 1 and {MOST_ROWS}")
    rows = []
    for tried in product(*grid.values()):
        chosen = dict(zip(grid, tried, strict=True))
        moved = [replace(gate, threshold=chosen.get(gate.name, gate.threshold)) for gate in gates]
        thresholds = {gate.name: gate.threshold for gate in moved}
        rows.append(Swept(thresholds, shaped(main, moved, groups=groups)))
    return tuple(rows)


def group_facts(rewards: Values, groups: Sequence[Hashable]) -> Groups:
    """How many groups have no advantage to give. Raises `ValueError` where lengths differ."""
    if len(groups) != len(rewards):
        raise ValueError(f"groups: {len(groups)} names for {len(rewards)} rewards; name each completion's group")
    found: dict[Hashable, list[float]] = {group: [] for group in groups}
    for group, reward in zip(groups, rewards, strict=True):
        if reward is not None:
            found[group].append(reward)
    sizes = [len(known) for known in found.values()]
    flat = sum(len(known) > 1 and max(known) - min(known) <= FLAT for known in found.values())
    return Groups(len(found), sizes.count(0), sizes.count(1), flat)


def _columns(main: Values, gates: Sequence[Gate]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Main rewards (0 where unknown), passed by completion and gate, and which completions are unknown."""
    import numpy as np

    if len({gate.name for gate in gates}) < len(gates):
        raise ValueError(f"gates: two have one name ({_names(gates)}); rename one")
    values = _column("main", main)
    unknown, passed = np.isnan(values), np.ones((len(values), len(gates)), bool)
    for place, gate in enumerate(gates):
        column = _column(gate.name, gate.values)
        if len(column) != len(values):
            raise ValueError(f"gate {gate.name!r} has {len(column)} values for {len(values)} rewards; give one each")
        if not math.isfinite(gate.threshold):
            raise ValueError(f"gate {gate.name!r}: the threshold {gate.threshold} is no number to reach")
        unknown, passed[:, place] = unknown | np.isnan(column), column >= gate.threshold
    return np.nan_to_num(values), passed, unknown


def _column(name: str, values: Values) -> NDArray[Any]:
    import numpy as np

    for value in values:
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{name}: {value} is no reward; give None for what could not be judged")
    return np.array([math.nan if value is None else value for value in values], np.float64)


def _told(
    rewards: NDArray[Any],
    passed: NDArray[Any],
    unknown: NDArray[Any],
    gates: Sequence[Gate],
    groups: Sequence[Hashable] | None,
) -> Shaped:
    known, met = rewards[~unknown], passed[~unknown]
    given = tuple(None if lost else float(reward) for reward, lost in zip(rewards, unknown, strict=True))
    return Shaped(
        given,
        {gate.name: _share(~met[:, place]) for place, gate in enumerate(gates)},
        _share(~met.all(axis=1)),
        _share(known == 0),
        float(known.mean()) if len(known) else math.nan,
        len(known),
        len(given) - len(known),
        None if groups is None else group_facts(given, groups),
    )


def _share(found: NDArray[Any]) -> float:
    return float(found.mean()) if len(found) else math.nan


def _names(gates: Sequence[Gate]) -> str:
    return ", ".join(gate.name for gate in gates) or "none"
