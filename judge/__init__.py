"""From an artefact to a verdict."""

from .batches.waves import Batching
from .calls.wrappers import Meter, Price
from .cascade import BY_HAND, CASCADE, Cascade
from .cluster.glance import status
from .confidence import Ladder, confidence
from .context import events, fields_of, written_field
from .counts import Counts, Spread, TaskCounts
from .doubting import Doubting, Floor
from .embedded.embedding import missing
from .embedded.local import LEXICAL, Local
from .findings import place_of
from .garbage import collect_rarely, no_collections
from .judges import AnyJudge, load_judge
from .jury import Jury
from .ledger.ledger import Ledger
from .ledger.rows import Call, Totals
from .ledger.shelf import Shelved
from .ledger.status import Rate, RunStatus
from .live import Live
from .observing.events import EVENTS, EventLog
from .panel import Judge, check_names, shipped
from .plan import Plan, plan
from .providers import Prompt, Provider, Reply, Scripted, connect
from .reading.problems import Problem
from .reading.readers import resolve
from .reading.samples import read
from .records import Cost, Finding, Grade, Sample, Status, Verdict
from .running.progress import Progress
from .score import Options, Scored, score
from .student import Student
from .verdicts import decode as decode_verdict
from .verdicts import encode as encode_verdict
from .verdicts import read_verdicts
from .whole import left_by_the_dead, whole, write_whole
from .writing import ledger_path

__all__ = [
    "BY_HAND",
    "CASCADE",
    "EVENTS",
    "LEXICAL",
    "AnyJudge",
    "Batching",
    "Call",
    "Cascade",
    "Cost",
    "Counts",
    "Doubting",
    "EventLog",
    "Finding",
    "Floor",
    "Grade",
    "Judge",
    "Jury",
    "Ladder",
    "Ledger",
    "Live",
    "Local",
    "Meter",
    "Options",
    "Plan",
    "Price",
    "Problem",
    "Progress",
    "Prompt",
    "Provider",
    "Rate",
    "Reply",
    "RunStatus",
    "Sample",
    "Scored",
    "Scripted",
    "Shelved",
    "Spread",
    "Status",
    "Student",
    "TaskCounts",
    "Totals",
    "Verdict",
    "check_names",
    "collect_rarely",
    "confidence",
    "connect",
    "decode_verdict",
    "encode_verdict",
    "events",
    "fields_of",
    "ledger_path",
    "left_by_the_dead",
    "load_judge",
    "missing",
    "no_collections",
    "place_of",
    "plan",
    "read",
    "read_verdicts",
    "resolve",
    "score",
    "shipped",
    "status",
    "whole",
    "write_whole",
    "written_field",
]
