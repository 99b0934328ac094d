"""What a text says of its subject: without marks of layout, and without talk about itself, its sources and its readers.

Such talk says nothing of the content, and no score may hang on it. A sentence (or what opens one, or stands in
brackets) is talk when all of its content words are of saying, knowing, vouching, crowds or feelings, in any order:
“Experts agree that”, “(Revised version.)”, “Everyone is talking about it.” The same words may be the subject itself:
where the context has one of them, a sentence stays unless it points at the text (`this`, `it`, `here`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from ..checks.addressed import speaks_to_judge
from ..checks.parts import part
from ..checks.words import SMALL, Text, read, root, singular, words_of
from ..context import fields_of
from ..once import once
from ..records import Sample


def plainly(sample: Sample) -> Sample:
    """The sample as it is read: the text, and an intent's or a tag's reason, without marks and talk.

    The sample itself where there is neither, and where it speaks to its judge: that is to be seen. A text that is
    nothing but talk keeps its words, and so does one with no content to be held to: in a dialogue or a single sentence
    they are what is judged.
    """
    if "plainly" not in sample.kept:
        found = None if speaks_to_judge(sample.text) else _without(sample)
        sample.kept["plainly"] = found  # None where it is the sample itself: no cycles
        if found is not None:
            found.kept["plainly"] = None
    done: Sample | None = sample.kept["plainly"]
    return sample if done is None else done


def _without(sample: Sample) -> Sample | None:
    """The sample without marks and talk; None where it has neither."""
    known = _Known(sample.context) if any(sample.context.get(name) for name in _CONTENT) else None
    output = sample.output
    if isinstance(output, str):
        said: str | Mapping[str, object] = bare(output, known)
    else:
        said = {name: bare(text, known) if _told(name, text) else text for name, text in output.items()}
    return None if said == output else replace(sample, output=said)


def readings(sample: Sample) -> tuple[Sample, ...]:
    """`plainly`; and, where some sentences share no content word with the source or the history that the text rests on,
    the same without those. The lower word of the two counts, so that what belongs elsewhere lifts nothing.

    Where no sentence shares one, the first is what the text says. An explanation of an item may paint a scene, and is
    read once.
    """
    first = plainly(sample)
    if "other reading" not in first.kept:
        text = _core(first)
        other = None if text == first.text else _with(first, text)
        first.kept["other reading"] = other
        if other is not None:
            other.kept["plainly"] = None
    other = first.kept["other reading"]
    return (first,) if other is None else (first, other)


@dataclass(frozen=True, eq=False)
class _Known:
    """What the context speaks of; worked out where a sentence might be talk, which is seldom."""

    context: Mapping[str, Any] = field(default_factory=dict)

    @once
    def texts(self) -> list[Text]:
        """Every text of the context."""
        return [read(text) for value in self.context.values() for text in fields_of(value).values()]

    @once
    def roots(self) -> frozenset[str]:
        """Content words."""
        return frozenset[str]().union(*(text.roots for text in self.texts))

    @once
    def numbers(self) -> frozenset[str]:
        """Numbers."""
        return frozenset[str]().union(*(text.numbers for text in self.texts))


def bare(text: str, known: _Known | None = None) -> str:
    """A text without layout and talk; of a text of talk alone, its words without layout; without `known`, all words."""
    plain = _unmarked(text)
    if known is None:
        return plain if plain.strip() else text
    if _tells_throughout(plain):
        return text if (kept := plain.strip()) == text.strip() else kept
    kept = "".join(_without_talk(plain, known)).strip()
    if not read(kept).words:
        return plain if plain.strip() else text
    return text if kept == text.strip() else kept


def _tells_throughout(plain: str) -> bool:
    """A quick look at a short English text, true of most: no piece of it, and nothing that opens one, can be talk.

    Each piece has a content word that is none of talk, in front of any mark at which an opening may end; and no source
    is named, whose name would not count as such a word.
    """
    if len(plain) > _SHORT or not plain.isascii():
        return False
    low = plain.strip().lower()
    if any(map(low.__contains__, _DOUBTFUL)) or (any(map(low.__contains__, _DATED)) and _CITED.search(low)):
        return False
    return all(map(_tells_first, _ENDED.split(low)))


def _tells_first(piece: str) -> bool:
    for word in piece.split():
        if _tells(word):
            return True
        if _MAY_OPEN.search(word):
            return False
    return False


@lru_cache(maxsize=16_384)
def _tells(word: str) -> bool:
    """Whether what stands between two spaces, in lower case, is a content word that is none of talk."""
    word = word.rstrip(",:;.!?")
    return word.isalpha() and (one := singular(word)) not in SMALL and root(one) not in _TALK


def _without_talk(plain: str, known: _Known) -> Iterator[str]:
    """Pieces with what stands between them; a piece that is talk goes with what stands behind it."""
    plain = _ASIDE.sub(lambda aside: "" if _talk(aside[1], known) else aside[0], plain)
    pieces = [*_PIECE.split(plain), ""]
    for piece, behind in zip(pieces[0::2], pieces[1::2], strict=True):
        if not piece or (read(piece).texts and _talk(piece, known)):
            continue
        telling = not read(piece).roots.isdisjoint(_TALK)
        while telling and (opening := _OPENING.match(piece)) and _opens(opening, known):
            rest = piece[opening.end() :]
            piece = rest[:1].upper() + rest[1:] if piece[0].isupper() else rest
        yield piece + behind


def _opens(opening: re.Match[str], known: _Known) -> bool:
    """Whether a sentence's beginning vouches for the rest or speaks of it, and says nothing itself."""
    roots = read(opening[1]).roots
    telling = roots & (_TALK if opening[2] == ":" else _VOUCHING)
    if not _OTHERS.isdisjoint(read(opening[1]).texts):  # who said it is then a matter of the text
        return False
    return bool(telling) and not read(opening[1]).numbers & known.numbers and _talk(opening[1], known)


def _talk(sentence: str, known: _Known) -> bool:
    told = read(_ADDRESS.sub(" ", sentence))
    strange = told.roots - _TALK
    if strange and (told.roots & _SOURCES or _CITED.search(sentence)):
        names = frozenset(root(singular(name.lower())) for name in _NAME.findall(sentence))
        strange -= names - known.roots
    if strange or told.han:
        return False
    return not (told.roots & known.roots or told.numbers & known.numbers) or not _POINTING.isdisjoint(told.texts)


def _unmarked(text: str) -> str:
    """Without headings', lists', quotations' and bold marks, link targets and pictographs."""
    if not _MAY_MARK.search(text):
        return text
    text = _LINE.sub(lambda line: " " if line["end"] else "", _PICTURE.sub("", text))
    text = _LINK.sub(r"\1", text)
    return _BOLD.sub(r"\2", text)


def _core(sample: Sample) -> str:
    """The sentences that share a content word with what the text rests on, or the first of all."""
    if sample.context.get("item"):
        return sample.text
    pieces = [*_PIECE.split(sample.text), ""]
    if len(pieces) < 4:
        return sample.text
    rests_on = [given for name in ("source", "history") if (given := part(sample, name))]
    known = frozenset[str]().union(*(read(given).roots for given in rests_on))
    both = [pair for pair in zip(pieces[0::2], pieces[1::2], strict=True) if read(pair[0]).words]
    shares = [bool(read(piece).roots & known) for piece, _ in both]
    if not rests_on or all(shares) or len(both) < 2:
        return sample.text
    kept = [pair for pair, on in zip(both, shares, strict=True) if on] or both[:1]
    return "".join(piece + behind for piece, behind in kept).strip()


def _with(sample: Sample, text: str) -> Sample:
    if isinstance(sample.output, str):
        return replace(sample, output=text)
    key = next(key for key in ("tag", "interest", "text") if sample.output.get(key) == sample.text)
    return replace(sample, output={**sample.output, key: text})


def _told(name: str, text: object) -> bool:
    return isinstance(text, str) and name in ("tag", "interest", "text", "reason")


def _roots(*blocks: str) -> frozenset[str]:
    return frozenset(root(singular(word)) for block in blocks for word in words_of(block))


_CONTENT = ("source", "history", "item")
_PIECE = re.compile(r"((?<=[.!?。！？])\s+|\s*\n+\s*)")
_ASIDE = re.compile(r"\s*[(（]([^()（）]{2,160})[)）]")
_OPENING = re.compile(r"([^,:.!?\n]{2,120}?)(,|:|\bthat\b)\s+(?=\S+\s+\S)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_NAME = re.compile(r"\b[A-Z][A-Za-z’'-]+")
_CITED = re.compile(r"\bet al\b|\b(?:19|20)\d\d\b", re.IGNORECASE)
_PICTURE = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u200d\ufe0f\u20e3]+")
_LINE = re.compile(r"(?m)(?P<end>(?<=[.!?。！？])[ \t]*\n+)?^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+•·][ \t]+(?=\S))")
"""A mark at the beginning of a line, with the line's break where a sentence ended before it."""
_LINK = re.compile(r"!?\[([^\[\]\n]+)\]\([^()\s]*\)")
_BOLD = re.compile(r"(?<![\w*])(\*\*\*|\*\*|__|~~|\*)(?=\S)([^\n]+?)(?<=\S)\1(?!\w)")
_MAY_MARK = re.compile(
    "[*_#>~\\[•·\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u200d\ufe0f\u20e3]|(?m:^[ \t]*[-+] )"
)
_ENDED = re.compile(r"[.!?\n]\s*(?<=\s)")
"""Between the same pieces, which it leaves without their marks; several times as fast."""
_MAY_OPEN = re.compile(r"[,:]|that")
_SHORT = 8_000
"""Characters: far below those of a text that are read."""
_OTHERS = words_of("he she they his her their him them")
_POINTING = words_of("this that it here these above so")

_SOURCES = _roots("""
    study studies research researcher university institute institution journal proceedings source citation reference
    professor expert scientist according survey report
""")
_VOUCHING = _SOURCES | _roots("""
    science scientific specialist professional doctor paper published evidence proof proven prove confirm verify
    verified check checked review reviewed revise revised update approved endorsed recommended certified tested
    authority official everyone everybody people users customers buyers readers consumers majority percent million
    thousand popular agree prefer known fact truth true honestly needless frankly feedback obviously clearly
    undoubtedly oh wow ugh yay
""")
_TALK = _VOUCHING | _roots(
    """
    say said tell told speak talk mention state note point put word express describe explain repeat add call mean
    meant matter subject topic question answer text sentence paragraph line summary version draft copy edit edition
    remark comment detail read reader write written writer author list heading title completeness complete whole sum
    total conclude conclusion end final finally begin start short brief briefly gist essence bottom essentially
    basically simply overall general generally follow rest further above below previous earlier later back return
    come came go stay
    """,
    """
    know think thought thinking believe consider see look find found notice understand remember realise realize
    clear plain plainly obvious evident sure certain certainly doubt wonder guess suppose truly actual actually
    indeed honest frank real really right correct correctly accurate accurately reliable trust trusted trustworthy
    show shown poll data statistics al et peer person user customer consumer popularity choose choice choosing love
    opinion vote rating star favourite favorite worldwide world trend trending viral buzz hype billion percent half
    nearly almost
    """,
    """
    hooray hurrah hurray ah awesome amazing great good nice lovely wonderful fantastic brilliant excellent happy
    happily glad joy enjoy excite exciting excited sad angry annoy annoying terrible awful horrible hate sorry thank
    thanks please hope hopefully wish help helpful welcome cheers luck day heaven sake god goodness gosh damn best
    worst smile fun step carefully careful twice double thorough reason reasoning okay ok yes course need naturally
    worth worthwhile interesting important importantly keep mind forget way kind thing stuff bit else say here
    anyone anybody somebody nobody something nothing anything everything other another itself himself themselves
    hand case thus hence therefore before long cut story goes going without wide widely extreme extremely become
    became recent new two three four five six seven eight nine ten hundred team editor improve improved support
    supported include however moreover furthermore though although besides anyway because since yet still already
    again too
    """,
)
"""Roots of words that a text uses to speak of itself, of who vouches for it, of its readers, and of how it feels."""
_DOUBTFUL, _DATED = ("(", "http", "www.", *sorted(_SOURCES)), ("19", "20", "et al")
"""Letters of which a text in lower case has some, where it has an aside, an address or a source, or cites one."""
