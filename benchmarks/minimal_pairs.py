"""Short sentences and what is wrong beside them, from templates: the constructions that grammar books contrast.

Rules on texts (`corrupting.py`) hardly make these: which verbs take an object, what a question may ask for, what
`himself` may stand for. The templates are written from the textbook's list of phenomena (as BLiMP's are: Warstadt et
al. 2020), before any sentence of a set that is tested on was read.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

from corrupting import Pair  # type: ignore[import-not-found]  # beside this script

SLOTS = {
    "m": "John|Peter|Sam|Bill|David|Tom|Max|Robert|Fred|Henry|Mark|Paul",
    "f": "Mary|Susan|Anna|Kate|Linda|Emma|Julia|Carol|Jane|Sally|Alice",
    "h": (
        "boy|cook|sailor|farmer|actor|dog|cat|manager|president|nurse|waiter|detective|teacher|student|"
        "doctor|man|woman|girl|lawyer|neighbor|driver|king|guest|child|singer"
    ),
    "hs": (
        "boys|cooks|sailors|farmers|actors|dogs|cats|managers|nurses|teachers|students|doctors|men|"
        "women|girls|lawyers|neighbors|drivers|guests|children"
    ),
    "t": (
        "door|window|report|movie|wall|boat|glass|ring|map|ladder|tree|story|book|car|letter|picture|"
        "table|ball|cake|bicycle|box|lamp|house|paper|key|song|coat"
    ),
    "ts": (
        "doors|windows|reports|movies|boats|rings|maps|trees|stories|books|cars|letters|pictures|tables|"
        "balls|cakes|boxes|lamps|houses|papers|keys|songs"
    ),
    "p": "in the garden|at school|in the kitchen|near the river|in Paris|at the party|on the bus|at home",
    "w": "yesterday|last week|on Monday|this morning|again|in the end|quickly|in June",
    "vt": "bought|found|wanted|fixed|carried|liked|painted|took|sold|described|moved|lost",
    "vtb": "buy|find|fix|carry|like|paint|take|sell|describe|move|lose",
    "vts": "buys|finds|fixes|carries|likes|paints|sells|loses",
    "vti": "buying|finding|fixing|carrying|painting|taking|selling|describing",
    "vtn": "bought|found|fixed|carried|painted|taken|sold|described|moved|stolen",
    "vh": "hired|greeted|admired|visited|met|blamed|praised|followed|invited|criticized",
    "vhb": "hire|greet|admire|visit|meet|blame|praise|follow|invite",
    "vi": "laughed|slept|smiled|arrived|sneezed|coughed|danced|waited|fainted|yawned|disappeared|cried",
    "vib": "laugh|sleep|smile|arrive|sneeze|dance|wait|cry|leave",
    "vis": "laughs|sleeps|smiles|arrives|dances|waits|cries|sings",
    "vii": "laughing|sleeping|smiling|dancing|waiting|crying|singing",
    "vx": "arrived|vanished|appeared|disappeared|fell|existed|died|happened|occurred",
    "vo": "devoured|fixed|greeted|resembled|discussed|mentioned|bought|needed|avoided|blamed|damaged|put",
    "vc": "think|believe|know|say|hope|claim",
    "vcd": "thought|believed|said|claimed|knew|hoped",
    "gv": "gave|sent|handed|showed|sold|lent|offered",
    "dn": "donated|explained|described|returned|delivered|announced|revealed",
    "a": "tall|old|happy|young|clever|rich|strong|small|quiet|famous",
    "ac": "taller|older|happier|younger|richer|stronger|smaller",
    "as": "tallest|oldest|happiest|youngest|richest|strongest|smallest",
    "adv": "slowly|carefully|loudly|happily|quietly",
    "q": "Every|Each|No",
    "num": "two|three|several|many|five",
    "pl": "looked up|threw away|turned off|picked up|wrote down",
}
TEMPLATES = Path(__file__).with_suffix(".txt").read_text()
"""Lines of `construction: clean / wrong`."""


def pairs(count: int, rng: Random) -> list[Pair]:
    """`count` of every template, without repeats; fewer where it has fewer."""
    found: dict[str, Pair] = {}
    for line in TEMPLATES.strip().splitlines():
        kind, both = line.split(": ", 1)
        for _ in range(count):
            made = _filled(kind, both, rng)
            found.setdefault(made.wrong, made)
    return list(found.values())


def _filled(kind: str, both: str, rng: Random) -> Pair:
    chosen: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        options = SLOTS[slot.rstrip("2")].split("|")
        return chosen.setdefault(slot, rng.choice([one for one in options if one not in chosen.values()]))

    clean, wrong = (side[0].upper() + side[1:] for side in re.sub(r"\[(\w+)\]", fill, both).split(" / "))
    return Pair(clean, wrong, f"template: {kind}", _differing(clean, wrong))


def _differing(clean: str, wrong: str) -> tuple[tuple[int, int], ...]:
    """Characters of the words that are not in the clean sentence; where one is missing, its neighbours."""
    words = [(match[0].lower(), match.span()) for match in re.finditer(r"\w+(?:'\w+)?|[^\w\s]", wrong)]
    theirs = re.findall(r"\w+(?:'\w+)?|[^\w\s]", clean.lower())
    found: set[int] = set()
    for what, _, _, start, end in SequenceMatcher(
        None, theirs, [word for word, _ in words], autojunk=False
    ).get_opcodes():
        if what != "equal":
            found |= set(range(start, end)) or {max(0, start - 1), min(start, len(words) - 1)}
    return tuple(words[place][1] for place in sorted(found))
