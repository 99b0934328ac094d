"""Features of the words chosen: who is spoken to, how sentences open, praise, senses, concrete claims, common words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ...checks.claims import claims
from ...checks.lexicon import scan, topics
from ...checks.words import words_of
from .parsed import NAN, SENTENCES, View, share

WORDING: Mapping[str, str] = {
    "you": "words that speak to the reader (you, your, 你), as a share of words",
    "we": "words of the writer (I, we, our, 我), as a share of words",
    "they": "pronouns of others (he, they, it, this, 他), as a share of words",
    "pronoun_starts": "share of sentences that open with a pronoun",
    "joined_starts": "share of sentences that open with a joining word (but, however, 但)",
    "joining_words": "joining words (because, so, while, 因为), as a share of words",
    "negations": "denials (not, never, 不), as a share of words",
    "hedges": "words of doubt (may, perhaps, 可能), as a share of words",
    "common_words": "share of English words that are among the most usual 300; the rest is rarer",
    "praise": "words of praise that would fit anything (great, perfect, 很棒), as a share of words",
    "senses": "words of sense, use or occasion, as a share of words",
    "topics": "distinct topics that the words belong to (tea, camping, …)",
    "products": "names of products that shops sell, as a share of words",
    "traits": "functions and materials named, as a share of words",
    "claims": "concrete claims (numbers with units, functions, materials, brands), as a share of words",
}


def wording(view: View) -> tuple[float, ...]:
    """Which words it uses."""
    own = view.own
    words, count = own.words, len(own.words)
    if not count:
        return (NAN,) * len(WORDING)
    telling = [word for word in words if word in _TELLING]
    openings = [sentence[0] for sentence in own.sentences[:SENTENCES]]
    english = own.text.language == "en"
    counts = dict.fromkeys(_LISTS, 0)
    for match in scan(own.text.raw):
        for kind in _kinds(match.lists):
            counts[kind] += 1
    return (
        *(sum(map(kind.__contains__, telling)) / count for kind in (_YOU, _WE, _THEY)),
        share(sum(map(_PRONOUNS.__contains__, openings)), len(openings)),
        share(sum(map(_JOINING.__contains__, openings)), len(openings)),
        *(sum(map(kind.__contains__, telling)) / count for kind in (_JOINING, _NO, _HEDGES)),
        sum(map(_COMMON.__contains__, words)) / count if english else NAN,
        (counts["generic"] + counts["slogan"]) / count,
        counts["sense"] / count,
        float(len(topics(own.text.raw))),
        counts["product"] / count,
        (counts["property"] + counts["opposite"] + counts["material"]) / count,
        len(claims(own.text.raw)) / count,
    )


@lru_cache(maxsize=4_096)
def _kinds(lists: frozenset[str]) -> tuple[str, ...]:
    """The kinds that are counted of a term in these lists, one a list."""
    return tuple(kind for kind in (name.partition(":")[0] for name in sorted(lists)) if kind in _LISTS)


_LISTS = ("generic", "slogan", "sense", "product", "property", "opposite", "material")
_YOU = words_of("you your yours yourself 你 您")
_WE = words_of("i we our us my me mine ours 我")
_THEY = words_of("he she it they him her them his their its this these that those 他 她 它")
_PRONOUNS = _YOU | _WE | _THEY
_JOINING = words_of("""
    but however although though because so thus therefore while whereas since hence moreover furthermore also then
    meanwhile besides yet and or unless despite instead otherwise 但 因 所 而 且 虽 如 并 或
""")
_NO = words_of("not no never none nor neither without don't doesn't isn't can't won't n't cannot 不 没 无 未 非")
_HEDGES = words_of("may might could perhaps maybe possibly probably likely seem appear reportedly allegedly 或 似")
_TELLING = _PRONOUNS | _JOINING | _NO | _HEDGES
_COMMON = words_of("""
    the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an
    will my one all would there their what so up out if about who get which go me when make can like time no just him
    know take people into year your good some could them see other than then now look only come its over think also
    back after use two how our work first well way even new want because any these give day most us is are was were been
    has had did said am being where why here more much many very too own same such each every both few those through
    during before under while again off down still last long great little old big high small large next early young
    important right left part place thing man woman child world life hand eye week case point number group problem fact
    home water room mother area money story month lot study book word business side kind head house service friend
    father power hour game line end member law car city name team minute idea body information nothing never always
    become leave put mean keep let begin seem help show hear play run move live believe bring happen write provide sit
    stand lose pay meet include continue set learn change lead understand watch follow stop create speak read spend grow
    open walk win offer remember consider appear buy serve die send build stay fall cut reach kill raise pas sell
    decide return explain hope develop carry break receive agree support hit produce eat cover catch draw choose made
    three four five six seven eight nine ten second third another between against without since until around however
    though across although family school country state night morning today police report
""")
