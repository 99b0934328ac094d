"""What a provider is: something with a name that answers a Prompt with a Reply. It knows no rubric and no sample."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..once import once
from ..records import digest


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a decisions request: an ordered scale with words."""

    name: str
    text: str
    levels: tuple[tuple[str, str], ...]
    """(label, words), worst first."""


@dataclass(frozen=True)
class Prompt:
    """Everything one call sends. Its parts stand in the order they are sent, so that the longest prefix is shared."""

    system: str
    shared: str
    """The context that samples of one group have in common."""
    body: str
    """The artefact and what belongs to it alone; the same for every dimension of a sample."""
    question: str
    """The dimension's question, its scale and how to answer; last."""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """JSON schema of the reply: closed objects, every key required, no defaults."""
    schema_name: str = "finding"
    label_key: str | None = None
    """The reply's key whose token probabilities are wanted, where the provider offers them."""
    labels: tuple[str, ...] = ()
    """The values that key may have."""
    max_tokens: int = 512
    questions: tuple[Question, ...] = ()
    """Not empty for a decisions request: then `question` and `schema` are not sent."""
    accept: Callable[[str], object] | None = field(default=None, compare=False, repr=False)
    """Reads the reply's text or raises `ProviderFault`; a store keeps only what it accepts. Not part of the key."""

    @once
    def key(self) -> str:
        """SHA-256 of all that is sent; with the provider's name it is the key of the stored reply."""
        fields = (self.system, self.shared, self.body, self.question, self.schema, self.schema_name)
        return digest([*fields, self.label_key, self.labels, self.max_tokens, [_row(q) for q in self.questions]])

    @property
    def user(self) -> str:
        """The user message as one text."""
        return f"{self.shared}{self.body}{self.question}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back of one call that ended well. A refusal, a cut or a filter is a `ProviderFault` instead."""

    text: str
    """The model's own words: the JSON the schema asked for. For a decisions request, the answers as JSON."""
    usage: Usage = Usage()
    model: str = ""
    """The model that answered, as it names itself."""
    fingerprint: str = ""
    distribution: Mapping[str, float] | None = None
    """Probability of each of `Prompt.labels`, from log-probabilities; None where there are none to be had."""
    answers: Mapping[str, Mapping[str, float] | None] | None = None
    """Decisions: question name to label probabilities; None for a question that was refused."""
    usd: float | None = None
    """What it cost; None where no price is known."""
    cached: bool = False
    """True when it came from the store and cost nothing."""


class Provider(Protocol):
    """Anything that answers a Prompt. Wrappers (retries, store, budget) are providers around a provider."""

    @property
    def name(self) -> str:
        """`openai/gpt-…?temperature=0`: changes when anything that may change a reply changes."""
        ...

    async def ask(self, prompt: Prompt) -> Reply:
        """One call. Raises `ProviderFault` with a status of its own for anything but a complete reply."""
        ...

    async def close(self) -> None:
        """Gives connections back."""
        ...


@dataclass
class Scripted:
    """A provider for tests and examples that answers from a function: no network, no key.

    `answer` gets the Prompt and returns a JSON value (encoded as the reply's text), a str (sent as it is), a Reply,
    or raises. It may be a coroutine function.
    """

    answer: Callable[[Prompt], Any] | Callable[[Prompt], Awaitable[Any]]
    name: str = "scripted"
    prompts: list[Prompt] = field(default_factory=list)
    """Every prompt it was asked, in order."""

    async def ask(self, prompt: Prompt) -> Reply:
        """Answers from the function."""
        from inspect import isawaitable

        import orjson

        self.prompts.append(prompt)
        said = self.answer(prompt)
        said = await said if isawaitable(said) else said
        if isinstance(said, Reply):
            return said
        return Reply(text=said if isinstance(said, str) else orjson.dumps(said).decode(), model="scripted")

    async def close(self) -> None:
        """Nothing to give back."""


def _row(question: Question) -> list[Any]:
    return [question.name, question.text, question.levels]
