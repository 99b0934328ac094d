"""Pages: one file of HTML each, with nothing fetched and nothing run."""

from .agreement import agreement_page, agreement_sections
from .rounds_page import rounds_page
from .run import run_page

__all__ = ["agreement_page", "agreement_sections", "rounds_page", "run_page"]
