"""How a language model answers a dimension: the steps `ask`, `claims` and `look`, each a function of a Case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from ..errors import ProviderFault
from ..rubrics import Dimension, Step
from . import prompts
from .agent import look
from .case import Case
from .findings import Said, labelled
from .records import Finding, Status
from .replies import finding_schema, parse_finding, parse_object

MOST_CLAIMS = 20


async def ask(case: Case, dimension: Dimension, step: Step) -> Finding:
    """One structured question."""
    question = prompts.ask_question(case.rubric, dimension, case.notes.get(dimension.name, ()))
    prompt = case.prompt(question, finding_schema(dimension), label_key="label", labels=dimension.labels)
    said, reply, key = await case.ask(prompt, partial(parse_finding, dimension=dimension))
    return labelled(dimension, said, by=step.name, prompts=(key,), distribution=reply.distribution)


async def claims(case: Case, dimension: Dimension, step: Step) -> Finding:
    """Splits the text into claims, verifies each against the named fields with a quotation, then decides by code."""
    split = case.prompt(prompts.split_question(case.rubric, step.fields, MOST_CLAIMS), _SPLIT, schema_name="claims")
    said, _, first = await case.ask(split, partial(parse_object, schema=_SPLIT))
    found: list[str] = said["claims"][:MOST_CLAIMS]
    if not found:
        return _decided(dimension, _neutral(dimension), "it makes no claim that could be verified", (), step, (first,))
    question = prompts.verify_question(case.rubric, step.fields, found)
    verify = case.prompt(question, _VERIFY, schema_name="verification", max_tokens=256 + 128 * len(found))
    checked, _, second = await case.ask(verify, partial(_read_verification, count=len(found)))
    return _weigh(case, dimension, step, found, checked, (first, second))


def _weigh(
    case: Case,
    dimension: Dimension,
    step: Step,
    found: list[str],
    checked: list[Mapping[str, str]],
    keys: tuple[str, ...],
) -> Finding:
    shown = _squeezed(prompts.context_block(case.sample, case.rubric))
    by_verdict: dict[str, list[str]] = {"contradicted": [], "absent": [], "supported": []}
    for claim, check in zip(found, checked, strict=True):
        # a quotation that is not in the context supports nothing
        cited = bool(check["quote"].strip()) and _squeezed(prompts.fenced(check["quote"])[1:-1]) in shown
        verdict = "absent" if check["verdict"] == "supported" and not cited else check["verdict"]
        by_verdict[verdict].append(f"{claim} [{check['quote']}]" if cited else claim)
    if wrong := by_verdict["contradicted"]:
        label = step.contradicted or dimension.labels[0]
        code = "contradicted" if "contradicted" in dimension.codes else step.code or next(iter(dimension.codes), None)
        return _decided(dimension, label, f"contradicted by the context: {wrong[0]}", wrong, step, keys, code)
    if bare := by_verdict["absent"]:
        label = step.unsupported or dimension.labels[0]
        code = step.code or next(iter(dimension.codes), None)
        return _decided(dimension, label, f"not found in the context: {bare[0]}", bare, step, keys, code)
    label = step.supported or dimension.labels[-1]
    good = by_verdict["supported"]
    return _decided(dimension, label, f"{len(good)} of {len(found)} claims are supported", good, step, keys)


def _decided(
    dimension: Dimension,
    label: str,
    reason: str,
    evidence: Sequence[str],
    step: Step,
    keys: tuple[str, ...],
    code: str | None = None,
) -> Finding:
    return labelled(dimension, Said(label, code, reason, tuple(evidence)), by=step.name, prompts=keys)


def _neutral(dimension: Dimension) -> str:
    return next((point.label for point in dimension.scale if point.polarity == 0), dimension.labels[-1])


def _read_verification(text: str, *, count: int) -> list[Mapping[str, str]]:
    rows: list[Mapping[str, str]] = parse_object(text, schema=_VERIFY)["claims"]
    if len(rows) != count:
        raise ProviderFault(f"{len(rows)} claims were verified, {count} were asked", status=Status.PARSE_FAILED)
    return rows


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


_STRING = {"type": "string"}
_SPLIT = {
    "type": "object",
    "properties": {"claims": {"type": "array", "items": _STRING}},
    "required": ["claims"],
    "additionalProperties": False,
}
_CHECKED = {
    "type": "object",
    "properties": {"quote": _STRING, "verdict": {"type": "string", "enum": ["supported", "contradicted", "absent"]}},
    "required": ["quote", "verdict"],
    "additionalProperties": False,
}
_VERIFY = {
    "type": "object",
    "properties": {"claims": {"type": "array", "items": _CHECKED}},
    "required": ["claims"],
    "additionalProperties": False,
}

STEPS: dict[str, Callable[[Case, Dimension, Step], Awaitable[Finding]]] = {"ask": ask, "claims": claims, "look": look}
