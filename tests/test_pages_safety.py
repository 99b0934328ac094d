"""Text from outside is text: no script, no handler, no address, no template and no hidden character comes of it."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from recjudge.judge import Cost, Finding, Grade, Status, Verdict
from recjudge.reports import agreement_markdown, agreement_page, print_agreement, rounds_page, run_page
from recjudge.reports.pages.engine import engine
from recjudge.training.rounds import Round, Stop
from rich.console import Console

from fake_reports import report
from fake_rounds import one, share

HOST = "evil.example"
PAYLOADS = (
    "<script>document.title='ran'</script>",
    "</title><script>document.title='ran'</script>",
    "</style><script>document.title='ran'</script><style>",
    "</desc></svg><script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    f"<img src='http://{HOST}/pixel.png'>",
    "<svg onload=document.title='ran'>",
    "<svg><animate onbegin=document.title='ran' attributeName=x dur=1s>",
    f"<svg><use href='http://{HOST}/a.svg#x'/></svg>",
    "<svg><foreignObject><body onload=document.title='ran'></foreignObject></svg>",
    f"<iframe src='http://{HOST}/'></iframe>",
    "<iframe srcdoc=\"<script>parent.document.title='ran'</script>\">",
    "<a href=\"javascript:document.title='ran'\">click</a>",
    "[click](javascript:document.title='ran')",
    "![x](http://evil.example/x.png)",
    f"<meta http-equiv=refresh content='0;url=http://{HOST}/'>",
    f"<link rel=stylesheet href='http://{HOST}/x.css'>",
    f"<base href='http://{HOST}/'>",
    f"<style>@import 'http://{HOST}/x.css'; body{{background:url(http://{HOST}/y)}}</style>",
    f"<form action='http://{HOST}/'><input type=submit></form>",
    '" onmouseover="document.title=\'ran\'" x="',
    "' onfocus='document.title=1' autofocus x='",
    "\"><script>document.title='ran'</script>",
    "'><img src=x onerror=document.title='ran'>",
    "--><script>document.title='ran'</script><!--",
    "<!--<script>",
    "<![CDATA[<script>document.title='ran'</script>]]>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=document.title='ran'>",
    "<noscript><p title=\"</noscript><img src=x onerror=document.title='ran'>\">",
    "<details open ontoggle=document.title='ran'>",
    "<video><source onerror=document.title='ran'></video>",
    "<object data='javascript:document.title=1'></object>",
    "<embed src='data:text/html,<script>1</script>'>",
    "<template><script>document.title='ran'</script></template>",
    "&lt;script&gt;document.title='ran'&lt;/script&gt;",
    "&#60;script&#62;document.title='ran'&#60;/script&#62;",
    "\u003cscript\u003edocument.title='ran'\u003c/script\u003e",
    "＜script＞document.title='ran'＜/script＞",
    "<scr\x00ipt>document.title='ran'</scr\x00ipt>",
    "<script\x0bsrc=//evil.example/x.js>",
    "{{7*7}}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% include '/etc/passwd' %}",
    "{# gone #}",
    "{0.__class__}",
    "${7*7}",
    "%(name)s %n %s",
    "#{7*7} <%= 7*7 %>",
    "</textarea></noscript></template></select><script>document.title='ran'</script>",
)
ODD = (
    "\u202egnp.exe",
    "\u2066hidden\u2069",
    "zero\u200bwidth\ufeff",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x9b31m",
    "soft\u00adhyphen",
    "tags\U000e0041\U000e007f",
    "\u2028line\u2029",
)
VOID = {"meta", "link", "input", "br", "hr", "img"}


class _Page(HTMLParser):
    """Every element and attribute of a page; what opens must close."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def hostile_run(text: str) -> list[Verdict]:
    """Two verdicts, a jury's and a set's, with the text wherever text may come from outside."""
    found = Finding(
        f"relevance{text}", Status.OK, label=f"bad{text}", polarity=-1, code=f"wrong{text}", reason=text,
        evidence=(text,), by=text,
    )  # fmt: skip
    fields = {
        "reason": text, "text": text, "group": text, "item": text, "system": text, "place": text, "flags": (text,),
        "cost": Cost(calls=1, usd=0.1),
    }  # fmt: skip
    one = Verdict(f"s1{text}", f"text{text}", f"judge{text}", f"rubric{text}", Status.OK, Grade.BAD, (found,), **fields)
    jury = Verdict(
        f"s2{text}", f"text{text}", f"jury{text}", f"rubric{text}", Status.PARSE_FAILED, None, (found,),
        error=text, members=(one, one), **fields,
    )  # fmt: skip
    several = Verdict(
        f"set{text}", f"text{text}", "local", "rubric", Status.OK, Grade.BAD, (found,), kind="set",
        metrics={f"spread{text}".replace(":", "_"): {"value": 0.5, "n": 2}}, **fields,
    )  # fmt: skip
    return [one, jury, several]


def hostile_rounds(text: str) -> list[Round]:
    """Two rounds with the text wherever text may come from outside."""
    said, found = f"said {text}", [one(number, Path("nowhere")) for number in range(2)]
    names = {"model": said, "model_in": said, "judge": said, "policy": said, "milestone_reason": said, "notes": (said,)}
    yields = {said: {f"{name} {text}": share(0.3) for name in "ab"}}
    more = {"diversity": {said: share(0.5)}, "grades": {said: 3}, "seconds": {said: 1.0}, "yields": yields}
    return [found[0], replace(found[1], quality=share(0.6), stopped=Stop(said, said), **names, **more)]


@cache
def pages(text: str) -> list[str]:
    """An agreement page, a run page and a page across rounds with the text in every field."""
    given = report(text, sections=1, listed=2)
    run = run_page(hostile_run(text), source=text, agreement=given)
    return [agreement_page(given), run, rounds_page(hostile_rounds(text))]


@pytest.mark.parametrize("text", [*PAYLOADS, *ODD], ids=lambda text: ascii(text)[:40])
def test_no_text_becomes_an_element_a_handler_or_an_address(text: str) -> None:
    plain = [{tag for tag, _ in parsed(page).elements} for page in pages("")]
    for page, known in zip(pages(text), plain, strict=True):
        for tag, attributes in parsed(page).elements:
            assert tag in known
            assert tag not in ("script", "iframe", "object", "embed", "img", "base", "form", "use", "image")
            assert not [name for name in attributes if name.startswith("on")]
            for name in ("href", "src", "action", "data", "xlink:href", "formaction", "srcset", "poster"):
                assert (attributes.get(name) or "#").startswith(("#", "data:,"))


def test_elements_of_a_hostile_page_are_those_of_a_plain_one() -> None:
    every = " ".join(PAYLOADS)
    for hostile, plain in zip(pages(every), pages("plain"), strict=True):
        assert [tag for tag, _ in parsed(hostile).elements] == [tag for tag, _ in parsed(plain).elements]


@pytest.mark.parametrize("text", PAYLOADS, ids=lambda text: ascii(text)[:40])
def test_the_text_stands_on_the_page_as_it_is(text: str) -> None:
    shown = text.replace("\x00", "⟨U+0000⟩").replace("\x0b", "⟨U+000B⟩")
    for page in pages(text):
        assert shown in "".join(parsed(page).words)


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_hidden_characters_are_written_out_on_pages_and_in_texts(text: str) -> None:
    given = report(text, sections=1, listed=2)
    terminal = io.StringIO()
    print_agreement(Console(file=terminal, width=120), given)
    for made in (*pages(text), agreement_markdown(given), terminal.getvalue()):
        hidden = {character for character in text if not character.isprintable()}
        assert hidden
        assert not hidden & set(made)
    assert all("⟨U+" in page for page in pages(text))


def test_nothing_of_a_template_is_evaluated_in_a_value() -> None:
    said = ["".join(parsed(page).words) for page in pages("{{7*7}} {% set x = 1 %} {0.__class__} ${7*7}")]
    assert all("{{7*7}} {% set x = 1 %} {0.__class__} ${7*7}" in words for words in said)
    assert all("49 " not in words for words in said)


def test_every_page_forbids_what_it_does_not_need() -> None:
    for page in pages("x"):
        policies = [
            attributes["content"] for tag, attributes in parsed(page).elements
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        ]  # fmt: skip
        assert len(policies) == 1
        assert (policies[0] or "").startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
        assert page.index("Content-Security-Policy") < page.index("<title>")


def test_the_engine_escapes_and_knows_its_own_folder_alone() -> None:
    from jinja2 import TemplateNotFound

    assert engine().from_string("{{ x }}").render(x="<b>\u202e") == "&lt;b&gt;⟨U+202E⟩"
    for name in ("../render.py", "/etc/passwd", "../../pyproject.toml"):
        with pytest.raises(TemplateNotFound):
            engine().get_template(name)


def test_no_template_marks_a_value_as_safe() -> None:
    folder = Path(sys.modules[engine.__module__].__file__ or "").parent
    for template in folder.glob("*.jinja"):
        text = template.read_text()
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
        assert "<script" not in text


@pytest.mark.parametrize("text", PAYLOADS, ids=lambda text: ascii(text)[:40])
def test_markdown_holds_no_live_html_and_no_link(text: str) -> None:
    made = agreement_markdown(report(text, sections=1, listed=2))
    assert not [at for at, character in enumerate(made) if character == "<" and made[at - 1] != "\\"]
    assert "](" not in made.replace("\\](", "")


@pytest.fixture
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port of 127.0.0.1 that notes every connection made to it."""
    heard: list[bytes] = []
    door = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(2)
                heard.append(caller.recv(200))

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield door.getsockname()[1], heard
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join(5)


def _dom(page: Path, folder: Path, port: int) -> str:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium is installed")
    # the browser's own calls home go nowhere; the hostile host is the port that listens
    rules = f"MAP {HOST} 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder}", f"--host-resolver-rules={rules}", "--virtual-time-budget=2000",
        "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout


@pytest.mark.slow
def test_in_a_browser_no_script_runs_and_no_request_leaves(tmp_path: Path, listening: tuple[int, list[bytes]]) -> None:
    port, heard = listening
    every = " ".join((*PAYLOADS, *ODD)).replace(f"http://{HOST}", f"http://127.0.0.1:{port}")
    for number, page in enumerate(pages(every)):
        path = tmp_path / f"page{number}.html"
        path.write_text(page, encoding="utf-8")
        shown = parsed_dom(_dom(path, tmp_path / f"browser{number}", port))
        titles = [words for tag, words in shown if tag == "title"]
        assert titles
        assert titles[0] != "ran"
        assert "script" not in {tag for tag, _ in shown}
    assert heard == []


@pytest.mark.slow
def test_the_browser_test_would_hear_a_page_that_is_not_safe(
    tmp_path: Path, listening: tuple[int, list[bytes]]
) -> None:
    port, heard = listening
    page = tmp_path / "open.html"
    page.write_text(f"<title>calm</title><script>document.title='ran'</script><img src='http://127.0.0.1:{port}/x'>")
    shown = parsed_dom(_dom(page, tmp_path / "browser", port))
    assert ("title", "ran") in shown
    assert heard


def parsed_dom(dom: str) -> list[tuple[str, str]]:
    """(element, the text that follows its start) of what a browser made of a page."""
    found: list[tuple[str, str]] = []

    class Dom(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, ""))

        def handle_data(self, data: str) -> None:
            if found and not found[-1][1]:
                found[-1] = (found[-1][0], data)

    Dom().feed(dom)
    return found
