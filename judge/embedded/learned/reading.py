"""How a learned model reads a sample: without who somebody is, how a number is written or how a verb agrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...checks.identity import neutral
from ...records import Sample
from ..plain import plainly

Change = Callable[[str], str]


def plain(sample: Sample) -> Sample:
    """Without marks of layout and talk (`plain.py`), and without words for a person's sex or origin."""
    return _changed(plainly(sample), neutral)


def unnumbered(sample: Sample) -> Sample:
    """The same with every number as one: whether a number is right is not how well, or of what, a text speaks."""
    return _changed(plain(sample), _one_number)


def claimed(sample: Sample) -> Sample:
    """What `plain` says, whatever its grammar: no articles, no word twice in a row, verbs and pronouns in one form.

    Broken grammar is no false fact: a text and its source are both read so.
    """
    return _changed(plain(sample), ungrammatical)


@lru_cache(maxsize=1024)
def ungrammatical(text: str) -> str:
    """A text in which agreement, case, articles and doubled words cannot be told any more."""
    text = _FORM.sub(lambda word: _FORMS[word[0].lower()], text)
    text = _DOUBLED.sub(r"\1", _ARTICLE.sub("", text))
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def _one_number(text: str) -> str:
    return _NUMBER.sub("7", text)


def _changed(sample: Sample, change: Change) -> Sample:
    """The sample with every text of its output and context changed; kept with it."""
    if change not in sample.kept:
        sample.kept[change] = replace(
            sample, output=_each(sample.output, change), context=_each(dict(sample.context), change)
        )
    found: Sample = sample.kept[change]
    return found


def _each(value: Any, change: Change) -> Any:
    """A value of JSON with its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(part, change) for name, part in value.items()}
    return [_each(part, change) for part in value] if isinstance(value, list | tuple) else value


_FORMS: Mapping[str, str] = {
    form: one
    for one, forms in {
        "be": "am is are was were be been being", "have": "have has had having", "do": "do does did doing",
        "i": "i me", "we": "we us", "they": "they them", "their": "their theirs", "my": "my mine", "our": "our ours",
        "your": "your yours", "who": "who whom", "this": "this these", "that": "that those", "much": "much many",
        "less": "less fewer",
    }.items()
    for form in forms.split()
}  # fmt: skip
_FORM = re.compile(rf"\b(?:{'|'.join(sorted(_FORMS, key=len, reverse=True))})\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:a|an|the)\b[ \t]*", re.IGNORECASE)
_DOUBLED = re.compile(r"\b(\w+)(?:[ \t]+\1\b)+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
