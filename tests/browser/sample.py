"""Believable reports for looking at and testing the HTML page: any number of functions, with gaps or without.

`python -m tests.browser.sample --functions 300 --denied -o report.html` writes one. The same arguments give the same
bytes. The company, its accounts and its functions are made up.
"""

import argparse
import hashlib
import json
import random
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from reports.html import render
from tests.browser.sample_causes import causes, lead_check, plan, summary
from tests.browser.sample_checks import CHECKS, SCOPE_CHECK, SampleCheck
from tests.browser.sample_past import remembered

Row: TypeAlias = dict[str, Any]

ACCOUNTS = ("411122223333", "522233334444")
REGIONS = ("eu-central-1", "us-east-1", "eu-west-1")
TEAMS = ("orders", "billing", "search", "media", "identity", "ledger", "notify", "catalogue")
JOBS = (
    "ingest",
    "webhook",
    "resize-images",
    "nightly-report",
    "export",
    "sync-customers",
    "authorizer",
    "fan-out",
    "dlq-replay",
)
RUNTIMES = (
    ("python3.13", "2029-06-30"), ("python3.12", "2028-10-31"), ("nodejs22.x", "2027-04-30"), ("java21", "2029-06-30"),
    ("python3.8", "2024-10-14"), ("nodejs18.x", "2025-09-01"), ("provided.al2023", "2029-06-30"),
)  # fmt: skip
DENIED = ("iam:GetAccountAuthorizationDetails", "lambda:GetPolicy", "lambda:GetFunction", "logs:DescribeLogGroups",
          "inspector2:ListCoverage", "lambda:ListFunctionUrlConfigs")  # fmt: skip
HOSTILE = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=2">',
    "</script><script>window.hacked=3</script>",
    '=HYPERLINK("https://evil.invalid","click")',
    "\x1b[31mred\x1b[0m\x07",
    "user\u202egnp.exe",
    "名" * 60 + "😀x" + "é" * 2,
    "javascript:window.hacked=4",
    "{{ 7*7 }}{% raw %}",
    "\x01nmark\x01z",
    "<!--<svg/onload=window.hacked=5>",
    "\ud800lone",
)
WITH_PATHS = "billing-webhook"
"""The function whose identity leads somewhere."""
WEIGHTS = {"critical": 24, "high": 12, "medium": 5, "low": 1, "informational": 0}


class Sample:
    """One made-up report. Rows are made as they are asked for, in the order the renderer reads them."""

    def __init__(
        self, functions: int, *, denied: bool = False, hostile: bool = False, seed: int = 7, past: int = 0
    ) -> None:
        self.count = functions
        self.denied = denied
        self.hostile = hostile
        self.seed = seed
        self.past = past
        self._failing: dict[str, list[SampleCheck]] = {}
        self._unknown: dict[str, list[str]] = {}
        self._traits_of: dict[str, Row] = {}

    def functions(self) -> Iterator[Row]:
        """The function rows; remembers which checks fail where, for the findings and verdicts that follow."""
        for number in range(self.count):
            yield self._function(number)

    def _name(self, number: int) -> str:
        if self.hostile and number < len(HOSTILE):
            return HOSTILE[number]
        team, job = TEAMS[number % len(TEAMS)], JOBS[(number // len(TEAMS)) % len(JOBS)]
        turn = number // (len(TEAMS) * len(JOBS))
        return f"{team}-{job}" + (f"-{turn:03d}" if turn else "")

    def _function(self, number: int) -> Row:
        chance = random.Random(self.seed * 1_000_003 + number)
        account, region = ACCOUNTS[number % 5 == 4], REGIONS[number % len(REGIONS)]
        name = self._name(number)
        function_id = f"arn:aws:lambda:{region}:{account}:function:{name}"
        careful = chance.choice((0.15, 0.5, 1.0, 1.3))
        runtime, end = chance.choice(RUNTIMES)
        failing = [
            c for c in CHECKS if self._can_tell(c) and chance.random() < c.likelihood * careful and _fits(c, runtime)
        ]
        self._failing[function_id] = failing
        for check in CHECKS:
            if not self._can_tell(check):
                self._unknown.setdefault(check.id, []).append(function_id)
        traits = self._traits_of[function_id] = self._traits(failing)
        loss = sum(WEIGHTS[c.severity] for c in failing if c.profile_level == "default")
        high = max(0, 100 - loss)
        low = max(0, high - sum(WEIGHTS[c.severity] for c in CHECKS if not self._can_tell(c)) // 2)
        points = [{"check_id": c.id, "points": WEIGHTS[c.severity], "status": "FAIL"}
                  for c in failing if WEIGHTS[c.severity]]  # fmt: skip
        image = chance.random() < 0.1
        return {
            "id": function_id, "name": name, "cloud": "aws", "kind": "image" if image else "zip", "scope": f"aws:{account}",
            "location": region, "runtime": None if image else runtime, "runtime_end_of_life": None if image else end,
            "identity": self._identity(name, account, failing),
            "tags": {"team": TEAMS[number % len(TEAMS)], "cost-centre": "4711"} if number % 3 else {},
            "limits": {"timeout_seconds": 900 if any(c.id == "timeout-max" for c in failing) else 30, "memory_mb": 512,
                       "ephemeral_mb": 512, "reserved_concurrency": self._known("lambda:GetFunction", None)},
            "logging": {"format": "Text", "application_level": None, "group_name": f"/aws/lambda/{name}"},
            "network": {"id": "vpc-0a1b2c3d", "subnets": [{"id": "subnet-11"}, {"id": "subnet-22"}],
                        "security_groups": [{"id": "sg-77"}]} if chance.random() < 0.3 else None,
            "score": {"low": low, "high": high, "grade": _grade(low), "points": points},
            "environment": self._environment(chance, failing),
            "owner": TEAMS[number % len(TEAMS)] + "-team" if number % 3 else None,
            **self._permissions(name, account),
            **traits,
            **self._surface(name, region, account, failing),
            "unknown_facts": self._unknown_facts(),
        }  # fmt: skip

    def _traits(self, failing: list[SampleCheck]) -> Row:
        ids = {check.id for check in failing}
        checks = {"unauthenticated": "anonymous-endpoint", "administrator": "role-admin"}
        unknown = [
            trait for trait, name in checks.items() if not self._can_tell(next(c for c in CHECKS if c.id == name))
        ]
        return {"traits": [trait for trait, name in checks.items() if name in ids], "unknown_traits": unknown}

    def _can_tell(self, check: SampleCheck) -> bool:
        return not (self.denied and check.operation in DENIED)

    def _known(self, operation: str, value: Any) -> Any:
        return None if self.denied and operation in DENIED else value

    def _facts(self, name: str, region: str, account: str) -> dict[str, str]:
        token = hashlib.sha256((name + region).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return {
            "name": name, "region": region, "account": account, "role": f"{name}-role", "sid": "AllowInvokeFromS3",
            "slug": re.sub(r"\W+", "_", name, flags=re.ASCII), "url": f"https://{token}.lambda-url.{region}.on.aws/",
            "variable": "PAYMENT_API_KEY", "pool": "1,000", "bucket": f"uploads-{account}", "runtime": "python3.8",
        }  # fmt: skip

    def _identity(self, name: str, account: str, failing: list[SampleCheck]) -> Row | None:
        if self.denied:
            return {"id": f"arn:aws:iam::{account}:role/{name}-role", "name": f"{name}-role", "kind": "role", "policies": None,
                    "boundary": None, "trust": None}  # fmt: skip
        policies: list[Row] = [{"name": "AWSLambdaBasicExecutionRole", "origin": "provider-managed", "document": None}]
        if any(check.id == "role-admin" for check in failing):
            policies.append({"name": "AdministratorAccess", "origin": "provider-managed", "document": None})
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}],
        }
        policies.append({"name": "inline", "origin": "inline", "document": json.dumps(document)})
        return {"id": f"arn:aws:iam::{account}:role/{name}-role", "name": f"{name}-role", "kind": "role", "policies": policies,
                "boundary": None, "trust": [{"reach": "scoped", "reason": "lambda.amazonaws.com"}]}  # fmt: skip

    def _permissions(self, name: str, account: str) -> Row:
        """What the role of one function can do."""
        if self.denied or name != WITH_PATHS:
            return {"effective_permissions": None, "capabilities": None}
        return {
            "effective_permissions": {"takers": 3, "takers_complete": True, "administrator": False, "administrators": [],
                                      "before": ["organisation policies"], "further": [], "complete": True},
            "capabilities": [{"capability": "read-secrets", "scope": "set", "conditional": False, "conditions": [], "resources": ["*"],
                              "actions": ["secretsmanager:GetSecretValue"], "proof": []}],
        }  # fmt: skip

    def paths(self) -> Iterator[Row]:
        """What the role of that function can become in three steps, and who can take it over. Call it after the functions
        were read.
        """
        for function_id in self._failing:
            _, _, _, _, account, _, name = function_id.split(":", 6)
            if self.denied or name != WITH_PATHS:
                continue
            stops = [f"arn:aws:iam::{account}:role/{each}" for each in (f"{name}-role", "deployer", "builder", "owner")]
            steps = [
                {"from": source, "to": target, "by": f"assumes role {target.rpartition('/')[2]}", "proof": [], "technique": "assume-role",
                 "object": target, "actions": ["sts:AssumeRole"], "conditions": []}
                for source, target in pairwise(stops)
            ]  # fmt: skip
            path = {"id": "0" * 16, "function_id": function_id, "kind": "escalation", "severity": "critical", "reaches": stops[-1],
                    "administrator": True, "gains": [], "conditions": [], "steps": steps}  # fmt: skip
            taken = {
                "id": "1" * 16,
                "kind": "takeover",
                "severity": "low",
                "reaches": function_id,
                "administrator": False,
            }
            step = {**steps[0], "from": stops[1]}
            yield from (path, {**path, **taken, "conditions": ["aws:SourceIp"], "steps": [step]})

    def _environment(self, chance: random.Random, failing: list[SampleCheck]) -> list[Row]:
        rows: list[Row] = [
            {"name": "STAGE", "secret_verdict": "benign", "confidence": "high", "detector": "stage", "reference": None, "length": 4},
            {"name": "DB_SECRET", "secret_verdict": "reference", "confidence": "high", "detector": "arn",
             "reference": "arn:aws:secretsmanager:eu-central-1:411122223333:secret:db", "length": 61},
            {"name": "TABLE_NAME", "secret_verdict": "benign", "confidence": "medium", "detector": "name", "reference": None,
             "length": chance.randint(6, 20)},
        ]  # fmt: skip
        if any(check.id == "env-secret-value" for check in failing):
            rows.append({"name": "PAYMENT_API_KEY", "secret_verdict": "secret", "confidence": "high", "detector": "aws-access-key",
                         "reference": None, "length": 20})  # fmt: skip
        return rows

    def _surface(self, name: str, region: str, account: str, failing: list[SampleCheck]) -> Row:
        ids = {check.id for check in failing}
        url = self._facts(name, region, account)["url"]
        open_url = "anonymous-endpoint" in ids
        worst = (
            "public"
            if open_url or "policy-public-invoke" in ids
            else "service without source"
            if "policy-service-no-source" in ids
            else "scoped"
        )
        statements = [{"qualifier": "$LATEST", "sid": "AllowInvokeFromS3", "reach": worst,
                       "reason": "Principal s3.amazonaws.com without aws:SourceArn or aws:SourceAccount",
                       "text": json.dumps({"Sid": "AllowInvokeFromS3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
                                           "Action": "lambda:InvokeFunction", "Resource": f"arn:aws:lambda:{region}:{account}:function:{name}"})}]  # fmt: skip
        triggers = [{"kind": "s3", "source": f"arn:aws:s3:::uploads-{account}", "via": "resource policy", "enabled": True, "asynchronous": True},
                    {"kind": "sqs", "source": f"arn:aws:sqs:{region}:{account}:{TEAMS[0]}-queue", "via": "event source mapping",
                     "enabled": False, "asynchronous": False}]  # fmt: skip
        endpoints = [{"url": url, "auth": "NONE" if open_url else "AWS_IAM", "cors": "*" if "cors-any-origin" in ids else None,
                      "qualifier": None, "reach": "public" if open_url else "scoped"}] if open_url or "cors-any-origin" in ids else []  # fmt: skip
        return {
            "endpoints": self._known("lambda:ListFunctionUrlConfigs", endpoints),
            "triggers": triggers if len(name) % 2 else triggers[:1],
            "invoke_reach": self._known(
                "lambda:GetPolicy", {"worst": worst, "proved_for": ["$LATEST"], "statements": statements}
            ),
        }

    def _unknown_facts(self) -> list[Row]:
        if not self.denied:
            return []
        fields = {"invoke_reach": "lambda:GetPolicy", "endpoints": "lambda:ListFunctionUrlConfigs",
                  "identity.policies": "iam:GetAccountAuthorizationDetails", "limits.reserved_concurrency": "lambda:GetFunction"}  # fmt: skip
        return [
            {"fields": [field], "reason": "DENIED", "operation": permission, "permission": permission, "message": ""}
            for field, permission in fields.items()
        ]

    def findings(self) -> Iterator[Row]:
        """The finding rows: per function, then one a region that belongs to no function."""
        for function_id, failing in self._failing.items():
            _, _, _, region, account, _, name = function_id.split(":", 6)
            facts = self._facts(name, region, account)
            ids = [check.id for check in failing]
            for check in failing:
                yield self._finding(check, function_id, function_id, facts, lead_check(check.id, ids))
        for region in REGIONS:
            yield self._finding(SCOPE_CHECK, None, f"aws:{ACCOUNTS[0]}/{region}", self._facts("", region, ACCOUNTS[0]),
                                SCOPE_CHECK.id)  # fmt: skip

    def causes(self) -> Iterator[Row]:
        """The cause rows. Call it after the functions were read."""
        return causes(self.findings())

    def _finding(
        self, check: SampleCheck, function_id: str | None, resource: str, facts: dict[str, str], lead: str
    ) -> Row:
        locus = facts["url"] if "{url}" in check.message else facts["variable"] if "{variable}" in check.message else ""
        print_of = f"{check.id}|{resource}|{locus}".encode("utf-8", "surrogatepass")
        detail = {"FunctionName": facts["name"], "Role": f"arn:aws:iam::{facts['account']}:role/{facts['role']}"}
        return {
            "fingerprint": hashlib.sha256(print_of).hexdigest()[:16],
            "cause": hashlib.sha256(f"{lead}|{resource}".encode("utf-8", "surrogatepass")).hexdigest()[:16],
            "cloud": "aws", "account": facts["account"], "region": facts["region"], "check_id": check.id, "risk": check.risk, "status": "FAIL",
            "severity": check.severity, "confidence": "high", "title": check.title, "message": _fill(check.message, facts),
            "function_id": function_id, "subject_id": resource, "resource_id": resource, "locus": locus,
            "evidence": [{"source": check.operation, "detail": json.dumps(detail)}],
            "remediation": {"text": check.text, "command": check.command and _fill(check.command, facts),
                            "terraform": check.terraform and _fill(check.terraform, facts)},
            "controls": ["aws-fsbp:Lambda.1", "csa-serverless-12:SAS-2"], "waived": None,
            "first_seen": "2026-11-24T04:06:16Z" if self.past else None,
        }  # fmt: skip

    def verdicts(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The verdict rows: functions, then regions."""
        for function_id, failing in self._failing.items():
            ids = {check.id for check in failing}
            row = {c.id: "FAIL" if c.id in ids else "PASS" if self._can_tell(c) else "UNKNOWN" for c in CHECKS}
            row["cors-any-origin"] = row["cors-any-origin"] if row["cors-any-origin"] != "PASS" else "NOT_APPLICABLE"
            yield function_id, row
        for region in REGIONS:
            yield f"aws:{ACCOUNTS[0]}/{region}", {SCOPE_CHECK.id: "FAIL"}

    def head(self) -> Row:
        """The rest of report.json. Call it after the functions were read."""
        gaps = list(self._gaps())
        total = self.count * len(CHECKS)
        missing = sum(len(subjects) for subjects in self._unknown.values())
        low, high = (24, 71) if self.denied else (58, 58)
        drivers = [{"check_id": "anonymous-endpoint", "function_id": next(iter(self._failing), None), "points": -9.5,
                    "text": "Endpoints that accept unauthenticated callers on 4 functions cost the most."},
                   {"check_id": "role-admin", "function_id": None, "points": -6, "text": "Administrator roles on 3 functions."}]  # fmt: skip
        return {
            "schema_version": "1", "tool": {"name": "serverless-auditor", "version": "0.1.0"},
            "started_at": "2026-11-24T04:06:16Z", "finished_at": "2026-11-24T04:07:28Z",
            "data_as_of": {"runtimes": "2026-10-27", "iam_actions": "2026-08-22"},
            "run": {"depth": "standard", "selection": {"regions": list(REGIONS), "checks": "all"}, "as_of": "2026-11-24T04:06:16Z",
                    "gate": {"fail_on": "high", "passed": self.count == 0}, "complete": not self.denied, "exit_code": 3, "errors": []},
            "scopes": [{"id": f"aws:{account}", "cloud": "aws", "scope": account, "locations": list(REGIONS),
                        "status": "partial" if self.denied else "read"} for account in ACCOUNTS],
            "coverage": {"operations": list(self._operations()), "gaps": gaps, "verdicts_reached": total - missing,
                         "verdicts_total": total, "complete": not self.denied},
            "score": {"low": low if self.count else None, "high": high if self.count else None,
                      "grade": _grade(low) if self.count else "n/a", "drivers": drivers if self.count else []},
            "summary": summary(self._traits_of.values()), "plan": plan(self.causes(), low, high),
            "worst": list(self._worst()), "spend": self._spend(),
            "unknowns": list(self._unknowns()),
            **(remembered(list(self.findings()), self.past, total) if self.past else {}),
            "checks": [self._check(check) for check in (*CHECKS, SCOPE_CHECK)],
        }  # fmt: skip

    def _spend(self) -> Row:
        """The ceilings of the first functions, wide enough to show what a table does on a telephone."""
        hour, day = {"low": 281.81, "high": 3006.53}, {"low": 6763.51, "high": 72156.68}
        dearest = [
            {"function_id": function_id, "function_name": function_id.rpartition(":")[2], "cloud": "aws", "location": "eu-west-1",
             "hour": hour, "day": day, "observed_day": day}
            for function_id in list(self._failing)[:3]
        ]  # fmt: skip
        return {"currency": "USD", "prices_as_of": "2026-11-24", "prices_source": "list prices", "hour": hour, "day": day,
                "functions": len(dearest), "without": 0, "dearest": dearest}  # fmt: skip

    def _worst(self) -> Iterator[Row]:
        """The first five functions with a failing check, each with the worst of them."""
        for function_id, failing in [item for item in self._failing.items() if item[1]][:5]:
            check = min(failing, key=lambda c: list(WEIGHTS).index(c.severity))
            yield {"function_id": function_id, "function_name": function_id.rpartition(":")[2], "location": "eu-west-1",
                   "low": 12, "high": 40, "check_id": check.id, "severity": check.severity, "title": check.title}  # fmt: skip

    def _check(self, check: SampleCheck) -> Row:
        return {"id": check.id, "title": check.title, "risk": check.risk, "severity": check.severity, "clouds": ["aws"],
                "covers": [check.id], "controls": ["aws-fsbp:Lambda.1"], "cwe": 306, "profile_level": check.profile_level,
                "why": check.why,
                "subject": "location" if check is SCOPE_CHECK else "function"}  # fmt: skip

    def _operations(self) -> Iterator[Row]:
        names = sorted({check.operation for check in (*CHECKS, SCOPE_CHECK)})
        for account in ACCOUNTS:
            for region in REGIONS:
                for name in names:
                    denied = self.denied and name in DENIED
                    each = max(1, self.count // 6) if name.startswith("lambda:Get") else 1
                    yield {"operation": name, "scope": f"aws:{account}", "location": region, "ok": 0 if denied else each,
                           "absent": 0, "gaps": {"DENIED": each} if denied else {}}  # fmt: skip

    def _gaps(self) -> Iterator[Row]:
        yield {"operation": "lambda:GetRuntimeManagementConfig", "scope": f"aws:{ACCOUNTS[0]}", "location": REGIONS[0], "resource": None,
               "reason": "NOT_AT_DEPTH", "permission": "lambda:GetRuntimeManagementConfig", "message": "Not asked at depth standard."}  # fmt: skip
        for function_id in self._failing if self.denied else ():
            _, _, _, region, account, _, _ = function_id.split(":", 6)
            for name in ("lambda:GetPolicy", "lambda:GetFunction", "lambda:ListFunctionUrlConfigs"):
                yield {"operation": name, "scope": f"aws:{account}", "location": region, "resource": function_id, "reason": "DENIED",
                       "permission": name, "message": f"User: arn:aws:iam::{account}:role/auditor is not authorized to perform: {name}"}  # fmt: skip
        for account in ACCOUNTS if self.denied else ():
            yield {"operation": "iam:GetAccountAuthorizationDetails", "scope": f"aws:{account}", "location": None, "resource": None,
                   "reason": "DENIED", "permission": "iam:GetAccountAuthorizationDetails", "message": "AccessDenied"}  # fmt: skip
            yield {"operation": "logs:DescribeLogGroups", "scope": f"aws:{account}", "location": REGIONS[0], "resource": None,
                   "reason": "THROTTLED", "permission": "logs:DescribeLogGroups", "message": "Rate exceeded"}  # fmt: skip

    def _unknowns(self) -> Iterator[Row]:
        for check in CHECKS:
            if check.id in self._unknown:
                yield {"check_id": check.id, "operation": check.operation, "permission": check.permission, "reason": "DENIED",
                       "message": f"{check.operation} was denied.", "subjects": self._unknown[check.id]}  # fmt: skip

    def page(self) -> str:
        """The report as HTML."""
        functions = list(self.functions())
        return "".join(render(self.head(), functions, self.findings(), self.verdicts(), self.causes(), self.paths()))


def _fits(check: SampleCheck, runtime: str) -> bool:
    return check.id != "runtime-deprecated" or runtime == "python3.8"


def _fill(text: str, facts: dict[str, str]) -> str:
    return text.format_map(facts)


def _grade(score: float) -> str:
    return "ABCDF"[sum(score < limit for limit in (90, 75, 60, 40))]


def main() -> None:
    """Write a sample report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=300)
    parser.add_argument("--denied", action="store_true", help="half the calls denied")
    parser.add_argument("--past", type=int, default=0, help="how many runs its history remembers")
    parser.add_argument("--hostile", action="store_true", help="names that try to break out")
    parser.add_argument("-o", "--output", type=Path, default=Path("report.html"))
    options = parser.parse_args()
    page = Sample(options.functions, denied=options.denied, hostile=options.hostile, past=options.past).page()
    options.output.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
