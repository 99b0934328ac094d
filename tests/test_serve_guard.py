"""Who may ask the service, and what it refuses with field and remedy."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from recjudge.errors import UsageError
from recjudge.training.serving import Limits, guard, read_token

from serves import GOOD, Client, served, student


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A service for all that only ask."""
    with served(student(tmp_path_factory.mktemp("one")), watch=guard("127.0.0.1", None, ["judge.example"])) as running:
        yield running


TOKEN = "a-long-enough-token-0123"


def token_file(folder: Path, words: str = TOKEN, mode: int = 0o600) -> Path:
    path = folder / "token"
    path.write_text(f"{words}\n")
    path.chmod(mode)
    return path


def test_a_token_is_asked_for_everywhere_but_at_the_health_checks(tmp_path: Path) -> None:
    watch = guard("127.0.0.1", read_token(token_file(tmp_path)))
    with served(student(tmp_path), watch=watch) as client:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        answers = {
            "none": client.rewards([GOOD]).status,
            "wrong": client.post("/v1/rewards", {"completions": [GOOD]}, Authorization=f"Bearer {TOKEN}x").status,
            "basic": client.post("/v1/rewards", {"completions": [GOOD]}, Authorization=f"Basic {TOKEN}").status,
            "odd": client.post("/v1/rewards", {"completions": [GOOD]}, Authorization="Bearer \xe9\xff").status,
            "right": client.post("/v1/rewards", {"completions": [GOOD]}, **bearer).status,
            "metrics": client.get("/metrics").status,
            "metrics with it": client.get("/metrics", **bearer).status,
            "health": client.get("/healthz").status,
            "ready": client.get("/readyz").status,
        }
    assert answers == {
        "none": 401, "wrong": 401, "basic": 401, "odd": 401, "right": 200, "metrics": 401, "metrics with it": 200,
        "health": 200, "ready": 200,
    }  # fmt: skip


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8100", "127.0.0.1.evil.example", "", "[::2]:80"])
def test_on_loopback_a_name_from_elsewhere_is_refused(client: Client, host: str) -> None:
    given = client.post("/v1/rewards", {"completions": [GOOD]}, Host=host)
    assert given.status == 403
    assert given.json["error"]["field"] == "Host"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "127.0.0.1:8100", "[::1]:8100", "judge.example:1"])
def test_on_loopback_its_own_names_and_those_allowed_are_taken(client: Client, host: str) -> None:
    assert client.get("/healthz", Host=host).status == 200


def test_a_page_of_another_site_is_refused_and_cannot_post_plain_text(client: Client) -> None:
    before = client.counts("recjudge_rewards_total")
    page = client.post("/v1/rewards", {"completions": [GOOD]}, Sec_Fetch_Site="cross-site")
    plain = client.post("/v1/rewards", {"completions": [GOOD]}, Content_Type="text/plain")
    assert (page.status, plain.status, client.counts("recjudge_rewards_total")) == (403, 415, before)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "judge.example"])
def test_beyond_loopback_it_does_not_start_without_a_token(host: str) -> None:
    with pytest.raises(UsageError, match="--token-file"):
        guard(host, None)
    assert guard(host, TOKEN).token == TOKEN


def test_a_token_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="chmod 600"):
        read_token(token_file(tmp_path, mode=0o640))


@pytest.mark.parametrize("words", ["", "short", "two words that are long", "müßig-und-lang-genug"])
def test_a_token_that_is_none_is_refused_and_not_repeated(tmp_path: Path, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_token(token_file(tmp_path, words))
    assert not words or words not in str(caught.value)


def test_a_token_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_TOKEN", TOKEN)
    assert read_token(variable="JUDGE_TOKEN") == TOKEN
    with pytest.raises(UsageError, match="JUDGE_OTHER"):
        read_token(variable="JUDGE_OTHER")
    with pytest.raises(UsageError, match="not both"):
        read_token(Path(os.devnull), "JUDGE_TOKEN")


def test_what_is_too_much_is_refused_with_its_reason(tmp_path: Path) -> None:
    with served(student(tmp_path), limits=Limits(body=2000, batch=3, queue=3, deadline=5)) as client:
        large = client.rewards(["x" * 3000])
        many = client.rewards([GOOD] * 4)
        long = client.rewards([GOOD], deadline=6)
        header = client.post("/v1/rewards", {"completions": [GOOD]}, X_Deadline_Seconds="6")
        odd = client.post("/v1/rewards", {"completions": [GOOD]}, X_Deadline_Seconds="soon")
    assert [given.status for given in (large, many, long, header, odd)] == [413, 422, 422, 422, 422]
    assert "2000 bytes" in large.json["error"]["problem"]
    assert "of one request" in many.json["error"]["problem"]
    assert all(given.json["error"]["remedy"] for given in (large, many, long, header, odd))


def test_a_body_without_a_length_is_capped_as_it_comes(tmp_path: Path) -> None:
    with served(student(tmp_path), limits=Limits(body=1000)) as client:
        given = client.ask("POST", "/v1/rewards", iter([b"x" * 600] * 3), Content_Type="application/json")
    assert given.status == 413


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 400, ""),
        (b'{"completions": [', 400, ""),
        (b'{"completions": [], "completions": ["a"]}', 400, ""),
        (b"[" * 5000, 400, ""),
        (b'{"completions": ' + b"[" * 500 + b"]" * 500 + b"}", 400, ""),
        (b"\xff\xfe", 400, ""),
        (b"[]", 422, ""),
        (b"{}", 422, ""),
        (b'{"completions": "one"}', 422, "completions"),
        (b'{"completions": [], "records": []}', 422, ""),
        (b'{"completions": ["a"], "columns": {"item": []}}', 422, ""),
        (b'{"completions": ["a"], "columns": {"item": "shoe"}}', 422, "columns.item"),
        (b'{"completions": ["a"], "prompt": ["b"]}', 422, "prompt"),
        (b'{"completions": ["a"], "deadline": "5"}', 422, "deadline"),
        (b'{"completions": ["a"], "deadline": -1}', 422, "deadline"),
        (b'{"completions": ["a"], "task": 5}', 422, "task"),
    ],
)
def test_a_wrong_body_is_refused_with_field_and_remedy(client: Client, body: bytes, status: int, field: str) -> None:
    given = client.post("/v1/rewards", body)
    assert (given.status, given.json["error"]["field"]) == (status, field)
    assert given.json["error"]["problem"]
    assert given.json["error"]["remedy"]


def test_the_pages_request_is_answered_as_the_page_says(client: Client) -> None:
    page = (Path(__file__).parent.parent / "training" / "serving" / "README.md").read_text()
    command, _, answer = re.search(r"^```\ncurl (.*?\n)(?={)((.*?)\n)```", page, re.M | re.S).groups()
    words = shlex.split(command)
    headers = dict(word.split(": ") for flag, word in pairwise(words) if flag == "-H")
    body, path = words[words.index("-d") + 1], words[0].partition("/")[2]
    given = client.ask("POST", f"/{path}", body.encode(), Content_Type=headers["Content-Type"])
    told = json.loads(answer)
    assert [type(one) for one in given.rewards] == [type(one) for one in told["rewards"]]
    assert given.json["statuses"] == told["statuses"]
    assert given.json["reasons"][1].startswith(told["reasons"][1].rstrip("…").rstrip())


@pytest.mark.parametrize(("own", "echoed"), [("step-7/3", True), ("x" * 129, False), ("caf\xe9", False), ("", False)])
def test_every_answer_bears_a_name(client: Client, own: str, echoed: bool) -> None:
    answers = [client.rewards([GOOD]), client.post("/v1/rewards", b"{", X_Request_Id=own), client.get("/no")]
    names = [given.headers["x-request-id"] for given in answers]
    assert (names[1] == own) is echoed
    numbers = [int(name) for name in names if name != own]
    assert numbers == sorted(set(numbers))


def test_other_paths_and_methods_are_refused_in_json(client: Client) -> None:
    nowhere, method = client.get("/v1/reward"), client.get("/v1/rewards")
    slash = client.post("/v1/rewards/", {"completions": []})
    assert (nowhere.status, method.status, slash.status) == (404, 405, 404)
    assert "POST /v1/rewards" in nowhere.json["error"]["remedy"]


def test_a_bug_of_the_service_is_an_error_and_its_words_are_in_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with served(student(tmp_path)) as client:
        assert client.service is not None
        monkeypatch.setattr(client.service, "rewards", lambda *_: {}["what was judged"])
        given = client.rewards(["what was judged"])
        monkeypatch.undo()
        counted = client.counts("recjudge_requests_total")
    assert given.status == 500
    assert given.json["error"]["problem"] == "the service broke off with KeyError"
    assert "KeyError at " in caplog.text
    assert "what was judged" not in caplog.text
    assert counted['recjudge_requests_total{path="/v1/rewards",status="500"}'] == 1


def test_a_client_that_hangs_up_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with served(student(tmp_path)) as client:
        head = ("POST /v1/rewards HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Content-Length: 99")
        with socket.create_connection(("127.0.0.1", client.port)) as half:
            half.sendall("\r\n".join([*head, "", "{"]).encode())
        after = client.rewards([GOOD])
    assert after.rewards[0] is not None
    assert caplog.text == ""
