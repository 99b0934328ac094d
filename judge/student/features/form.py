"""Features of the text alone: length, sentences, repetition, spelling of sentences, debris, ease of reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from math import log1p
from operator import eq

from ...checks.form import cut_off
from ...checks.gates import Rarely, needing
from ...checks.words import SMALL, overlap
from .parsed import NAN, SENTENCES, View, deviation, mean, share

LENGTH: Mapping[str, str] = {
    "words": "words and numbers of the text (Chinese: characters)",
    "log_words": "logarithm of 1 + words",
    "characters": "logarithm of 1 + characters",
    "sentences": "sentences",
    "sentence_length": "mean words a sentence",
    "sentence_length_sd": "how unequal the sentences' lengths are (standard deviation)",
    "longest_sentence": "words of the longest sentence",
    "shortest_sentence": "words of the shortest sentence",
    "word_length": "mean letters a word",
    "long_words": "share of words with more than six letters",
    "stop_words": "share of small words (the, of, 的)",
    "ari": "automated readability index (Senter and Smith 1967); English only",
    "coleman_liau": "Coleman-Liau index: letters and sentences per 100 words (1975); English only",
}


def length(view: View) -> tuple[float, ...]:
    """How long, and how hard to read."""
    own, plain = view.own, view.own.text.plain
    words, sizes = own.words, [len(sentence) for sentence in own.sentences]
    count, letters = len(words), sum(map(len, words))
    if not count:
        return (0.0, 0.0, log1p(len(plain)), 0.0, *[NAN] * 9)
    per_word, per_sentence = letters / count, count / len(sizes)
    english = own.text.language == "en"
    return (
        float(count),
        log1p(count),
        log1p(len(plain)),
        float(len(sizes)),
        per_sentence,
        deviation(sizes),
        float(max(sizes)),
        float(min(sizes)),
        per_word,
        len([word for word in words if len(word) > 6]) / count,
        sum(map(SMALL.__contains__, words)) / count,
        4.71 * per_word + 0.5 * per_sentence - 21.43 if english else NAN,
        5.88 * per_word - 29.6 / per_sentence - 15.8 if english else NAN,
    )


REPETITION: Mapping[str, str] = {
    "distinct_words": "distinct words as a share of words",
    "repeated_pairs": "share of pairs of neighbouring words that came before",
    "repeated_triples": "share of runs of three words that came before",
    "repeated_quadruples": "share of runs of four words that came before",
    "doubled_words": "words that follow themselves, as a share of words",
    "likest_sentences": "the most that two sentences share: content words in common, as a share of the smaller",
    "linked_sentences": "mean share of content words that a sentence has in common with the one before it",
    "distinct_contents": "distinct content words as a share of words",
}


def repetition(view: View) -> tuple[float, ...]:
    """What is said again."""
    own = view.own
    words, contents = own.words, own.contents
    count = len(words)
    several = len(contents) > 1
    pairs = own.pair_set
    new = len(pairs) == count - 1  # where no pair comes twice, no longer run does
    links = [overlap(one, other) for one, other in pairwise(contents)] if several else []
    likest = max(overlap(a, b) for i, a in enumerate(contents) for b in contents[i + 1 :]) if several else NAN
    return (
        share(len(own.vocabulary), count),
        1 - share(len(pairs), count - 1) if count > 1 else NAN,
        (0.0 if new else 1 - share(len(own.triple_set), count - 2)) if count > 2 else NAN,
        (0.0 if new else 1 - share(len(frozenset(own.runs(4))), count - 3)) if count > 3 else NAN,
        share(sum(map(eq, words, words[1:])), count) if len(own.vocabulary) < count else share(0, count),
        likest,
        mean(links),
        share(len(own.roots), count),
    )


SURFACE: Mapping[str, str] = {
    "unfinished": "1 where the text does not end in an end mark, 0 where it does",
    "cut_off": "1 where the text breaks off: a comma, a joining word, an open bracket at its end",
    "lower_starts": "share of sentences that begin with a lower-case letter",
    "capitals": "share of capital letters among Latin letters",
    "shouted_words": "share of words of two letters or more in capitals alone",
    "loose_marks": "marks with a space before them (tokenisation), a word",
    "debris": "brackets spelled out, doubled quotes, <unk>, a split n't or 's: leftovers of tokenisation, a word",
    "commas": "commas a word",
    "quotes": "quotation marks a word",
    "brackets": "brackets a word",
    "open_pairs": "brackets and quotation marks without their partner",
    "exclamations": "exclamation marks a sentence",
    "questions": "question marks a sentence",
    "dashes": "dashes, slashes, bars and dots in a row, a word",
    "digits": "share of words that are numbers",
    "names": "capitalised words inside sentences, as a share of words; English only",
    "odd_words": "share of words whose letters hardly ever stand together; Latin letters only",
    "symbols": "share of characters that are neither letters, digits, spaces nor common marks",
}
_SHOUTED = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]+(?!\w)")  # a letter first: such a pattern skips what has none
_LOOSE = re.compile(r"[ \t][.,;:!?)\]](?=\s|$)|[(\[][ \t]")
_MAY_LOOSE = needing(" .", " ,", " ;", " :", " !", " ?", " )", " ]", "( ", "[ ", "\t")
_DEBRIS = re.compile(
    r"-[lr][rsc]b-|``|''|</?(?:unk|s|pad|eos|bos)>|\[unk\]|(?<= )(?:n't|'(?:s|re|ve|ll|d|m)\b)"
    r"|&(?:amp|lt|gt|quot|#\d+);|\ufffd|@-@"
)
_MAY_DEBRIS = needing("-l", "-r", "``", "''", "<", "[unk]", " n't", " '", "&", "\ufffd", "@-@")
_QUOTES = re.compile(r"[\"“”«»「」『』`]|(?<!\w)'|'(?!\w)")
_BRACKETS = re.compile(r"[()\[\]{}【】《》]")
_DASHES = re.compile(r"\s[-–—]+\s|—|–|\s[/|]\s|\.{2,}|…")
_MAY_DASH = needing("-", "—", "–", "/", "|", "..", "…")
_NAME = re.compile(r"(?<=[a-z0-9,;:'’)] )[A-Z][A-Za-z’'-]+")
_ODD = re.compile(
    r"q(?!u)[a-z]|[bcdfghjklmnpqrstvwxz]{5}|([a-z])\1\1|j[bcdfghklmnpqrstvwxz]|v[bcdfghjkmnpqtwxz]|x[jkqvz]|w[qvxzj]"
)
_SYMBOL = re.compile(r"[^\w\s.,;:!?'\"()\-–—%$€£¥&/’‘“”。、《》「」【】…·+#@*°]")
_CAPITALS = str.maketrans("", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SMALL_LETTERS = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz")
_COMMON = str.maketrans("", "", "".join(chr(c) for c in range(128) if not _SYMBOL.match(chr(c))))
_ENDS, _CLOSING = frozenset(".!?。…"), "\"'”’」》)] \n\t"
_PAIRS = ("()", "[]", "{}", "“”", "「」", "《》", "【】")


def surface(view: View) -> tuple[float, ...]:
    """How it is set down."""
    own, plain = view.own, view.own.text.plain
    count = len(own.words)
    if not count:
        return (NAN,) * len(SURFACE)
    sentences, low, ascii_ = own.text.sentences, own.text.lower, plain.isascii()
    capitals, small = (len(plain) - len(plain.translate(table)) for table in (_CAPITALS, _SMALL_LETTERS))
    starts = [sentence[0] for sentence in sentences[:SENTENCES] if sentence[0].isascii() and sentence[0].isalpha()]
    english = own.text.language == "en"
    quoted = not ascii_ or "'" in plain or '"' in plain or "`" in plain
    bracketed = not ascii_ or any(mark in plain for mark in "()[]{}")
    odd = plain.translate(_COMMON)
    return (
        float(plain.rstrip(_CLOSING)[-1:] not in _ENDS),
        float(cut_off(view.sample, {}) is not None),
        share(sum(start.islower() for start in starts), len(starts)),
        share(capitals, capitals + small),
        len(_SHOUTED.findall(plain)) / count if capitals > 1 else 0.0,
        len(_LOOSE.findall(plain)) / count if _MAY_LOOSE(low) else 0.0,
        len(_DEBRIS.findall(low)) / count if _MAY_DEBRIS(low) else 0.0,
        (plain.count(",") + plain.count("、")) / count,
        len(_QUOTES.findall(plain)) / count if quoted else 0.0,
        len(_BRACKETS.findall(plain)) / count if bracketed else 0.0,
        float(_alone(plain)) if quoted or bracketed else 0.0,
        plain.count("!") / max(1, len(sentences)),
        plain.count("?") / max(1, len(sentences)),
        len(_DASHES.findall(plain)) / count if _MAY_DASH(low) else 0.0,
        len([word for word in own.words if word[0].isdigit()]) / count,
        len(_NAME.findall(plain)) / count if english and capitals else 0.0 if english else NAN,
        share(_odd.count(own.words), count if ascii_ else sum(map(str.isascii, own.words))),
        len(_SYMBOL.findall(odd)) / len(plain) if odd else 0.0,
    )


def _alone(plain: str) -> int:
    return sum(abs(plain.count(pair[0]) - plain.count(pair[1])) for pair in _PAIRS) + plain.count('"') % 2


_odd: Rarely[str] = Rarely(lambda word: len(word) > 2 and bool(_ODD.search(word)))
