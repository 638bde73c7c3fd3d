"""Functions and roles whose owner called them like a credential: none is lost, merged, or judged by another's facts."""

import json

import boto3

from tests.scenario.failures.account import HOME, Auditor, package, role

TOKENS = ["gh" + "p_" + letters * 4 for letters in ("aB3dE6gH9", "zY8xW5vU2")]
OTHERS = ["key" + "-" + "0123456789abcdef" * 2, "xox" + "b-1234-abcd-loader-fn", "gl" + "pat-" + "aB3dE6gH9kL2mN5pQ8rS"]
KEYS = ["AK" + "IA" + "QWERTYUIOP234567", "AK" + "IA" + "ASDFGHJKLZ765432"]
EVERY_ARN = "arn:" + ":".join("*" * 5)


def plant() -> None:
    """Two functions with roles called like access keys, one an administrator; one role on a pattern of every ARN."""
    everything, send = {"Effect": "Allow", "Action": "*"}, {"Effect": "Allow", "Action": "sqs:SendMessage"}
    one_queue = f"arn:aws:sqs:{HOME}:123456789012:work"
    roles = {
        TOKENS[0]: role(KEYS[0], {**everything, "Resource": "*"}),
        TOKENS[1]: role(KEYS[1], {**send, "Resource": one_queue}),
        "pattern": role("pattern", {**everything, "Resource": EVERY_ARN}),
    }
    shared = role("shared", {**send, "Resource": one_queue})
    functions = boto3.client("lambda")
    for name in (*roles, *OTHERS):
        functions.create_function(
            FunctionName=name,
            Role=roles.get(name, shared),
            Runtime="python3.13",
            Handler="app.handler",
            Code={"ZipFile": package()},
        )
    functions.add_permission(FunctionName=TOKENS[0], StatementId="world", Principal="*", Action="lambda:InvokeFunction")


def test_every_function_is_reported_under_a_name_of_its_own(fresh: Auditor) -> None:
    plant()
    scan = fresh.scan("--depth", "full")
    names = [row["name"] for row in scan.report["functions"]]
    assert len(set(names)) == len(TOKENS + OTHERS) + 1
    assert "NOT_FOUND" not in {reason for reasons in scan.gaps().values() for reason in reasons}

    failing = {name for name in names if scan.status(name, "role-admin") == "FAIL"}
    (token,) = failing - {"pattern"}
    assert "pattern" in failing
    assert scan.status(token, "policy-public") == "FAIL"
    assert scan.status(token, "role-shared") == "PASS"
    assert len({row["identity"]["id"] for row in scan.report["functions"]}) == 4
    written = json.dumps(scan.report)
    assert [name for name in (*TOKENS, *KEYS) if name in written] == []

    again = fresh.scan("--depth", "full", "--function", TOKENS[0])
    assert [row["name"] for row in again.report["functions"]] == [token]
    mine = {finding["fingerprint"] for finding in again.report["findings"] if finding["function_id"]}
    assert mine <= {finding["fingerprint"] for finding in scan.report["findings"]}
