"""Seasons and festivals against a date: what a text may speak of now, what is over or far off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..context import today
from ..findings import Hit
from ..records import Sample
from .lexicon import Lexicon, terms_of
from .parts import options, part
from .words import read

_SEASONS: Mapping[str, str] = {
    "winter": """
        11 12 1 2 | winter, wintertime, snowy, frosty, icy mornings, freezing cold, cold snap, 冬天, 冬季, 冬日,
        寒冬, 隆冬, 入冬, 严寒, 下雪, 雪天, 雪季, 初雪, 大雪纷飞, 数九
    """,
    "winter_goods": """
        9 10 11 12 1 2 | winter coat, down jacket, puffer jacket, parka, thermal underwear, snow boot,
        heated blanket, electric blanket, space heater, ski jacket, hand warmer, wool scarf, earmuffs, 羽绒服, 棉服,
        保暖内衣, 雪地靴, 电热毯, 取暖器, 暖风机, 暖宝宝, 暖手宝, 羊绒围巾, 毛线帽, 滑雪服, 鹅绒被, 冬靴, 加绒
    """,
    "spring": """
        2 3 4 5 | spring, springtime, spring blossom, cherry blossom, 春天, 春季, 春日, 早春, 春游, 踏青, 赏樱,
        春暖花开, 开春
    """,
    "summer": """
        5 6 7 8 | summer, summertime, midsummer, heatwave, heat wave, scorching heat, hot days, 夏天, 夏季, 夏日,
        盛夏, 炎夏, 炎炎, 三伏, 酷暑, 酷热, 消暑, 初夏, 清凉一夏
    """,
    "summer_goods": """
        3 4 5 6 7 8 | sundress, swimsuit, bikini, beach towel, flip flops, cooling mat, sunscreen spray,
        portable fan, ice pop mould, 凉席, 冰丝, 泳衣, 比基尼, 沙滩裤, 电风扇, 小风扇, 驱蚊, 蚊帐, 冰袖, 防晒衣,
        短袖, 冰凉垫, 凉鞋
    """,
    "autumn_winter": "9 10 11 12 1 2 | 秋冬",
    "spring_summer": "3 4 5 6 7 8 | 春夏",
    "spring_autumn": "3 4 5 9 10 11 | 春秋",
    "autumn": """
        8 9 10 11 | autumn, autumnal, fall foliage, fall season, this fall, falling leaves, 秋天, 秋季, 秋日, 初秋,
        深秋, 金秋, 入秋, 赏秋, 红叶, 秋风
    """,
}
_EVENTS: Mapping[str, str] = {
    "christmas": """
        11 12 | christmas, xmas, advent calendar, santa, stocking filler, christmas eve, 圣诞, 圣诞节, 平安夜
    """,
    "new_year": "12 1 | new year's eve, new year's resolution, new year, happy new year, 元旦, 跨年, 新年计划",
    "spring_festival": """
        12 1 2 | lunar new year, chinese new year, spring festival, red envelope, 春节, 过年, 年货, 除夕, 年夜饭,
        新春, 拜年, 春联, 红包封
    """,
    "lantern": "1 2 3 | lantern festival, 元宵, 元宵节",
    "valentine": "1 2 | valentine's day, valentine, valentines",
    "lovers_zh": "1 2 5 7 8 | 情人节, 七夕",
    "easter": "2 3 4 | easter, easter egg hunt, 复活节",
    "mothers_day": "3 4 5 | mother's day, 母亲节",
    "fathers_day": "5 6 | father's day, 父亲节",
    "dragon_boat": "5 6 | dragon boat festival, 端午, 端午节",
    "mid_year_sale": "5 6 | 618大促, 618",
    "independence": "6 7 | fourth of july, 4th of july, independence day",
    "back_to_school": "7 8 9 | back to school, back to class, 开学季, 开学",
    "mid_autumn": "8 9 10 | mid autumn festival, mid autumn, 中秋, 中秋节, 赏月",
    "national_day": "9 10 | 国庆, 国庆节, 十一长假",
    "halloween": "9 10 | halloween, trick or treat, 万圣节",
    "singles_day": "10 11 | singles day, double eleven, 双十一, 双11",
    "thanksgiving": "10 11 | thanksgiving, 感恩节",
    "black_friday": "11 | black friday, cyber monday, 黑五",
    "qingming": "3 4 | qingming, 清明",
    "exam_season": "5 6 | 高考, 中考",
    "childrens_day": "5 6 | 儿童节, 六一儿童节",
    "womens_day": "2 3 | 妇女节, 三八节, 女神节",
    "teachers_day": "8 9 | 教师节",
    "labour_day": "4 5 | 劳动节, 五一假期, 五一出游",
    "double_ninth": "9 10 | 重阳, 重阳节",
    "laba": "12 1 | 腊八, 腊八节",
    "double_twelve": "11 12 | 双十二, 双12",
    "summer_holidays": "6 7 8 | 暑假, 暑期",
    "winter_holidays": "12 1 2 | 寒假",
}
_ALWAYS = """
    all season, all seasons, all year, year round, four seasons, every season, any season, any weather, 四季,
    一年四季, 全年, 冬暖夏凉, 反季, 全季节
"""
_HARMLESS = """
    spring mattress, spring loaded, spring onion, spring steel, spring roll, coil spring, hot spring, hot springs,
    pocket spring, fall asleep, 弹簧, 温泉, 冬瓜, 冬虫夏草, 春卷, 夏威夷果, 立冬笋, 冬笋, 春笋, 秋葵, 秋刀鱼, 青春,
    夏布, 夏威夷
"""
_SOUTH = terms_of("""
    australia, new zealand, south africa, argentina, chile, uruguay, sydney, melbourne, brisbane, perth,
    auckland, wellington, cape town, johannesburg, buenos aires, santiago, são paulo, sao paulo, 澳大利亚, 澳洲, 新西兰,
    南非,
    阿根廷,
    智利, 悉尼, 墨尔本, 奥克兰
""")


@dataclass(frozen=True, slots=True)
class Mention:
    """A season or festival a text speaks of."""

    name: str
    quote: str
    fits: bool
    """It is on, or coming, at the date."""


def season(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Speaks of a season or festival that is over or far off at `context.now`. `goods`: things of a season too."""
    o = options(given, field="text", goods=True)
    found = mentions(sample, part(sample, o.field), goods=o.goods)
    if not found or any(mention.fits for mention in found):
        return None
    return Hit(f"{found[0].quote!r} does not fit {today(sample):%B %Y}", (found[0].quote, "now"))


def mentions(sample: Sample, text: str, *, goods: bool = True) -> list[Mention]:
    """Seasons and festivals in the text, and whether each fits the sample's date and hemisphere; none without one."""
    if not named(text):
        return []
    when = today(sample)
    names = [(name, match) for name, match in named(text) if goods or not name.endswith("_goods")]
    if when is None or any(name == "always" for name, _ in names):
        return []
    shifted = (when.month + 5) % 12 + 1 if southern(sample) else when.month
    return [Mention(n, quote, (shifted if n in _SEASONS else when.month) in _months(n)) for n, quote in names]


def southern(sample: Sample) -> bool:
    """Whether the profile names a place south of the equator; without a place, seasons are northern."""
    places = [part(sample, "profile"), str(sample.context.get("region", "")), str(sample.context.get("country", ""))]
    return any(map(" ".join(places).lower().__contains__, _SOUTH))


@lru_cache(maxsize=1_024)
def named(text: str) -> tuple[tuple[str, str], ...]:
    """Names of seasons and festivals with the words that name them."""
    found = _lexicon().scan(read(text))
    return tuple((name, m.quote) for m in found for name in sorted(m.lists) if name != "harmless")


@lru_cache(maxsize=64)
def _months(name: str) -> frozenset[int]:
    return frozenset(map(int, _TIMES[name].partition("|")[0].split()))


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    lists = {name: terms_of(block.partition("|")[2]) for name, block in _TIMES.items()}
    return Lexicon(lists | {"always": terms_of(_ALWAYS), "harmless": terms_of(_HARMLESS)})


_TIMES = {**_SEASONS, **_EVENTS}
