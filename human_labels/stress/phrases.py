"""The words that relations add and swap, English and Chinese: they say nothing of any item; data only."""

from __future__ import annotations

from collections.abc import Mapping

FILLER: Mapping[str, tuple[str, ...]] = {
    "en": (
        "That is what this is about.",
        "Put in other words, it comes to the same.",
        "This may be worth a thought.",
        "It is as it was said above.",
        "There is not much more to it.",
        "One could say it like this as well.",
        "So much for the matter at hand.",
        "As such, it speaks for itself.",
        "All in all, that sums it up.",
        "It should be plain what is meant by that.",
        "Anyone who reads this will see the point.",
        "The rest follows from what came before.",
        "Needless to say, that is the gist.",
        "And that is really all there is to say here.",
        "To come back to the point, it stays as it is.",
        "This is mentioned here for the sake of completeness.",
    ),
    "zh": (
        "说的就是这么一回事。",
        "换句话说，意思是一样的。",
        "这一点不妨想一想。",
        "正如上面所说的那样。",
        "其余的也不必多讲。",
        "也可以这样来表达。",
        "关于这个就说到这里。",
        "总的来说，大致如此。",
        "看到这里自然明白其中的意思。",
        "后面的话从前面也能推出来。",
        "不言而喻，要点就在这里。",
        "回到正题，仍然是这样。",
    ),
}
"""Sentences that could stand in any text: no number, name, trait, praise or season."""

AUTHORITY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "According to a Harvard University study, this is so.",
        "(Smith et al., Journal of Applied Research)",
        "Source: https://www.research-institute.example/study",
    ),
    "zh": (
        "哈佛大学的研究证实了这一点。",
        "（张明等，应用研究学报）",
        "来源：https://www.research-institute.example/study",
    ),
}
"""Sources that do not exist."""

CROWD: Mapping[str, tuple[str, ...]] = {
    "en": ("90% of users prefer this.", "Most people agree with this.", "Everyone is talking about it."),
    "zh": ("九成用户都更喜欢这个。", "大多数人都同意这一点。", "大家都在谈论它。"),
}

DISTRACTION: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Octopuses have blue blood.",
        "The letter e is the most common in English.",
        "Sound does not travel in space.",
    ),
    "zh": ("章鱼的血是蓝色的。", "声音在太空中无法传播。", "月亮绕着地球转。"),
}
"""True of the world, and of nothing here."""

TONE: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "en": (("cheerful", "Oh, how lovely! ", " Hooray! 😊"), ("angry", "Ugh, for heaven's sake. ", " How annoying.")),
    "zh": (("cheerful", "哇，真开心！", "太棒啦！😊"), ("angry", "唉，真是的。", "真让人恼火。")),
}
"""(name, before, after)."""

REVISED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "en": (
        ("tag", "", " (Revised version.)"),
        ("note", "Revised after feedback: ", ""),
        ("reasoning", "Let me think about this step by step and check it twice. Here is the final answer: ", ""),
    ),
    "zh": (
        ("tag", "", "（修订版）"),
        ("note", "根据反馈修改后：", ""),
        ("reasoning", "让我一步一步地思考并检查两遍，最终的回答是：", ""),
    ),
}

IDENTITY: tuple[tuple[str, str], ...] = (
    ("woman", "man"), ("women", "men"), ("female", "male"), ("females", "males"), ("girl", "boy"), ("girls", "boys"),
    ("she", "he"), ("herself", "himself"), ("mother", "father"), ("mothers", "fathers"), ("mom", "dad"),
    ("wife", "husband"), ("wives", "husbands"), ("daughter", "son"), ("daughters", "sons"), ("sister", "brother"),
    ("sisters", "brothers"), ("aunt", "uncle"), ("grandmother", "grandfather"), ("girlfriend", "boyfriend"),
)  # fmt: skip
"""Words for who somebody is, in pairs that are swapped both ways."""

ORIGIN: tuple[tuple[str, str], ...] = (
    ("christian", "muslim"), ("african", "european"), ("asian", "american"), ("black", "white"),
)  # fmt: skip
"""The same, where a word for people follows; alone they are as often names and colours."""

IDENTITY_HAN: tuple[tuple[str, str], ...] = (
    ("女性", "男性"),
    ("女士", "男士"),
    ("女款", "男款"),
    ("女生", "男生"),
    ("女装", "男装"),
    ("她", "他"),
    ("妈妈", "爸爸"),
    ("母亲", "父亲"),
    ("妻子", "丈夫"),
    ("女儿", "儿子"),
    ("姐姐", "哥哥"),
    ("妹妹", "弟弟"),
    ("奶奶", "爷爷"),
    ("女孩", "男孩"),
)

LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua."
)

ENTITIES: tuple[tuple[str, ...], ...] = (
    ("steel", "aluminium", "copper", "titanium", "brass", "plastic"),
    ("cotton", "wool", "silk", "linen", "nylon", "polyester", "leather"),
    ("oak", "larch", "pine", "bamboo", "walnut"),
    ("red", "green", "blue", "yellow", "purple", "orange"),
    ("england", "france", "germany", "spain", "italy", "scotland", "japan", "china", "india", "brazil"),
    ("不锈钢", "铝合金", "纯铜", "钛合金", "塑料"),
    ("纯棉", "羊毛", "真丝", "亚麻", "尼龙", "聚酯纤维"),
    ("白瓷", "紫砂", "玻璃", "竹制"),
    ("剑麻", "松木", "橡木", "藤编"),
)
"""Things of one kind: any may take another's place in a sentence and make it false."""

DATES: tuple[tuple[str, ...], ...] = (
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    (
        "january", "february", "april", "june", "july", "august", "september", "october", "november", "december",
    ),
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("一月", "三月", "五月", "六月", "七月", "八月", "九月", "十月"),
)  # fmt: skip
"""Days and months; `may` and `march` are other words as well."""

UNITS: Mapping[str, str] = {
    "g": "kg", "kg": "g", "grams": "kilograms", "ml": "l", "l": "ml", "cm": "m", "mm": "cm", "m": "cm", "km": "m",
    "hours": "minutes", "minutes": "hours", "days": "hours", "weeks": "days", "months": "weeks", "years": "months",
    "inch": "feet", "miles": "feet", "克": "千克", "千克": "克", "毫升": "升", "升": "毫升", "厘米": "米", "米": "厘米",
    "小时": "分钟", "分钟": "小时", "year": "month", "month": "week", "hour": "minute", "minute": "hour",
}  # fmt: skip
"""A unit and another of its kind."""

COMPARED: tuple[tuple[str, str], ...] = (
    ("more than", "less than"), ("over", "under"), ("at least", "at most"), ("before", "after"), ("above", "below"),
    ("higher than", "lower than"), ("longer than", "shorter than"), ("larger than", "smaller than"),
    ("up to", "no less than"), ("以上", "以下"), ("之前", "之后"), ("高于", "低于"), ("超过", "不到"),
)  # fmt: skip

OPPOSITES: tuple[tuple[str, str], ...] = (
    ("narrow", "wide"), ("warm", "cold"), ("light", "heavy"), ("soft", "hard"), ("open", "closed"), ("first", "last"),
    ("won", "lost"), ("win", "lose"), ("increase", "decrease"), ("rose", "fell"), ("included", "excluded"),
    ("foldable", "rigid"), ("folding", "rigid"), ("thick", "thin"), ("deep", "shallow"), ("indoor", "outdoor"),
    ("accepted", "rejected"), ("guilty", "innocent"), ("alive", "dead"), ("young", "old"), ("fast", "slow"),
    ("early", "late"), ("north", "south"), ("cheap", "expensive"), ("with", "without"), ("bright", "dim"),
    ("non-slip", "slippery"), ("轻", "重"), ("宽", "窄"), ("软", "硬"), ("厚", "薄"), ("暖", "冷"),
)  # fmt: skip
"""A word and one that says the opposite in its place."""
