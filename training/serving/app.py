"""The service over HTTP: an ASGI application of a few routes. What a body means is known in `service.py`."""

from __future__ import annotations

import logging
import re
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

from ...judge import encode_verdict
from .asks import OK, Answer
from .bodies import read_object
from .guard import Guard
from .metrics import KIND
from .openapi import PATHS, document
from .refusals import Refusal
from .service import Service
from .shapes import QueriesAsked, RewardsAsked, held_to

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = logging.getLogger("recjudge.serving")
DEADLINE = "x-deadline-seconds"
REQUEST = "x-request-id"
_NAME = re.compile(r"[!-~]{1,128}")
"""A caller's own name of a request: printable, so that it ends no header and no line of a log."""
JSON = "application/json"


def application(service: Service, guard: Guard) -> Starlette:
    """The ASGI application; whoever runs it starts the service before and stops it after."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.routing import Route

    doors = Doors(service)
    routes = [Route(path, getattr(doors, name), methods=[method]) for path, (method, name) in ROUTES.items()]
    handlers: dict[Any, Any] = {Refusal: refused, HTTPException: not_found}
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Counted, service=service, guard=guard)],
        exception_handlers=handlers,
    )
    app.router.redirect_slashes = False
    return app


class Doors:
    """One method a path."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def rewards(self, request: Request) -> Response:
        """`{"rewards", "statuses", "reasons"}`."""
        found = await self._asked(request)
        return _json({"rewards": [answer.reward for answer in found], **_words(found)})

    async def verdicts(self, request: Request) -> Response:
        """`{"verdicts", "statuses", "reasons"}`."""
        found = await self._asked(request, verdicts=True)
        rows = [[orjson.Fragment(encode_verdict(verdict)) for verdict in answer.verdicts] for answer in found]
        return _json({"verdicts": rows, **_words(found)})

    async def queries(self, request: Request) -> Response:
        """OpenRLHF's `{"rewards", "scores", "extra_logs"}`."""
        began = time.monotonic()
        body = await read_object(request, self.service.limits.body, self.service.limits.deadline)
        asked: QueriesAsked = held_to(QueriesAsked, body)
        seconds = self.service.seconds(request.headers.get(DEADLINE), None)
        found = await self.service.queries(asked, began, seconds)
        numbers = _numbers(found, self.service.unjudged)
        silent = [float(answer.status != OK) for answer in found]
        return _json({"rewards": numbers, "scores": numbers, "extra_logs": {"unjudged": silent}})

    async def judge(self, request: Request) -> Response:
        """Who judges."""
        service = self.service
        rubrics = {name: rubric.id for name, rubric in sorted(service.rubrics.items())}
        return _json(
            {
                "name": service.judge.name, "tasks": sorted(rubrics), "rubrics": rubrics, "task": service.reward.task,
                "score": service.score, "dimension": service.dimension,
            }
        )  # fmt: skip

    async def alive(self, request: Request) -> Response:
        """The process answers."""
        return _json({"status": OK})

    async def ready(self, request: Request) -> Response:
        """The judge is at work."""
        if words := self.service.unready:
            raise Refusal(503, "", words, "wait, or see the service's log", headers={"Retry-After": "5"})
        return _json({"status": OK})

    async def metrics(self, request: Request) -> Response:
        """Prometheus' text format."""
        from starlette.responses import Response

        return Response(self.service.metrics.text(), media_type=KIND)

    async def openapi(self, request: Request) -> Response:
        """This, for machines."""
        return _json(document(self.service.limits))

    async def _asked(self, request: Request, verdicts: bool = False) -> list[Answer]:
        began = time.monotonic()
        body = await read_object(request, self.service.limits.body, self.service.limits.deadline)
        asked: RewardsAsked = held_to(RewardsAsked, body)
        seconds = self.service.seconds(request.headers.get(DEADLINE), asked.deadline)
        return await self.service.rewards(asked, began, seconds, verdicts)


class Counted:
    """Around everything: the guard, the count and the clock, and the name that every answer bears."""

    def __init__(self, app: Any, service: Service, guard: Guard) -> None:
        self.app, self.service, self.guard = app, service, guard
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from starlette.datastructures import Headers, MutableHeaders

        headers, number = Headers(scope=scope), str(next(self._numbers))
        given = headers.get(REQUEST, "")
        name = given if _NAME.fullmatch(given) else number
        began, path = time.perf_counter(), scope["path"] if scope["path"] in PATHS else "other"
        started = False

        async def counting(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self.service.metrics.request(path, message["status"], time.perf_counter() - began)
                MutableHeaders(scope=message)[REQUEST] = name
            await send(message)

        try:
            self.guard.check(scope["path"], headers)
            await self.app(scope, receive, counting)
        except Refusal as refusal:
            await _refusal(refusal)(scope, receive, counting)
        except Exception as bug:  # raised further it would be logged, and with it what was asked
            log.error("a bug in request %s: %s", number, _where(bug))
            if not started:
                await _refusal(_broken(bug))(scope, receive, counting)


async def refused(request: Request, refusal: Exception) -> Response:
    """`Refusal` as JSON."""
    assert isinstance(refusal, Refusal)  # noqa: S101 - what it is registered for
    return _refusal(refusal)


async def not_found(request: Request, error: Any) -> Response:
    """No such path, or no such method."""
    words = "there is no such path" if error.status_code == 404 else "the path does not take this method"
    known = ", ".join(f"{method} {path}" for path, (method, _) in ROUTES.items())
    return _refusal(Refusal(error.status_code, "", words, f"known: {known}", headers=error.headers))


def _broken(bug: Exception) -> Refusal:
    """A bug of the service; it must not pass for an answer, and says nothing of what was judged."""
    words = f"the service broke off with {type(bug).__name__}"
    return Refusal(500, "", words, "please report it, with what was asked")


def _where(bug: Exception) -> str:
    """Its kind and place; its message may hold what was judged."""
    last = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{type(bug).__name__} at {last.filename}:{last.lineno}"


def _numbers(found: list[Answer], unjudged: float | None) -> list[float]:
    silent = [answer for answer in found if answer.reward is None]
    if not silent or unjudged is not None:
        return [answer.reward if answer.reward is not None else float(unjudged or 0) for answer in found]
    # what another try may mend is the service's trouble, the rest the query's own
    again = any(answer.status in ("timeout", "provider_error", "interrupted") for answer in silent)
    raise Refusal(
        503 if again else 422, "query", f"{len(silent)} of {len(found)} have no reward",
        "mend them, or start the service with --unjudged NUMBER",
        reasons=["" if answer.reward is not None else answer.reason for answer in found],
    )  # fmt: skip


def _words(found: list[Answer]) -> dict[str, list[str]]:
    return {"statuses": [answer.status for answer in found], "reasons": [answer.reason for answer in found]}


def _json(value: Any) -> Response:
    from starlette.responses import Response

    return Response(orjson.dumps(value), media_type=JSON)


def _refusal(refusal: Refusal) -> Response:
    from starlette.responses import Response

    return Response(orjson.dumps(refusal.body()), status_code=refusal.status, headers=refusal.headers, media_type=JSON)


ROUTES = {path: (method, name) for path, (method, name, *_) in PATHS.items()}
