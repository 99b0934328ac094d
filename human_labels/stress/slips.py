"""Relations with a direction: false facts of growing severity, points left out, one side spoilt and the other not."""

from __future__ import annotations

import re
from collections import Counter

from ...judge import Sample
from .falsehoods import NUMBER, Slip, falsehoods, numbers, off, overlap, same_sentence, stated
from .relation import COVERING, FACTUAL, FLUENT, Made, Variant, World, watched
from .wording import joined, language, prose, sentences, strings, with_prose

FACTS = ("item", "source")
AGREEMENT = {"is": "are", "are": "is", "has": "have", "have": "has", "was": "were", "were": "was", "a": "an", "an": "a"}
_MOST = 4
"""Details of an item that are said in one sentence."""


def slips(sample: Sample, world: World) -> Made:
    """Ever more of it false; and, a kind of falsehood at a time (in `side`), one slip of it, then all there are.

    The first row has a number off by a little, by half (in its place), then another thing of its kind, a denial, and
    all that can be made false. A text that repeats too few of its item's facts for that gets two sentences of them.
    """
    text, known = prose(sample), _facts(sample)
    if not isinstance(sample.output, str) or not known or not watched(list(FACTUAL), world.rubrics[sample.task]):
        return "no dimension of facts, or no facts to be held to"
    own = text
    if len(_steps(text, known)) < 3 and (details := _details(sample, language(text))):
        own = joined([_ended(text), details], language(text))
    steps = [("", level, what, found) for level, (what, found) in enumerate(_steps(own, known), 1)]
    steps = steps if len(steps) > 1 else []
    for kind, slips_ in falsehoods(own, known).items():
        rows = [slips_[:1]] + ([_untouched(slips_, own)] if len(slips_) > 1 else [])
        steps += [(kind, level, kind, tuple(found)) for level, found in enumerate(rows, 1)]
    made = [Variant(with_prose(sample, changed_text(own, found)), what, n, side) for side, n, what, found in steps]
    return tuple(made) or "nothing in it that its facts show and that can be made false"


def false_now(sample: Sample, variant: Variant) -> str:
    """Sound when a number or word that the facts show gave way to one they do not show, or a denial came in; and
    when the context is as it was."""
    if sample.context != variant.sample.context:
        return "the context changed"
    before, after, known = prose(sample), prose(variant.sample), _facts(sample)
    one, other = (Counter(NUMBER.findall(of)) for of in (before, after))
    new_numbers = other - one
    # where none went, what came stands in the details of the item, and some of it is true
    if one - other and any(stated(number, known) for number in new_numbers):
        return "a changed number is in the facts"
    words = set(re.findall(r"\w+", after.lower())) - set(re.findall(r"\w+", before.lower()))
    if not new_numbers and not words:
        return "nothing in it changed"
    return "" if sentences(after) and abs(len(sentences(after)) - len(sentences(before))) <= 2 else "it does not read"


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
    found = falsehoods(text, known)
    little, half = _number(text, known)
    things = [slip for kind in ("entity", "date", "antonym", "comparative") for slip in found.get(kind, [])]
    steps: list[tuple[str, tuple[Slip, ...]]] = [("number off by a little", (little,))] if little else []
    so_far: tuple[Slip, ...] = (half,) if half else ()
    if half:
        steps.append(("number off by half", so_far))
    thing = next((slip for slip in things if not any(overlap(slip, one) for one in so_far)), None)
    if thing:
        so_far = (*so_far, thing)
        steps.append((thing.kind, so_far))
    # what is denied beside a falsehood may be true
    denial = next(
        (s for s in found.get("negation", []) if not any(same_sentence(s, one, text) for one in so_far)), None
    )
    if denial:
        so_far = (*so_far, denial)
        steps.append(("denial", so_far))
    rest = [
        slip
        for slip in (*found.get("number", []), *things)
        if not any(overlap(slip, one) for one in so_far) and not (denial and same_sentence(slip, denial, text))
    ]
    if rest and so_far:
        steps.append(("all that can be made false", (*so_far, *_untouched(rest, text))))
    return steps


def _number(text: str, known: str) -> tuple[Slip | None, Slip | None]:
    """The first number off by a little, and the same one off by half."""
    found = numbers(text, known)
    little = next((slip for match in found if (slip := off(match, 0.01, known))), None)
    at = little.start if little else found[0].start() if found else -1
    return little, next((slip for match in found if match.start() == at and (slip := off(match, 0.5, known))), None)


def _untouched(slips: list[Slip], text: str) -> tuple[Slip, ...]:
    """Those that change no letter that an earlier one changes."""
    return tuple(slip for at, slip in enumerate(slips) if not any(overlap(slip, one) for one in slips[:at]))


def _details(sample: Sample, lang: str) -> str:
    """Two sentences of what the item's fields say, in the text's language; empty without an item."""
    item = sample.context.get("item")
    if not isinstance(item, dict) or lang not in ("en", "zh"):
        return ""
    told = [text for key, value in item.items() if key not in _UNTOLD for text in strings(value)]
    parts = [part.strip() for text in told for part in re.split(r"[,，;；]", text)]
    kept = [part for part in dict.fromkeys(parts) if part and language(part) in (lang, "")]
    kept.sort(key=lambda part: not NUMBER.search(part))
    if len(kept) < 2:
        return ""
    last = next((part for part in reversed(kept) if not re.match(r"(?:no|not|without)\b|[不无没非]", part)), kept[-1])
    first = [part for part in kept if part != last][:_MOST]
    if lang == "en":
        return f"Details: {', '.join(first)}. It also has this: {last}."
    return f"详情：{'，'.join(first)}。它还有这一点：{last}。"


def _ended(text: str) -> str:
    text = text.strip()
    return text if text[-1:] in ".!?。！？" else f"{text}{'.' if language(text) == 'en' else '。'}"


def _broken(text: str, lang: str) -> str:
    """Verbs that do not agree and small words said twice; in Chinese 的 said thrice. No telling word is touched."""
    if lang == "zh":
        return re.sub("的", "的的的", text)
    words = re.sub(r"\b(is|are|has|have|was|were)\b", lambda match: AGREEMENT[match[0]], text)
    return re.sub(r"\b(the|of|to|for|your|and|in)\b", r"\1 \1", words, count=3)


def _facts(sample: Sample) -> str:
    return " \n".join(strings([sample.context.get(name) for name in FACTS])).lower()


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]{5,}|\d+|[㐀-鿿]", text.lower()) if word != "的")


_UNTOLD = ("id", "price", "brand", "category", "url", "价格", "品牌")


def _own(parts: list[str], at: int, known: frozenset[str]) -> frozenset[str]:
    others = _telling(" ".join(part for n, part in enumerate(parts) if n != at))
    return _telling(parts[at]) & known - others
