"""Relations with a floor: what is no answer at all, and what answers somebody else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...judge import Sample
from . import phrases
from .relation import Made, Variant, World
from .wording import language, strings

FOREIGN = "another sample's"


def junk(sample: Sample, world: World) -> Made:
    """Nothing, a full stop, a lone word, the question said again, dummy text, and what was written for another."""
    words = {"empty": "", "a full stop": ".", "a lone word": "Solution", "dummy text": phrases.LOREM}
    if asked := _asked(sample):
        words["the question again"] = asked
    made = [Variant(_saying(sample, text), what) for what, text in words.items()]
    if other := _stranger(sample, world):
        made.append(Variant(replace(sample, output=_in_place(sample.output, other.output)), FOREIGN))
    return tuple(made)


def no_answer(sample: Sample, variant: Variant) -> str:
    """Sound when nothing of the artefact is left and the context is as it was."""
    before, after = (set(strings(of.output)) for of in (sample, variant.sample))
    if sample.context != variant.sample.context:
        return "the context changed"
    return "it is what it was" if before == after else ""


def _in_place(own: str | Mapping[str, Any], other: str | Mapping[str, Any]) -> str | Mapping[str, Any]:
    """The other's artefact; a tag beside the interest that it should serve."""
    if isinstance(own, str) or isinstance(other, str) or "tag" not in own:
        return other
    return {**other, **{key: own[key] for key in ("interest",) if key in own}}


def _asked(sample: Sample) -> str:
    prompt = sample.context.get("prompt")
    if isinstance(prompt, str) and prompt.strip():
        return prompt.strip()
    title = sample.context.get("item")
    title = title.get("title") if isinstance(title, Mapping) else title
    return title if isinstance(title, str) else ""


def _saying(sample: Sample, text: str) -> Sample:
    """Junk in the place of the artefact's words; what else it has (evidence, stage, a tag's interest) stays."""
    if isinstance(sample.output, str):
        return replace(sample, output=text)
    own = [key for key in ("tag", "interest", "text") if isinstance(sample.output.get(key), str)][:1]
    keys = [*own, *(key for key in ("reason",) if key in sample.output)]
    return replace(sample, output={**sample.output, **dict.fromkeys(keys, text)})


def _stranger(sample: Sample, world: World) -> Sample | None:
    """Another's artefact of the same task and language, whose group and subject are others."""
    lang, mine = language(sample.text), _subject(sample)
    found = [
        other
        for other in world.others
        if other.task == sample.task
        and other.group != sample.group
        and type(other.output) is type(sample.output)
        and language(other.text) == lang
        and _apart(mine, _subject(other))
        and _shows_whose(other, sample)
    ]
    return world.random.choice(found) if found else None


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """No more than a tenth of the smaller one's words in common."""
    return bool(one and other) and len(one & other) <= 0.1 * min(len(one), len(other))


def _shows_whose(other: Sample, mine: Sample) -> bool:
    """Whether it has a telling word of the item, interest or history it was written for, that is not this sample's.

    Of a prompt or a source three, and a quarter of its own: most of it takes up what was said. What has none may serve
    another as well: a headlamp whoever goes out at night, another film whoever asks for one.
    """
    interest = [] if isinstance(other.output, str) else strings(other.output.get("interest"))
    said = _stems([other.text]) - _stems([mine.text, *strings(dict(mine.context))])
    near = _stems(interest + strings([other.context.get(key) for key in ("item", "interest", "history")]))
    far = _stems(strings([other.context.get(key) for key in ("prompt", "source")]))
    return bool(said & near) or len(said & far) >= max(3, len(said) / 4)


def _stems(texts: list[str]) -> frozenset[str]:
    """Beginnings of longer words, and pairs of Han letters."""
    text = "\n".join(texts).lower()
    han = {
        text[at : at + 2] for at in range(len(text) - 1) if "㐀" <= text[at] <= "鿿" and "㐀" <= text[at + 1] <= "鿿"
    }
    return frozenset({word[:5] for word in re.findall(r"[a-z]{5,}", text)} | han)


def _subject(sample: Sample) -> frozenset[str]:
    """Telling words of what a sample is about: of its item, interest, source and own text."""
    texts = strings([sample.context.get(key) for key in ("item", "interest", "prompt")])
    texts += [str(sample.context.get("source") or "")[:2_000], sample.text]
    if not isinstance(sample.output, str):
        texts += strings(sample.output.get("interest"))
    words = {
        word for text in texts for word in text.lower().replace(",", " ").split() if len(word) > 4 or not word.isascii()
    }
    han = {text[at : at + 2] for text in texts for at in range(len(text) - 1) if "㐀" <= text[at] <= "鿿"}
    return frozenset(words | han)
