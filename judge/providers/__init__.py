"""Who answers: official clients, any compatible server, and a scripted fake; each a Provider of the same contract."""

from __future__ import annotations

from .base import Prompt, Provider, Question, Reply, Scripted, Usage

__all__ = ["Prompt", "Provider", "Question", "Reply", "Scripted", "Usage"]
