"""What the service takes on at most, and how long anything may take."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import UsageError


@dataclass(frozen=True)
class Limits:
    """Bounds of the service; what is beyond is refused with a reason, never cut down."""

    body: int = 8 << 20
    """Bytes of a request's body."""
    batch: int = 1024
    """Completions, or records, of a request."""
    queue: int = 4096
    """Completions that are accepted and not yet answered; more are refused (429) until there is room."""
    connections: int = 512
    """Open at once; who comes beyond them is sent away with 503, unheard."""
    deadline: float = 30.0
    """Seconds a request may take; what was not judged by then is null. A request may ask for less."""
    window: float = 0.0
    """Seconds that a quick judge waits for more requests to judge together; those that wait go together anyway."""
    together: int = 256
    """Completions of several requests that a quick judge is given at once."""
    processes: int = 1
    """In which a Student judges, each with a copy of its own; other judges have one thread."""
    grace: float = 10.0
    """Seconds that what is in flight may still take once the service was asked to stop."""

    def __post_init__(self) -> None:
        for name in ("body", "batch", "queue", "connections", "deadline", "together", "processes"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} is {getattr(self, name)}; give a number above 0")
        for name in ("window", "grace"):
            if not getattr(self, name) >= 0:
                raise UsageError(f"{name} is {getattr(self, name)}; give a number of at least 0")
        if self.queue < self.batch:
            raise UsageError(f"the queue of {self.queue} is shorter than one batch of {self.batch}; lengthen it")
