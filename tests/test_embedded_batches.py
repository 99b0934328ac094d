"""The embedded judge says the same of a sample whatever else is in the batch, to the last bit of what it reads."""

from __future__ import annotations

import asyncio
import random

import pytest
from recjudge.human_labels import load_set
from recjudge.judge import Sample, load_judge
from recjudge.judge.embedded.embedding import MiniLM, batches, missing
from recjudge.judge.embedded.learned.against_source import sentences_of
from recjudge.judge.embedded.learned.states import Read, States

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def _same(one: Read, other: Read) -> bool:
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("vector", "tokens", "means", "ids"))
    return all(first.tobytes() == second.tobytes() for first, second in pairs)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    samples = load_set("summeval").samples[:4]
    return sorted({text for sample in samples for text in sentences_of(sample.text, 30)})


def test_a_text_has_the_same_states_to_the_last_bit_in_any_batch(texts: list[str]) -> None:
    together, alone = States(), States()
    together.prepare(texts)
    some = random.Random(0).sample(texts, 12)
    assert all(_same(one, alone.of([text])[0]) for one, text in zip(together.of(some), some, strict=True))


def test_a_vector_is_the_same_whichever_way_it_was_read(texts: list[str]) -> None:
    by_states, by_itself = MiniLM(), MiniLM()
    States(by_states).prepare(texts[:8])
    assert len(by_states._slots) == 8
    assert by_states.similarity(texts[0], texts[1]) == by_itself.similarity(texts[0], texts[1])


def test_a_batch_has_texts_of_one_length_and_bounded_tokens() -> None:
    lengths = [random.Random(0).randint(2, 256) for _ in range(300)] + [20] * 200
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(500))
    assert all(len({lengths[place] for place in batch}) == 1 for batch in found)
    assert max(len(batch) * lengths[batch[0]] for batch in found) <= 1024


def test_states_keep_the_latest_tokens_and_say_how_many_texts_are_ready() -> None:
    states = States(keep=20)
    assert states.prepare(["a red tent"] * 3) == 3
    assert states.prepare(["one two three four five six", "seven", "one " * 30]) == 2
    assert states._size == sum(len(read.ids) for read in states._known.values()) <= 20


@pytest.mark.slow
def test_verdicts_are_the_same_alone_together_and_in_another_order() -> None:
    samples = random.Random(0).sample(load_set("summeval").samples, 30)
    samples += random.Random(0).sample(load_set("intentionqa").samples, 30)
    together = _said(samples, window=60)
    assert _said(samples[::-1], window=7) == together
    assert _said(samples, window=1) == together


def _said(samples: list[Sample], window: int) -> dict[str, object]:
    judge, said = load_judge("local"), {}
    for start in range(0, len(samples), window):
        part = [sample.__class__(**_parts(sample)) for sample in samples[start : start + window]]
        judge.prepare(part)
        for sample in part:
            verdict = asyncio.run(judge.judge(sample))
            said[f"{sample.task} {sample.id}"] = (verdict.grade, verdict.findings)
    return said


def _parts(sample: Sample) -> dict[str, object]:
    """A sample anew, with nothing kept from an earlier look."""
    return {name: getattr(sample, name) for name in ("id", "task", "output", "context", "group", "item", "system")}
