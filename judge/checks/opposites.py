"""Words that turn a statement round, and things of one kind that rule each other out in one place; data only."""

from __future__ import annotations

from collections.abc import Mapping

from .words import root, singular, words_of

_PAIRS = """
    more/less more/fewer most/least over/under above/below higher/lower high/low before/after early/late earlier/later
    increase/decrease increased/decreased rise/fall rose/fell rising/falling up/down first/last win/lose won/lost
    larger/smaller large/small big/small bigger/smaller longer/shorter long/short heavier/lighter heavy/light
    faster/slower fast/slow quickly/slowly hotter/colder hot/cold warm/cold warm/cool warmer/cooler wide/narrow
    wider/narrower thick/thin thicker/thinner deep/shallow deeper/shallower bright/dim brighter/dimmer loud/quiet
    louder/quieter hard/soft harder/softer rough/smooth wet/dry open/closed opened/closed inside/outside indoor/outdoor
    indoors/outdoors cheap/expensive cheaper/dearer safe/dangerous better/worse best/worst stronger/weaker strong/weak
    accept/reject accepted/rejected allow/forbid allowed/forbidden allowed/banned approve/reject approved/rejected
    guilty/innocent alive/dead male/female man/woman men/women boy/girl father/mother husband/wife son/daughter
    brother/sister north/south northern/southern east/west eastern/western left/right front/back top/bottom
    minimum/maximum fewer/more longest/shortest largest/smallest highest/lowest oldest/youngest older/younger
    with/without include/exclude included/excluded manual/automatic corded/cordless wired/wireless flexible/rigid
    foldable/rigid folding/rigid fixed/removable matte/glossy sweet/bitter full/empty succeed/fail succeeded/failed
    pass/fail passed/failed start/stop started/stopped begin/end began/ended gain/lose gained/lost support/oppose
    supported/opposed agree/disagree agreed/refused confirm/deny confirmed/denied arrive/leave arrived/left buy/sell
    bought/sold inner/outer upper/lower thinner/heavier
"""
_KINDS = """
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    spring summer autumn winter
    morning afternoon evening night
    red green blue yellow purple orange black white pink brown grey
    steel aluminium copper titanium brass plastic iron ceramic
    cotton wool silk linen nylon polyester leather
    oak larch pine bamboo walnut birch
    england france germany spain italy scotland japan china india brazil wales ireland russia australia canada
    american british french german spanish italian japanese chinese indian brazilian australian canadian russian
"""


def _turned() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split():
        one, other = pair.split("/")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


TURNED: Mapping[str, frozenset[str]] = _turned()
"""Word to those that say the opposite of it in the same place."""
KIND: Mapping[str, int] = {
    key: number
    for number, line in enumerate(_KINDS.strip().splitlines())
    for word in line.split()
    for key in (word, root(singular(word)))
}
"""Word, and its root, to the number of its kind: two of one kind cannot stand in the same place of one fact."""
DENIALS = words_of("""
    not no never without cannot neither nor isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't
    can't couldn't wouldn't shouldn't n't 't 不 没 无 未 非 勿
""")
"""Words that deny what follows."""
HEDGES = words_of("about almost nearly around roughly some approximately circa over under more less than least most up")
"""Before a number: it need not be exact."""
_COUNTED = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty
"""
NUMBERS: Mapping[str, str] = {word: str(number) for number, word in enumerate(_COUNTED.split())} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "dozen": "12",
    "hundred": "100",
}
"""Numbers in words."""
