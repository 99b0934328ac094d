"""HR@K: whether a user's next item falls in a category that the first K predicted tags name. No judge is asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import UsageError
from ..human_labels import Share


@dataclass(frozen=True, slots=True)
class HitRate:
    """The share of users that are hit, its interval over users, and who is not in it."""

    k: int
    share: Share
    """`planned` counts all users with tags, `n` those whose next category is known."""
    short: int
    """Of `n`, users with fewer than K tags, who are hit less often for that alone."""
    categories: float
    """Mean number of distinct categories among a user's first K tags: a wider net hits more by chance."""


def hit_rate(
    tags: Mapping[Hashable, Sequence[str]],
    following: Mapping[Hashable, str | None],
    category_of: Callable[[str], str | Sequence[str] | None],
    *,
    k: int,
) -> HitRate:
    """HR@K = mean over users of 1[next item's category ∈ categories of the first K tags] (RecGPT, arXiv 2507.22879).

    `tags` in the order predicted, by user; `following` the category of each user's next item. A user whose next
    category is unknown is left out and counted (`share.planned`); a tag without a category hits nothing. The paper uses
    K = 30. Raises `UsageError` for K below 1 or when no user has both.
    """
    if k < 1:
        raise UsageError(f"k: {k} tags hit nothing; give 1 or more")
    known = {user: wanted for user in tags if (wanted := following.get(user)) is not None}
    if not known:
        raise UsageError("no user with tags has a known next category; are the two keyed by the same user ids?")
    found = {user: categories(tags[user][:k], category_of) for user in known}
    hits = sum(wanted in found[user] for user, wanted in known.items())
    short = sum(len(tags[user]) < k for user in known)
    width = sum(map(len, found.values())) / len(known)
    return HitRate(k, Share(hits, len(known), len(tags)), short, width)


def categories(tags: Sequence[str], category_of: Callable[[str], str | Sequence[str] | None]) -> set[str]:
    """tag2cat of a list: the categories its tags fall in; a tag may have one, several or none."""
    found: set[str] = set()
    for tag in tags:
        named = category_of(tag)
        found |= set() if named is None else {named} if isinstance(named, str) else set(named)
    return found
