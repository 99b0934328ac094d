"""Features of an item's fields, of a tag and of an intent with its evidence; and which fields a sample has at all."""

from __future__ import annotations

from collections.abc import Mapping

from ...checks.claims import facts_of, held
from ...checks.evidence import related, supporting
from ...checks.lexicon import find, near, topics
from ...checks.parts import part
from ...checks.words import overlap, read
from ...context import events
from .against import new_numbers
from .parsed import NAN, Parsed, View, mean, share

ITEM: Mapping[str, str] = {
    "item_fields": "share of the item's fields that the text shares a content word with",
    "title_precision": "share of the text's content words that are in the item's title",
    "title_recall": "share of the title's content words that are in the text",
    "beyond_title": "content words of the item's other fields that the text takes up, as a share of its content words",
    "item_claims": "share of the text's concrete claims that the item's fields bear out",
    "item_new_claims": "concrete claims that the item's fields do not mention",
    "item_new_numbers": "numbers that are not in the item's fields",
    "item_topics": "1 where the text shares a topic with the item, 0.5 where they are near, 0 where they are not",
}


def item(view: View) -> tuple[float, ...]:
    """What the text says of the item."""
    own, fields, whole = view.own, view.item, view.side("item")
    if whole is None or not own.words:
        return (NAN,) * len(ITEM)
    title = view.side("title")
    named = title.roots if title else frozenset[str]()
    facts = facts_of(view.sample, ("item",))
    said = [stands for _, stands in held(own.text.raw, facts)]
    return (
        share(sum(not own.roots.isdisjoint(field.roots) for field in fields.values()), len(fields)),
        share(len(own.roots & named), len(own.roots)) if title else NAN,
        share(len(own.roots & named), len(named)),
        share(len((own.roots & whole.roots) - named), len(own.roots)),
        share(said.count("supported"), len(said)),
        float(said.count("absent")),
        float(new_numbers(own, list(fields.values()))),
        _kin(own, whole),
    )


TAG: Mapping[str, str] = {
    "tag_vague": "vague words of the tag (new, good, 用品), as a share of its words",
    "tag_broad": "words of whole departments (clothing, electronics), as a share of its words",
    "tag_brands": "brand names, as a share of its words",
    "tag_product": "1 where the tag ends in a product that shops sell, 0 where it does not",
    "tag_interest_topics": "1 where tag and interest share a topic, 0.5 where they are near, 0 where they are not",
    "tag_seen": "the most content words that the tag shares with one event of the history, as a share of the smaller",
    "tag_events": "share of the history's events that share a content word with the tag",
}


def tag(view: View) -> tuple[float, ...]:
    """A tag by itself, against the interest and against each event."""
    own, raw = view.own, view.own.text.raw
    count = len(own.words)
    if not count:
        return (NAN,) * len(TAG)
    interest = view.side("interest")
    seen = [overlap(own.roots, read(event.text).roots) for event in events(view.sample)]
    products = find(raw, "product")
    return (
        len(find(raw, "vague")) / count,
        len(find(raw, "broad", "department")) / count,
        len(find(raw, "brand")) / count,
        float(bool(products) and products[-1].last == len(own.text.tokens) - 1),
        _kin(own, interest) if interest else NAN,
        max(seen, default=NAN),
        mean([float(likeness > 0) for likeness in seen]),
    )


INTENT: Mapping[str, str] = {
    "evidence": "events that support the interest: those it cites, or else those that resemble it",
    "evidence_share": "supporting events as a share of the history",
    "evidence_days": "days from the first supporting event to the last",
    "evidence_actions": "distinct kinds of action among them",
    "evidence_related": "share of them that share a topic or a content word with the interest",
    "evidence_dated": "share of them that have a date",
    "interest_leisure": "words of leisure in the interest, as a share of its words",
    "interest_need": "words of need (supplies, duty, repair, others) in interest and reason, as a share of their words",
}


def intent(view: View) -> tuple[float, ...]:
    """An interest and the events it rests on."""
    history, interest = events(view.sample), part(view.sample, "interest")
    words, reason = read(interest).words, part(view.sample, "reason")
    if not words:
        return (NAN,) * len(INTENT)
    support = supporting(view.sample) if history else []
    dates = [event.when for event in support if event.when]
    both = len(words) + len(read(reason).words)
    return (
        float(len(support)) if history else NAN,
        share(len(support), len(history)),
        float((max(dates) - min(dates)).days) if dates else NAN,
        float(len({event.action for event in support})) if support else NAN,
        mean([float(related(event.text, interest)) for event in support]),
        share(len(dates), len(support)),
        len(find(interest, "leisure", "strong_leisure")) / len(words),
        sum(len(find(text, *_NEEDS)) for text in (interest, reason)) / both,
    )


REASON: Mapping[str, str] = {
    "reason_words": "words of the reason that the generator gave",
    "reason_precision": "share of the reason's content words that are in the history",
    "reason_names_text": "share of the tag's or interest's content words that are in the reason",
    "reason_names_interest": "share of the interest's content words that are in the reason",
}


def reason(view: View) -> tuple[float, ...]:
    """The generator's own reason."""
    given = view.side("reason")
    if given is None:
        return (NAN,) * len(REASON)
    history, interest = view.side("history"), view.side("interest")
    return (
        float(len(given.words)),
        share(len(given.roots & history.roots), len(given.roots)) if history else NAN,
        share(len(given.roots & view.own.roots), len(view.own.roots)),
        share(len(given.roots & interest.roots), len(interest.roots)) if interest else NAN,
    )


def has(name: str) -> str:
    """What the feature `has_NAME` says."""
    return f"1 where the sample has {name!r} in its context, 0 where it has not"


def _kin(own: Parsed, other: Parsed) -> float:
    mine, theirs = topics(own.text.raw), topics(other.text.raw)
    return NAN if not mine or not theirs else 1.0 if mine & theirs else 0.5 if near(mine, theirs) else 0.0


_NEEDS = ("supplies", "duty", "for_others", "forced", "repair")
