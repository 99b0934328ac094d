"""From an artefact to a verdict."""

from .judges import load_judge
from .jury import Jury
from .ledger import Ledger
from .local import Local
from .panel import Judge, check_names, shipped
from .plan import Plan, plan
from .problems import Problem
from .providers import Prompt, Provider, Reply, Scripted, connect
from .readers import resolve
from .records import Cost, Finding, Grade, Sample, Status, Verdict
from .rows import Call, Totals
from .samples import read
from .score import Options, Progress, Scored, score
from .verdicts import read_verdicts
from .wrappers import Meter, Price
from .writing import ledger_path

__all__ = [
    "Call",
    "Cost",
    "Finding",
    "Grade",
    "Judge",
    "Jury",
    "Ledger",
    "Local",
    "Meter",
    "Options",
    "Plan",
    "Price",
    "Problem",
    "Progress",
    "Prompt",
    "Provider",
    "Reply",
    "Sample",
    "Scored",
    "Scripted",
    "Status",
    "Totals",
    "Verdict",
    "check_names",
    "connect",
    "ledger_path",
    "load_judge",
    "plan",
    "read",
    "read_verdicts",
    "resolve",
    "score",
    "shipped",
]
