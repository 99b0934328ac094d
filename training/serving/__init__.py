"""The judge over HTTP: rewards and verdicts, a batch at a time. It trains nothing and knows no trainer."""

from .guard import Guard, guard, read_token
from .limits import Limits
from .running import serve
from .service import Service

__all__ = ["Guard", "Limits", "Service", "guard", "read_token", "serve"]
