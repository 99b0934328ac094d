"""Colour, origin and named kinds of a Chinese text against an item's fields: `玫红色杯身` where the field says 雾蓝.

Only contradictions are found: where the fields name no colour or no origin, nothing here is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_COLOUR_FIELD = re.compile(r"颜色|色系|配色|colou?r")
_ORIGIN_FIELD = re.compile(r"产地|原产|产区|origin|made")
_COLOURS: Mapping[str, str] = {
    "白": "白 米白 奶白 象牙白 月白 珍珠白 乳白 雪白 纯白 本白",
    "米": "米 米色 米白 杏 杏色 奶茶 燕麦 裸色 米黄 香槟",
    "黑": "黑 炭黑 曜石黑 墨黑 纯黑 亮黑 哑黑",
    "灰": "灰 银灰 深灰 浅灰 雾灰 深空灰 炭灰 高级灰 麻灰",
    "银": "银 银灰 银白",
    "红": "红 玫红 酒红 大红 砖红 枣红 正红 暗红 朱红 西瓜红 玫瑰红",
    "粉": "粉 樱花粉 藕粉 浅粉 粉红 裸粉 雾粉",
    "橙": "橙 橘 橘红 桔",
    "黄": "黄 荧光黄 姜黄 鹅黄 柠檬黄 明黄 米黄",
    "金": "金 香槟金 玫瑰金 金黄",
    "绿": "绿 墨绿 橄榄绿 军绿 豆绿 草绿 荧光绿 薄荷绿 牛油果绿",
    "青": "青 藏青 天青 黛青",
    "蓝": "蓝 雾蓝 天蓝 藏蓝 宝蓝 深蓝 浅蓝 湖蓝 克莱因蓝 海军蓝",
    "紫": "紫 香芋紫 浅紫 深紫 藕紫",
    "棕": "棕 咖啡 咖 驼 褐 卡其 焦糖 棕褐 深棕 浅棕",
}
_NEAR = ({"青", "蓝", "绿"}, {"白", "米"}, {"灰", "银"}, {"红", "粉"}, {"红", "橙"}, {"黄", "金"}, {"米", "黄"},
         {"米", "棕"}, {"粉", "米"}, {"白", "银"}, {"黑", "灰"}, {"红", "紫"}, {"粉", "紫"})  # fmt: skip
"""Families that sellers use for one another."""
_FAMILIES: dict[str, set[str]] = {}
for _family, _names in _COLOURS.items():
    for _name in _names.split():
        _FAMILIES.setdefault(_name, set()).add(_family)
_COLOUR = "|".join(sorted(_FAMILIES, key=len, reverse=True))
_PARTS = "机身|杯身|瓶身|壶身|箱身|包身|锅身|鞋身|鞋面|表面|外壳|外观|面料|款|配色|机型|杯盖|盖子|底座|壳体|版"
_PAINTED = re.compile(rf"(?<![一-鿿])(?:{_COLOUR})色?(?=款|配色|版)|(?:{_COLOUR})色?的?小?(?={_PARTS})")
_ABROAD = """
    美国 日本 德国 法国 意大利 英国 韩国 泰国 越南 澳大利亚 澳洲 新西兰 瑞士 瑞典 丹麦 荷兰 西班牙 葡萄牙
    加拿大 俄罗斯 印度 印尼 印度尼西亚 马来西亚 菲律宾 土耳其 智利 巴西 阿根廷 秘鲁 哥伦比亚
    埃塞俄比亚 肯尼亚 南非 埃及 以色列 挪威 芬兰 比利时 奥地利 波兰 希腊 爱尔兰 墨西哥 缅甸 柬埔寨 斯里兰卡
    尼泊尔 伊朗 乌克兰
"""
_PLACES: Mapping[str, str] = {
    "北京": "", "上海": "", "天津": "", "重庆": "", "香港": "", "澳门": "", "台湾": "台北 高雄 阿里山",
    "河北": "石家庄 唐山 保定 邯郸", "山西": "太原 大同 运城", "内蒙古": "呼和浩特 包头 锡林郭勒 呼伦贝尔",
    "辽宁": "沈阳 大连 丹东 盘锦", "吉林": "长春 延边 通化", "黑龙江": "哈尔滨 五常 齐齐哈尔",
    "江苏": "南京 苏州 无锡 南通 宜兴 扬州 徐州", "浙江": "杭州 宁波 温州 义乌 永康 嘉兴 绍兴 金华 台州 安吉 龙泉",
    "安徽": "合肥 黄山 祁门 六安", "福建": "福州 厦门 泉州 安溪 武夷山 福鼎 德化 晋江", "江西": "南昌 景德镇 赣南 赣州",
    "山东": "济南 青岛 烟台 威海 临沂 潍坊 寿光", "河南": "郑州 洛阳 信阳 开封", "湖北": "武汉 宜昌 恩施 襄阳",
    "湖南": "长沙 安化 湘西 醴陵", "广东": "广州 深圳 东莞 佛山 潮州 汕头 揭阳 中山 阳江 新会",
    "广西": "南宁 桂林 柳州 横县 梧州", "海南": "海口 三亚", "四川": "成都 绵阳 宜宾 雅安 攀枝花 郫县",
    "贵州": "贵阳 遵义 都匀", "云南": "昆明 大理 普洱 丽江 勐海 西双版纳 保山", "西藏": "拉萨 林芝",
    "陕西": "西安 洛川 延安",
    "甘肃": "兰州 敦煌 张掖", "青海": "西宁", "宁夏": "银川 中宁", "新疆": "乌鲁木齐 喀什 吐鲁番 和田 阿克苏 库尔勒",
}  # fmt: skip
_PROVINCE = {city: province for province, cities in _PLACES.items() for city in (province, *cities.split())}
_PLACE = "|".join(sorted((*_ABROAD.split(), *_PROVINCE, "中国"), key=len, reverse=True))
_FROM = re.compile(
    rf"(?:产自|原产于?|产于|来自|源自)(?P<a>(?:{_PLACE}))"
    rf"|(?P<b>{_PLACE})(?:原装)?(?:进口|产的|制造|原产|直邮)|(?P<c>{_PLACE})产(?=[一-鿿])"
)
_IMPORTED = re.compile(r"(?<![非不])(?:原装)?进口(?!设备|机器|商|税|轴承|电机)")
_KINDS = """
    鹅绒/鸭绒 304/316 头层/二层 牛皮/羊皮/猪皮 长袖/短袖/无袖/七分袖 单人/双人/三人/四人/六人
    圆领/V领/高领/方领/翻领 长款/短款/中长款 红轴/青轴/茶轴/黑轴/银轴 浅烘/中烘/深烘 全脂/低脂/脱脂
    单层/双层/三层 磨砂/亮面 有框/无框 全自动/半自动 有线/无线 男款/女款 高腰/低腰/中腰 平跟/高跟/粗跟/坡跟
    实木/密度板/颗粒板 干性/油性 浓香型/清香型/酱香型 一级能效/二级能效/三级能效 微辣/中辣/特辣 短毛/长毛
    成人/婴幼儿 橡木/胡桃木/松木/榉木/柚木/桦木/楠木
"""
"""Words of which a thing is only one."""
_GROUPS = tuple(tuple(group.split("/")) for group in _KINDS.split())


def contradicted_zh(text: str, fields: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    """Words of the text and the field (`颜色: 雾蓝`) that says otherwise; None where no field does."""
    return next((found for check in (_colour, _origin, _kind) if (found := check(text, fields))), None)


def _colour(text: str, fields: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    known = [(name, value) for name, value in fields if _COLOUR_FIELD.search(name) and _families(value)]
    if not known:
        return None
    theirs = set().union(*(_families(value) for _, value in known))
    for words in _painted(text, fields):
        mine = _families(words)
        if mine and not mine & theirs and not any(near & mine and near & theirs for near in _NEAR):
            return words, f"{known[0][0]}: {known[0][1]}"
    return None


def _painted(text: str, fields: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Colours said of the item: before one of its parts, or before a word that ends its title."""
    for match in _PAINTED.finditer(text):
        yield match[0].rstrip("的小")
    title = next((value for name, value in fields if name in ("标题", "標題", "title", "名称", "name")), "")
    heads = {word[-2:] for word in re.findall("[一-鿿]{2,}", title)}
    if heads:
        for match in re.finditer(
            rf"(?<![配搭穿])(?:{_COLOUR})色?的?小?(?={'|'.join(map(re.escape, sorted(heads)))})", text
        ):
            yield match[0].rstrip("的小")


@lru_cache(maxsize=1_024)
def _families(words: str) -> frozenset[str]:
    """The colour families that the words name, longest names first: 橄榄绿 is green alone."""
    return frozenset(family for match in re.finditer(_COLOUR, words) for family in _FAMILIES[match[0]])


def _origin(text: str, fields: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    known = next(((n, v) for n, v in fields if _ORIGIN_FIELD.search(n) and re.search(_PLACE, v)), None)
    if known is None:
        return None
    theirs = [_standing(place) for place in re.findall(_PLACE, known[1])]
    whole = " ".join(value for _, value in fields)
    for match in _FROM.finditer(text):
        place = match["a"] or match["b"] or match["c"]
        if place not in whole and all(_apart(_standing(place), other) for other in theirs):
            return match[0], f"{known[0]}: {known[1]}"
    home = all(country == "中国" for country, _ in theirs)
    if home and (found := _IMPORTED.search(text)) and "进口" not in whole:
        return found[0], f"{known[0]}: {known[1]}"
    return None


def _standing(place: str) -> tuple[str, str]:
    """Country and province of a place; the province empty for a country."""
    return ("中国", _PROVINCE.get(place, "")) if place in _PROVINCE or place == "中国" else (place, "")


def _apart(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] != other[0] or bool(one[1] and other[1] and one[1] != other[1])


def _kind(text: str, fields: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    """A word of a group of which the fields have another, and not this one; the group's words are told apart whole."""
    low = text.upper()
    for group in _GROUPS:
        mine = [word for word in group if re.search(_alone(word), low)]
        if len(mine) != 1 or re.search(rf"(?:[不非无比]|像|替代|媲美){mine[0]}", low):
            continue
        for name, value in fields:
            there = [word for word in group if re.search(_alone(word), value.upper())]
            if there and mine[0] not in there and not any(re.search(_alone(mine[0]), v.upper()) for _, v in fields):
                return mine[0], f"{name}: {value}"
    return None


@lru_cache(maxsize=256)
def _alone(word: str) -> str:
    if word.isdigit():
        return rf"(?<!\d){word}(?!\d)"
    return {"长款": "(?<!中)长款", "牛皮": "牛皮(?!纸|癣)", "有框": "有框(?!架)"}.get(word, word)
