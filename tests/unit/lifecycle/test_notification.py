"""Webhooks: what they are told, signed and bounded; against a real server on loopback."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread
from typing import Any

import pytest

from auditor.cli.main import run
from auditor.engine.report_reader import DocumentReport
from auditor.errors import UsageError
from auditor.lifecycle.notification import SIGNATURE, failure, hook, message, send, slack_text
from auditor.model.severity import Severity


def finding(mark: str, severity: str = "high", waived: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "fingerprint": mark,
        "cause": mark,
        "check_id": "url-auth-none",
        "severity": severity,
        "title": "A defect",
        "message": f"{mark} is <open> & bad",
        "function_name": "orders",
        "cloud": "aws",
        "account": "111122223333",
        "region": "eu-west-1",
        "owner": None,
        "waived": waived,
    }


def report(
    *findings: dict[str, Any],
    new: list[str] | None = None,
    passed: bool = True,
    code: int = 0,
    complete: bool = True,
    **more: Any,
) -> DocumentReport:
    compared = {} if new is None else {"baseline": {"started_at": "2026-11-28T01:00:00Z"}, "new": new}
    return DocumentReport(
        {
            "started_at": "2026-11-29T01:00:00Z",
            "finished_at": "2026-11-29T01:05:00Z",
            "score": {"low": 71.5, "high": 80.0, "grade": "C"},
            "run": {
                "gate": {"fail_on": "high", "only_new": True, "passed": passed},
                "complete": complete,
                "exit_code": code,
                "errors": [],
            },
            "totals": {"by_severity": {"critical": 0, "high": len(findings)}},
            "findings": list(findings),
            "coverage": {"verdicts_reached": 90 if complete else 50, "verdicts_total": 90, "gaps": []},
            "scopes": [{"cloud": "aws", "scope": "111122223333"}],
            **compared,
            **more,
        }
    )


class Receiver:
    """A server on loopback that keeps what it is sent and answers with the codes it is given."""

    def __init__(self, codes: list[int]) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                code = codes.pop(0) if codes else 200
                self.send_response(code)
                if code == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/hooks/token"


@contextmanager
def receiving(*codes: int) -> Iterator[Receiver]:
    receiver = Receiver(list(codes))
    thread = Thread(target=receiver.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()


def test_only_what_is_new_and_grave_and_not_waived_is_told() -> None:
    accepted = {"entry": 1}
    told = message(
        report(finding("a"), finding("b"), finding("c", "low"), finding("d", waived=accepted), new=["b", "c", "d"]),
        Severity.HIGH,
    )
    assert told is not None
    assert (told["events"], [row["fingerprint"] for row in told["new"]], told["new_total"]) == (
        ["new-findings"],
        ["b"],
        1,
    )


def test_nothing_new_is_no_message() -> None:
    assert message(report(finding("a"), new=[]), Severity.HIGH) is None


def test_a_failed_gate_and_a_run_that_could_not_read_are_told() -> None:
    gate = message(report(new=[], passed=False, code=3), Severity.HIGH)
    unreadable = message(report(new=[], code=5), Severity.HIGH)
    assert gate is not None
    assert unreadable is not None
    assert (gate["events"], unreadable["events"]) == (["gate-failed"], ["unreadable"])


def past(*, complete: bool, reached: int) -> dict[str, Any]:
    return {"complete": complete, "verdicts_reached": reached, "verdicts_total": 90}


@pytest.mark.parametrize(
    ("known", "events"),
    [
        ({}, ["incomplete"]),
        ({"history": [past(complete=True, reached=90)]}, ["incomplete"]),
        ({"history": [past(complete=False, reached=70)]}, ["incomplete"]),
        ({"history": [past(complete=False, reached=50)]}, None),
        ({"history": [past(complete=False, reached=50)], "carried": [finding("a")]}, ["incomplete"]),
        (
            {"history": [past(complete=False, reached=50)], "carried": [finding("a") | {"account": "999999999999"}]},
            None,
        ),
    ],
    ids=["first", "whole before", "less than before", "as before", "finding not examined", "another account's finding"],
)
def test_a_run_that_lost_answers_is_told_without_a_gate(known: dict[str, Any], events: list[str] | None) -> None:
    told = message(report(new=[], complete=False, **known), Severity.HIGH)
    assert (told and told["events"]) == events
    assert message(report(new=[], **known), Severity.HIGH) is None


def test_what_went_unanswered_is_told() -> None:
    gap = {"operation": "lambda:GetPolicy", "reason": "DENIED", "permission": "lambda:GetPolicy", "count": 3}
    later = {"operation": "iam:GetX", "reason": "THROTTLED", "permission": "iam:GetX", "count": 1, "needed": False}
    left = {"operation": "ec2:Y", "reason": "NOT_AT_DEPTH", "permission": "ec2:Y", "count": 9}
    coverage = {"verdicts_reached": 50, "verdicts_total": 90, "gaps": [later, gap, gap, left]}
    told = message(report(new=[], complete=False, coverage=coverage, not_examined_again=["a", "b"]), Severity.HIGH)
    assert told is not None
    assert [(row["operation"], row["count"]) for row in told["unanswered"]] == [
        ("lambda:GetPolicy", 6),
        ("iam:GetX", 1),
    ]
    assert slack_text(told)["text"].splitlines()[-4:] == [
        "! 40 verdicts not reached",
        "! 2 known findings not examined again",
        "! lambda:GetPolicy DENIED, 6 calls, grant lambda:GetPolicy",
        "! iam:GetX THROTTLED, 1 call",
    ]


def test_a_message_is_signed_over_the_bytes_that_are_sent() -> None:
    key = "shared " * 3
    told = message(report(finding("a"), new=["a"]), Severity.HIGH)
    assert told is not None
    with receiving() as receiver:
        assert send(hook(receiver.url), told, key) is None
    ((headers, body),) = receiver.got
    assert headers[SIGNATURE] == "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    assert json.loads(body) == told


def test_slack_gets_a_text_whose_marks_are_inert() -> None:
    told = message(report(finding("a"), new=["a"]), Severity.HIGH)
    assert told is not None
    with receiving() as receiver:
        assert send(hook(f"slack+{receiver.url}"), told, "") is None
    ((headers, body),) = receiver.got
    assert SIGNATURE not in headers
    assert "• high url-auth-none: a is &lt;open&gt; &amp; bad" in json.loads(body)["text"]


def test_what_fails_for_now_is_tried_again_and_not_for_ever() -> None:
    pauses: list[float] = []
    with receiving(503, 429) as receiver:
        assert send(hook(receiver.url), failure("no credentials"), "", pauses.append) is None
        assert (len(receiver.got), pauses) == (3, [2.0, 4.0])
    with receiving(503, 503, 503, 503) as receiver:
        assert send(hook(receiver.url), failure("x"), "", pauses.append) == "127.0.0.1 was not notified: it answers 503"
        assert len(receiver.got) == 3


@pytest.mark.parametrize("code", [302, 400, 404])
def test_what_is_refused_is_not_tried_again_and_no_redirect_is_followed(code: int) -> None:
    with receiving(code) as receiver:
        said = send(hook(receiver.url), failure("x"), "", lambda _: None)
        assert (said, len(receiver.got)) == (f"127.0.0.1 was not notified: it answers {code}", 1)
        assert "token" not in str(said)


def test_a_server_that_speaks_no_http_is_said() -> None:
    class Garbled(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(b"220 mail.example.com\r\n")

    with TCPServer(("127.0.0.1", 0), Garbled) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        said = send(hook(f"http://127.0.0.1:{server.server_address[1]}/"), failure("x"), "", lambda _: None)
        server.shutdown()
    assert said == "127.0.0.1 was not notified: it cannot be reached (BadStatusLine)"


def test_a_server_that_is_not_there_is_said() -> None:
    said = send(hook("http://127.0.0.1:9/hooks/token"), failure("x"), "", lambda _: None)
    assert said == "127.0.0.1 was not notified: it cannot be reached (ConnectionRefusedError)"


@pytest.mark.parametrize(
    "given",
    [
        *("http://example.com/x", "ftp://example.com", "example.com", "slack+http://example.com"),
        *("https://example.com:port/x", "https://[::1/x", "https://example.com/a b", "https://"),
    ],
)
def test_only_https_leaves_the_machine(given: str) -> None:
    with pytest.raises(UsageError, match="--notify takes an https address"):
        hook(given)


@pytest.mark.parametrize("given", ["http://{}@127.0.0.1:8799/u", "slack+https://{}@example.com/x", "https://{}@h:x/"])
def test_an_address_with_a_password_is_refused_and_not_repeated(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password = "not" + "-to-be-shown"
    scan = ["scan", "--provider", "aws", "-o", str(tmp_path / "out")]
    assert run([*scan, "--notify", given.format(f"someone:{password}")]) == 2
    said = capsys.readouterr().err
    assert "--notify takes an" in said
    assert password not in said
    assert "someone" not in said


def test_slacks_own_host_is_known() -> None:
    assert hook("https://hooks.slack.com/services/x").slack
    assert not hook("https://example.com/x").slack
