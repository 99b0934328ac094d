"""How far a judge agrees with people, beside how far people agree among themselves."""

from ..coefficients.confidence import Bin
from .agree import agree
from .report import AgreementReport, Confusion, Disagreement, Figure, Reached, Section, Side, Stratum
from .selective import Kept, Selective, selective
from .settings import Settings

__all__ = [
    "AgreementReport",
    "Bin",
    "Confusion",
    "Disagreement",
    "Figure",
    "Kept",
    "Reached",
    "Section",
    "Selective",
    "Settings",
    "Side",
    "Stratum",
    "agree",
    "selective",
]
