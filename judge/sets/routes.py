"""What several routes to one list bring: how much they repeat each other, and what only one of them finds."""

from __future__ import annotations

from .textset import SetMetric, TextSet, normalise


def cross_route_duplicates(texts: TextSet) -> SetMetric:
    """Share of the distinct texts that more than one route proposed (RecGPT-V2 reports 13.46 % for RecGPT V1).

    Texts are the same when their tokens are; those without a route are left out.
    """
    name, routes = "cross_route_duplicates", _routes(texts)
    if len(routes) < 2:
        return texts.undefined(name, _too_few(routes))
    proposed = set().union(*routes.values())
    shared = sorted(text for text in proposed if sum(text in found for found in routes.values()) > 1)
    words = f"{len(shared)} of {len(proposed)} distinct texts come from more than one of {len(routes)} routes"
    pair = tuple(texts.originals[text][0] for text in shared[:2])
    return texts.value(name, len(shared) / len(proposed), words, pair=pair)


def exclusive_recall(texts: TextSet) -> SetMetric:
    """Share of the ground truth found by exactly one route, all routes together.

    A working definition: RecGPT-V2 reports the metric without its formula. A hit is a text with the same tokens as an
    entry of the ground truth; the ground truth counts distinct entries.
    """
    return _exclusive(texts, None)


def exclusive_by_route(texts: TextSet) -> tuple[SetMetric, ...]:
    """The same for each route, named `exclusive_recall:ROUTE`: what it alone finds. They add up to the total."""
    return tuple(_exclusive(texts, route) for route in sorted(_routes(texts)))


def _exclusive(texts: TextSet, only: str | None) -> SetMetric:
    name = "exclusive_recall" if only is None else f"exclusive_recall:{only}"
    routes, truth = _routes(texts), {normalise(entry) for entry in texts.truth} - {""}
    if not truth:
        return texts.undefined(name, "no ground truth was given (meta.ground_truth)")
    if len(routes) < 2:
        return texts.undefined(name, _too_few(routes))
    finders = {entry: [route for route, found in routes.items() if entry in found] for entry in truth}
    hits = sum(len(found) == 1 and only in (None, found[0]) for found in finders.values())
    who = "exactly one route" if only is None else f"{only} alone"
    return texts.value(
        name, hits / len(truth), f"{hits} of {len(truth)} entries of the ground truth are found by {who}"
    )


def _routes(texts: TextSet) -> dict[str, set[str]]:
    routes: dict[str, set[str]] = {}
    for text, route in texts.routed:
        routes.setdefault(route, set()).add(text)
    return routes


def _too_few(routes: dict[str, set[str]]) -> str:
    return "only one route is named" if routes else "no text names the route that made it (system)"
