"""Numbers with units, brought to one unit each so that `500 ml` equals `0.5 L` and `12小时` equals `12 hours`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .gates import needing
from .quantities_zh import amounts
from .words import read

_UNITS: Mapping[str, tuple[str, float]] = {
    name: (kind, factor)
    for kind, factor, names in (
        ("volume_ml", 1, "ml milliliter millilitre milliliters millilitres cc 毫升"),
        ("volume_ml", 10, "cl"),
        ("volume_ml", 1000, "l liter litre liters litres 升"),
        ("volume_ml", 29.5735, "floz"),
        ("mass_g", 0.001, "mg 毫克"),
        ("mass_g", 1, "g gram grams 克"),
        ("mass_g", 1000, "kg kilo kilos kilogram kilograms 千克 公斤"),
        ("mass_g", 500, "斤"),
        ("mass_g", 28.3495, "oz ounce ounces 盎司"),
        ("mass_g", 453.592, "lb lbs pound pounds 磅"),
        ("length_mm", 1, "mm millimeter millimetre millimeters millimetres 毫米"),
        ("length_mm", 10, "cm centimeter centimetre centimeters centimetres 厘米 公分"),
        ("length_mm", 1000, "m meter metre meters metres 米"),
        ("length_mm", 1_000_000, "km kilometer kilometre kilometers kilometres 公里 千米"),
        ("length_mm", 25.4, "inch inches 英寸 寸"),
        ("length_mm", 304.8, "ft foot feet 英尺"),
        ("length_mm", 1_609_344, "mile miles 英里"),
        ("time_min", 1 / 60, "sec second seconds 秒"),
        ("time_min", 1, "min mins minute minutes 分钟"),
        ("time_min", 60, "h hr hrs hour hours 小时"),
        ("time_min", 1440, "day days 天"),
        ("time_min", 10_080, "week weeks 周"),
        ("time_min", 43_200, "month months 个月"),
        ("time_min", 525_600, "year years 年"),
        ("power_w", 1, "w watt watts 瓦"),
        ("power_w", 1000, "kw"),
        ("charge_mah", 1, "mah 毫安"),
        ("charge_mah", 1000, "ah"),
        ("volt", 1, "v volt volts 伏"),
        ("energy_kcal", 1, "kcal calories calorie cal 大卡 千卡"),
        ("data_mb", 1, "mb"),
        ("data_mb", 1000, "gb"),
        ("data_mb", 1_000_000, "tb"),
        ("pixel_mp", 1, "mp megapixel megapixels"),
        ("frequency_hz", 1, "hz"),
        ("sound_db", 1, "db decibel decibels 分贝"),
        ("percent", 1, "% percent 成"),
        ("degree", 1, "°c °f ℃ °"),
        ("thread", 1, "denier tc"),
        ("speed", 1, "rpm 转"),
        ("money", 1, "$ € £ ¥ usd eur yuan rmb dollar dollars euro euros 元 块"),
        (
            "count",
            1,
            "piece pieces pc pcs pack packs count sheets sheet pockets pocket speeds speed levels level settings",
        ),
        (
            "count",
            1,
            "modes mode colors colours color colour layers layer ply person people players player keys slots blades",
        ),
        ("count", 1, "件 个 片 包 支 枚 只 层 档 色 口袋 抽 卷 袋 盒 瓶 人 颗 枝 根 键"),
    )
    for name in names.split()
}
_SMALL = {"half": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0}
_SMALL |= {"eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "dozen": 12.0, "twenty": 20.0}
_SMALL |= {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "hundred": 100.0}
_UNIT = "|".join(sorted((re.escape(unit) for unit in _UNITS if unit not in "$€£¥"), key=len, reverse=True))
_AMOUNT = re.compile(
    r"(?P<sign>[$€£¥])?\s?(?<![a-z0-9_.])(?<![a-z]-)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,6})?)(?!\d)(?P<kilo>k(?=mah|\b))?[\s-]?"
    rf"(?:fl\.?\s?(?P<floz>oz)|(?P<unit>{_UNIT})(?![a-z]))?",
)
_SIGNS = "$€£¥"
_NUMBER_BEGINS = re.compile(r"\d(?<![a-z0-9_.]\d)(?<![a-z]-\d)")
_SPELLED = re.compile(rf"\b(?P<word>{'|'.join(_SMALL)})(?:[\s-](?:a\s)?)(?P<unit>{_UNIT})(?![a-z])")
_SPELLED_BEGINS = re.compile(rf"\b(?:{'|'.join(_SMALL)})[\s-]")
_MAY_SPELL = needing(*_SMALL)
_PACKED = re.compile(rf"(\d+(?:\.\d+)?)\s?({_UNIT})\s?[x×*]\s?(\d+)\s?(?=[件个片包支枚只抽卷袋盒瓶罐桶])")
"""`250毫升×24盒`: the facts show the total too."""


class Quantity(NamedTuple):
    """A number with its kind of unit, in that kind's base unit."""

    value: float
    kind: str
    """`volume_ml`, `time_min`, `count`, …; `number` where no unit stands beside it."""
    number: float
    """As written, before the unit is applied."""
    text: str
    """As written."""
    upto: float = 0.0
    """The other end of a range, in the base unit; 0 without one."""
    loose: str = ""
    """`about`, `under` or `over` where the text says so; Chinese texts only."""
    grip: str = "firm"
    """How firmly it speaks of the item (`quantities_zh`); Chinese texts only."""

    def same(self, other: Quantity) -> bool:
        """Equal kind and value within 1 %."""
        return self.kind == other.kind and abs(self.value - other.value) <= 0.01 * max(
            abs(self.value), abs(other.value)
        )


@lru_cache(maxsize=2_048)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of the text with its unit; spelled numbers and Chinese numerals only beside a unit."""
    low = read(text).lower
    if read(text).han:
        return tuple([Quantity(a.value, a.kind, a.number, a.text, a.upto, a.loose, a.grip) for a in amounts(low)])
    found = [_quantity(match) for match in _amounts(low)]
    if _MAY_SPELL(low) and _SPELLED_BEGINS.search(low):
        found += [_measured(_SMALL[m["word"]], m["unit"], m[0]) for m in _SPELLED.finditer(low)]
    return tuple(found)


def field_quantities(fields: Mapping[str, str]) -> tuple[Quantity, ...]:
    """The quantities of named fields; a bare number under `capacity_ml` gets its unit from the name."""
    found: list[Quantity] = []
    for name, text in fields.items():
        own = quantities(text)
        if not own and text.isascii():
            continue
        unit = _unit_of(name)
        found += [_measured(q.number, unit, q.text) if q.kind == "number" and unit else q for q in own]
        if not text.isascii():  # what is packed is counted in Chinese
            found += [_measured(float(m[1]) * float(m[3]), m[2], m[0]) for m in _PACKED.finditer(read(text).lower)]
    return tuple(found)


@lru_cache(maxsize=1_024)
def _unit_of(name: str) -> str | None:
    """The unit that a field's name says."""
    unit = next((part for part in reversed(re.split(r"[_.\s()（）]+", name.lower())) if part in _UNITS), None)
    return unit or ("$" if "price" in name.lower() or "价" in name else "码" if "码" in name else None)


def supported(claim: Quantity, known: tuple[Quantity, ...]) -> bool:
    """Whether a known quantity equals the claim; a number without a unit matches the same number with any unit."""
    for other in known:
        if other.kind == claim.kind:
            if claim.same(other) or _bare_match(claim, other) or _within(claim, other):
                return True
        elif other.number == claim.number and _bare_match(claim, other):
            return True
    return False


def _amounts(low: str) -> Iterator[re.Match[str]]:
    """What `_AMOUNT` finds, looked for at numbers only: a sign and a space may stand before one, and nothing else."""
    free = 0
    for begins in _NUMBER_BEGINS.finditer(low):
        place = begins.start()
        if place < free:
            continue
        spaced = place > 1 and low[place - 2] in _SIGNS and low[place - 1].isspace()
        start = place - 2 if spaced else place - 1 if place and low[place - 1] in _SIGNS else place
        if match := _AMOUNT.match(low, start):
            free = match.end()
            yield match


def _bare_match(claim: Quantity, other: Quantity) -> bool:
    return "number" in (claim.kind, other.kind) and claim.number == other.number


def _within(claim: Quantity, other: Quantity) -> bool:
    """A number inside a range of the facts, or a rough one that the fact bears out; both ends of a range must hold."""
    if claim.kind != other.kind or not (claim.loose or other.upto or other.loose):
        return False
    low, high = other.value, max(other.value, other.upto)
    if claim.loose == "under":
        return low <= claim.value * 1.001 and high >= 0.4 * claim.value
    if claim.loose == "over":
        return high >= claim.value * 0.999 and low <= 2.5 * claim.value
    slack = 0.15 if "about" in (claim.loose, other.loose) else 0.01
    if other.loose in ("under", "over") and not other.upto:
        return claim.value <= low * 1.01 if other.loose == "under" else claim.value >= low * 0.99
    end = max(claim.value, claim.upto)
    return low * (1 - slack) <= claim.value and end <= high * (1 + slack)


def _quantity(match: re.Match[str]) -> Quantity:
    number, kilo, ounces, unit, sign = match.group("number", "kilo", "floz", "unit", "sign")
    value = float(number.replace(",", "")) * (1000 if kilo else 1)
    unit = "floz" if ounces else unit or sign
    return _measured(value, unit, match[0].strip())


def _measured(value: float, unit: str | None, text: str) -> Quantity:
    kind, factor = _UNITS.get(unit or "", ("number", 1.0)) if unit != "码" else ("size", 1.0)
    return Quantity(value * factor * (10 if unit == "成" else 1), kind, value, text)
