"""The embedded judge's measures: text features as scores in [0, 1] that a person can check; each abstains where it is blind.

Each is `(sample, with, embedder or None) -> Measured`. They see topics, words, exact facts, dates and English grammar; they
do not see truth behind a paraphrase, negation in meaning, Chinese fluency, taste or tone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .claims import claims, facts_of, standing
from .evidence import related, supporting
from .findings import Embedder, Measure, Measured
from .grammar import slips
from .lexicon import find, scan, topics
from .parts import options, part, parts, pieces
from .records import Sample
from .seasons import mentions
from .topicality import Kinship, joined_item, kinship
from .words import Text, overlap, read, shown

if TYPE_CHECKING:
    from ..rubrics import Rubric


def texts(sample: Sample, rubric: Rubric) -> list[str]:
    """The texts that the rubric's measures will ask the embedder about, for one batch ahead of use."""
    wanted = {
        name
        for dim in rubric.dimensions
        for step in dim.steps
        if step.measure
        for name in _embeds(step.measure, step.with_)
    }
    return [text for name in sorted(wanted) for text in _sides(sample, name)]


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
    score = {"min": min, "max": max, "mean": lambda values: sum(values) / len(values)}[o.combine](scores)
    return Measured(score, "; ".join(f"{name}: {sign.by}" for name, sign in found), tuple(sign.by for _, sign in found))


def correlation(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """How many events support an interest and over how long; `like`: least cosine of a supporting event."""
    o = options(given, like=0.35, days=14)
    interest = part(sample, "interest")
    support = supporting(sample)
    near_by = [e for e in support if related(e.text, interest) or _cosine(embedder, e.text, interest) >= o.like]
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
    """Share of the concrete claims that the named fields show; abstains when the text makes none that can be checked."""
    o = options(given, fields=("item",), words=3)
    facts, text = facts_of(sample, tuple(o.fields)), read(sample.text)
    made = [claim for claim in claims(text.raw) if not claim.denied or standing(claim, facts) != "absent"]
    shown_ = [claim for claim in made if standing(claim, facts) == "supported"]
    if made:
        share = len(shown_) / len(made)
        return Measured(
            0.95 * share,
            f"{len(shown_)} of {len(made)} concrete claims are in the fields",
            tuple(c.quote for c in shown_[:4]),
        )
    common = text.roots & (read(facts.text).roots - _title_roots(sample))
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
    exact = [*own.numbers, *_names(own)]
    missing = [word for word in exact if word not in source.numbers and word.lower() not in source.lower]
    score = share - 0.15 * len(missing)
    said = f"{share:.0%} of its content words are in the source"
    return Measured(
        max(0.0, score), f"{said}; not there: {', '.join(missing[:3])}" if missing else said, tuple(missing[:3])
    )


def fluency(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """English: grave slips a sentence, and sentences too long to follow. Abstains for every other language."""
    o = options(given, field="text", long=45)
    text = read(part(sample, o.field))
    if text.language != "en" or text.length < 3:
        return Measured(None, "no model of fluency for this language, or too few words, on this machine")
    found, sentences = slips(text.plain), max(1, len(text.sentences))
    long = sum(read(sentence).length > o.long for sentence in text.sentences)
    score = max(0.0, 0.9 - 0.45 * len(found) / sentences - 0.25 * long / sentences)
    return Measured(
        score,
        f"{len(found)} grave slips and {long} overlong in {sentences} sentences",
        tuple(s.quote for s in found[:3]),
    )


def readability(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Order and economy by surface: sentence length, new words a sentence, links between neighbours."""
    options(given)
    text = read(sample.text)
    if text.length < 5 or text.language not in ("en", "zh"):
        return Measured(None, "too short, or in a language that is not read here")
    sentences = [read(sentence) for sentence in text.sentences]
    size = text.length / max(1, len(sentences))
    limit = 60.0 if text.language == "zh" else 32.0
    linked = sum(bool(a.roots & b.roots) for a, b in zip(sentences, sentences[1:], strict=False))
    repeated = max(
        (overlap(a.roots, b.roots) for i, a in enumerate(sentences) for b in sentences[i + 1 : i + 12]), default=0.0
    )
    score = 0.8 - (0.35 if size > limit else 0.0) - (0.35 if repeated > 0.8 and len(sentences) > 1 else 0.0)
    score += 0.1 * linked / max(1, len(sentences) - 1)
    return Measured(
        max(0.0, score), f"{size:.0f} units a sentence, {linked} of {max(0, len(sentences) - 1)} neighbours linked"
    )


def specificity(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Modifier and core word: a known kind of item, and how many content words narrow it."""
    options(given)
    tag = read(sample.text)
    products = find(tag.raw, "product")
    general = read(" ".join(match.quote for match in find(tag.raw, "vague"))).roots
    longest = max((read(match.quote).length for match in products), default=0)
    beyond = tag.length - longest - (0 if tag.language == "zh" else len(general))
    several = longest >= (4 if tag.language == "zh" else 2)
    if products and (beyond > 0 or several):
        return Measured(
            0.9 if beyond > 0 else 0.78,
            f"{products[-1].quote!r} with {beyond} more that narrow it",
            (products[-1].quote,),
        )
    if products:
        return Measured(
            0.5, f"one kind of item, {products[0].quote!r}, and nothing that narrows it", (products[0].quote,)
        )
    if tag.length >= (4 if tag.language == "zh" else 2):
        return Measured(0.6, "several words, none a product known here", (shown(tag.raw),))
    return Measured(None, f"{shown(tag.raw)!r} is not a word known here")


def product_known(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Whether the tag's head is a product that shops commonly sell, or stands in the titles of the history."""
    options(given)
    tag = read(sample.text)
    products = find(tag.raw, "product")
    if products and products[-1].last == len(tag.tokens) - 1:
        return Measured(0.9, f"{products[-1].quote!r} is a product that shops sell", (products[-1].quote,))
    seen = read(parts(sample, ("history", "item"))).roots
    if tag.words and (tag.roots & seen) and any(root in seen for root in read(tag.words[-1]).roots):
        return Measured(0.7, f"{tag.words[-1]!r} is in titles the user saw", (tag.words[-1],))
    if products or topics(tag.raw):
        return Measured(0.5, "of a known field, with a head that is not a product known here", (shown(tag.raw),))
    return Measured(None, f"no word of {shown(tag.raw)!r} is a product known here")


def informativeness(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Content beyond praise and title: words of the item's fields, concrete claims, words of a use."""
    options(given)
    text = read(sample.text)
    if not text.words:
        return Measured(None, "has no words")
    praise = read(" ".join(match.quote for match in find(text.raw, "generic", "slogan"))).roots
    new = text.roots - praise - _title_roots(sample)
    fields = new & read(joined_item(sample)).roots
    facts = facts_of(sample, ("item",))
    exact = [claim.quote for claim in claims(text.raw) if standing(claim, facts) == "supported"]
    uses = {match.quote for match in scan(text.raw) if _telling(match.lists)}
    traits = min(3, len(fields) + len(exact))
    score = min(0.95, 0.15 + 0.2 * traits + 0.1 * min(3, len(uses)) + 0.03 * min(5, len(new)))
    return Measured(
        score,
        f"{traits} traits of the item, {len(uses)} telling words, {len(new)} content words beyond the title",
        tuple(exact[:3]),
    )


def timeliness(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Seasons and festivals named, against the date: 0.9 when one fits, 0.5 when none is named, 0.1 when none fits."""
    options(given)
    found = mentions(sample, sample.text)
    if not found:
        return Measured(0.5, "speaks of no season or festival")
    fits = [mention.quote for mention in found if mention.fits]
    return Measured(0.9 if fits else 0.1, f"speaks of {(fits or [found[0].quote])[0]!r}", tuple(fits[:2]))


def attractiveness(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Signs of appeal: words of sense or use, speaking to the reader, a word or topic of the interest. Never of dullness."""
    options(given)
    text, interest = read(sample.text), part(sample, "interest")
    senses = find(text.raw, "sense")
    spoken = bool({"you", "your", "你", "您"} & set(text.words))
    near_ = bool(interest and related(text.raw, interest))
    score = min(0.9, 0.35 + 0.15 * min(2, len(senses)) + (0.1 if spoken else 0.0) + (0.15 if near_ else 0.0))
    if text.length < 3 or score <= 0.35:
        return Measured(None, "no sign of appeal that code can see; that is not a sign of dullness")
    return Measured(
        score,
        f"{len(senses)} words of sense or use; {'speaks' if near_ else 'does not speak'} of the interest",
        tuple(m.quote for m in senses[:3]),
    )


def salience(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """How much of what the source or prompt speaks of most the text takes up, and how near it is to the whole."""
    o = options(given, fields=("source", "prompt"), top=12)
    own = read(sample.text)
    shares = [_coverage(own, read(text), o.top) for name in o.fields if (text := part(sample, name))]
    signs = [sign for name in o.fields if (text := part(sample, name)) and (sign := kinship(own.raw, text, embedder))]
    if not shares or not own.roots or not signs:
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
    cosine = embedder.similarity(one, other) if embedder and one and other else None
    return -1.0 if cosine is None else max(0.0, cosine)


def _blind(sample: Sample, embedder: Embedder | None, words: str) -> Measured:
    if embedder is None:
        return Measured(None, f"{words}, and no embedding model is installed")
    if read(sample.text).language != "en":
        return Measured(None, f"{words}, and the embedding model reads English only")
    return Measured(None, words)


def _title_roots(sample: Sample) -> frozenset[str]:
    return read(part(sample, "title")).roots


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


def _telling(lists: frozenset[str]) -> bool:
    return any(name == "sense" or name == "product" or name.startswith(("topic:", "season:")) for name in lists)


def _coverage(own: Text, source: Text, top: int) -> float:
    counts: dict[str, int] = {}
    for word in source.words:
        for root in read(word).roots if word.isascii() else ():
            counts[root] = counts.get(root, 0) + 1
    frequent = sorted(counts, key=lambda root: -counts[root])[:top] if counts else sorted(source.roots)
    return sum(root in own.roots for root in frequent) / len(frequent) if frequent else 0.0


_NEEDED = frozenset(["cleaning", "tools", "health", "study", "baby", "senior", "phone", "nutrition", "kids", "car"])

MEASURES: Mapping[str, Measure] = {
    "attractiveness": attractiveness,
    "correlation": correlation,
    "fluency": fluency,
    "grounding": grounding,
    "informativeness": informativeness,
    "persistence": persistence,
    "product_known": product_known,
    "readability": readability,
    "rules_passed": rules_passed,
    "salience": salience,
    "similarity": similarity,
    "specificity": specificity,
    "support": support,
    "timeliness": timeliness,
}
