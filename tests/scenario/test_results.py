"""S5, S6, S7: what is left of the previous result, and of what a run collected, whatever ends the run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from auditor.result_directory import ResultDirectory
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.pausing import HOME, PATIENCE, Paused, started, wait_until

WHERE = ("--provider", "aws", "--region", "us-east-1", "--no-progress")


def deploy(count: int) -> None:
    import boto3

    iam, functions = boto3.client("iam"), boto3.client("lambda")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="plain", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for number in range(count):
        given = {"Runtime": "python3.13", "Role": role, "Handler": "a.b", "Code": {"ZipFile": b"PK"}}
        functions.create_function(FunctionName=f"made-up-{number}", **given)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server, pointed_at(server.environment):
        deploy(3)
        yield server


@pytest.fixture
def out(server: Server, tmp_path: Path) -> Path:
    """The result of a run that ended well."""
    assert run(["scan", *WHERE, "--quiet", "-o", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def content(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def report(directory: Path) -> dict[str, Any]:
    return json.loads((directory / "report.json").read_bytes())


def aside(out: Path) -> Path:
    """What is kept beside a result; the only thing there."""
    (kept,) = (path for path in out.parent.iterdir() if path != out)
    assert kept.name.startswith("out.incomplete-")
    return kept


@contextmanager
def captive_portal() -> Iterator[str]:
    class Portal(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            page = b"<html><body>Welcome to our hotel. Please sign in.</body></html>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_GET = do_POST

        def log_message(self, *_: object) -> None: ...

    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=portal.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{portal.server_address[1]}"
    finally:
        portal.shutdown()
        portal.server_close()


@pytest.mark.parametrize("verb", ["scan", "collect"])
@pytest.mark.parametrize("why", ["expired", "denied", "dead endpoint", "captive portal", "no credentials", "no region"])
def test_s5_a_run_that_reads_nothing_replaces_nothing(
    server: Server, out: Path, verb: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(out)
    command, code = [verb, *WHERE, "--quiet", "-o", str(out)], 5
    with captive_portal() as portal:
        if why == "expired":
            server.faults.add(Fault(Spoil.EXPIRED_TOKEN))
        elif why == "denied":
            server.faults.add(Fault(Spoil.DENY, operation="ListFunctions*"))
        elif why == "dead endpoint":
            monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        elif why == "captive portal":
            monkeypatch.setenv("AWS_ENDPOINT_URL", portal)
        elif why == "no credentials":
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
                monkeypatch.delenv(name)
        else:
            command[command.index("us-east-1")] = "us-esat-1"
            code = 2
        assert run(command) == code
    assert content(out) == before
    assert list(out.parent.iterdir()) == [out]
    complained = capsys.readouterr().err
    assert complained.startswith("auditor: ")
    assert "Traceback" not in complained


def noted(directory: Path) -> bool:
    """Whether a run that is under way has written down that functions were listed."""
    lists = directory.glob(".out.auditor-*/snapshot/aws/*/us-east-1/lambda%3AListFunctions.*.jsonl.gz")
    return any(lists) and any(directory.glob(".out.auditor-*/snapshot/captures/*.json"))


@pytest.mark.parametrize("verb", ["scan", "collect"])
def test_s5_killed_while_it_collects_it_leaves_the_old_result_and_what_it_had(
    server: Server, out: Path, verb: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = content(out)
    paused = Paused.at(server, "GetPolicy")
    process = started(verb, *WHERE, "--quiet", "-o", str(out))
    assert paused.reached.wait(PATIENCE)
    wait_until(lambda: noted(out.parent))
    process.kill()
    process.communicate()
    paused.let_go.set()
    assert {path: text for path, text in content(out).items() if path.name != ".auditor.lock"} == before
    assert run(["scan", *WHERE, "--quiet", "-o", str(out)]) == 0
    kept = aside(out)
    said = f"auditor: a run that was cut off had collected something: it is kept in {kept}, and 'auditor evaluate "
    assert said in capsys.readouterr().err
    assert run(["evaluate", str(kept), "--quiet", "-M", "json", "-o", str(tmp_path / "judged")]) == 0
    judged = report(tmp_path / "judged")
    assert {row["name"] for row in judged["functions"]} == {"made-up-0", "made-up-1", "made-up-2"}
    assert (judged["run"]["complete"], judged["run"]["interrupted"]) == (False, True)
    assert judged["run"]["errors"] == ["The run ended before it was finished: what was not asked by then is missing."]
    assert {judged["verdicts"][row["id"]]["policy-public"] for row in judged["functions"]} == {"UNKNOWN"}


def test_s5_killed_again_and_again_each_is_kept_and_none_is_mixed(server: Server, out: Path) -> None:
    before = content(out)
    for _ in range(3):
        paused = Paused.at(server, "GetPolicy")
        process = started("scan", *WHERE, "--quiet", "-o", str(out))
        assert paused.reached.wait(PATIENCE)
        wait_until(lambda: noted(out.parent))
        process.kill()
        process.communicate()
        paused.let_go.set()
    assert {path: text for path, text in content(out).items() if path.name != ".auditor.lock"} == before
    assert run(["scan", *WHERE, "--quiet", "-o", str(out)]) == 0
    kept = [path for path in out.parent.iterdir() if path != out]
    assert len(kept) == 3
    assert all(path.name.startswith("out.incomplete-") for path in kept)


FULL = """
import resource, sys
from auditor.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("limit", ["100", "3000", "20000"])
def test_s5_a_disk_that_is_full_costs_no_earlier_result(server: Server, out: Path, limit: str) -> None:
    before = content(out)
    command = [sys.executable, "-c", FULL, limit, "scan", *WHERE, "--quiet", "-o", str(out)]
    done = subprocess.run(command, cwd=HOME, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be written: File too large" in done.stderr
    assert "our fault" not in done.stderr
    assert content(out) == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("verb", ["scan", "collect"])
def test_s7_interrupted_it_leaves_the_old_result_and_what_it_collected_beside(
    server: Server, out: Path, verb: str, number: signal.Signals, code: int, tmp_path: Path
) -> None:
    before = content(out)
    paused = Paused.at(server, "GetPolicy")
    process = started(verb, *WHERE, "--quiet", "-o", str(out))
    assert paused.reached.wait(PATIENCE)
    process.send_signal(number)
    _, complained = process.communicate()
    paused.let_go.set()
    assert process.returncode == code
    assert content(out) == before
    kept = aside(out)
    assert (
        f"auditor: {out} still holds the previous result; what was collected is not lost: it is kept in {kept}"
        in complained
    )
    if verb == "scan":
        assert report(kept)["run"]["exit_code"] == code
        assert {path.name for path in kept.iterdir()} == {"report.json", "report.html", "snapshot", "manifest.json"}
    assert run(["evaluate", str(kept), "--quiet", "-M", "json", "-o", str(tmp_path / "judged")]) == 0
    assert "INTERRUPTED" in {gap["reason"] for gap in report(tmp_path / "judged")["coverage"]["gaps"]}


def test_s7_interrupted_without_an_earlier_result_what_it_collected_is_the_result(
    server: Server, tmp_path: Path
) -> None:
    paused = Paused.at(server, "GetPolicy")
    process = started("scan", *WHERE, "--quiet", "-o", str(tmp_path / "out"))
    assert paused.reached.wait(PATIENCE)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    paused.let_go.set()
    assert process.returncode == report(tmp_path / "out")["run"]["exit_code"] == 143
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "command", [["scan", *WHERE], ["collect", *WHERE], ["evaluate", "OUT"], ["report", "OUT/report.json"]]
)
def test_s6_a_second_run_ends_at_once_and_asks_nothing(
    server: Server, out: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(out)
    with ResultDirectory(out, {"report.json"}, lambda _: False):
        server.forget_requests()
        assert run([*(word.replace("OUT", str(out)) for word in command), "--quiet", "-o", str(out)]) == 2
    assert server.requests == ()
    assert content(out) == before
    complained = capsys.readouterr().err
    assert complained.startswith(f"auditor: {out} is being written by another run (process {os.getpid()}, started 20")
    assert complained.count("\n") == 1


def test_a_result_for_each_run_with_latest_naming_the_newest(server: Server, tmp_path: Path) -> None:
    pattern, seen = str(tmp_path / "audits" / "{date}"), []
    for _ in range(3):
        assert run(["scan", *WHERE, "--quiet", "-o", pattern]) == 0
        latest = (tmp_path / "audits" / "latest").resolve()
        assert report(latest)["run"]["exit_code"] == 0
        seen.append(latest)
    assert len(set(seen)) == 3
    assert set((tmp_path / "audits").iterdir()) == {*seen, tmp_path / "audits" / "latest"}
    assert seen[0].name == time.strftime("%Y-%m-%d", time.gmtime()) or seen[0].name < time.strftime(
        "%Y-%m-%d", time.gmtime()
    )
    server.faults.add(Fault(Spoil.EXPIRED_TOKEN))
    assert run(["scan", *WHERE, "--quiet", "-o", pattern]) == 5
    assert (tmp_path / "audits" / "latest").resolve() == seen[-1]
    assert set((tmp_path / "audits").iterdir()) == {*seen, tmp_path / "audits" / "latest"}
    assert run(["evaluate", str(seen[-1]), "--quiet", "-M", "json", "-o", pattern, "--keep", "2"]) == 0
    newest = (tmp_path / "audits" / "latest").resolve()
    assert set((tmp_path / "audits").iterdir()) == {seen[-1], newest, tmp_path / "audits" / "latest"}


def test_keeping_some_results_needs_one_a_day(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(out), "-o", str(tmp_path / "here"), "--keep", "2"]) == 2
    assert capsys.readouterr().err == (
        "auditor: --keep 2 needs one result a day: name the directory with {date} in it.\n"
    )
    assert run(["evaluate", str(out), "-o", str(tmp_path / "{date}" / "here"), "--keep", "2"]) == 2
    assert capsys.readouterr().err == "auditor: --keep 2 needs {date} in the last part of --output-dir.\n"


def test_what_is_said_is_one_event_a_line_where_that_is_asked(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--quiet", "--log-format", "json", "--fail-on", "low"]
    assert run(["evaluate", str(out), *asked, "-o", str(tmp_path / "judged")]) == 3
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len({event["run"] for event in events}) == 1
    assert [event.get("event") for event in events] == [None, "finished"]
    assert events[0]["message"].startswith("gate failed: ")
    document = report(tmp_path / "judged")
    assert (events[1]["exit_code"], events[1]["causes"]) == (3, document["totals"]["by_severity"])
    assert events[1]["functions"] == len(document["functions"])
    assert run(["scan", *WHERE, "--quiet", "--log-format", "json", "-o", str(tmp_path / "scanned")]) == 0
    names = [json.loads(line).get("event") for line in capsys.readouterr().err.splitlines()]
    assert (names[0], names[-1], set(names) - {None}) == ("started", "finished", {"started", "read", "finished"})
    assert run(["evaluate", str(out), "-o", str(tmp_path / "judged"), "--fail-on", "low", "--quiet"]) == 3
    assert capsys.readouterr().err.startswith("auditor: gate failed: ")


def test_one_report_to_standard_output(
    out: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    capfd.readouterr()
    assert run(["evaluate", str(out), "-M", "json", "-o", "-", "--fail-on", "low"]) == 3
    said = capfd.readouterr()
    assert json.loads(said.out)["run"]["exit_code"] == 3
    assert said.err.startswith("auditor: gate failed: ")
    assert run(["report", str(out / "report.json"), "-M", "html", "-o", "-"]) == 0
    assert capfd.readouterr().out == (out / "report.html").read_text("utf-8")
    assert run(["scan", *WHERE, "-M", "json", "-o", "-"]) == 0
    assert json.loads(capfd.readouterr().out)["functions"]
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    "command", [["evaluate", "OUT", "-o", "-"], ["collect", *WHERE, "-o", "-"], ["evaluate", "OUT", "-o", "{dat}"]]
)
def test_what_cannot_go_there_is_said(out: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([word.replace("OUT", str(out)) for word in command]) == 2
    assert capsys.readouterr().err.count("\n") == 1
