"""Clean English sentences to sentences with one slip of grammar, by rule: what `train_grammar.py` learns from.

A rule takes the words of a sentence, a random generator and the words known of the language, and gives new words and
the places that are wrong; None where it does not apply. Rules do not know meaning: now and then what they give is
English after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from known_words import (  # type: ignore[import-not-found]  # beside this script
    AGREEING,
    ARTICLES,
    FUNCTION,
    MODALS,
    PREPOSITIONS,
    SELVES,
    SUBJECTS,
    Known,
)

Made = tuple[list[str], list[int]] | None


@dataclass(frozen=True)
class Pair:
    """A clean sentence and the same with one slip."""

    clean: str
    wrong: str
    kind: str
    spans: tuple[tuple[int, int], ...]
    """Characters of `wrong` that the slip is in."""


def pairs_of(sentence: str, known: Known, rng: Random, most: int) -> list[Pair]:
    """Up to `most` pairs, each of another rule."""
    found: list[Pair] = []
    for kind in rng.sample(sorted(RULES), len(RULES)):
        if len(found) == most:
            break
        if (made := corrupted(sentence, kind, known, rng)) is not None:
            found.append(made)
    return found


def corrupted(sentence: str, kind: str, known: Known, rng: Random) -> Pair | None:
    """The sentence with one slip of this kind; None where the rule does not apply."""
    words = re.findall(r"\w+(?:['’-]\w+)*|[^\w\s]+|\s+", sentence)
    tight = [word for word in words if not word.isspace()]
    made = RULES[kind](list(tight), rng, known)
    if made is None or [word.lower() for word in made[0]] == [word.lower() for word in tight]:
        return None
    text, spans = joined(made[0], made[1])
    return Pair(joined(tight, [])[0], text, kind, spans)


def joined(words: Sequence[str], marked: Sequence[int]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with a capital at its start, and where the marked words are in it."""
    text, spans, opened = "", [], False
    for place, word in enumerate(words):
        tight = not text or word in ",.;:!?)%'" or (text[-1] in "(\"'$" and opened) or text[-1] == "("
        text += ("" if tight else " ") + (word[:1].upper() + word[1:] if not text else word)
        opened = opened ^ (word in "\"'")
        if place in marked:
            spans.append((len(text) - len(word), len(text)))
    return text, tuple(spans)


def _pick(words: Sequence[str], rng: Random, wanted: Callable[[int, str], object]) -> int | None:
    found = [place for place, word in enumerate(words) if wanted(place, word.lower())]
    return rng.choice(found) if found else None


def _put(words: list[str], at: int | None, new: Sequence[str] | None, marked: Sequence[int] = ()) -> Made:
    """`new` for the word at `at`; what is marked is counted from there."""
    if at is None or new is None:
        return None
    return [*words[:at], *new, *words[at + 1 :]], [at + one for one in (marked or range(max(1, len(new))))]


def _other(options: Sequence[str], word: str, rng: Random) -> list[str]:
    return [rng.choice([one for one in options if one != word])]


def _drop(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w in FUNCTION - {"that", "and", "many"} and i + 2 < len(words)
               and not (w == "the" and words[i + 1].endswith("s")))  # fmt: skip
    return _put(words, at, [], (-1, 0)) if at else _put(words, at, [], (0,))


def _insert(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: i > 0 and w.isalpha())
    return None if at is None else _put(words, at, [rng.choice(sorted(FUNCTION)), words[at]], (0,))


def _preposition(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w in PREPOSITIONS)
    return None if at is None else _put(words, at, _other(PREPOSITIONS, words[at].lower(), rng))


def _function(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w in FUNCTION)
    return None if at is None else _put(words, at, _other(sorted(FUNCTION), words[at].lower(), rng))


def _agree(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w in AGREEING)
    return None if at is None else _put(words, at, [AGREEING[words[at].lower()]])


def _verb_s(words: list[str], rng: Random, known: Known) -> Made:
    def wrong(place: int, word: str) -> bool:
        _base, form = known.forms.get(word, ("", ""))
        if not place or word in AGREEING:
            return False
        last = words[place - 1].lower()
        named = last in known.plural or last in known.single or last in ("it", "he", "she", "they", "we", "you", "that")
        return named and (form == "s" or (form == "base" and last not in ("it", "he", "she")))

    at = _pick(words, rng, wrong)
    if at is None:
        return None
    base, form = known.forms[words[at].lower()]
    return _put(words, at, [base if form == "s" else known.verbs[base]["s"]])


def _after_modal(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: i and words[i - 1].lower() in MODALS and w in known.verbs)
    return None if at is None else _put(words, at, [known.verbs[words[at].lower()][rng.choice(["s", "ing", "ed"])]])


def _verb_form(words: list[str], rng: Random, known: Known) -> Made:
    """A participle becomes the base, a base becomes a participle, anywhere."""
    at = _pick(words, rng, lambda i, w: w in known.forms and w not in AGREEING and w not in FUNCTION)
    if at is None:
        return None
    base, _form = known.forms[words[at].lower()]
    options = sorted({base, *known.verbs[base].values()} - {words[at].lower()})
    return _put(words, at, [rng.choice(options)]) if options else None


def _overregular(words: list[str], rng: Random, known: Known) -> Made:
    regular = {"ed", "en"}
    at = _pick(words, rng, lambda i, w: known.forms.get(w, ("", ""))[1] in regular and not w.endswith("ed"))
    if at is None:
        return None
    base = known.forms[words[at].lower()][0]
    other = {"ed": "en", "en": "ed"}[known.forms[words[at].lower()][1]]
    return _put(words, at, [rng.choice([base + ("d" if base.endswith("e") else "ed"), known.verbs[base][other]])])


def _article(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w in ARTICLES)
    if at is None:
        return None
    word = words[at].lower()
    swap = {"a": "an", "an": "a", "the": "a"}[word]
    return _put(words, at, rng.choice([[swap] if word != "the" else [word, "a"], [word, "the"], [swap, word]]))


def _number(words: list[str], rng: Random, known: Known) -> Made:
    singular = {"a", "an", "this", "that", "each", "every", "another", "one"}
    plural = {"these", "those", "many", "several", "both", "few", "two", "three", "various"}
    at = _pick(words, rng, lambda i, w: i and (
        (words[i - 1].lower() in singular and w in known.plural)
        or (words[i - 1].lower() in plural and w in known.single)))  # fmt: skip
    if at is None:
        return None
    word = words[at].lower()
    return _put(words, at, [known.plural.get(word) or known.single[word]])


def _case(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w in SUBJECTS)
    return None if at is None else _put(words, at, [SUBJECTS[words[at].lower()]])


def _selves(words: list[str], rng: Random, known: Known) -> Made:
    pronouns = ("him", "her", "them", "it", "us", "me", "you", "he", "she", "they", "we")
    at = _pick(words, rng, lambda i, w: w in SELVES or w in pronouns)
    return None if at is None else _put(words, at, _other(SELVES, words[at].lower(), rng))


def _swap(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: i + 1 < len(words) and w.isalpha() and words[i + 1].isalpha())
    return None if at is None else _put([*words[: at + 1], *words[at + 2 :]], at, [words[at + 1], words[at]])


def _adjective(words: list[str], rng: Random, known: Known) -> Made:
    nouns = {*known.plural, *known.single}
    at = _pick(words, rng, lambda i, w: w in known.adjectives and i + 1 < len(words) and words[i + 1].lower() in nouns)
    return None if at is None else _put([*words[: at + 1], *words[at + 2 :]], at, [words[at + 1], words[at]])


def _move(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w.isalpha())
    if at is None or len(words) < 6:
        return None
    to = rng.choice([one for one in range(len(words) - 1) if 2 <= abs(one - at) <= 5] or [at])
    rest = [*words[:at], *words[at + 1 :]]
    return [*rest[:to], words[at], *rest[to:]], [to]


def _double(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: w.isalpha() and w not in ("that", "had", "very"))
    return None if at is None else _put(words, at, [words[at].lower(), words[at].lower()], (1,))


def _no_verb(words: list[str], rng: Random, known: Known) -> Made:
    aux = ("is", "are", "was", "were", "has")
    at = _pick(words, rng, lambda i, w: i and (w in aux or known.forms.get(w, ("", ""))[1] in ("s", "ed")))
    return None if at is None else _put(words, at, [], (-1, 0))


def _cut(words: list[str], rng: Random, known: Known) -> Made:
    at = _pick(words, rng, lambda i, w: i > 2 and i + 3 < len(words) and w in FUNCTION)
    if at is None:
        return None
    end = at + 1 if rng.random() < 0.6 else at
    return [*words[:end], words[-1]], [end - 1]


def _verb(words: list[str], rng: Random, known: Known) -> Made:
    """Another verb in the same form: often one that does not go with these objects."""
    at = _pick(words, rng, lambda i, w: w in known.forms and w not in FUNCTION)
    if at is None:
        return None
    base, form = known.forms[words[at].lower()]
    other = rng.choice([one for one in sorted(known.verbs) if one not in (base, "be", "have", "do")])
    return _put(words, at, [other if form == "base" else known.verbs[other][form]])


def _class(words: list[str], rng: Random, known: Known) -> Made:
    """A noun, verb or adjective for a word of another class."""
    options = (sorted(known.plural), sorted(known.verbs), sorted(known.adjectives))
    at = _pick(words, rng, lambda i, w: w in known.plural or w in known.verbs or w in known.adjectives)
    if at is None:
        return None
    other = [group for group in options if words[at].lower() not in group]
    return _put(words, at, [rng.choice(rng.choice(other))]) if other else None


def _object(words: list[str], rng: Random, known: Known) -> Made:
    """One noun phrase too many: after a verb's object or at the end."""
    at = _pick(words, rng, lambda i, w: i > 2 and (w in ".,!?" or w in PREPOSITIONS) and words[i - 1].isalpha())
    if at is None:
        return None
    new = rng.choice([["him"], ["them"], ["it"], ["the", rng.choice(sorted(known.plural))]])
    return _put(words, at, [*new, words[at]], range(len(new)))


def _no_object(words: list[str], rng: Random, known: Known) -> Made:
    """`the NOUN` is missing where a verb or preposition asks for it."""
    at = _pick(words, rng, lambda i, w: i and w in ("the", "a", "an", "their", "your", "its", "this")
               and i + 2 < len(words) and (words[i - 1].lower() in known.forms or words[i - 1].lower() in PREPOSITIONS)
               and words[i + 1].isalpha() and (words[i + 2].lower() in FUNCTION or words[i + 2] in ".,"))  # fmt: skip
    return None if at is None else ([*words[:at], *words[at + 2 :]], [at - 1, at])


def _question(words: list[str], rng: Random, known: Known) -> Made:
    """A subject and its verb change places."""
    at = _pick(words, rng, lambda i, w: w in ("is", "are", "was", "were", "can", "will", "has", "have") and i
               and words[i - 1].isalpha())  # fmt: skip
    return None if at is None else _put([*words[:at], *words[at + 1 :]], at - 1, [words[at], words[at - 1]])


RULES: Mapping[str, Callable[[list[str], Random, Known], Made]] = {
    "function word dropped": _drop, "function word added": _insert, "preposition replaced": _preposition,
    "function word replaced": _function, "is/are, has/have, this/these": _agree, "verb's -s": _verb_s,
    "form after a modal": _after_modal, "verb form": _verb_form, "irregular form": _overregular, "article": _article,
    "number after a determiner": _number, "pronoun's case": _case, "reflexive": _selves, "neighbours swapped": _swap,
    "adjective after its noun": _adjective, "word moved": _move, "word doubled": _double, "verb dropped": _no_verb,
    "cut off": _cut, "another verb": _verb, "another class of word": _class, "object added": _object,
    "object dropped": _no_object, "verb before its subject": _question,
}  # fmt: skip
