"""Whom an item tag is for, against profile and history: age, gender, child, pet, diet, dislikes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..findings import Hit
from ..records import Sample
from .lexicon import find, topics
from .parts import options, parts, profile
from .words import read, shown

_NEEDS: Mapping[str, tuple[str, str]] = {
    "baby": (
        "baby",
        "baby newborn infant toddler child kid son daughter pregnant maternity parent mother father mom dad",
    ),
    "senior": ("senior", "senior elderly parent grandparent grandmother grandfather retired mother father"),
    "kids": ("kids", "child kid son daughter parent toddler school mother father mom dad teacher"),
    "cat": ("cat", "cat kitten pet"),
    "dog": ("dog", "dog puppy pet"),
}
_NEEDS_HAN = {
    "baby": "宝 婴 孕 孩 妈 爸 娃",
    "senior": "老 父母 长辈 爷 奶奶 退休",
    "kids": "孩 娃 儿 女儿 学生 妈 爸 宝",
    "cat": "猫 宠",
    "dog": "狗 犬 宠",
}
_WOMEN = re.compile(
    r"\b(?:women'?s?|woman|ladies|lady'?s?|female|girls?'|maternity|bridal|lipstick|mascara|sundress|bikini)\b"
    r"|\bhigh heels?\b|女士|女款|女式|女生|女装|孕妇|少女|妇女|连衣裙|半身裙|高跟鞋"
)
_MEN = re.compile(
    r"\b(?:men'?s|man'?s|mens|gentlem[ae]n'?s?|male|beard|aftershave)\b|男士|男款|男式|男生|男装|剃须|胡须"
)
_ADULT = re.compile(
    r"\b(?:wine|whisky|whiskey|vodka|gin|rum|beer|cocktail|cigarettes?|cigar|vape|tobacco|sake)\b"
    r"|白酒|红酒|威士忌|啤酒|香烟|电子烟|雪茄|烟草|清酒|黄酒"
)
_DIETS: Mapping[str, re.Pattern[str]] = {
    "vegetarian": re.compile(
        r"\b(?:beef|pork|chicken|steak|bacon|sausage|lamb|ham|jerky|fish|tuna|salmon)\b"
        r"|牛肉|猪肉|鸡肉|牛排|香肠|羊肉|肉脯|鸭脖|鱼干"
    ),
    "vegan": re.compile(
        r"\b(?:beef|pork|chicken|steak|bacon|jerky|cheese|milk|whey|egg|honey|leather|fish|wool)\b|牛|猪|鸡|奶|蛋|蜂蜜|真皮|鱼"
    ),
    "素食": re.compile(r"牛肉|猪肉|鸡|牛排|香肠|羊肉|肉脯|鸭脖|鱼|虾|\bbeef\b|\bsteak\b"),
    "halal": re.compile(r"\b(?:pork|bacon|ham|wine|beer|whisky)\b|猪肉|培根|火腿|酒"),
    "清真": re.compile(r"猪|培根|火腿|酒"),
}
_DISLIKES = (
    "dislike",
    "avoid",
    "allerg",
    "exclude",
    "no_go",
    "hates",
    "blocked",
    "不喜欢",
    "过敏",
    "忌口",
    "避免",
    "屏蔽",
    "讨厌",
)
_FEMALE = re.compile(r"^(?:f|female|woman|女|女性|女士)$", re.IGNORECASE)
_MALE = re.compile(r"^(?:m|male|man|男|男性|男士)$", re.IGNORECASE)
_WHO = {"baby": "baby", "senior": "senior", "kids": "child", "cat": "cat", "dog": "dog"}


def audience(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Made for someone else: age, gender, child, pet or diet, where profile and history say otherwise, or nothing."""
    o = options(given, senior_from=50, adult_from=18)
    tag = read(sample.text).lower
    who, past = profile(sample), read(parts(sample, ("history", "profile"))).lower
    if not who and not past:
        return None
    return (
        _unasked(sample, tag, past, _age(who), o.senior_from)
        or _wrong_gender(tag, who, past)
        or _forbidden(tag, who, _age(who), o.adult_from)
    )


def _unasked(sample: Sample, tag: str, past: str, age: int | None, senior_from: float) -> Hit | None:
    mine = topics(sample.text)
    past_topics = topics(past)
    for name, (topic, words) in _NEEDS.items():
        if topic not in mine or (
            len(mine) > 1 and topic in ("kids", "senior") and not find(sample.text, f"topic:{topic}")
        ):
            continue
        known = topic in past_topics or any(re.search(rf"\b{word}", past) for word in words.split())
        known = known or any(word in past for word in _NEEDS_HAN[name].split())
        if name == "senior" and age is not None and age >= senior_from:
            known = True
        if not known:
            return Hit(f"for a {_WHO[name]}, of whom profile and history know nothing", ("profile", "history"))
    return None


def _wrong_gender(tag: str, who: Mapping[str, str], past: str) -> Hit | None:
    gender = who.get("gender") or who.get("sex") or who.get("性别") or ""
    for is_one, other, words in ((_MALE, _WOMEN, "women"), (_FEMALE, _MEN, "men")):
        if is_one.match(gender.strip()) and other.search(tag) and not other.search(past):
            return Hit(f"for {words}; the profile says {gender}", (f"profile.gender: {gender}",))
    return None


def _forbidden(tag: str, who: Mapping[str, str], age: int | None, adult_from: float) -> Hit | None:
    if age is not None and age < adult_from and (found := _ADULT.search(tag)):
        return Hit(f"for adults; the user is {age}: {found[0]!r}", (f"profile.age: {age}",))
    for name, value in who.items():
        low = f"{name} {value}".lower()
        for diet, pattern in _DIETS.items():
            if diet in low and not re.search(r"vegan|vegetarian|素|plant|植物", tag) and (found := pattern.search(tag)):
                return Hit(f"against the profile ({diet}): {found[0]!r}", (f"profile.{name}: {shown(value)}",))
        if any(word in name for word in _DISLIKES) and (common := _disliked(tag, value)):
            return Hit(f"against the profile's {name}: {common!r}", (f"profile.{name}: {shown(value)}",))
    return None


def _disliked(tag: str, value: str) -> str:
    terms = [term.strip().lower() for term in re.split(r"[,;/、,]| and ", value) if term.strip()]
    low = f" {' '.join(read(tag).words)} "
    return next((t for t in terms if (t in tag if not t.isascii() else f" {' '.join(read(t).words)} " in low)), "")


def _age(who: Mapping[str, str]) -> int | None:
    text = who.get("age") or who.get("年龄") or who.get("age_range") or who.get("age_group") or ""
    found = re.search(r"\d{1,3}", text)
    return int(found[0]) if found and int(found[0]) < 120 else None
