"""A certificate as people read it: Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .certificate import Certificate


def markdown(certificate: Certificate) -> str:
    """The whole certificate, the statement first, then what may make one distrust it."""
    parts = [
        "# Certificate of training rows" if certificate.certified else "# UNCERTIFIED training rows",
        _cell(certificate.statement) + ".",
        "\n".join(f"- {_cell(note)}" for note in certificate.notes),
        "## Rows",
        _table(("", "n"), _counts(certificate)),
        *_bad(certificate),
        "## Left out",
        _table(("why", "rows"), certificate.left_out.items()) if certificate.left_out else "Nothing.",
        "## Audit sample",
        _audit(certificate),
        "## Yield, rows taken as independent",
        _table(("of", "class", "judged", "accepted", "kept", "accepted % [95 %]"), _yields(certificate)),
        "## Diversity, on sets of one size",
        _table(("task", "metric", "n", "judged", "accepted", "kept"), _diversity(certificate)),
        "## Rests on",
        _table(("", ""), _origin(certificate)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def bad_words(certificate: Certificate) -> str:
    """How many of the kept rows may be bad, in one sentence."""
    bad = certificate.bad
    if bad is None:
        return "how many of these rows are bad is not known"
    expected = "no labelled sample tells how many bad rows to expect"
    if bad["expected"] is not None:
        basis = ", ".join(dict.fromkeys(line["basis"] for line in certificate.lines))
        expected = (
            f"of {certificate.accepted} accepted rows {bad['expected']:.1f} are expected to be bad [{bad['low']:.1f}, "
            f"{bad['high']:.1f}] ({basis})"
        )
    if bad["bound"] is None:
        return f"{expected}; the policy bounds no number of rows"
    tested = ""
    if bad["tested_bound"] is not None:
        # certificates of before do not tell it of the kept
        number = bad.get("tested_bound_kept", bad["tested_bound"])
        tested = f" (by the sealed labels alone {number}, confidence {bad['tested_confidence']:.4g})"
    return (
        f"{expected}, and at most {bad['bound']} with confidence {bad['confidence']:.4g}; so of {certificate.kept} "
        f"kept at most {bad['bound_kept']}{tested}"
    )


def _counts(certificate: Certificate) -> list[tuple[str, Any]]:
    unjudged = ", ".join(f"{n} {name}" for name, n in certificate.unjudged.items())
    return [
        ("rows", certificate.rows),
        ("judged", certificate.judged),
        ("unjudged, never kept", unjudged or 0),
        ("accepted", certificate.accepted),
        ("put aside for people", len(certificate.audit["ids"])),
        ("kept", certificate.kept),
        ("of them graded Bad by the judge", _number(certificate.graded_bad)),
        ("groups with a kept row", f"{certificate.groups} of {certificate.groups_judged}"),
    ]


def _bad(certificate: Certificate) -> list[str]:
    words = bad_words(certificate)
    if not certificate.lines:
        return ["## Bad rows", f"{words[0].upper()}{words[1:]}."]
    columns = ("line", "it accepts", "precision ≥", "confidence", "labelled (wrong)", "expected bad", "at most",
               "at most, by the sealed test")  # fmt: skip
    rows = [
        (line["line"], line["accepted"], f"{line['precision']:.4g}", f"{line['confidence']:.4g}",
         f"{line['labelled']} ({line['wrong']}), {line['basis']}", _number(line["expected"]), _number(line["bound"]),
         _number(line["tested_bound"]))
        for line in certificate.lines
    ]  # fmt: skip
    how = [f"- {_cell(line['line'])}: {line['words']}" for line in certificate.lines]
    return ["## Bad rows", f"{words[0].upper()}{words[1:]}.", _table(columns, rows), "\n".join(how)]


def _audit(certificate: Certificate) -> str:
    ids = certificate.audit["ids"]
    if not ids:
        return "None."
    return (
        f"{len(ids)} of the accepted rows, drawn at random with probability {certificate.audit['probability']:.4g} "
        f"each (seed {certificate.audit['seed']}); none is kept: {', '.join(f'`{_cell(id)}`' for id in ids)}"
    )


def _yields(certificate: Certificate) -> list[tuple[Any, ...]]:
    return [
        (of, name, one["judged"], one["accepted"], one["kept"],
         f"{100 * one['share']:.1f} [{100 * one['interval'][0]:.1f}, {100 * one['interval'][1]:.1f}]")
        for of, classes in certificate.yields.items()
        for name, one in classes.items()
    ]  # fmt: skip


def _diversity(certificate: Certificate) -> list[tuple[Any, ...]]:
    return [
        (task, metric, one["n"], *(_number(one[name]) for name in ("judged", "accepted", "kept")))
        for task, metrics in certificate.diversity.items()
        for metric, one in metrics.items()
    ]


def _origin(certificate: Certificate) -> list[tuple[str, str]]:
    policy = certificate.policy
    own = [("judge", ", ".join(certificate.judges)), ("rubric", ", ".join(certificate.rubrics))]
    if policy:
        own += [
            ("policy", f"{policy['digest'][:12]}, made {policy['made']}, valid until {policy['expires']}"),
            ("labels", f"{policy['labels'] or 'not named'} {policy['labels_digest'][:12]}".strip()),
            ("rounds", ", ".join(policy["rounds"]) or "not named"),
            ("sealed labels opened", f"{policy['opened']} times"),
        ]
    chosen = {name: value for name, value in certificate.selection.items() if value not in (None, False)}
    own += [("selection", ", ".join(f"{name} {value}" for name, value in chosen.items()))]
    own += [("made", f"{certificate.made}, recjudge {certificate.recjudge}".rstrip(", "))]
    return own + [(name, f"sha256 {digest}") for name, digest in certificate.files.items()]


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    body = [tuple(map(_cell, row)) for row in rows]
    if not body:
        return ""
    lines = [columns, ("---",) * len(columns), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3g}"


def _cell(value: Any) -> str:
    words = " ".join(str(value).split())
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
