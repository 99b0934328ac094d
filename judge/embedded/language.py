"""Which writing a text is in, told by its letters and small words: enough to know where an English model is blind."""

from __future__ import annotations

import re
from functools import lru_cache

_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LATIN_SHARE = 0.75
_SMALL_WORDS = {
    "en": "the and of to for with is are your you this that it in from on by its as be was at or",
    "de": "der das und nicht ist sind für mit ein eine einen diese dieser auf sie wird sich auch oder dem zu von sehr",
    "es": "el los las para con una que por del su muy más es y la de en",
    "fr": "le les des une est pour avec dans vous votre qui sur et la de du en sont cette",
    "id": "yang dan untuk dengan ini dari tidak pada adalah",
    "it": "il che della delle sono per con una questo di la è nel",
    "nl": "het een voor met niet zijn deze van en ook naar bij",
    "pl": "nie się jest na za że dla oraz przez jak",
    "pt": "os uma para com que não você seu de do da em é",
    "sv": "och att det som för är inte med till den på",
    "tr": "ve bir bu için ile çok daha olan değil",
    "vi": "và của cho với này được không một các là",
}
_LANGUAGES = {name: frozenset(words.split()) for name, words in _SMALL_WORDS.items()}


@lru_cache(maxsize=2048)  # each check, model and measure of a sample asks anew
def readable(text: str) -> bool:
    """True when an English model can make sense of the text: mainly Latin letters, and not plainly another language.

    A short text without small words ("gafas de sol") passes: nothing in two or three words tells for certain.
    """
    letters = sum(map(str.isalpha, text))
    if not letters or len(_LATIN.findall(text)) < _LATIN_SHARE * letters:
        return False
    words = _WORD.findall(text.lower())
    counts = {name: sum(word in known for word in words) for name, known in _LANGUAGES.items()}
    other = max(count for name, count in counts.items() if name != "en")
    return other < 3 or other <= counts["en"]
