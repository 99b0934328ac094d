"""Concrete claims of a text (numbers, functions, materials, brands) held against named fields, exactly.

Only what the lexicon and the units know counts as a claim: a paraphrase is neither found nor refuted here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

from ..context import context_fields
from ..findings import Hit
from ..once import once
from ..records import Sample
from .attributes import contradicted, nations_in
from .attributes_zh import contradicted_zh
from .falsity import ABSENT, CONTRADICTED, distance, severity
from .lexicon import Match, beginnings, find, negated, scan
from .negation_zh import turned_zh
from .parts import options, part
from .quantities import Quantity, field_quantities, quantities, supported
from .words import joined, read, words_of

Standing = Literal["supported", "contradicted", "absent"]
_MATERIAL_FIELD = re.compile(r"material|fabric|composition|shell|filling|ingredient|材质|面料|成分|材料|配料|填充|表面")


class Claim(NamedTuple):
    """One thing a text says of an item."""

    kind: str
    """`number`, `property`, `opposite`, `material` or `brand`."""
    name: str
    quote: str
    denied: bool = False
    """`not waterproof`, `leather-free`."""
    amount: Quantity | None = None


@dataclass(frozen=True, eq=False)  # the same fields are the same facts (`_facts`)
class Facts:
    """Named fields; each view of them is worked out when it is first asked for, as most seldom are."""

    given: tuple[tuple[str, str], ...]
    """Paths and texts."""
    prose: bool = False
    """A source, of which every number of a text must be, and not an item's fields."""

    @once
    def text(self) -> str:
        """The fields by name, one a line; nothing where a field says no."""
        return joined([f"{name.rpartition('.')[2]}: {_value(value)}" for name, value in self.given])

    @once
    def lower(self) -> str:
        """The text in lower case, as it is and as it is read."""
        return f"{self.text}\n{read(self.text).lower}".lower()

    @once
    def numbers(self) -> tuple[Quantity, ...]:
        """The quantities of all fields."""
        return field_quantities(dict(self.given))

    @once
    def claims(self) -> frozenset[tuple[str, str]]:
        """(kind, name) of what the fields say and do not deny."""
        unsaid = self._refused | (_only_named(self.fields) if self.fields else set())
        return frozenset((c.kind, c.name) for c in claims(self.text) if not c.denied) - unsaid

    @once
    def denials(self) -> frozenset[tuple[str, str]]:
        """(kind, name) of what they deny."""
        return self._refused | {(c.kind, c.name) for c in claims(self.text) if c.denied}

    @once
    def materials(self) -> frozenset[str]:
        """Materials that a field about materials names."""
        about = joined(value for name, value in self.given if _MATERIAL_FIELD.search(name.lower()))
        return frozenset(name[9:] for m in scan(about) for name in m.lists if name.startswith("material:"))

    @once
    def fields(self) -> tuple[tuple[str, str], ...]:
        """(short name, value) of fields in Chinese; what is found in Chinese is shown with its field."""
        if not read(self.text).han:
            return ()
        return tuple((name.rpartition(".")[2], read(value).plain) for name, value in self.given)

    @once
    def _refused(self) -> frozenset[tuple[str, str]]:
        """What the names of those fields claim that say no."""
        no = joined(name.rpartition(".")[2].replace("_", " ") for name, value in self.given if _says_no(value))
        return frozenset((c.kind, c.name) for c in claims(no)) if no else frozenset()


def contradicts(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Says the opposite of a field: denied or opposite functions, another material than the material field names."""
    o = options(given, fields=("item",), field="text")
    text = part(sample, o.field)
    said, han = claims(text), read(text).han
    facts = facts_of(sample, tuple(o.fields))
    for claim, stands in held(text, facts) if said else ():
        if stands == "contradicted":
            grave = _severity(text, facts)
            words = f"{claim.quote!r} is contradicted by {_names(o.fields)}"
            return Hit(words, (claim.quote, *_shown(claim, facts)), code="contradicted", severity=grave)
    found = _otherwise_zh(text, facts) if han else None if facts.prose else contradicted(text, facts.given)
    if found is None:
        return None
    words = f"{found[0]!r} is contradicted by {_names(o.fields)}: {found[1]!r}"
    return Hit(words, found, code="contradicted", severity=_severity(text, facts))


def _otherwise_zh(text: str, facts: Facts) -> tuple[str, str] | None:
    """What the lexicon does not know: a colour, an origin, a kind, a phrase denied on one side alone."""
    if not facts.fields:
        return None
    low = read(text).lower
    known = "\n".join(value for _, value in facts.fields) if facts.prose else facts.lower
    return turned_zh(low, known) or (None if facts.prose else contradicted_zh(low, facts.fields))


def unfounded(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Claims a number, function, material or brand that the fields do not show. `also`: context that excuses it."""
    o = options(
        given, fields=("item",), also=("interest", "history", "profile", "now", "prompt"), field="text", numbers=True
    )
    text = part(sample, o.field)
    facts = facts_of(sample, tuple(o.fields)) if claims(text) else None
    if facts is None or not facts.text:
        return None
    for claim, stands in held(text, facts):
        silent = claim.denied or claim.kind == "opposite" or (claim.kind == "number" and not o.numbers)
        if silent or stands != "absent" or idle(claim, facts):
            continue
        if not _excused(claim, facts_of(sample, tuple(o.also))):
            grave = _severity(text, facts)
            quotes = (claim.quote, *_shown(claim, facts))
            return Hit(f"{claim.quote!r} is not in {_names(o.fields)}", quotes, severity=grave)
    return None


def _excused(claim: Claim, facts: Facts) -> bool:
    """Whether the facts support an affirmed claim. They are read term by term only where a term of its may be."""
    low = facts.lower
    if claim.amount is None and low.isascii() and not facts._refused:
        begins = beginnings(f"{claim.kind}:{claim.name}") + beginnings(f"{_OTHER.get(claim.kind, '')}:{claim.name}")
        if not any(map(low.__contains__, begins)):
            return claim.quote.lower() in low
    return standing(claim, facts) == "supported"


def _severity(text: str, facts: Facts) -> float:
    """Of all that is false in a text in which something is."""
    weights = [_weight(claim, stands, facts) for claim, stands in held(text, facts)]
    return severity(filter(None, weights), text, facts.text)


def _weight(claim: Claim, stands: Standing, facts: Facts) -> float:
    """What a claim adds to the gravity of a falsehood; 0 for a true one, and for a denial of what nobody said."""
    if stands == "contradicted":
        return CONTRADICTED
    if stands == "supported" or claim.denied or claim.kind == "opposite" or idle(claim, facts):
        return 0.0
    return ABSENT if claim.amount is None else distance(claim.amount, facts.numbers)


@lru_cache(maxsize=1_024)
def claims(text: str) -> tuple[Claim, ...]:
    """The concrete claims of a text, in order of kind."""
    found = [
        Claim(kind, name or match.quote.lower(), match.quote, negated(text, match))
        for match in scan(text)
        for kind, name in _said(match.lists)
        if not (kind == "material" and not match.quote.isascii() and _worn_with(text, match))
    ]
    return tuple(found + [Claim("number", q.kind, q.text, amount=q) for q in quantities(text) if _telling(q)])


def _worn_with(text: str, match: Match) -> bool:
    """A thing beside the item: `配珍珠耳环`, `外搭羊绒大衣`."""
    own = read(text)
    start, end = own.spans[match.first][0], own.spans[match.last][1]
    return bool(_BESIDE.search(own.plain[max(0, start - 4) : start]) and _THING.match(own.plain, end))


@lru_cache(maxsize=1_024)
def _said(lists: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """What a term of these lists claims: kinds and names, in order."""
    split = [name.partition(":") for name in sorted(lists)]
    return tuple((kind, name) for kind, _, name in split if kind in ("property", "opposite", "material", "brand"))


@lru_cache(maxsize=512)  # several checks, measures and features of one sample ask
def held(text: str, facts: Facts) -> tuple[tuple[Claim, Standing], ...]:
    """The claims of a text, and how each stands against the facts."""
    return tuple([(claim, standing(claim, facts)) for claim in claims(text)])


def standing(claim: Claim, facts: Facts) -> Standing:
    """Whether the facts support, contradict or do not mention the claim."""
    if claim.amount is not None:
        return "supported" if supported(claim.amount, facts.numbers) or _spelled(claim.amount, facts) else "absent"
    mine, other = (claim.kind, claim.name), (_OTHER.get(claim.kind, ""), claim.name)
    says = mine in facts.claims or other in facts.denials
    denies = mine in facts.denials or other in facts.claims
    if claim.denied:
        return "contradicted" if says and not denies else "supported" if denies else "absent"
    if says or (claim.quote.lower() in facts.lower and not denies) or _comes_from(claim, facts):
        return "supported"
    if denies or (claim.kind == "material" and facts.materials and _rivals(claim.name, facts.materials)):
        return "contradicted"
    implied = _IMPLIED.get(claim.name) if facts.fields and claim.kind == "property" else None
    return "supported" if implied and implied.search(facts.lower) else "absent"


def _comes_from(claim: Claim, facts: Facts) -> bool:
    """`made in Japan`, where a field says `origin: Japan`."""
    return claim.name == "imported" and bool(nations_in(claim.quote) & nations_in(facts.text))


def idle(claim: Claim, facts: Facts) -> bool:
    """A number that need not speak of the item: an hour of day, a walk's length; an age where no field has one."""
    if claim.amount is None or claim.amount.grip == "firm" or facts.prose:
        return False
    return claim.amount.grip == "scene" or all(other.kind != claim.amount.kind for other in facts.numbers)


def facts_of(sample: Sample, names: tuple[str, ...]) -> Facts:
    """The named context fields as facts."""
    kept = sample.kept
    if (found := kept.get(names)) is None:
        found = kept[names] = _named_facts(sample, names)
    return cast(Facts, found)


def _named_facts(sample: Sample, names: tuple[str, ...]) -> Facts:
    fields = {f"{name}.{key}": text for name in names for key, text in context_fields(sample, name).items()}
    if "interest" in names or "history" in names:
        fields |= {f"{name}.": part(sample, name) for name in names if name in ("interest", "history")}
    return _facts(tuple(fields.items()), "source" in names)


@lru_cache(maxsize=1_024)
def _facts(fields: tuple[tuple[str, str], ...], prose: bool = False) -> Facts:
    return Facts(fields, prose)


def _only_named(fields: tuple[tuple[str, str], ...]) -> set[tuple[str, str]]:
    """What a field's name says and its value denies: `防水: 不防水`."""
    found: set[tuple[str, str]] = set()
    for name, value in fields:
        of_value = [(_OTHER.get(c.kind) if c.kind == "opposite" else c.kind, c) for c in claims(value)]
        no = {(kind, c.name) for kind, c in of_value if c.denied or c.kind == "opposite"}
        found |= {(c.kind, c.name) for c in claims(name) if (c.kind, c.name) in no}
    return found


def _shown(claim: Claim, facts: Facts) -> tuple[str, ...]:
    """The field that speaks of the same, for a claim in Chinese: its number of that kind, or its word on that trait."""
    for name, value in facts.fields if not facts.prose else ():
        both = f"{name}: {value}"
        own = claims(both)
        if claim.amount and claim.amount.kind != "number":
            near = any(c.amount and c.amount.kind == claim.amount.kind for c in own)
        else:
            near = any(c.name == claim.name or (c.kind == claim.kind == "material") for c in own)
        if near and claim.kind != "brand":
            return (both[:60],)
    return ()


def brands_in(text: str) -> tuple[str, ...]:
    """Known brand names in a text."""
    return tuple(match.quote for match in find(text, "brand"))


def _value(value: str) -> str:
    return "" if _says_no(value) else value


def _says_no(value: str) -> bool:
    return len(value) < 8 and value.lower() in _NO_VALUES


def _spelled(amount: Quantity, facts: Facts) -> bool:
    """A number without a unit may stand in the facts inside a name (`RC-135U`) or as a word (`eight`)."""
    if amount.kind != "number" or amount.number != int(amount.number):
        return False
    written = f"{int(amount.number)}"
    word = _NUMBER_WORDS[int(amount.number)] if amount.number < len(_NUMBER_WORDS) else written
    if facts.fields:  # `20` is not in 2026
        return bool(re.search(rf"(?<![\d.]){written}(?![\d]|\.\d)", facts.lower))
    return (len(written) > 1 and written in facts.lower) or (
        word in facts.lower and bool(re.search(rf"\b{word}\b", facts.lower))
    )


def _telling(quantity: Quantity) -> bool:
    if quantity.kind == "number":
        return quantity.number >= 2 and not 1900 <= quantity.number <= 2100 and quantity.text not in _IDIOMS
    if quantity.kind == "percent" and quantity.value == 100:
        return False
    if quantity.grip != "firm" or (not quantity.text.isascii() and read(quantity.text).han):
        return True
    spelled = not any(character.isdigit() for character in quantity.text)
    return not (spelled and (quantity.kind == "count" or quantity.number == 1))


def _rivals(name: str, known: frozenset[str]) -> bool:
    group = next((group for group in _KINDS if name in group), frozenset())
    return bool(group & known) and name not in known


def _names(fields: tuple[str, ...]) -> str:
    return " and ".join(f"the {name}'s fields" if name == "item" else f"the {name}" for name in fields)


_OTHER = {"property": "opposite", "opposite": "property"}
_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_IDIOMS = frozenset(["24", "7", "365", "9", "5"])
_BESIDE = re.compile("[配搭戴披][一-鿿]{0,2}$")
_THING = re.compile("[一-鿿]{0,2}(?:耳|项链|戒|镯|衣|裤|裙|衫|鞋|靴|包|帽|巾|带|杯|碗|盘|壶|桌|椅|柜)")
_IMPLIED = {
    "adjustable": re.compile("档|段调|级调|调节|调光|定时|可选"),
    "rechargeable": re.compile("充电|续航|锂电|type-?c"),
    "wireless": re.compile("蓝牙|2\\.4g"),
    "leakproof": re.compile("密封|防漏|不漏"),
    "insulated": re.compile("保温|真空|保冷"),
    "breathable": re.compile("网布|网面|亚麻|透气|网眼"),
    "voice_control": re.compile("声控|语音"),
    "silent": re.compile("静音|低噪|[12]\\d分贝"),
}
"""Chinese fields that bear a function out in other words."""
_NO_VALUES = frozenset(["no", "false", "none", "否", "无", "不支持", "没有", "n/a"])
_KINDS = (
    words_of("cotton polyester nylon wool cashmere silk linen leather pu down fleece_material suede velvet"),
    words_of("wood mdf bamboo rattan"),
    words_of("steel iron titanium aluminium copper ceramic clay glass_material plastic silicone bamboo wood carbon"),
    words_of("gold silver"),
    words_of("latex memory_foam down"),
    words_of("natural_rubber tpe"),
    words_of("soy_wax beeswax paraffin"),
)
