"""The shapes of artefacts: what a generator wrote, brought to one form per kind, whichever keys the paper printed.

| artefact | `Sample.output` | read from |
|---|---|---|
| intent | `{interest, reason, stage, evidence[]}` | the paper's `{ID, Interest, Stage, Reason}`, snake case, a string |
| tag | `{tag, interest, reason}` | the paper's `{Item Tag, Interest, Reason}`, snake case, a string |
| explanation | a string | a string, or an object with `explanation`, `Explation` (as RecGPT prints it) or `reason` |
| text | a string | a string, or an object with `text` |

Keys match whatever their case, spaces, hyphens and underscores. Keys that no shape knows go to the sample's `meta` as
`output.KEY`. A string that is JSON (bare, or in a ```json fence) is decoded first; a `text` stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .problems import Fault, kind_of, quoted
from .strict_json import loads


@dataclass(frozen=True, slots=True)
class Shaped:
    """One artefact in the form its judges read."""

    output: str | dict[str, Any]
    interest: str | None = None
    """The interest that the generator itself named beside a tag or an explanation."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys that no shape knows, as they were."""


def decode(artefact: str, output: Any) -> Any:
    """`output` itself, or the list or object that it spells as a JSON string.

    Raises `Fault` when it starts like JSON and is none: a cut or malformed reply is not a tag.
    """
    if artefact == "text" or not isinstance(output, str) or not (text := output.strip()) or text[0] not in "[{`":
        return output
    fenced = _FENCE.fullmatch(text)
    body = fenced[1].strip() if fenced else text
    if not _JSON_START.match(body):
        return output
    try:
        value = loads(body.encode())
    except Fault as fault:
        if not _JSON_SURELY.match(body):
            return output
        raise Fault(
            "", f"starts like JSON but {fault.problem}", "list the generator's reply whole, or as plain text"
        ) from None
    return value if isinstance(value, (list, dict)) else output


def shape(artefact: str, output: Any) -> Shaped:
    """One decoded artefact in its form. Raises `Fault` naming the key and what was found, with an example."""
    main = _MAIN[artefact]
    if isinstance(output, str):
        return Shaped(output if artefact in _STRINGS else {main: output})
    if not isinstance(output, Mapping):
        raise Fault("", f"is {kind_of(output)}", f"give {_EXAMPLES[artefact]}")
    found, extra = _known(artefact, output)
    if main not in found and artefact == "explanation" and "reason" in found:
        found[main] = found.pop("reason")
    if main not in found and {"role", "content"} <= output.keys():
        raise Fault("", "is a chat message", "map the text in it, e.g. --map output=completion.-1.content")
    if main not in found:
        has = ", ".join(quoted(key) for key in list(output)[:8]) or "none"
        raise Fault(f".{main}", f"is missing (keys found: {has})", f"give {_EXAMPLES[artefact]}")
    if artefact in _STRINGS:
        return _string(artefact, found, extra)
    return Shaped(found, found.get("interest") if artefact == "tag" else None, extra)


def gather(artefact: str, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The artefact's own keys in a record that has them beside its id, without `output`; None without the main key."""
    if artefact == "text":
        return None  # `text` beside an id may as well be the source
    keys = _KEYS[artefact]
    mine = {key: value for key, value in record.items() if _squeezed(key) in keys or key == "ID"}
    has_main = any(keys.get(_squeezed(key)) == _MAIN[artefact] for key in mine)
    return mine if has_main or (artefact == "explanation" and "reason" in mine) else None


def infer_task(value: Any) -> str | None:
    """The task that only the papers' own spelling gives away; None when nothing does."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, Mapping):
        return None
    if "Item Tag" in value:
        return "item_tag"
    if "Explation" in value:
        return "explanation"
    return "intent" if "Interest" in value and "Stage" in value else None


def _known(artefact: str, output: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    keys, found, spelt, extra = _KEYS[artefact], dict[str, Any](), dict[str, str](), dict[str, Any]()
    for key, value in output.items():
        name = keys.get(_squeezed(key))
        if name is None:
            extra[key] = value
        elif value is not None or name == _MAIN[artefact]:
            value = _typed(name, key, value, artefact)
            if name in found and found[name] != value:
                raise Fault(f".{key}", f"and {spelt[name]!r} say different things", "keep one of the two")
            found[name], spelt[name] = value, key
    return found, extra


def _typed(name: str, key: str, value: Any, artefact: str) -> Any:
    if name == "evidence":
        return [
            _scalar(part, f".{key}[{n}]") for n, part in enumerate(value if isinstance(value, list) else [value], 1)
        ]
    if not isinstance(value, str):
        raise Fault(f".{key}", f"is {kind_of(value)}, not a string", f"give {_EXAMPLES[artefact]}")
    return value


def _scalar(value: Any, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Fault(field, f"is {kind_of(value)}", "give the ids or words of history events as strings")
    return str(value)


def _string(artefact: str, found: dict[str, Any], extra: dict[str, Any]) -> Shaped:
    beside = {key: value for key, value in found.items() if key not in (_MAIN[artefact], "interest")}
    return Shaped(found[_MAIN[artefact]], found.get("interest"), {**extra, **beside})


@lru_cache(maxsize=4096)
def _squeezed(key: str) -> str:
    """`Item Tag`, `item_tag` and `itemTag` are one key."""
    return re.sub(r"[\s_-]", "", key).lower()


_FENCE = re.compile(r"```(?:json)?[ \t]*\n?(.*?)```", re.DOTALL | re.IGNORECASE)
_JSON_START = re.compile(r"[\[{]")
_JSON_SURELY = re.compile(r"""\{\s*"|\[\s*[\{"]""")
_STRINGS = ("explanation", "text")
_MAIN = {"intent": "interest", "tag": "tag", "explanation": "explanation", "text": "text"}
_REASON = {"reason": "reason", "rationale": "reason"}
_EVIDENCE = {"evidence": "evidence", "evidenceids": "evidence"}
_KEYS: dict[str, dict[str, str]] = {
    "intent": {"interest": "interest", "stage": "stage", **_REASON, **_EVIDENCE},
    "tag": {"itemtag": "tag", "tag": "tag", "interest": "interest", **_REASON},
    "explanation": {
        "explanation": "explanation",
        "explation": "explanation",
        "interest": "interest",
        "reason": "reason",
    },
    "text": {"text": "text"},
}
_EXAMPLES = {
    "intent": '{"interest": "trail running", "stage": "long-term", "reason": "…", "evidence": ["h3"]}, or a list',
    "tag": '{"tag": "waterproof trail shoes", "interest": "trail running", "reason": "…"}, or a list',
    "explanation": '"grips on wet rock", or {"explanation": "grips on wet rock"}',
    "text": 'a string: "the text to judge"',
}
