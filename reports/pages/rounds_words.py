"""What rounds of self-training say in words: one sentence, one light, and what a reader must know first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..figures import Light
from .lines import bounds
from .marks import number, whole

if TYPE_CHECKING:
    from ...training.rounds import Figure, Round, Stop

SMALL = 30
"""Of fewer an interval says little and its level is not what it says; a choice of ours."""
RULES = {
    "gap": "the gap between judge and people",
    "diversity": "diversity",
    "yield": "the yield of a class",
    "rows": "rows to train on",
    "milestone": "the milestone of the policy",
}


def rounds_headline(rounds: Sequence[Round]) -> str:
    """Whether quality rose, paired by prompt against round 0, with its interval and n."""
    last, made = rounds[-1], len([one for one in rounds if one.number])
    if not made:
        return f"Before the first round the judge's mean quality is {_value(last.quality)}; no round is finished yet."
    over = "one round" if made == 1 else f"{made} rounds"
    change = last.change
    if change is None or change.value is None:
        return f"Whether quality rose over {over} is not known: no prompt was judged both before and after."
    figures = f"{number(change.value)} {bounds(change)}".strip()
    pairs = f"paired over {_prompts(change.n)}"
    if change.low is None or change.high is None:
        return f"Quality moved by {figures} over {over}, {pairs}; there is no interval, so it may be chance."
    if change.low > 0:
        return f"Quality rose by {figures} over {over}, as the judge sees it, {pairs}."
    if change.high < 0:
        return f"Quality fell by {_unsigned(change)} over {over}, as the judge sees it, {pairs}."
    return f"Quality did not change beyond chance over {over}: {figures}, as the judge sees it, {pairs}."


def stop_words(rounds: Sequence[Round], waits: bool = False) -> str:
    """Whether it stopped, after which round, by which rule; waits: the round after the last waits for labels."""
    found = stop_of(rounds)
    if found is None and waits:
        coming = f"round {rounds[-1].number + 1}"
        return f"{coming.capitalize()} waits for people's labels of its audit sample: its figures come with them."
    if found is None:
        return "No rule has stopped it: it can go on."
    number, stop = found
    why = f"for {RULES.get(stop.rule, stop.rule)}: {stop.words.rstrip('.')}."
    if number == rounds[-1].number:
        return f"It stopped by itself after round {number}, {why}"
    after = _listed([one.number for one in rounds if one.number > number])
    return f"Round {number} is stopped, {why} What people said of it came after {after} had been made."


def stop_of(rounds: Sequence[Round]) -> tuple[int, Stop] | None:
    """The first round that a rule stopped, and the stop: labels that come late can stop one that others followed."""
    return next(((one.number, one.stopped) for one in rounds if one.stopped is not None), None)


def people_words(rounds: Sequence[Round], promises: Mapping[int, float]) -> str:
    """What people said of the last round that they looked at, beside what its policy promised."""
    seen = [one for one in rounds if _known(one.audit)]
    if not seen:
        return "No people looked at any round: all that stands here is the judge's own word."
    last = seen[-1]
    promised, first = promises.get(last.number), seen[0]
    before = f", in round {first.number} {_value(first.audit)}" if first is not last else ""
    beside = f"; at least {number(promised)} was promised" if promised is not None else "; nothing was promised"
    return f"Of what was accepted in round {last.number} people pass {_value(last.audit)}{before}{beside}."


def rounds_light(rounds: Sequence[Round], promises: Mapping[int, float]) -> Light:
    """Red when a rule stopped it, quality surely fell, people surely pass less than promised, or the gap surely grew;
    green when quality surely rose and people looked at the last round under a policy; grey before the first.

    A gap above 0 is no alarm: of rows that a judge accepted it thinks more than people do. Two intervals apart are.
    """
    last = rounds[-1]
    if not any(one.number for one in rounds):
        return Light("grey", "Not yet", "no round is finished")
    if found := stop_of(rounds):
        return Light("red", "Stopped", f"by the rule on {RULES.get(found[1].rule, found[1].rule)}")
    if last.change is not None and last.change.high is not None and last.change.high < 0:
        return Light("red", "Worse", "the whole interval of the change of quality is below 0")
    broken = [one.number for one in rounds if _below(one.audit, promises.get(one.number))]
    if broken:
        return Light("red", "Not as promised", f"people surely pass less than was promised in {_listed(broken)}")
    if grown := _grown(rounds):
        return Light("red", "Judge and people part", grown)
    if last.change is None or last.change.low is None or last.change.low <= 0:
        return Light("amber", "Not shown", "the interval of the change of quality holds 0, or there is none")
    if not _known(last.audit) or last.number not in promises:
        return Light(
            "amber", "With care", "the judge sees a rise; people have not looked at the last round, or under no policy"
        )
    return Light("green", "Better", "quality rose, and people do not contradict what was promised")


def rounds_warnings(rounds: Sequence[Round], promises: Mapping[int, float]) -> tuple[str, ...]:
    """What is missing, small or not comparable, then the rounds' own notes, each with its rounds."""
    trained = [one for one in rounds if one.number]
    found = [
        (_numbers(trained, lambda one: one.number not in promises and one.judge != ""),
         "no certificate's promise: nothing bounds how many of the kept rows are bad"),
        (_numbers(trained, lambda one: not (_known(one.audit) or any(map(_unlabelled, one.notes)))),
         "no label of people: precision and the gap between judge and people are not known"),
    ]  # fmt: skip
    for name, of in FIGURES.items():
        small = {one.number: own.n for one in rounds if _known(own := of(one)) and own is not None and own.n < SMALL}
        if small:
            counts = ", ".join(dict.fromkeys(map(str, small.values())))
            found.append((list(small), f"{name} stands on n = {counts}: fewer than {SMALL}, the interval is rough"))
        missing = [one.number for one in rounds if name in ALWAYS and not _known(of(one))]
        found.append((missing, f"{name} is not known"))
    words = [f"{_listed(numbers)}: {said}" for numbers, said in found if numbers]
    words += [
        f"the {what} is not the same in all rounds: figures before and after are not comparable"
        for what, names in (("judge", {one.judge for one in rounds}), ("policy", {one.policy for one in trained}))
        if len(names) > 1
    ]
    notes: dict[str, list[int]] = {}
    for one in rounds:
        for note in one.notes:
            notes.setdefault(note, []).append(one.number)
    return (*words, *(f"{_listed(numbers)}: {note}" for note, numbers in notes.items()))


def milestones(rounds: Sequence[Round]) -> tuple[str, ...]:
    """What each milestone said, rounds that were told the same together."""
    return together({one.number: ": ".join(filter(None, (one.milestone, one.milestone_reason))) for one in rounds})


def together(said: Mapping[int, str]) -> tuple[str, ...]:
    """Words of rounds, those that are the same once: `rounds 1–3: …`; nothing of a round without any."""
    found: dict[str, list[int]] = {}
    for of, words in said.items():
        found.setdefault(words, []).append(of)
    return tuple(f"{_listed(numbers)}: {words}" for words, numbers in found.items() if words)


def _unlabelled(note: str) -> bool:
    """A round's own note says already that nobody labelled its audit."""
    return note.startswith("audit: no labels")


def _known(one: Figure | None) -> bool:
    return one is not None and one.value is not None


def _grown(rounds: Sequence[Round]) -> str:
    """How far judge minus people has gone from the first round that has it, where the two intervals do not meet."""
    seen = [(one.number, one.gap) for one in rounds if one.gap is not None and one.gap.low is not None]
    (first, then), (last, now) = (seen[0], seen[-1]) if seen else ((0, None), (0, None))
    if then is None or now is None or now.low is None or then.high is None or now.low <= then.high:
        return ""
    return f"judge minus people went from {_value(then)} in round {first} to {_value(now)} in round {last}"


def _below(one: Figure | None, promised: float | None) -> bool:
    return one is not None and one.high is not None and promised is not None and one.high < promised


def _value(one: Figure | None) -> str:
    if one is None or one.value is None:
        return "not known"
    return f"{number(one.value)} {bounds(one) or '(no interval)'} (n = {whole(one.n)})"


def _unsigned(one: Figure) -> str:
    """A fall as what it is by: `.12 [.08, .16]`."""
    low, high = (number(-end) for end in (one.high or 0.0, one.low or 0.0))
    return f"{number(-(one.value or 0.0))} [{low}, {high}]"


def _prompts(n: int) -> str:
    return f"{whole(n)} {'prompt' if n == 1 else 'prompts'}"


def _numbers(rounds: Iterable[Round], wanted: Callable[[Round], bool]) -> list[int]:
    return [one.number for one in rounds if wanted(one)]


def _listed(numbers: Sequence[int]) -> str:
    """`round 2`, `rounds 1, 2, 4`, `rounds 1–5`."""
    if len(numbers) == 1:
        return f"round {numbers[0]}"
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"rounds {numbers[0]}–{numbers[-1]}"
    return f"rounds {', '.join(map(str, numbers))}"


FIGURES: Mapping[str, Callable[[Round], Figure | None]] = {
    "quality": lambda one: one.quality,
    "the passing share": lambda one: one.passing,
    "the change of quality": lambda one: one.change,
    "yield": lambda one: one.accepted,
    "the audit": lambda one: one.audit,
    "the gap": lambda one: one.gap,
}
ALWAYS = ("quality", "the passing share")
"""What every round has unless something failed."""
