"""Relations with a direction: false facts of growing severity, points left out, one side spoilt and the other not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ...judge import Sample
from . import phrases
from .relation import COVERING, FACTUAL, FLUENT, Made, Variant, World, watched
from .wording import joined, language, prose, sentences, strings, with_prose

NUMBER = re.compile(
    r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})+(?![\w.,:/-]*\d)|(?<![\w.,:/-])\d+(?:\.\d+)?(?![\d:/]|[.,]\d|-\d)"
)
FACTS = ("item", "source")
NEGATIONS = (
    (r"\bis (?!not\b)", "is not "),
    (r"\bare (?!not\b)", "are not "),
    (r"\bwas (?!not\b)", "was not "),
    (r"\bwere (?!not\b)", "were not "),
    (r"\bhas (?!not\b)", "does not have "),
    (r"\bhave (?!not\b)", "do not have "),
    (r"\bhad (?!not\b)", "did not have "),
    (r"\bno tools\b", "many tools"),
    (r"\bwill (?!not\b)", "will not "),
    (r"\bcan (?!not\b)", "cannot "),
)
NEGATIONS_HAN = (
    (r"(?<!不)可以", "不可以"),
    (r"(?<!不)支持", "不支持"),
    (r"(?<!不)适合", "不适合"),
    (r"(?<!不)能(?!量|源|力)", "不能"),
    (r"(?<!没)有(?!效)", "没有"),
    (r"(?<!不)是(?!否)", "不是"),
)
AGREEMENT = {"is": "are", "are": "is", "has": "have", "have": "has", "was": "were", "were": "was", "a": "an", "an": "a"}


@dataclass(frozen=True)
class Slip:
    """One true thing of a text and what it is made to say instead."""

    kind: str
    start: int
    end: int
    said: str
    instead: str


def slips(sample: Sample, world: World) -> Made:
    """A number off by a little, by half, then another thing of its kind, a denial, then all that can be made false.

    Each level has those before it (half in the place of a little). Only what the facts (the item's fields, the source)
    show word for word is changed, into what they do not show.
    """
    text, known = prose(sample), _facts(sample)
    if not isinstance(sample.output, str) or not known or not watched(list(FACTUAL), world.rubrics[sample.task]):
        return "no dimension of facts, or no facts to be held to"
    steps = _steps(text, known)
    if len(steps) < 2:
        return "fewer than two things in it that its facts show and that can be made false"
    return tuple(
        Variant(with_prose(sample, changed_text(text, found)), what, level)
        for level, (what, found) in enumerate(steps, 1)
    )


def false_now(sample: Sample, variant: Variant) -> str:
    """Sound when a number or word that the facts show gave way to one they do not show, or a denial came in; and
    when the context is as it was."""
    if sample.context != variant.sample.context:
        return "the context changed"
    before, after, known = prose(sample), prose(variant.sample), _facts(sample)
    new_numbers = Counter(NUMBER.findall(after)) - Counter(NUMBER.findall(before))
    if any(_stated(number, known) for number in new_numbers):
        return "a changed number is in the facts"
    words = set(re.findall(r"\w+", after.lower())) - set(re.findall(r"\w+", before.lower()))
    if not new_numbers and not words:
        return "nothing in it changed"
    return "" if sentences(after) and abs(len(sentences(after)) - len(sentences(before))) <= 1 else "it does not read"


def omitted(sample: Sample, world: World) -> Made:
    """Sentences left out one after another, the first kept; each has words of the source that no other has."""
    text, lang = prose(sample), language(prose(sample))
    source = str(sample.context.get("source") or "")
    if not isinstance(sample.output, str) or not source or not watched(list(COVERING), world.rubrics[sample.task]):
        return "no source whose points it could leave out"
    parts = sentences(text)
    if lang != "en" or len(parts) < 3:
        return "fewer than three English sentences"
    known = _telling(source)
    points = [at for at in range(1, len(parts)) if len(_own(parts, at, known)) >= 3]
    world.random.shuffle(points)
    dropped = [frozenset(points[:count]) for count in range(1, len(points) + 1)]
    made = [joined([part for at, part in enumerate(parts) if at not in gone], lang) for gone in dropped]
    rows = tuple(Variant(with_prose(sample, left), f"{n} left out", n) for n, left in enumerate(made, 1))
    return rows or "no sentence has three words of the source for itself"


def shorter(sample: Sample, variant: Variant) -> str:
    """Sound when sentences are gone, the others stand in order, and words of the source are gone with them."""
    before, after = sentences(prose(sample)), sentences(prose(variant.sample))
    rest = iter(before)
    if len(before) - len(after) != variant.level or not all(part in rest for part in after):
        return "more than whole sentences changed"
    known = _telling(str(sample.context.get("source") or ""))
    gone = _telling(" ".join(before)) & known - _telling(" ".join(after))
    return "" if len(gone) >= 3 * variant.level else "nothing of the source went with them"


def one_side(sample: Sample, world: World) -> Made:
    """The text with broken grammar and all of its facts; and with one false fact and all of its grammar."""
    rubric, text = world.rubrics[sample.task], prose(sample)
    lang = language(text)
    if not isinstance(sample.output, str) or not watched(list(FACTUAL), rubric) or not watched(list(FLUENT), rubric):
        return "no dimensions of facts and of fluency"
    if not lang:
        return "neither English nor Chinese"
    made = []
    if (broken := _broken(text, lang)) != text:
        made.append(Variant(with_prose(sample, broken), "broken grammar", side="fluency"))
    steps = [(what, found) for what, found in _steps(text, _facts(sample)) if what != "denial"]
    if steps:
        what, found = steps[0]
        made.append(Variant(with_prose(sample, changed_text(text, found)), what, side="facts"))
    return tuple(made) or "nothing in it that could be spoilt by rule"


def one_side_only(sample: Sample, variant: Variant) -> str:
    """Sound when broken grammar left every number and telling word, and a false fact left everything else."""
    before, after = prose(sample), prose(variant.sample)
    if variant.side == "facts":
        return false_now(sample, variant)
    same = NUMBER.findall(before) == NUMBER.findall(after) and _telling(before) == _telling(after)
    return "" if same and sample.context == variant.sample.context else "numbers or telling words changed"


def changed_text(text: str, found: tuple[Slip, ...]) -> str:
    """The text with each slip in its place."""
    for slip in sorted(found, key=lambda slip: -slip.start):
        text = text[: slip.start] + slip.instead + text[slip.end :]
    return text


def _steps(text: str, known: str) -> list[tuple[str, tuple[Slip, ...]]]:
    """(what was added, all slips so far), ever worse; the last makes false whatever can be."""
    numbers = [match for match in NUMBER.finditer(text) if _stated(match[0], known)]
    things = _things(text, known)
    steps: list[tuple[str, tuple[Slip, ...]]] = []
    little = next((slip for match in numbers if (slip := _off(match, 0.01, known))), None)
    at = little.start if little else numbers[0].start() if numbers else -1
    half = next((slip for match in numbers if match.start() == at and (slip := _off(match, 0.5, known))), None)
    so_far: tuple[Slip, ...] = ()
    if little:
        steps.append(("number off by a little", (little,)))
    if half:
        so_far = (half,)
        steps.append(("number off by half", so_far))
    for slip in (things[0] if things else None, _denial(text)):
        if slip is not None and not any(_overlap(slip, one) for one in so_far):
            so_far = (*so_far, slip)
            steps.append((slip.kind, so_far))
    rest = [slip for match in numbers if (slip := _off(match, 0.5, known))] + things
    rest = [slip for slip in rest if not any(_overlap(slip, one) for one in so_far)]
    if rest and so_far:
        steps.append(("all that can be made false", (*so_far, *rest)))
    return steps


def _off(match: re.Match[str], share: float, known: str) -> Slip | None:
    """Another number, off by that share: by one in its last place where 1 % would be less, if that is under 5 %."""
    value = float(match[0].replace(",", ""))
    places = len(match[0].partition(".")[2])
    unit = 10.0**-places
    step = max(unit, round(value * share / unit) * unit)
    other = value + step
    if not value or (share < 0.1 and step / value > 0.05):
        return None
    words = f"{other:,.{places}f}" if "," in match[0] else f"{other:.{places}f}"
    return None if _stated(words, known) else Slip("number", *match.span(), match[0], words)


def _things(text: str, known: str) -> list[Slip]:
    """Words of a kind that the facts show, each with the first of its kind that neither facts nor text show."""
    found, low = [], text.lower()
    for kind in phrases.ENTITIES:
        for word in kind:
            match = re.search(rf"\b{word}\b" if word.isascii() else word, low)
            other = next((one for one in kind if one not in known and one not in low), None)
            if match and other and word in known:
                said = text[match.start() : match.end()]
                instead = other.capitalize() if said[0].isupper() else other
                found.append(Slip("another thing of its kind", *match.span(), said, instead))
    return [slip for n, slip in enumerate(found) if not any(_overlap(slip, one) for one in found[:n])]


def _denial(text: str) -> Slip | None:
    """The first verb that can be denied."""
    table = NEGATIONS if language(text) == "en" else NEGATIONS_HAN
    for pattern, instead in table:
        if match := re.search(pattern, text):
            return Slip("denial", *match.span(), match[0], instead)
    return None


def _broken(text: str, lang: str) -> str:
    """Verbs that do not agree and small words said twice; in Chinese 的 said thrice. No telling word is touched."""
    if lang == "zh":
        return re.sub("的", "的的的", text)
    words = re.sub(r"\b(is|are|has|have|was|were)\b", lambda match: AGREEMENT[match[0]], text)
    return re.sub(r"\b(the|of|to|for|your|and|in)\b", r"\1 \1", words, count=3)


def _facts(sample: Sample) -> str:
    return " \n".join(strings([sample.context.get(name) for name in FACTS])).lower()


def _stated(number: str, known: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", known) is not None


def _overlap(one: Slip, other: Slip) -> bool:
    return one.start < other.end and other.start < one.end


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]{5,}|\d+|[㐀-鿿]", text.lower()) if word != "的")


def _own(parts: list[str], at: int, known: frozenset[str]) -> frozenset[str]:
    others = _telling(" ".join(part for n, part in enumerate(parts) if n != at))
    return _telling(parts[at]) & known - others
