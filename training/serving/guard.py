"""Who may ask: a token, compared in constant time, and on loopback the names that a page from elsewhere cannot have."""

from __future__ import annotations

import hmac
import ipaddress
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError
from .refusals import Refusal

OPEN = frozenset({"/healthz", "/readyz"})
"""Paths that need no token: they say nothing but whether the service is there."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST = 16


@dataclass(frozen=True)
class Guard:
    """What a request must bring."""

    token: str | None
    hosts: frozenset[str] | None
    """Names that the Host header may have, without port; None takes any (a token or a Unix socket guards instead)."""

    def check(self, path: str, headers: Mapping[str, str]) -> None:
        """Raises `Refusal`: 403 for a name or a page from elsewhere, 401 without the token."""
        if self.hosts is not None and _name(headers.get("host", "")) not in self.hosts:
            raise Refusal(403, "Host", "is no name of this service", "ask 127.0.0.1, or add a name with --allow-host")
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Refusal(403, "Sec-Fetch-Site", "a web page of another site asks", "ask from a program")
        if self.token is None or path in OPEN:
            return
        given = headers.get("authorization", "")
        scheme, _, word = given.partition(" ")
        # bytes: compare_digest takes no text beyond ASCII
        same = hmac.compare_digest(word.strip().encode(errors="replace"), self.token.encode())
        if scheme.lower() != "bearer" or not same:
            raise Refusal(
                401, "Authorization", "is missing or wrong", "send 'Authorization: Bearer TOKEN'",
                headers={"WWW-Authenticate": "Bearer"},
            )  # fmt: skip


def guard(host: str, token: str | None, names: Sequence[str] = (), *, uds: bool = False) -> Guard:
    """The guard of a service bound to `host`. Raises `UsageError` beyond loopback without a token."""
    if uds:
        return Guard(token, None)
    if is_loopback(host):
        return Guard(token, frozenset(map(str.lower, (*LOOPBACK, host, *names))))
    if token is None:
        raise UsageError(f"--host {host} can be reached from elsewhere: give --token-file FILE (mode 0600) as well")
    return Guard(token, frozenset(map(str.lower, names)) if names else None)


def read_token(file: Path | None = None, variable: str | None = None) -> str | None:
    """The token of a file that its owner alone may read, or of an environment variable; None when neither is given."""
    if file is not None and variable is not None:
        raise UsageError("give --token-file or --token-env, not both")
    if variable is not None:
        return _token(os.environ.get(variable, ""), f"${variable}")
    return None if file is None else _token(_owners_own(file), str(file))


def is_loopback(host: str) -> bool:
    """Whether nobody beyond this machine can reach it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _owners_own(file: Path) -> str:
    try:
        mode = file.stat().st_mode
        words = file.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not ASCII"
        raise UsageError(
            f"{file}: cannot be read as a token ({why}); make one: (umask 077; openssl rand -hex 24 > {file})"
        ) from None
    if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
        raise UsageError(f"{file}: others may read it (mode {stat.S_IMODE(mode):04o}); chmod 600 {file}")
    return words


def _token(words: str, where: str) -> str:
    token = words.strip()
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(f"{where}: holds no token of {SHORTEST} printable characters or more; write a long random one")
    return token


def _name(host: str) -> str:
    """The Host header without its port, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host
