"""The service's description for machines (OpenAPI 3.1), made of the shapes that requests are held to."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .limits import Limits
from .metrics import KIND
from .shapes import (
    Health,
    JudgeGiven,
    QueriesAsked,
    QueriesGiven,
    Refused,
    RewardsAsked,
    RewardsGiven,
    VerdictsGiven,
)

_REF = "#/components/schemas/{model}"
_REFUSED = {
    400: "no JSON",
    401: "no token",
    403: "asked by another name, or from another site's page",
    408: "the body came too slowly",
    413: "the body is too large",
    415: "not application/json",
    422: "a field is wrong",
    429: "the queue is full",
    503: "the service is stopping, what was asked cannot be judged now, or (without a body of JSON) it has too many "
    "connections",
}


def document(limits: Limits) -> dict[str, Any]:
    """The whole description."""
    shapes: list[type[BaseModel]] = [Refused, *(shape for _, _, _, *both in PATHS.values() for shape in both if shape)]
    _, schemas = models_json_schema([(shape, "validation") for shape in dict.fromkeys(shapes)], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "recjudge",
            "version": version("recjudge"),
            "description": f"Rewards and verdicts; at most {limits.batch} inputs and {limits.body} bytes a request, "
            f"{limits.deadline:g} s. What could not be judged is null with its reason, never a number.",
        },
        "paths": {path: {operation[0].lower(): _operation(operation)} for path, operation in PATHS.items()},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    _, name, words, asked, given = operation
    found: dict[str, Any] = {"operationId": name, "summary": words, "security": [{"token": []}, {}]}
    content = _content(given) if given else OTHER[name]
    statuses = _REFUSED if asked else {code: _REFUSED[code] for code in (401, 403)}
    if name == "ready":
        statuses = {403: _REFUSED[403], 503: "not ready"}
    refusals = {str(code): {"description": said, "content": _content(Refused)} for code, said in statuses.items()}
    found["responses"] = {"200": {"description": words, "content": content}, **refusals}
    if asked:
        found["requestBody"] = {"required": True, "content": _content(asked)}
        found["parameters"] = [
            {
                "name": "X-Deadline-Seconds",
                "in": "header",
                "required": False,
                "schema": {"type": "number", "exclusiveMinimum": 0},
                "description": "Seconds the request may take; at most the service's own.",
            }
        ]
    return found


def _content(shape: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=shape.__name__)}}}


OTHER: dict[str, dict[str, Any]] = {
    "metrics": {KIND: {"schema": {"type": "string"}}},
    "openapi": {"application/json": {"schema": {"type": "object"}}},
}
Operation = tuple[str, str, str, type[BaseModel] | None, type[BaseModel] | None]
PATHS: dict[str, Operation] = {
    "/v1/rewards": ("POST", "rewards", "A reward an input.", RewardsAsked, RewardsGiven),
    "/v1/verdicts": ("POST", "verdicts", "The whole verdicts.", RewardsAsked, VerdictsGiven),
    "/get_reward": ("POST", "queries", "Rewards as OpenRLHF asks for them.", QueriesAsked, QueriesGiven),
    "/v1/judge": ("GET", "judge", "Who judges.", None, JudgeGiven),
    "/healthz": ("GET", "alive", "Whether the process answers.", None, Health),
    "/readyz": ("GET", "ready", "Whether the judge is at work.", None, Health),
    "/metrics": ("GET", "metrics", "Counts, in Prometheus' text format.", None, None),
    "/openapi.json": ("GET", "openapi", "This description.", None, None),
}
"""Path to its method, the method of `Doors` behind it, a sentence, and what it takes and gives."""
