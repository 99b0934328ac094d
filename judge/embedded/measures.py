"""The embedded judge's measures: features as scores in [0, 1] that a person can check; each abstains where it is blind.

Each is `(sample, with, embedder or None) -> Measured`. They see topics, words, exact facts, dates and English grammar;
they do not see truth behind a paraphrase, negation in meaning, Chinese fluency, taste or tone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..checks.claims import facts_of, held, idle
from ..checks.evidence import cited, related, supporting
from ..checks.identity import neutral
from ..checks.lexicon import find, topics
from ..checks.likeness_zh import BLIND
from ..checks.parts import options, part, parts, pieces
from ..checks.topicality import Kinship, joined_item, kinship
from ..checks.words import Text, read, shown
from ..context import events
from ..findings import Embedder, Measure, Measured
from ..records import Sample
from . import quality
from .grounding import grounded, worst
from .quality import title_roots

if TYPE_CHECKING:
    from ...rubrics import Rubric


def texts(sample: Sample, rubric: Rubric) -> list[str]:
    """The texts that the rubric's measures will ask the embedder about, for one batch ahead of use."""
    wanted = {
        name
        for dim in rubric.dimensions
        for step in dim.steps
        if step.measure
        for name in _embeds(step.measure, step.with_)
    }
    return [neutral(text) for name in sorted(wanted) for text in _sides(sample, name)]


def similarity(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Nearness of part `one` to the `others` (the best event of a history), combined by `combine`: min, mean or max."""
    o = options(given, one="text", others=("item",), combine="min")
    own, found = part(sample, o.one), list[tuple[str, Kinship]]()
    for name in o.others:
        signs = [sign for other in _sides(sample, name) if (sign := kinship(own, other, embedder))]
        if signs:
            found.append((name, max(signs, key=lambda sign: sign.score)))
    if not own or not found or (o.combine == "min" and len(found) < len([n for n in o.others if _sides(sample, n)])):
        return _blind(sample, embedder, f"nothing tells how near {o.one} is to {' and '.join(o.others)}")
    scores = [sign.score for _, sign in found]
    score = {"min": min(scores), "max": max(scores), "mean": sum(scores) / len(scores)}[o.combine]
    return Measured(score, "; ".join(f"{name}: {sign.by}" for name, sign in found), tuple(sign.by for _, sign in found))


def correlation(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """How many events support an interest and over how long; `like`: least cosine of a supporting event."""
    o = options(given, like=0.35, days=14)
    interest = part(sample, "interest")
    among = supporting(sample) if cited(sample) else events(sample)
    near_by = [e for e in among if related(e.text, interest) or _cosine(embedder, e.text, interest) >= o.like]
    if not near_by:
        best = max((_cosine(embedder, text, interest) for text in pieces(sample, "history")), default=-1.0)
        if best < 0:
            return _blind(sample, embedder, "no event shares a word or topic with the interest")
        return Measured(best, f"the nearest event has cosine {best:.2f}", ())
    dates = [event.when for event in near_by if event.when]
    span = (max(dates) - min(dates)).days if dates else 0
    score = min(0.95, 0.4 + 0.12 * len(near_by) + (0.15 if span >= o.days else 0.0))
    return Measured(score, f"{len(near_by)} events over {span} days", tuple(event.id for event in near_by[:6]))


def persistence(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Signs of a liking of one's own: a leisure subject, and returning to it over `days` or more."""
    o = options(given, days=14)
    interest = part(sample, "interest")
    leisure = find(interest, "leisure", "strong_leisure") or topics(interest) - _NEEDED
    dates = [event.when for event in supporting(sample) if event.when]
    returns = len(dates) > 1 and (max(dates) - min(dates)).days >= o.days
    if not leisure and not returns:
        return Measured(None, f"nothing tells whether {shown(interest)!r} is a liking or a need")
    score = 0.5 + (0.2 if leisure else 0.0) + (0.2 if returns else 0.0)
    said = "a leisure subject" if leisure else "no leisure subject"
    return Measured(score, f"{said}, {'returned to' if returns else 'not returned to'} over {o.days} days or more")


def support(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Share of the concrete claims that the named fields show; abstains when the text makes none to check."""
    o = options(given, fields=("item",), words=3)
    facts, text = facts_of(sample, tuple(o.fields)), read(sample.text)
    stands = held(text.raw, facts)
    made = [claim for claim, found in stands if found != "absent" or not (claim.denied or idle(claim, facts))]
    shown_ = [claim for claim, found in stands if found == "supported"]
    if made:
        share = len(shown_) / len(made)
        return Measured(
            0.95 * share,
            f"{len(shown_)} of {len(made)} concrete claims are in the fields",
            tuple(c.quote for c in shown_[:4]),
        )
    common = text.roots & (read(facts.text).roots - title_roots(sample))
    if len(common) >= o.words:
        return Measured(
            0.8, f"repeats {len(common)} words of the fields and claims nothing beyond them", tuple(sorted(common)[:4])
        )
    return Measured(None, "makes no concrete claim that code can verify; a paraphrase or a denial is not seen here")


def grounding(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """For a longer text: share of its content words, and all of its numbers and names, that stand in the source."""
    o = options(given, fields=("source",))
    own, source = read(sample.text), read(parts(sample, tuple(o.fields)))
    if not own.roots or not source.roots or own.language != source.language:
        return Measured(None, "text and source share no language in which words can be compared")
    share = len(own.roots & source.roots) / len(own.roots)
    exact = [*sorted(own.numbers), *_names(own)]
    missing = [word for word in exact if word not in source.numbers and word.lower() not in source.lower]
    score = share - 0.15 * len(missing)
    said = f"{share:.0%} of its content words are in the source"
    if own.language == "zh":
        said += f" ({BLIND})"
    said += f"; not there: {', '.join(missing[:3])}" if missing else ""
    return Measured(max(0.0, score), said, tuple(claim.line() for claim in worst(grounded(sample, fields=o.fields))))


def salience(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """How much of what the source or prompt speaks of most the text takes up, and how near it is to the whole."""
    o = options(given, fields=("source", "prompt"), top=12)
    own = read(sample.text)
    shares = [
        _coverage(own, read(text), o.top) for name in o.fields if (text := part(sample, name)) and name != "prompt"
    ]
    signs = [sign for name in o.fields if (text := part(sample, name)) and (sign := kinship(own.raw, text, embedder))]
    if own.roots and signs and not shares:
        best = max(signs, key=lambda sign: sign.score)
        return Measured(best.score, f"there is no source; nearness to the prompt: {best.by}", (best.by,))
    if not own.roots or not signs:
        return _blind(sample, embedder, "text and source share nothing that can be compared")
    score = 0.5 * max(shares) + 0.5 * max(sign.score for sign in signs)
    return Measured(
        score, f"takes up {max(shares):.0%} of the most frequent words; {max(signs, key=lambda s: s.score).by}"
    )


def rules_passed(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """The fixed `score` of a sample in which the dimension's `rules` (named for the reader) found nothing."""
    o = options(given, score=0.8, rules=())
    return Measured(o.score, f"no rule found anything: {', '.join(o.rules)}" if o.rules else "no rule found anything")


def _embeds(measure: str, given: Mapping[str, Any]) -> Iterator[str]:
    if measure == "similarity":
        yield from (given.get("one", "text"), *given.get("others", ("item",)))
    yield from {"correlation": ("interest", "history"), "salience": ("text", "source", "prompt")}.get(measure, ())


def _sides(sample: Sample, name: str) -> list[str]:
    if name == "item":
        return [text] if (text := joined_item(sample)) else []
    return pieces(sample, name)


def _cosine(embedder: Embedder | None, one: str, other: str) -> float:
    cosine = embedder.similarity(neutral(one), neutral(other)) if embedder and one and other else None
    return -1.0 if cosine is None else max(0.0, cosine)


def _blind(sample: Sample, embedder: Embedder | None, words: str) -> Measured:
    if read(sample.text).language == "zh":
        return Measured(None, f"{words}; the embedding model reads English only, and Chinese is compared {BLIND}")
    if embedder is None:
        return Measured(None, f"{words}, and no embedding model is installed")
    if read(sample.text).language != "en":
        return Measured(None, f"{words}, and the embedding model reads English only")
    return Measured(None, words)


def _names(text: Text) -> list[str]:
    """Capitalised words inside a sentence: names, by English custom."""
    if text.language != "en":
        return []
    words = [word for sentence in text.sentences for word in sentence.split()[1:]]
    return [
        w
        for word in words
        if (w := word.strip(".,;:!?()\"'’").removesuffix("'s").removesuffix("’s"))[:1].isupper() and len(w) > 1
    ]


def _coverage(own: Text, source: Text, top: int) -> float:
    frequent = _frequent(source.raw, top)
    return sum(root in own.roots for root in frequent) / len(frequent) if frequent else 0.0


@lru_cache(maxsize=256)  # several texts are about one source
def _frequent(text: str, top: int) -> tuple[str, ...]:
    """The content words that a source has most often, as roots; all its roots where none is English."""
    source = read(text)
    counts: dict[str, int] = {}
    for word in source.words:
        for root in read(word).roots if word.isascii() else ():
            counts[root] = counts.get(root, 0) + 1
    return tuple(sorted(counts, key=lambda root: -counts[root])[:top] if counts else sorted(source.roots))


_NEEDED = frozenset(["cleaning", "tools", "health", "study", "baby", "senior", "phone", "nutrition", "kids", "car"])

MEASURES: Mapping[str, Measure] = {
    "attractiveness": quality.attractiveness,
    "correlation": correlation,
    "fluency": quality.fluency,
    "grounding": grounding,
    "informativeness": quality.informativeness,
    "persistence": persistence,
    "product_known": quality.product_known,
    "readability": quality.readability,
    "rules_passed": rules_passed,
    "salience": salience,
    "similarity": similarity,
    "specificity": quality.specificity,
    "support": support,
    "timeliness": quality.timeliness,
}
