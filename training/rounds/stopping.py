"""When no further round is made: each rule says why, with its figures and threshold, or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from .auditing import words_of
from .config import StopRules
from .records import Figure, Round, Stop


def stops(rounds: Sequence[Round], rules: StopRules) -> tuple[Stop, ...]:
    """Every rule that the last of these rounds breaks, in the order of `STOPS`; round 0 is first."""
    found = ((name, rule(rounds, rules)) for name, rule in STOPS.items())
    return tuple(Stop(name, words) for name, words in found if words)


def gap(rounds: Sequence[Round], rules: StopRules) -> str:
    """The judge thinks more of the accepted rows than people do, by more than allowed, or by more than at first."""
    rule, last = rules.gap, rounds[-1].gap
    if rule is None or last is None or last.value is None or last.low is None:
        return ""
    if rule.most is not None and last.low > rule.most:
        return f"judge minus people is {words_of(last)} (n = {last.n}), all of it above the {rule.most:g} allowed"
    first = next((one for one in rounds[:-1] if one.gap is not None and one.gap.value is not None), None)
    if rule.growth is None or first is None or first.gap is None:
        return ""
    grown = difference(last, first.gap)
    if grown.low is None or grown.low <= rule.growth:
        return ""
    return (
        f"judge minus people went from {words_of(first.gap)} in round {first.number} to {words_of(last)}: by "
        f"{words_of(grown)}, all of it above the {rule.growth:g} allowed"
    )


def diversity(rounds: Sequence[Round], rules: StopRules) -> str:
    """The evaluation outputs say less and less different things."""
    words = []
    for rule in rules.diversity:
        first, last = (one.diversity.get(rule.metric) for one in (rounds[0], rounds[-1]))
        if first is None or last is None or not first.value or last.value is None or len(rounds) < 2:
            continue
        if last.value < rule.share * first.value:
            words.append(
                f"{rule.metric} of the evaluation outputs is {last.value:.3f} (n = {last.n}): "
                f"{last.value / first.value:.0%} of the {first.value:.3f} of round 0, asked is {rule.share:.0%}"
            )
    return "; ".join(words)


def yields(rounds: Sequence[Round], rules: StopRules) -> str:
    """A class of which next to nothing is accepted any more is trained on no more."""
    words = []
    for rule in rules.yields:
        for name, share in rounds[-1].yields.get(rule.by, {}).items():
            if share.value is not None and share.high is not None and share.high < rule.least:
                words.append(
                    f"of {rule.by} {name!r} {words_of(share)} of {share.n} judged outputs are accepted, all of it "
                    f"below the {rule.least:g} asked"
                )
    return "; ".join(words)


def milestone(rounds: Sequence[Round], rules: StopRules) -> str:
    """Fresh labels say that the policy no longer holds."""
    last = rounds[-1]
    return last.milestone_reason if rules.milestone and last.milestone == "degraded" else ""


def difference(one: Figure, other: Figure) -> Figure:
    """Of independent figures: the square-and-add interval (Zou and Donner 2008, Stat. Med. 27:1693)."""
    if one.value is None or other.value is None:
        return Figure(None)
    apart, n = one.value - other.value, min(one.n, other.n)
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Figure(apart, None, None, n)
    low = math.hypot(one.value - one.low, other.high - other.value)
    high = math.hypot(one.high - one.value, other.value - other.low)
    return Figure(apart, apart - low, apart + high, n)


STOPS: Mapping[str, Callable[[Sequence[Round], StopRules], str]] = {
    "gap": gap,
    "milestone": milestone,
    "yield": yields,
    "diversity": diversity,
}
"""`rows` is not among them: without rows there is no training, and the round says so itself."""
