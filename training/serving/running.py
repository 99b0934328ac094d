"""The service as a process: a socket, uvicorn, and an end that loses no answer."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...judge import collect_rarely
from .guard import Guard
from .service import Service

if TYPE_CHECKING:
    from types import FrameType

SWITCH = 0.001
"""Seconds between which threads take turns: the judge's must not keep the service's waiting for five times as long."""


def serve(
    service: Service,
    guard: Guard,
    *,
    host: str = "127.0.0.1",
    port: int = 8100,
    uds: Path | None = None,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serves until SIGTERM or SIGINT; returns when what was in flight is answered, or its grace is over.

    `ready` is told the address once connections are taken: of port 0, a free one. `uds` is a Unix socket of mode 0600
    instead. Raises `UsageError` when the address cannot be had and when the `serve` extra is missing, and what keeps
    the judge from its work (`RunMismatch`, `LockedError`, …).
    """
    if missing := [name for name in ("starlette", "uvicorn") if find_spec(name) is None]:
        raise UsageError(f"{' and '.join(missing)} not installed; pip install 'recjudge[serve]'")
    import uvicorn

    from .app import application

    class Server(uvicorn.Server):
        """Ends by itself with 0; a second signal ends it at once."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            self.force_exit = self.should_exit
            self.should_exit = True

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            service.drain()
            await super().shutdown(sockets)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(address)

    bound = _unix(uds) if uds else _tcp(host, port)
    address = f"unix:{uds}" if uds else _address(bound)
    config = uvicorn.Config(
        application(service, guard), lifespan="off", log_level="warning", access_log=False, server_header=False,
        date_header=False, limit_concurrency=service.limits.connections + 1,
        timeout_graceful_shutdown=int(service.limits.grace) + 2, ws="none",
    )  # fmt: skip
    sys.setswitchinterval(SWITCH)
    try:
        service.start()
        collect_rarely()
        Server(config).run(sockets=[bound])
    finally:
        service.stop()
        bound.close()
        if uds:
            uds.unlink(missing_ok=True)


def _tcp(host: str, port: int) -> socket.socket:
    bound = None
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
        if os.name != "nt":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(where)
    except (OSError, OverflowError) as error:
        if bound is not None:
            bound.close()
        raise UsageError(f"{host}:{port} cannot be had ({error}); give another --host or --port, 0 for any") from None
    return bound


def _unix(path: Path) -> socket.socket:
    if path.exists() and not stat.S_ISSOCK(path.stat().st_mode):
        raise UsageError(f"{path}: is there and no socket; give another --uds")
    if path.exists() and _answers(path):
        raise UsageError(f"{path}: another service answers there; end it, or give another --uds")
    bound, before = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        bound.bind(str(path))
    except OSError as error:
        bound.close()
        raise UsageError(f"{path}: no socket can be made there ({error}); give another --uds") from None
    finally:
        os.umask(before)
    return bound


def _answers(path: Path) -> bool:
    """A socket that a dead process left behind answers nobody, and may go."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking, suppress(OSError):
        asking.settimeout(1)
        asking.connect(str(path))
        return True
    return False


def _address(bound: socket.socket) -> str:
    name: Any = bound.getsockname()
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}"
