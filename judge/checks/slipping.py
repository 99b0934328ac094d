"""Whether an English text may have a slip that counts: a quick look, before Harper is asked, which is slow.

Nearly every rule of Harper that counts hangs on a word or on two neighbours: an article before a vowel, a pronoun
before a verb, a word said twice. Where no such sign stands, Harper is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from operator import eq
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from .gates import Rarely
from .words import words_of

if TYPE_CHECKING:
    from harper import Linter

Test = Callable[[str], bool]
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|;|[.!?](?=\s)")
_MARKS = frozenset(";.!?")
"""No sign reaches across these; across others (`a hand-made`, `a "apple"`) it does."""
_SHOUTED = re.compile(r"\b[Aa][Nn]? +[A-Z][A-Z\d]")
"""An article before capitals, which may be read letter by letter."""
_BE = words_of("am is are was were be been being isn't aren't wasn't weren't ain't")
_DO = words_of("have has had do does did haven't hasn't hadn't don't doesn't didn't")
_MODAL = words_of("""
    can could will would shall should may might must ought cannot can't couldn't won't wouldn't shan't shouldn't
    mightn't mustn't
""")
_PERSON = words_of("i you he she it we they")
_POSSESSIVE = words_of("my your his her its our their")
_OBJECT = _POSSESSIVE | words_of("me him us them mine yours hers ours theirs")
_AGREES = {
    "i": words_of("am was have had do did"),
    **dict.fromkeys(("you", "we", "they"), words_of("are were have had do did")),
    **dict.fromkeys(("he", "she", "it"), words_of("is was has had does did")),
}
_SMALL = words_of("""
    and or but if so to of in on at by for from with as than then the a an that this these those who which what
    when where while because also not no never always often just only even still really already all both each
    too very more most here there one some any again until before after about into over up out down off back
    ever now
""")
"""Small words, of which none is a verb or a noun."""
_NUMBERS = words_of("two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty hundred")
_PAST = words_of("""
    went took did ate spoke saw rose grew broke wrote drove knew gave chose fell forgot rode shook stole swam
    threw wore bit drank began ran came became sang sank rang flew drew blew hid froze woke tore swore had been
    gone done made known
""")
_COUNTING = _NUMBERS | words_of("""
    a an one many few fewer several another each every both multiple these those various numerous countless
    couple dozen
""")
_ADVERBS = words_of("also always just still never really often usually all now only ever not actually very")
_ASKING = words_of("""
    create creates creating give gives giving get gets getting send sends provide provides providing want wants
    need needs needed attach add adds report read write make share build built open
""")
"""Verbs that want a determiner behind them."""
_BEFORE_THEM = words_of("""
    call ask remind mention show help tell give send let contact meet notify email inform invite see thank
    follow to at of from by for with about against between trust support
""")
_OF_THEIR = words_of(
    "how why less right might late early far ready going able sure happy own fine good great due going"
)
_RARE = words_of("""
    whom they're you're it's ur ya iirc kinda gonna passerbys bys phenomena criteria compulse tomorrows
    principle shutdown threat whet purposes would've could've should've might've must've let's somebody's
    someone's speeches beings optimal increasingly progressively there there's their's did atm pin lcd led gui
    hiv isbn vin upc ssn ram rom cd dvd pdf psu gps cpu isp html sql tangent tangents thumbs seam seams verse
    ado scape flaunt flaunted moot flip foam bollocks complain theres relay themselves itself question
""")
"""Each alone is enough to ask."""
_PHRASES = words_of("""
    all_of and_also the_another as_follow in_while after_while not_be same_then better_of another_an
    another_ones another_things an_another a_another if_though as_if think_off know_off known_off knows_off
    knew_off thought_off thinking_off thanks_lot all_ready evident_by truth_to in_to very_much each_others
    responsible_about couple_of of_views point_of points_of parts_of part_of use_to will_going would_of could_of
    should_of might_of must_of rule_of rules_of read_and reads_and reversed_engineer passer_by no_nothing
    only_it only_they only_he only_she only_you only_we needs_to need_to and_i me_and and_me these_type
    these_kind this_types this_kinds type_of types_of kind_of has_you has_i have_i to_far do_i would_have
    whole_entire a_some all_most real_estates source_codes had_of to_halt can_not don't_can
""")


class Look(NamedTuple):
    """A text in lower case, its words with the marks that end a clause, and its neighbours."""

    low: str
    words: list[str]
    pairs: frozenset[tuple[str, str]]


def look(text: str) -> Look:
    """What the two quick looks ask about."""
    low = text.lower()
    low = low if low.isascii() else low.replace("’", "'")
    words = _WORD.findall(low)
    return Look(low, words, frozenset(pairwise((*words, ""))))


def may_slip(text: str, seen: Look) -> bool:
    """False where no rule of Harper that counts can find anything."""
    return bool(_signs.among(seen.pairs)) or _elsewhere(text, seen)


def by_articles_alone(text: str, seen: Look) -> bool:
    """Whether all that may be wrong is an article before a vowel, or before none."""
    return all(word in _ARTICLES for word, _ in _signs.among(seen.pairs)) and not _elsewhere(text, seen)


def _elsewhere(text: str, seen: Look) -> bool:
    """Signs that hang on more than two neighbours."""
    words, split = seen.words, seen.low.split()
    if ("no" in words and any(map(_denies, words))) or any(map(eq, split, split[1:])):
        return True
    return not _ARTICLES.isdisjoint(words) and bool(_SHOUTED.search(text))


def _sign(pair: tuple[str, str]) -> bool:
    """Whether two neighbours are a sign: most pairs are met again, and asked about once."""
    word, after = pair
    if word in _RARE or pair in _PAIRS:
        return True
    if word in _MARKS:
        return False
    after = "" if after in _MARKS else after
    test = _TESTS.get(word)
    return word == after or bool(test and test(after)) or ("'" in word and after in _BE)


def _article(vowel: bool) -> Test:
    def test(after: str) -> bool:
        if len(after) < 3:
            return True
        if after[0] in "u8x1h" or after.startswith(("eu", "ew", "one", "once", "ou")):
            return _misfits("an" if vowel else "a", after)
        return (after[0] in "aeio") != vowel

    return test


def _misfits(article: str, word: str) -> bool:
    """What Harper says of an article before a word whose first letter tells little: `a hour`, `an unit`."""
    with _LOCK:
        return bool(_articles().lint(f"It is {article} {word} case.", language="plaintext"))


@lru_cache(maxsize=1)
def _articles() -> Linter:
    from harper import Linter

    linter = Linter()
    linter.set_lint_config({name: name == "AnA" for name in linter.get_default_lint_config()})
    return linter


def _subject(word: str) -> Test:
    fits, third = _AGREES[word], word in ("he", "she", "it")

    def test(after: str) -> bool:
        if after in _BE or after in _DO:
            return after not in fits
        if after in _MODAL or after in _SMALL or not after:
            return False
        if after in _PERSON or after in _OBJECT:
            return True
        if third:
            return after.endswith("ss") or not after.endswith(("s", "ed", "ly"))
        return after.endswith("s") and not after.endswith("ss")

    return test


def _object(after: str) -> bool:
    return after in _PERSON or after in _OBJECT or after in _BE


def _their(after: str) -> bool:
    closed = (after in names for names in (_BE, _DO, _MODAL, _SMALL, _PERSON, _OBJECT, _OF_THEIR))
    return not after or any(closed) or after.endswith(("ly", "ing"))


def _your(after: str) -> bool:
    return after in ("out", "so", "very", "patient", "kind", "cool", "serious", "too") or _their(after)


def _wanting(after: str) -> bool:
    closed = (after in names for names in (_SMALL, _PERSON, _OBJECT, _COUNTING, _NUMBERS))
    return after in ("more", "most") or (
        bool(after) and not any(closed) and after[-1] != "s" and not after[0].isdigit()
    )


def _compared(after: str) -> bool:
    return after.endswith(("er", "est")) or _number(after)


def _number(after: str) -> bool:
    return after[:1].isdigit() or after in _NUMBERS or after == "one"


def _both(after: str) -> bool:
    return after in _BE or _number(after)


def _bare(after: str) -> bool:
    several = after.endswith("s") and not after.endswith(("ss", "ways"))
    return after in _PAST or several or after.endswith(("ed", "ing"))


def _denies(word: str) -> bool:
    return word in ("not", "never", "cannot", "t", "you", "i", "we", "they", "he", "she", "it") or word.endswith("n't")


_PAIRS = frozenset(
    [
        *(tuple(pair.split("_")) for pair in _PHRASES),
        *(
            (one, two)
            for one in _BE
            for two in (_BE | _PAST | {"use", "there"}) - {"being", "been", "done", "known", "made", "gone"}
        ),
        *((one, "been") for one in ("is", "are", "am", "was", "were", "be")),
        *(
            (one, two)
            for one in ("have", "has", "had")
            for two in _PAST - {"had", "been", "gone", "done", "made", "known"}
        ),
        *(("the", word) for word in _POSSESSIVE),
        *((word, "the") for word in _POSSESSIVE),
        *((word, "they") for word in _BEFORE_THEM),
    ]
)
_TESTS: dict[str, Test] = {
    **dict.fromkeys(_COUNTING, _number),
    **dict.fromkeys(("some", "little", "much", "least"), _number),
    **dict.fromkeys(("more", "most"), _compared),
    **dict.fromkeys(_ASKING, _wanting),
    **dict.fromkeys(_MODAL, _bare),
    **dict.fromkeys(_ADVERBS, _BE.__contains__),
    **{word: _subject(word) for word in _AGREES},
    **dict.fromkeys(_OBJECT, _object),
    "less": _number,
    "both": _both,
    **dict.fromkeys(("didn't", "don't", "doesn't"), _PAST.__contains__),
    **dict.fromkeys(("has", "have"), _PERSON.__contains__),
    "their": _their,
    "your": _your,
    "a": _article(False),
    "an": _article(True),
}
_LOCK = Lock()
_ARTICLES = frozenset(["a", "an"])
_signs = Rarely(_sign, most=65_536)
