"""One request on its way through the judge: its samples, what was said of each, and the answers when time is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from ...errors import InputError
from ...judge import Sample, Status, Verdict
from ..reward import Rewarded, Score, joined, reward_of

OK = "ok"
FAILED = "failed"
"""The judge itself broke: a bug, told apart from what a provider did."""
NO_SCORE = "no_score"
"""Judged, but the score has no number for it."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a sample has no verdict."""

    status: str
    reason: str


Word = Verdict | Rewarded | Silence
"""What comes back of one sample: its verdict; its reward alone, where no verdict was asked for; or why there is none.
"""
Read = Callable[[], tuple[list[list[Sample]], list[str]]]
"""Each input's samples, and what leaves it unread. Raises `InputError` for what is wrong with all of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One input's reward, or the class of reason and the reason why it has none."""

    reward: float | None
    status: str
    reason: str
    verdicts: tuple[Verdict, ...] = ()


@dataclass(eq=False)
class Ask:
    """The inputs of one request. The judge's thread fills it; the service's thread reads it once it is `over`."""

    read: Read
    size: int
    due: float
    """Of `time.monotonic`; the judge takes up nothing of it later."""
    tell: Callable[[], None]
    """Called, from any thread, when all is said, or when nothing more is waited for."""
    verdicts: bool = False
    """Whether verdicts are asked for, and not rewards alone."""
    samples: list[list[Sample]] | None = None
    faults: list[str] = field(default_factory=list)
    said: list[list[Word | None]] = field(default_factory=list)
    wrong: InputError | None = None
    """What is wrong with the request as a whole."""
    over: bool = False
    """Answered: late words are dropped."""
    left: int = 0

    def take_in(self) -> list[tuple[int, int, Sample]]:
        """Reads the inputs; the samples with their places, in order."""
        try:
            samples, self.faults = self.read()
        except InputError as error:
            self.wrong = error
            self.tell()
            return []
        except Exception as bug:  # one request's oddity must not end the service for all
            samples = [[] for _ in range(self.size)]
            self.faults = [f"{FAILED}: {broke(bug)}"] * self.size
        self.said = [[None] * len(row) for row in samples]
        self.left = sum(map(len, samples))
        self.samples = samples
        if not self.left:
            self.tell()
        return [(row, place, sample) for row, many in enumerate(samples) for place, sample in enumerate(many)]

    def say(self, row: int, place: int, word: Word) -> None:
        """One sample's word."""
        if self.over:
            return
        self.said[row][place] = word
        self.left -= 1
        if not self.left:
            self.tell()

    def answers(self, late: Silence, score: Score) -> list[Answer]:
        """One an input, in order; `late` is what to say of those that have no word yet."""
        self.over = True
        if self.samples is None:
            return [_silent(late)] * self.size
        return [_answer(tuple(row), fault, late, score) for row, fault in zip(self.said, self.faults, strict=True)]


def broke(bug: Exception) -> str:
    """A bug in words that hold nothing of what was judged."""
    return f"the judge broke off with {type(bug).__name__}"


def _answer(words: Sequence[Word | None], fault: str, late: Silence, score: Score) -> Answer:
    if not words:
        broken = fault.startswith(f"{FAILED}: ")
        return Answer(None, FAILED, fault) if broken else _silent(Silence(Status.INPUT_INVALID, fault))
    silent = next((word or late for word in words if word is None or isinstance(word, Silence)), None)
    if silent is not None:
        return _silent(silent, tuple(word for word in words if isinstance(word, Verdict)))
    found = joined([word if isinstance(word, Rewarded) else reward_of(word, score) for word in words if _spoken(word)])
    if found.reward is not None:
        return Answer(found.reward, OK, found.why, found.verdicts)
    status = found.why.partition(":")[0]
    return Answer(None, NO_SCORE if status == OK else status, found.why, found.verdicts)


def _spoken(word: Word | None) -> TypeGuard[Verdict | Rewarded]:
    return isinstance(word, (Verdict, Rewarded))


def _silent(silence: Silence, verdicts: tuple[Verdict, ...] = ()) -> Answer:
    return Answer(None, str(silence.status), f"{silence.status}: {silence.reason}", verdicts)
