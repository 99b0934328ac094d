"""Self-training in rounds: generate, judge, filter, train, evaluate, audit."""

from .config import RoundConfig, parse_config, read_config
from .generators import Generator, GeneratorSettings, generator_of
from .manifest import read_rounds
from .records import Figure, Round, Stop
from .running import Told, run_rounds
from .steps import STEPS
from .stopping import STOPS
from .trainers import Trainer, TrainerSettings, trainer_of
from .work import LabelsWanted

__all__ = [
    "STEPS",
    "STOPS",
    "Figure",
    "Generator",
    "GeneratorSettings",
    "LabelsWanted",
    "Round",
    "RoundConfig",
    "Stop",
    "Told",
    "Trainer",
    "TrainerSettings",
    "generator_of",
    "parse_config",
    "read_config",
    "read_rounds",
    "run_rounds",
    "trainer_of",
]
