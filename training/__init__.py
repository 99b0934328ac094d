"""From verdicts to a better generator."""

from .adapters import Unjudged, openrlhf_reward, verl_score
from .bad_rows import cluster_of
from .candidates import UNCERTIFIED, Candidate, Cover
from .certificate import Certificate
from .certificate_words import bad_words
from .contexts import Pair, contexts, degenerate, pairs
from .cover import cover_of_folder, cover_of_policy
from .export import EXPORTERS, Exported, Form, export
from .filter import Audit, Filtered, filter_rows
from .folder import read_certificate, read_kept, write_filtered
from .hits import HitRate, hit_rate
from .negatives import Negative, Shuffled, shuffle_negatives
from .people import grades_by_people
from .prompting import Template, completion_of, prompt_of, read_template
from .recgpt import Fifo, explanation_rewards, tag_rewards
from .reward import Reward, Rewarded, reward_function
from .rows import Row, joined, source_of
from .selection import Left, Selection
from .shaping import Gate, Groups, Shaped, Swept, group_facts, shaped, summed, sweep
from .writing import SUFFIXES, WRITERS, write_rows

__all__ = [
    "EXPORTERS",
    "SUFFIXES",
    "UNCERTIFIED",
    "WRITERS",
    "Audit",
    "Candidate",
    "Certificate",
    "Cover",
    "Exported",
    "Fifo",
    "Filtered",
    "Form",
    "Gate",
    "Groups",
    "HitRate",
    "Left",
    "Negative",
    "Pair",
    "Reward",
    "Rewarded",
    "Row",
    "Selection",
    "Shaped",
    "Shuffled",
    "Swept",
    "Template",
    "Unjudged",
    "bad_words",
    "cluster_of",
    "completion_of",
    "contexts",
    "cover_of_folder",
    "cover_of_policy",
    "degenerate",
    "explanation_rewards",
    "export",
    "filter_rows",
    "grades_by_people",
    "group_facts",
    "hit_rate",
    "joined",
    "openrlhf_reward",
    "pairs",
    "prompt_of",
    "read_certificate",
    "read_kept",
    "read_template",
    "reward_function",
    "shaped",
    "shuffle_negatives",
    "source_of",
    "summed",
    "sweep",
    "tag_rewards",
    "verl_score",
    "write_filtered",
    "write_rows",
]
