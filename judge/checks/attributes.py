"""Colour, origin and named kinds of an English text against an item's fields: `the red kettle` where a field says blue.

Only contradictions are found: where the fields name no colour or no origin, nothing here is said, and nothing of what
stands beside the item (`your red bike`). `attributes_zh` does the same for Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from .traits import MATERIALS
from .words import MARKS, SMALL, read, singular, words_of

_COLOUR_FIELD = re.compile(r"colou?r|finish|shade")
_ORIGIN_FIELD = re.compile(r"origin|made[ _]in|country|produced|manufactur")
_TITLE_FIELD = re.compile(r"(?:^|\.)(?:title|name|category|type|product)$")
_COLOURS: Mapping[str, str] = {
    "white": "white ivory cream pearl snow",
    "black": "black charcoal jet onyx ebony anthracite graphite",
    "grey": "grey gray charcoal slate silver ash anthracite graphite stone",
    "red": "red crimson burgundy maroon scarlet ruby wine brick rust terracotta",
    "pink": "pink rose blush coral salmon magenta fuchsia",
    "orange": "orange coral rust terracotta apricot peach",
    "yellow": "yellow mustard lemon gold golden sand",
    "green": "green olive mint sage emerald khaki teal forest moss turquoise",
    "blue": "blue navy teal turquoise indigo azure cobalt denim cyan aqua",
    "purple": "purple violet lavender plum lilac mauve burgundy magenta",
    "brown": "brown tan camel chocolate walnut khaki bronze cognac chestnut mocha terracotta rust copper",
    "beige": "beige cream sand tan khaki oatmeal natural ecru ivory taupe stone",
    "metal": "silver gold golden bronze copper chrome brass steel",
}
"""What a field may call a colour of the family: wide, so that little is called a contradiction."""
_FAMILIES: dict[str, frozenset[str]] = {
    name: frozenset(family for family, names in _COLOURS.items() if name in names.split())
    for names in _COLOURS.values()
    for name in names.split()
}
_PLAIN = words_of(
    "white black grey gray red crimson scarlet maroon pink yellow green blue navy purple violet brown beige"
)
"""Words that are colours wherever they stand: `rose`, `olive` and `orange` may be things."""
_BODY = words_of("""
    finish body exterior shell surface housing casing colour color colourway colorway version edition hue tone shade
    look fabric upper
""")
_ELSEWHERES = words_of("your their his her my our other unlike than not no never or any matching match")
_BEFORE_IN = words_of("come available finished painted offered arrive sold dyed")
_DEEPER = words_of("deep bright matte soft dark light pale classic rich warm glossy muted solid pure")
_NO_COLOUR = frozenset(
    tuple(pair.split("_"))
    for pair in """
    green_tea black_tea white_tea red_wine white_wine black_coffee white_noise blue_light red_light brown_rice
    white_rice brown_sugar white_sugar black_pepper green_energy black_friday green_bean black_bean red_meat white_meat
    green_choice white_chocolate brown_bread white_bread red_bean blue_cheese red_pepper green_pepper blue_sky
    green_thumb red_carpet
    """.split()  # noqa: SIM905 (read as pairs)
)
_NATIONS = """
    china chinese, japan japanese, italy italian, germany german, france french, spain spanish, portugal portuguese,
    switzerland swiss, sweden swedish, denmark danish, norway norwegian, finland finnish, netherlands dutch,
    belgium belgian, austria austrian, poland polish, greece greek, ireland irish, scotland scottish, england english,
    britain british, america american, canada canadian, mexico mexican, brazil brazilian, peru peruvian,
    colombia colombian, argentina argentinian, chile chilean, india indian, vietnam vietnamese, thailand thai,
    indonesia indonesian, korea korean, taiwan taiwanese, turkey turkish, morocco moroccan, egypt egyptian,
    ethiopia ethiopian, kenya kenyan, australia australian, bangladesh bangladeshi, nepal nepalese
"""
_NATION = {word: pair.split()[0] for pair in _NATIONS.split(",") for word in pair.split()} | {
    "usa": "america", "us": "america", "uk": "britain", "netherland": "netherlands",
}  # fmt: skip
_WITHIN = {"england": "britain", "scotland": "britain"}
_MADE = re.compile(
    r"\b(?:made|crafted|handcrafted|handmade|woven|knitted|produced|manufactured|grown|imported)\s+(?:by\s+hand\s+)?"
    rf"(?:in|from)\s+(?:the\s+)?(?P<a>{'|'.join(sorted(_NATION))})\b"
    rf"|\b(?P<b>{'|'.join(sorted(_NATION))})[ -]made\b"
)
_KINDS = """
    light roast/medium roast/dark roast, paperback/hardcover, crew neck/v neck/turtleneck, left handed/right handed,
    single walled/double walled, king size/queen size/twin size, low top/high top, matte/glossy,
    whole bean/ground coffee, battery powered/mains powered, oily skin/dry skin, full fat/low fat
"""
"""Words of which a thing is only one."""
_GROUPS = tuple(tuple(word.strip() for word in group.split("/")) for group in _KINDS.split(","))
_KIND = {word: group for group in _GROUPS for word in group}
_ANY_KIND = re.compile(rf"\b(?:{'|'.join(word.replace(' ', '[ -]') for word in _KIND)})\b")


@dataclass(frozen=True)
class Known:
    """What fields say of these three."""

    colours: frozenset[str]
    """Families; none where no field names one."""
    nations: frozenset[str]
    kinds: Mapping[tuple[str, ...], str]
    """A group to the field that has one of it, as it is shown."""
    colour_field: str
    nation_field: str
    heads: frozenset[str]
    """Words that are the item itself: what its title ends with, its materials, its body."""
    lower: str


def contradicted(text: str, fields: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    """Words of the text, and the field (`colour: blue`) that says otherwise; None where no field does."""
    known = _known(fields)
    if not (known.colours or known.nations or known.kinds):
        return None
    return _colour(text, known) or _origin(text, known) or _kind(text, known)


@lru_cache(maxsize=1_024)
def _known(fields: tuple[tuple[str, str], ...]) -> Known:
    colours = [(n, v) for n, v in fields if _COLOUR_FIELD.search(n.lower()) and _families(v)]
    nations = [(n, v) for n, v in fields if _ORIGIN_FIELD.search(n.lower()) and nations_in(v)]
    kinds: dict[tuple[str, ...], str] = {}
    for name, value in fields:
        for match in _ANY_KIND.finditer(value.lower()):
            kinds.setdefault(_KIND[match[0].replace("-", " ")], f"{_short(name)}: {value}")
    titles = [value for name, value in fields if _TITLE_FIELD.search(name.lower())]
    lower = "\n".join(value for _, value in fields).lower()
    painted = [_families(value) for value in (*(value for _, value in colours), *titles)] if colours else []
    return Known(
        frozenset().union(*painted),
        frozenset().union(*(nations_in(value) for _, value in nations)),
        kinds,
        f"{_short(colours[0][0])}: {colours[0][1]}" if colours else "",
        f"{_short(nations[0][0])}: {nations[0][1]}" if nations else "",
        _BODY | {head for title in titles if (head := _head(title))} | _materials(lower),
        lower,
    )


def _colour(text: str, known: Known) -> tuple[str, str] | None:
    words = read(text).texts
    if not known.colours or _PLAIN.isdisjoint(words) or _families(text) & known.colours:
        return None  # of two colours, one of them the item's, the other may be of a part
    for place, word in enumerate(words):
        if word in _PLAIN and _is_the_items(words, place, known) and word not in known.lower:
            return word, known.colour_field
    return None


def _is_the_items(words: tuple[str, ...], place: int, known: Known) -> bool:
    """Whether the colour at a place is said of the item: before its head, or after `in` behind it."""
    before, after = words[max(0, place - 3) : place], words[place + 1 : place + 4]
    if not _ELSEWHERES.isdisjoint(before) or (words[place], after[0] if after else "") in _NO_COLOUR:
        return False
    for word in after:
        if word in known.heads:
            return True
        if word in MARKS or (word in SMALL and word != "and"):
            break
    of = [word for word in before if word not in _DEEPER]
    ends = not after or after[0] in MARKS or after[0] in SMALL
    return ends and len(of) > 1 and of[-1] == "in" and (of[-2] in known.heads - _BODY or of[-2] in _BEFORE_IN)


def _origin(text: str, known: Known) -> tuple[str, str] | None:
    for match in _MADE.finditer(read(text).lower) if known.nations else ():
        nation = _NATION[match["a"] or match["b"]]
        if _whole(nation) not in {_whole(one) for one in known.nations} and not nations_in(known.lower) & {nation}:
            return match[0], known.nation_field
    return None


def _kind(text: str, known: Known) -> tuple[str, str] | None:
    """A word of a group of which the fields have another, and not this one."""
    found = [match[0] for match in _ANY_KIND.finditer(read(text).lower)] if known.kinds else []
    for quote in found:
        word = quote.replace("-", " ")
        group = _KIND[word]
        alone = all(other.replace("-", " ") not in group or other == quote for other in found)
        if group in known.kinds and alone and word not in known.lower.replace("-", " "):
            return quote, known.kinds[group]
    return None


@lru_cache(maxsize=1_024)
def _families(words: str) -> frozenset[str]:
    return frozenset().union(*(_FAMILIES[word] for word in read(words).texts if word in _FAMILIES))


def nations_in(words: str) -> frozenset[str]:
    """The countries that the words name, by their names or their people's."""
    return frozenset(_NATION[word] for word in read(words).texts if word in _NATION)


def _whole(nation: str) -> str:
    return _WITHIN.get(nation, nation)


def _head(title: str) -> str:
    """The last word of a title's first part: `Two-person tent, 2 kg` is a tent."""
    first = re.split(r"[,(|]| - | with | for ", title.lower())[0]
    words = [word for word in re.findall("[a-z]+", first) if len(word) > 2]
    return singular(words[-1]) if words else ""


@cache
def _material_words() -> frozenset[str]:
    names = (name.strip() for names in MATERIALS.values() for name in names.split(","))
    return frozenset(name for name in names if name.isascii() and " " not in name and name not in _FAMILIES)


def _materials(lower: str) -> frozenset[str]:
    return _material_words().intersection(read(lower).texts)


def _short(name: str) -> str:
    return name.rpartition(".")[2]
