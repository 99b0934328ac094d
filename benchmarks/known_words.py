"""Which words of a corpus are verbs, with their forms, nouns and adjectives; and the small words of English."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ARTICLES = ("a", "an", "the")
PREPOSITIONS = ("of", "in", "on", "at", "for", "with", "by", "from", "to", "into", "about", "over", "under", "between")
MODALS = ("can", "will", "could", "should", "would", "must", "may", "might", "to", "cannot", "don't", "didn't", "not")
SUBJECTS = {"i": "me", "he": "him", "she": "her", "we": "us", "they": "them", "me": "I", "him": "he", "us": "we",
            "them": "they", "my": "mine", "their": "theirs", "your": "yours", "our": "ours",
            "who": "which"}  # fmt: skip
AGREEING = {"is": "are", "are": "is", "was": "were", "were": "was", "has": "have", "have": "has", "does": "do",
            "do": "does", "am": "is", "isn't": "aren't", "aren't": "isn't", "this": "these", "these": "this",
            "that": "those", "those": "that", "many": "much", "much": "many", "each": "all"}  # fmt: skip
SELVES = ("himself", "herself", "themselves", "itself", "ourselves", "myself", "yourself")
FUNCTION = frozenset(
    [*ARTICLES, *PREPOSITIONS, *AGREEING, "be", "been", "it", "its", "as", "than", "i", "he", "she", "we", "they",
     "you", "and", "or", "but", "if", "when", "what", "which", "who", "will", "can", "not", "there", "had", "did",
     "being"]
)  # fmt: skip
_IRREGULAR = (
    "be being been was|go going gone went|do doing done did|have having had had|see seeing seen saw|"
    "take taking taken took|give giving given gave|come coming come came|make making made made|"
    "write writing written wrote|eat eating eaten ate|know knowing known knew|think thinking thought thought|"
    "find finding found found|get getting got got|say saying said said|tell telling told told|"
    "keep keeping kept kept|feel feeling felt felt|leave leaving left left|begin beginning begun began|"
    "break breaking broken broke|choose choosing chosen chose|speak speaking spoken spoke|"
    "grow growing grown grew|show showing shown showed|build building built built|buy buying bought bought|"
    "bring bringing brought brought|hold holding held held|lose losing lost lost|meet meeting met met|"
    "run running run ran|send sending sent sent|sell selling sold sold|teach teaching taught taught|"
    "understand understanding understood understood"
)


@dataclass(frozen=True)
class Known:
    """What a corpus shows of its words: verbs with their forms, nouns with their plurals, adjectives."""

    verbs: Mapping[str, Mapping[str, str]]
    """Base form to its forms: `s`, `ing`, `ed`, `en`."""
    forms: Mapping[str, tuple[str, str]]
    """A form to its base and which form it is; only forms that are no nouns."""
    plural: Mapping[str, str]
    single: Mapping[str, str]
    adjectives: frozenset[str]


def known_of(sentences: Sequence[str]) -> Known:
    """From what the words of a corpus stand beside: rough, and enough."""
    count, after, before = Counter[str](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for sentence in sentences:
        words = re.findall(r"[a-z]+(?:'[a-z]+)?", sentence.lower())
        count.update(words)
        for one, other in itertools.pairwise(words):
            after[_group(one), other] += 1
            before[one, _group(other)] += 1
    verbs: dict[str, dict[str, str]] = {}
    forms: dict[str, tuple[str, str]] = {}
    for word in sorted(count):
        to, art = after["to", word], after["art", word]
        if len(word) > 2 and to >= 3 and to > 2 * art and (found := _regular(word, count)):
            verbs[word] = found
    for each in _IRREGULAR.split("|"):
        base, ing, en, ed = each.split()
        verbs[base] = {"s": "is" if base == "be" else _s(base), "ing": ing, "en": en, "ed": ed}
    for base, of in sorted(verbs.items()):
        for form, word in [("base", base), *of.items()]:
            forms.setdefault(word, (base, form))
    plural = {
        word: _s(word)
        for word in sorted(count)
        if len(word) > 2 and after["art", word] >= 2 and count[_s(word)] >= 2 and word not in verbs
    }
    adjectives = frozenset(
        word for word in count if count[word] > 3 and after["art", word] >= 2 and before[word, "noun"] == 0
        and word not in plural and word not in forms and word not in FUNCTION
        and re.search(r"(?:al|ous|ive|ful|ic|able|ent|ant|y)$", word)
    )  # fmt: skip
    return Known(verbs, forms, plural, {many: one for one, many in plural.items()}, adjectives)


def _group(word: str) -> str:
    return "art" if word in ARTICLES else "to" if word in MODALS else "noun" if word in FUNCTION else word


def _s(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", word) else "s")


def _regular(word: str, count: Counter[str]) -> dict[str, str] | None:
    stem = word[:-1] if word.endswith("e") else word
    past = word[:-1] + "ied" if re.search(r"[^aeiou]y$", word) else stem + "ed"
    for last in ("", word[-1]):
        ing, ed = stem + last + "ing", (stem + last + "ed") if last else past
        if count[ing] and count[ed]:
            return {"s": _s(word), "ing": ing, "ed": ed, "en": ed}
    return None
