"""Numbers of a Chinese text with their units: 斤 and 两, ranges, `不到`, dates, hours, discounts, `一米八`.

Each says how firmly it speaks of the item: `十二小时` after 保温 does, `下班半小时` is the reader's evening.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .numerals_zh import NUMERAL, multiplied, numeral
from .scripts_zh import folded

FIRM, SOFT, SCENE = "firm", "soft", "scene"
"""Speaks of the item; only where the fields have one of its kind; hardly ever (a walk's kilometres, an hour of day)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as read: its value in the kind's base unit, the other end of a range, how exact and how firm it is."""

    value: float
    kind: str
    number: float
    text: str
    upto: float
    loose: str
    grip: str
    start: int
    end: int


_UNITS: Mapping[str, tuple[str, float]] = {
    name: (kind, factor)
    for kind, factor, names in (
        ("volume_ml", 1, "毫升 ml cc"),
        ("volume_ml", 1000, "升 公升 l"),
        ("mass_g", 1e-6, "微克 μg ug"),
        ("mass_g", 0.001, "毫克 mg"),
        ("mass_g", 0.2, "克拉"),
        ("mass_g", 1, "克 g"),
        ("mass_g", 50, "两"),
        ("mass_g", 500, "斤 市斤"),
        ("mass_g", 1000, "公斤 千克 kg"),
        ("mass_g", 1_000_000, "吨"),
        ("mass_g", 28.3495, "盎司 oz"),
        ("mass_g", 453.592, "磅 lb"),
        ("length_mm", 0.001, "微米"),
        ("length_mm", 1, "毫米 mm"),
        ("length_mm", 10, "厘米 公分 cm"),
        ("length_mm", 25.4, "英寸 英吋 寸 吋 inch"),
        ("length_mm", 304.8, "英尺"),
        ("length_mm", 1000, "米 公尺 m"),
        ("length_mm", 1_000_000, "公里 千米 km"),
        ("area_m2", 1, "平方米 平米 ㎡"),
        ("area_m2", 666.667, "亩"),
        ("area_m2", 10_000, "公顷"),
        ("area_m2", 1_000_000, "平方公里"),
        ("time_min", 1 / 60, "秒 秒钟"),
        ("time_min", 1, "分钟 min"),
        ("time_min", 15, "刻钟"),
        ("time_min", 60, "小时 个小时 钟头 个钟头 h"),
        ("time_min", 1440, "天"),
        ("time_min", 10_080, "周 星期 个星期"),
        ("time_min", 43_200, "个月"),
        ("time_min", 525_600, "年"),
        ("power_w", 1, "瓦 w"),
        ("power_w", 1000, "千瓦 kw"),
        ("charge_mah", 1, "毫安时 毫安 mah"),
        ("charge_mah", 1000, "安时 ah"),
        ("volt", 1, "伏 伏特 v"),
        ("energy_kcal", 1, "大卡 千卡 kcal"),
        ("data_mb", 1, "mb 兆"),
        ("data_mb", 1000, "gb"),
        ("data_mb", 1_000_000, "tb"),
        ("pixel_mp", 1e-6, "像素"),
        ("frequency_hz", 1, "hz 赫兹 赫"),
        ("sound_db", 1, "分贝 db"),
        ("light_lm", 1, "流明 lm"),
        ("percent", 1, "% 个百分点"),
        ("percent", 10, "成"),
        ("degree", 1, "℃ °c 摄氏度 度"),
        ("discount", 1, "折"),
        ("size", 1, "码"),
        ("age", 1, "岁 周岁"),
        ("speed", 1, "转 rpm"),
        ("money", 1, "元 块 块钱 圆 rmb"),
        ("count", 1, "件 个 片 包 支 枚 只 层 档 色 口袋 抽 卷 袋 盒 瓶 人 颗 枝 根 键 段 罐 桶 轴 孔 针"),
        (
            "count",
            1,
            "棵 株 辆 台 家 间 座 条 张 把 本 册 套 节 页 名 站 款 种 次 双 对 粒 滴 扇 头 匹 册 所 处 路 班 级",
        ),
    )
    for name in names.split()
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,6})?"
_AMOUNT = re.compile(
    r"(?P<under>不到|不足|低于|少于|最多|至多)?(?P<about>大?约|将近|接近|近|差不多)?(?P<over>超过?|逾|高于|多于|至少)?\s?"
    rf"(?P<sign>[¥$€£])?\s?(?:(?<![a-z0-9_.])(?<![a-z]-)(?P<number>{_ARABIC})(?!\d)|(?P<han>{NUMERAL}))"
    rf"(?:\s?[-~–至到]\s?(?:(?P<to>{_ARABIC})(?!\d)|(?P<to_han>{NUMERAL}))(?=[百千万亿]{{0,2}}\s?(?:{_UNIT})))?"
    rf"(?P<times>[百千万亿]{{0,2}})(?P<more>多|余|几|来)?"
    rf"(?(han)(?P<unit>个半小时|个半月|{_UNIT})|(?:[\s-]?(?P<latin>{_UNIT}))?)(?P<around>左右|上下|以上|以下|以内|之内|多(?![月小少种])|出头)?"
)
_BOX = re.compile(rf"(?<![\w.])((?:\d+(?:\.\d+)?(?:{_UNIT})?\s?[x×*]\s?){{1,2}}\d+(?:\.\d+)?)\s?({_UNIT})")
_PERCENT = re.compile(rf"百分之(?P<han>{NUMERAL}|\d+(?:\.\d+)?)")
_DATE = re.compile(
    rf"(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}}|{NUMERAL})月(?:份|(?P<day>\d{{1,2}}|{NUMERAL})[日号])?"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年")
_CLOCK = re.compile(
    rf"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|深夜)?(?:(?P<hour>\d{{1,2}})|(?P<han>{NUMERAL}))"
    rf"(?:[点时](?!间|光|尚|代|候|刻|髦|缀|亮|击|餐|心|滴|评)(?:(?P<half>半)|(?P<minute>\d{{1,2}}|{NUMERAL})分?)?|:(?P<colon>\d\d))"
)
_TAIL = re.compile(
    "(零?[一二三四五六七八九]{1,2}|\\d{1,2})(?![\\d.]|\\s?[a-z%°]|[零一二两三四五六七八九十百千万个条位人只件厘分])|半(?!径|价|天|夜|个)"
)
_FUNCTION = re.compile(
    "保温|保冷|保鲜|续航|待机|播放|使用|工作|充电|快充|充满|定时|预约|持续|持久|长效|持妆|留香|速热|出热|加热|速开|搭建|展开|保质|质保|保修|发酵|陈化"
    "|保湿|补水|控油|防护|慢煮|慢炖|焖|晾晒|听"
)
_AFTER = re.compile(
    "[^,.;!?。、]{0,3}(?:续航|待机|速热|出热|充满|充好|速开|搭建|搭好|展开|烧开|沸腾|保温|保冷|长效|质保|保修|保质|保鲜|出餐|出水)"
)
_OTHERS = re.compile(
    "的?(?:人|个子|个头|男|女|孩|大个)|的?(?:电脑|笔记本|平板|手机|ipad|屏幕|设备|披萨)[^,.;!?。、]{0,4}[装放塞容收]"
)
_FITS = re.compile("(?:身高|个子|装下|放下|容纳|收纳|适配|兼容|塞进)[^,.;!?。、]{0,3}$")
"""A length that is of who uses the item, or of what goes into it."""
_NO_UNIT = re.compile(
    "g(?:无线|网络|版|频|hz)|升(?:级|温|华|降|起|腾|值|职|学)|米(?:饭|粉|酒|线|其|色|白|糕|醋|香)|克(?:服|制|隆|莱|里)|周(?:年|边|末|到|全|日|遭)|元(?:素|气|旦|宵|件)"
    "|天(?:然|气|空|花|鹅|猫|生|际|边)|年(?:货|会|夜|轮|糕|味|份|代|级|龄)|码(?:头|字)|度(?:假|过|日)|成(?:分|套|熟|为|本|人|年|长|品|就|功|都|真|交)"
    "|折(?:叠|痕|射|返)|两(?:用|不|全|侧|面|边|头|端|种|个|款|人|口|位|只|件|套|天|次|下|步|手|脚|用|色|层)|块(?:儿|状|面|垫|布|地|蛋|糖|肉|巧|砖|石|屏)"
    "|个(?:性|人|头|子)|家(?:人|居|庭|里|中|务|常|的)|人(?:生|气|体|工|物|民|间)|本(?:身|地|来|质|草)|条(?:纹|件|理)|层(?:次|叠)|色(?:彩|泽)"
    "|套(?:装|餐)|种(?:草|植)|件(?:事)|把(?:手|玩)|路(?:上|口|过|边)|级(?:别)|头(?:等|发|皮|戴|层)|对(?:称|比|话)|双(?:层|人|肩|面|向)|瓦(?:楞|片)|转(?:身|换|动)"
)
_IDIOM = re.compile(
    "半斤八两|千方百计|一五一十|三三两两|三两|一两(?![装重的])|两三|七上八下|五花八门|千万别|千万不|十全十美|一成不变|百分百|千家万户|一丝|万一|一元复始|三分钟热度|两点一线"
    "|一分一秒|千里|万里|半天|半路|一半|大半|多半|半夜|八成是|二十四节气"
)
_TELLING_ONE = frozenset(["mass_g", "volume_ml", "charge_mah", "power_w", "length_mm"])
_SOFT = frozenset(["age", "degree", "size", "discount", "month", "date", "year", "area_m2"])


def amounts(written: str) -> tuple[Amount, ...]:
    """Every number of a Chinese text, in lower case and NFKC; Chinese numerals only beside a unit."""
    low = folded(written)
    taken = [match.span() for match in _IDIOM.finditer(low)]
    found: list[Amount] = []
    for reader in (_boxes, _dates, _clocks, _shares, _units):
        new = [a for a in reader(low) if not any(a.start < end and start < a.end for start, end in taken)]
        found += new
        taken += [(amount.start, amount.end) for amount in new]
    whole = _summed(sorted(found, key=lambda amount: amount.start))
    return tuple([replace(amount, text=written[amount.start : amount.end].strip(" -")) for amount in whole])


def _dates(low: str) -> Iterator[Amount]:
    for match in _DATE.finditer(low):
        month, day = _number(match["month"]), _number(match["day"] or "")
        if month and 1 <= month <= 12 and month == int(month) and (day is None or 1 <= day <= 31):
            kind, value = ("date", month * 100 + day) if day else ("month", month)
            yield _made(match, value, kind, value, SOFT)
    for match in _YEAR.finditer(low):
        yield _made(match, float(match[0][:4]), "year", float(match[0][:4]), SOFT)


def _clocks(low: str) -> Iterator[Amount]:
    for match in _CLOCK.finditer(low):
        hour = _number(match["hour"] or match["han"])
        if hour is None or hour > 24 or hour != int(hour) or (match["han"] and not match["part"]):
            continue
        if match[0][-1:] == ":" or (match.start() and low[match.start() - 1] in ".0123456789-"):
            continue
        minute = 30.0 if match["half"] else _number(match["minute"] or match["colon"] or "0")
        if minute is not None and minute < 60:
            yield _made(match, (hour * 60 + minute) % 720, "clock", hour, SCENE)


def _shares(low: str) -> Iterator[Amount]:
    for match in _PERCENT.finditer(low):
        if (value := _number(match["han"])) is not None:
            yield _made(match, value, "percent", value, FIRM)


def _units(low: str) -> Iterator[Amount]:
    end = 0
    for match in _AMOUNT.finditer(low):
        amount = (_halved(match) or _amount(low, match)) if match.start() >= end else None
        if amount is not None:
            end = amount.end
            yield amount


def _amount(low: str, match: re.Match[str]) -> Amount | None:
    unit, place = (match["unit"], match.start("unit")) if match["unit"] else (match["latin"], match.start("latin"))
    if unit and (_NO_UNIT.match(low, place) or (unit.isascii() and _letter(low, place + len(unit)))):
        unit = None
    number = _number(match["han"] or match["number"])
    if number is None or (match["han"] and unit is None):
        return None
    number *= multiplied(match["times"])
    kind, factor = _UNITS.get(unit or ("元" if match["sign"] else ""), ("number", 1.0))
    if unit == "块" and number < 10:  # a piece as often as money
        return None
    if kind == "discount" and number >= 10:
        number /= 10
    tail = _TAIL.match(low, place + len(unit)) if unit in ("米", "斤", "升") else None
    number += _fraction(tail) if tail else 0.0
    upto = _number(match["to"] or match["to_han"] or "") or 0.0
    end = tail.end() if tail else match.end()
    grip = _grip(low, match.start(), end, kind, number, han=bool(match["han"]))
    text = low[match.start() : end].strip()
    return Amount(
        number * factor, kind, number, text, upto * multiplied(match["times"]) * factor, _loose(match), grip,
        match.start(), end,
    )  # fmt: skip


def _halved(match: re.Match[str]) -> Amount | None:
    """`一个半小时` is 90 minutes."""
    if not (match["unit"] or "").startswith("个半"):
        return None
    kind, factor = _UNITS[match["unit"][2:] if match["unit"].endswith("小时") else "个月"]
    number = _number(match["han"])
    return None if number is None else _made(match, (number + 0.5) * factor, kind, number + 0.5, SCENE)


def _boxes(low: str) -> Iterator[Amount]:
    """`210厘米×140厘米`, `2x3米`: each side in the unit it has, or in the last one's."""
    for match in _BOX.finditer(low):
        for side in re.split("[x×*]", match[1]):
            own = re.match(rf"\s?(\d+(?:\.\d+)?)({_UNIT})?", side)
            if own:
                kind, factor = _UNITS[own[2] or match[2]]
                yield _made(match, float(own[1]) * factor, kind, float(own[1]), FIRM)


def _fraction(tail: re.Match[str]) -> float:
    if not tail[1]:
        return 0.5
    digits = tail[1] if tail[1].isdecimal() else "".join(str(int(numeral(c) or 0)) for c in tail[1])
    return float(f"0.{digits}")


def _grip(low: str, start: int, end: int, kind: str, number: float, *, han: bool) -> str:
    if kind == "time_min":
        clause = re.split("[,.;!?。、]", low[max(0, start - 10) : start])[-1]
        return FIRM if _FUNCTION.search(clause) or _AFTER.match(low, end) else SCENE
    if kind == "number" and (han or _letter(low, end) or _OTHERS.match(low, end)):
        return SCENE
    if kind == "length_mm" and (_OTHERS.match(low, end) or _FITS.search(low[max(0, start - 8) : start])):
        return SCENE
    far = kind == "length_mm" and low[end - 2 : end] in ("公里", "千米", "km")
    if far or (kind == "count" and han) or (han and number == 1 and kind not in _TELLING_ONE):
        return SCENE
    return SOFT if kind in _SOFT or (kind == "percent" and low[end - 1] == "成") else FIRM


def _loose(match: re.Match[str]) -> str:
    around = match["around"] or ""
    if match["under"] or around in ("以内", "之内", "以下"):
        return "under"
    if match["over"] or match["more"] or around in ("以上", "多", "出头"):
        return "over"
    return "about" if match["about"] or around else ""


def _summed(found: list[Amount]) -> Iterator[Amount]:
    """`一斤二两`, `2小时30分钟`: neighbours of one kind, the second in a smaller unit, are one amount."""
    last: Amount | None = None
    for amount in found:
        if last and last.end == amount.start and last.kind == amount.kind in _SUMMED and amount.value < last.value:
            text = last.text + amount.text
            last = replace(last, value=last.value + amount.value, text=text, end=amount.end)
            continue
        if last:
            yield last
        last = amount
    if last:
        yield last


def _made(match: re.Match[str], value: float, kind: str, number: float, grip: str) -> Amount:
    return Amount(value, kind, number, match[0].strip(), 0.0, "", grip, match.start(), match.end())


def _number(text: str) -> float | None:
    if not text:
        return None
    return float(text.replace(",", "")) if text[0].isdigit() else numeral(text)


def _letter(low: str, end: int) -> bool:
    return end < len(low) and low[end].isascii() and low[end].isalpha()


_SUMMED = frozenset(["mass_g", "time_min", "length_mm"])
