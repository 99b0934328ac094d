"""Who somebody is, taken out of a text before meaning is compared: no likeness may hang on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_NEUTRAL: Mapping[str, str] = {
    word: neutral
    for neutral, words in {
        "person": "woman man female male lady gentleman",
        "people": "women men females males ladies gentlemen",
        "child": "girl boy daughter son",
        "children": "girls boys daughters sons",
        "parent": "mother father mom dad mum",
        "parents": "mothers fathers moms dads mums",
        "spouse": "wife husband",
        "spouses": "wives husbands",
        "sibling": "sister brother",
        "siblings": "sisters brothers",
        "relative": "aunt uncle",
        "grandparent": "grandmother grandfather grandma grandpa",
        "partner": "girlfriend boyfriend",
        "they": "she he",
        "their": "her his him",
        "theirs": "hers",
        "themselves": "herself himself",
    }.items()
    for word in words.split()
}
_ORIGINS = "christian muslim jewish hindu buddhist african european asian american latino black white"
_WORD = re.compile(
    rf"\b(?:(?P<origin>{_ORIGINS.replace(' ', '|')})(?=\s+(?:women|woman|men|man|people|famil|girls?\b|boys?\b))"
    rf"|{'|'.join(sorted(_NEUTRAL, key=len, reverse=True))})\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=2_048)
def neutral(text: str) -> str:
    """English words for a person's sex or origin as words that name neither, capitals kept; all else as it stands."""
    return _WORD.sub(_neutral, text)


def _neutral(match: re.Match[str]) -> str:
    word = "some" if match["origin"] else _NEUTRAL[match[0].lower()]
    return word.capitalize() if match[0][0].isupper() else word
