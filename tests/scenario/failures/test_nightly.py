"""A nightly job over a changing account: waivers, history, webhook and metrics, through the command line."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest

from auditor.cli.main import run
from moto_fixtures.aws.faults import Fault
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.failures.account import Auditor, document, package, role


class Hook:
    """A webhook on loopback that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def function(name: str, role_arn: str) -> None:
    code = {"ZipFile": package()}
    boto3.client("lambda").create_function(
        FunctionName=name, Role=role_arn, Runtime="python3.13", Handler="app.handler", Code=code
    )


def open_url(name: str) -> None:
    functions = boto3.client("lambda")
    functions.create_function_url_config(FunctionName=name, AuthType="NONE")
    grant = {"FunctionName": name, "StatementId": "world", "Principal": "*"}
    functions.add_permission(Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE", **grant)
    grant["StatementId"] = "world-too"  # URLs made since October 2025 need both
    functions.add_permission(Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True, **grant)


def checks_of(report: dict[str, Any], marks: list[str]) -> set[tuple[str, str]]:
    rows = {row["fingerprint"]: row for row in (*report["findings"], *report.get("carried", ()))}
    return {(rows[mark]["check_id"], rows[mark]["function_name"]) for mark in marks}


def test_five_nights(fresh: Auditor, hook: Hook, tmp_path: Path) -> None:
    admin = role("admin-role", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    plain = role("plain-role", {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"})
    function("orders", plain)
    function("banner", plain)
    open_url("banner")
    waivers, history, prom = tmp_path / "waivers.toml", str(tmp_path / "history.sqlite"), tmp_path / "auditor.prom"
    entry = 'check = "url-auth-none"\nfunction = "banner"\nreason = "a public banner"\nexpires = 2099-01-01\n'
    waivers.write_text(f"[[waivers]]\n{entry}")
    checks = "url-auth-none,policy-public,public-and-unreserved,role-admin"

    def night(name: str) -> tuple[int, dict[str, Any]]:
        options = ["--waivers", str(waivers), "--history", history, "--metrics-file", str(prom), "--notify", hook.url]
        where = ["--provider", "aws", "--region", "us-east-1", "-M", "json", "-o", str(tmp_path / name), "--quiet"]
        code = run(["scan", *where, *options, "--check", checks, "--fail-on", "new:high"])
        return code, json.loads((tmp_path / name / "report.json").read_bytes())

    code, first = night("first")
    assert code == 0  # the open URL is waived, with its facets
    assert [(row["check_id"], row["message"]) for row in first["findings"] if not row["waived"]] == []
    assert hook.told == []

    boto3.client("lambda").update_function_configuration(FunctionName="orders", Role=admin)
    open_url("orders")
    code, second = night("second")
    assert code == 3
    assert ("role-admin", "orders") in checks_of(second, second["new"])
    assert ("url-auth-none", "orders") in checks_of(second, second["new"])
    assert {name for _, name in checks_of(second, second["new"])} == {"orders"}
    (told,) = hook.told
    assert {row["function_name"] for row in told["new"]} == {"orders"}
    assert set(told["events"]) >= {"new-findings", "gate-failed"}

    for operation in ("GetPolicy", "ListFunctionUrlConfigs", "GetAccountAuthorizationDetails"):
        fresh.server.faults.add(Fault(Spoil.DENY, operation=operation))
    code, third = night("third")
    assert (third["new"], third["resolved"], third["gone"], code) == ([], [], [], 0)
    assert set(third["not_examined_again"]) == {row["fingerprint"] for row in second["findings"]}
    assert third["run"]["complete"] is False
    assert 'auditor_gaps{reason="DENIED"}' in prom.read_text()
    denied = hook.told[1]  # nothing is new, and half of what was known went unread
    assert (denied["events"], denied["new"], denied["exit_code"]) == (["incomplete"], [], 0)
    assert denied["not_examined_again_total"] == len(third["not_examined_again"])
    assert {row["operation"] for row in denied["unanswered"]} == {
        *("lambda:GetPolicy", "lambda:ListFunctionUrlConfigs", "iam:GetAccountAuthorizationDetails"),
    }

    fresh.server.faults.clear()
    boto3.client("lambda").delete_function_url_config(FunctionName="orders")
    for statement in ("world", "world-too"):
        boto3.client("lambda").remove_permission(FunctionName="orders", StatementId=statement)
    boto3.client("lambda").delete_function(FunctionName="banner")
    code, fourth = night("fourth")
    assert (fourth["new"], code) == ([], 0)
    known = {row["fingerprint"]: (row["check_id"], row["function_name"]) for row in second["findings"]}
    assert {known[mark] for mark in fourth["resolved"]} == {
        (check, name) for check, name in known.values() if name == "orders" and check != "role-admin"
    }
    assert {known[mark][1] for mark in fourth["gone"]} == {"banner"}
    assert {row["check_id"] for row in fourth["findings"]} == {"role-admin"}
    assert {row["first_seen"] for row in fourth["findings"]} == {second["started_at"]}
    assert [row["status"] for row in fourth["waivers"]] == ["unmatched"]

    document_of_one = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"})
    boto3.client("iam").put_role_policy(RoleName="admin-role", PolicyName="own", PolicyDocument=document_of_one)
    code, fifth = night("fifth")
    assert (code, fifth["findings"], len(fifth["resolved"])) == (0, [], 1)
    assert len(hook.told) == 2
