"""A run that takes over what did not change reaches the verdicts of one that asks everything, and says how old it is."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run
from moto_fixtures.aws.server import Server
from tests.unit.providers.aws.collector.organization import HOME, HUB, client, deploy

NAMES = tuple(f"f{number:02}" for number in range(8))
Report = dict[str, Any]
Scan = Callable[..., Report]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        deploy(started, HUB, *NAMES)
        functions = client(started, "lambda")
        for name in NAMES[:2]:
            functions.publish_version(FunctionName=name)
            functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        yield started


@pytest.fixture
def scan(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def scanned(place: str, *more: str) -> Report:
        server.forget_requests()
        out = ["-M", "json", "-o", str(tmp_path / place), "--quiet"]
        assert run(["scan", "--provider", "aws", "-f", HOME, "--depth", "standard", *out, *more]) == 0
        report: Report = json.loads((tmp_path / place / "report.json").read_text("utf-8"))
        return report

    return scanned


def judged(report: Report) -> Report:
    """What a report says of functions, without when it was asked."""
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (unchanged since ")[0].partition(" (as of ")[0]
    wanted = ("verdicts", "findings", "functions", "unknowns", "score", "causes")
    return {key: report[key] for key in wanted}


def asked(server: Server, *operations: str) -> Counter[str]:
    """How often each operation of Lambda was asked."""
    found = Counter(seen.operation for seen in server.requests if seen.service == "lambda")
    return Counter({name: found[name] for name in operations})


PER_FUNCTION = ("GetPolicy", "ListFunctionUrlConfigs", "ListAliases")


def changed(server: Server, chance: random.Random) -> None:
    """A random change of a kind that moves a revision."""
    functions, name, sid = client(server, "lambda"), chance.choice(NAMES), f"s{chance.getrandbits(40)}"
    open_to_all = {"StatementId": sid, "Action": "lambda:InvokeFunction", "Principal": "*"}
    chance.choice(
        (
            lambda: functions.add_permission(FunctionName=name, **open_to_all),
            lambda: functions.add_permission(FunctionName=NAMES[0], Qualifier="1", **open_to_all),
            lambda: functions.update_function_configuration(FunctionName=name, Timeout=chance.randint(3, 900)),
            lambda: functions.tag_resource(Resource=f"arn:aws:lambda:{HOME}:{HUB}:function:{name}", Tags={"team": sid}),
        )
    )()


def test_changes_that_a_revision_covers_are_seen_at_once(scan: Scan, server: Server, tmp_path: Path) -> None:
    since = ("--since", str(tmp_path / "before"))
    before = judged(scan("before"))
    same = scan("same", *since)
    assert +asked(server, *PER_FUNCTION) == {"ListAliases": 2}  # only what has something on it
    assert same["run"]["carried_over"]["answers"] == same["scopes"][0]["carried_over"] > 2 * len(NAMES)
    assert same["run"]["carried_over"]["unchanged"] >= len(NAMES)
    assert judged(same) == before
    chance = random.Random(7)
    for _ in range(30):
        changed(server, chance)
    incremental = scan("incremental", *since)
    assert 0 < asked(server, "GetPolicy")["GetPolicy"] <= len(NAMES) + 8
    full = scan("full", "--full")
    assert "carried_over" not in full["run"] or full["run"]["carried_over"] is None
    assert judged(incremental) == judged(full) != before


def test_what_no_revision_covers_is_as_old_as_the_report_says_and_read_when_too_old(
    scan: Scan, server: Server, tmp_path: Path
) -> None:
    since = ("--since", str(tmp_path / "before"))
    before = scan("before")
    functions = client(server, "lambda")
    functions.create_function_url_config(FunctionName=NAMES[-1], AuthType="NONE")
    functions.put_function_concurrency(FunctionName=NAMES[-2], ReservedConcurrentExecutions=1)
    young = scan("young", *since)
    assert judged(young)["verdicts"] == judged(before)["verdicts"]
    assert young["run"]["carried_over"]["oldest"] == before["started_at"]
    old = scan("old", *since, "--max-age", "0")
    assert asked(server, "GetPolicy")["GetPolicy"] <= 8  # those of aliases: the functions' own are proven unchanged
    assert judged(old) == judged(scan("full", "--full")) != judged(before)
    functions.delete_function_url_config(FunctionName=NAMES[-1])
    functions.add_permission(
        FunctionName=NAMES[0], Qualifier="live", StatementId="o", Action="lambda:InvokeFunction", Principal="*"
    )
    gone = scan("gone", "--since", str(tmp_path / "full"))
    assert judged(gone) == judged(scan("full", "--full")) != judged(old)  # what was taken off a list is seen at once


def test_a_changed_function_is_asked_for_urls_at_once_only_where_its_policies_could_admit_a_caller_of_one(
    scan: Scan, server: Server, tmp_path: Path
) -> None:
    scan("before")
    functions = client(server, "lambda")
    with_version, opened, quiet = NAMES[1], NAMES[6], NAMES[4]
    for name in (with_version, opened, quiet):
        functions.update_function_configuration(FunctionName=name, Description="changed")
    functions.create_function_url_config(FunctionName=opened, AuthType="NONE")
    functions.add_permission(
        FunctionName=opened,
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    scan("since", "--since", str(tmp_path / "before"))
    urls = {seen.resource for seen in server.requests if seen.operation == "ListFunctionUrlConfigs"}
    assert urls & {with_version, opened, quiet} == {with_version, opened}
    assert quiet in {seen.resource for seen in server.requests if seen.operation == "GetPolicy"}
    incremental = json.loads((tmp_path / "since" / "report.json").read_text("utf-8"))
    assert judged(incremental) == judged(scan("full", "--full"))


def test_with_a_history_the_previous_result_is_taken_over_by_itself(scan: Scan, server: Server, tmp_path: Path) -> None:
    client(server, "lambda").add_permission(
        FunctionName=NAMES[5], StatementId="open", Action="lambda:InvokeFunction", Principal="*"
    )
    history = ("--history", str(tmp_path / "history.sqlite"))
    before = scan("nightly", *history)
    again = scan("nightly", *history)
    assert not asked(server, "GetPolicy")["GetPolicy"]
    assert again["run"]["carried_over"]["unchanged"] >= len(NAMES)
    (finding,) = (
        row
        for row in again["findings"]
        if row["check_id"] == "policy-public" and row["function_name"] == NAMES[5] and row["locus"].endswith("open")
    )
    assert f"(unchanged since {before['started_at']}, revision " in finding["evidence"][0]["detail"]
    scan("nightly", *history, "--full")
    assert asked(server, "GetPolicy")["GetPolicy"] > len(NAMES)
