"""Features of a text against one field of its context: what it shares with it, what it copies, what is new."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import log

from .parsed import FREQUENT, NAN, SENTENCES, Parsed, View, deviation, letters_of, mean, share

SHARED: Mapping[str, str] = {
    "_precision": "share of the text's content words that are in the {field}",
    "_recall": "share of the {field}'s content words that are in the text",
    "_pairs": "share of the text's pairs of neighbouring words that stand in the {field}",
    "_copy": "longest run of words copied from the {field}, as a share of the text's words",
}


def shared(name: str) -> Callable[[View], tuple[float, ...]]:
    """What the text has in common with one field."""

    def against(view: View) -> tuple[float, ...]:
        own, side = view.own, view.side(name)
        if side is None or not own.words:
            return (NAN,) * len(SHARED)
        common = len(own.roots & side.roots)
        pairs = own.pair_set & side.pair_set
        return (
            share(common, len(own.roots)),
            share(common, len(side.roots)),
            share(len(pairs), len(own.pair_set)),
            _longest(own, side, pairs) / len(own.words),
        )

    return against


SOURCE: Mapping[str, str] = {
    "source_triples": "share of the text's runs of three words that stand in the source",
    "source_words": "share of the text's words, small ones too, that stand in the source",
    "source_coverage": "share of words that belong to runs copied from the source (Grusky et al. 2018)",
    "source_density": "logarithm of the mean length of the copied run that a word belongs to (Grusky et al. 2018)",
    "source_runs": "copied runs, as a share of words: how often the text joins one piece of the source to another",
    "source_compression": "logarithm of the source's words over the text's",
    "source_frequent": "share of the source's twelve most frequent content words that the text takes up",
    "source_in_order": "longest subsequence of words that the source has in the same order, as a share of words",
    "source_new_words": "distinct content words that are not in the source",
    "source_new_numbers": "numbers that are not in the source",
    "source_new_numbers_share": "share of the text's numbers that are not in the source",
    "source_new_names": "capitalised words inside sentences that are not in the source",
    "source_new_names_share": "share of such names that are not in the source",
    "source_place": "mean place in the source (0 beginning, 1 end) of the content words taken up",
    "source_spread": "how far apart in the source those words stand (standard deviation of their places)",
    "source_lead": "share of the content words of the source's first three sentences that the text takes up",
    "source_copied_sentences": "share of the text's sentences that stand in the source whole",
    "source_weakest_sentence": "least share of a sentence's content words that are in the source",
    "source_weakest_pairs": "least share of a sentence's pairs of neighbouring words that are in the source",
    "source_single": "mean over sentences of the greatest share of content words found in one source sentence",
    "source_sentence_order": "share of neighbouring sentences whose nearest source sentences come in the same order",
    "source_first_sentence": "place in the source (0 to 1) of the sentence nearest to the text's first one",
    "source_sentence_gap": "mean distance between the nearest source sentences of neighbours, as a share of the source",
}
_LEAD = 3


def source(view: View) -> tuple[float, ...]:
    """What a text takes from the source that it was written from, in which order, and what it adds."""
    own, given = view.own, view.side("source")
    if given is None or not own.words:
        return (NAN,) * len(SOURCE)
    count, runs = len(own.words), own.fragments(given)
    triples = own.triple_set
    # in order: a sum must not depend on the order of a set, which another process has otherwise
    taken = sorted(place for name in own.roots if (place := given.first_places.get(name)) is not None)
    return (
        share(len(triples & given.triple_set), len(triples)),
        sum(map(given.vocabulary.__contains__, own.words)) / count,
        sum(runs) / count,
        log(1 + sum(run * run for run in runs) / count),
        len(runs) / count,
        log(len(given.words) / count),
        share(len(given.frequent & own.roots), min(FREQUENT, len(given.frequent))),
        _in_order(own, given),
        float(len(own.roots - given.roots)),
        *_new(own, given),
        mean(taken),
        deviation(taken),
        _lead(own, given),
        *_by_sentence(own, given),
    )


def new_numbers(own: Parsed, given: Sequence[Parsed]) -> int:
    """How many numbers of a text stand in none of these."""
    return sum(not any(number in side.text.numbers for side in given) for number in own.text.numbers)


def _longest(own: Parsed, side: Parsed, pairs: frozenset[tuple[str, ...]]) -> int:
    """Words of the longest run whose pairs all stand in the other text: rarely longer than the longest copy."""
    if not pairs:
        return int(not own.vocabulary.isdisjoint(side.vocabulary))
    best = run = 0
    for pair in own.pairs:
        run = run + 1 if pair in pairs else 0
        best = max(best, run)
    return best + 1


def _in_order(own: Parsed, given: Parsed) -> float:
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity(own.words, given.words) / len(own.words)


def _new(own: Parsed, given: Parsed) -> tuple[float, float, float, float]:
    numbers = own.text.numbers
    strange = len(numbers - given.text.numbers)
    names = frozenset(name.lower() for name in _NAME.findall(own.text.plain)) if own.text.language == "en" else ()
    unknown = sum(name not in given.text.lower for name in names)
    return float(strange), share(strange, len(numbers)), float(unknown), share(unknown, len(names))


def _lead(own: Parsed, given: Parsed) -> float:
    first = frozenset().union(*given.contents[:_LEAD])
    return share(len(first & own.roots), len(first))


def _by_sentence(own: Parsed, given: Parsed) -> tuple[float, ...]:
    mine, theirs = [words for words in own.contents if words], given.contents
    if not mine or not theirs:
        return (NAN,) * 7
    nearest = [max(((len(words & other), -at) for at, other in enumerate(theirs)), default=(0, 0)) for words in mine]
    places = [-at for common, at in nearest if common]
    steps = [after - before for before, after in pairwise(places)]
    whole = [letters for sentence in own.text.sentences[:SENTENCES] if (letters := letters_of(sentence.lower()))]
    return (
        mean([float(letters in given.letters) for letters in whole]),
        min(len(words & given.roots) / len(words) for words in mine),
        _weakest_pairs(own, given),
        mean([common / len(words) for (common, _), words in zip(nearest, mine, strict=True)]),
        share(sum(step >= 0 for step in steps), len(steps)),
        places[0] / len(theirs) if places else NAN,
        mean([abs(step) / len(theirs) for step in steps]),
    )


def _weakest_pairs(own: Parsed, given: Parsed) -> float:
    shares = []
    for words in own.sentences[:SENTENCES]:
        if pairs := list(pairwise(words)):
            shares.append(sum(map(given.pair_set.__contains__, pairs)) / len(pairs))
    return min(shares, default=NAN)


_NAME = re.compile(r"(?<=[a-z0-9,;:'’)] )[A-Z][A-Za-z’'-]+")
