"""Writes one format of a made-up report, in a process of its own: ``python -m tests.bench.formats FORMAT FINDINGS``.

The rows are made on demand, as the engine makes them, so that what is measured is the reporter: its CPU seconds, the
peak memory of the process in MB and the size of the file in MB, printed as JSON.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.reporter import DirectoryReporter

ACCOUNT, REGIONS = "111122223333", ("eu-west-1", "us-east-1", "ap-southeast-2")
SEVERITIES = ("critical", "high", "medium", "low")
PER_FUNCTION = 10
"""Findings of a function, and checks."""
WHEN = "2026-11-23T00:00:00Z"
FIX = {
    "text": "Require authentication on the URL, and give those who call it the permission to invoke it.",
    "command": "aws lambda update-function-url-config --function-name orders --auth-type AWS_IAM",
    "terraform": None,
}
CONTROLS = ("NIST-800-53:AC-3", "CSA-SAS:SAS-2", "PCI-DSS-4.0.1:7.2.1")


class MadeUp:
    """A report of so many findings, ten on each function, one cause each."""

    def __init__(self, findings: int) -> None:
        self._functions = max(1, findings // PER_FUNCTION)

    @property
    def head(self) -> Mapping[str, Any]:
        counts = dict.fromkeys((*SEVERITIES, "informational"), 0)
        score = {"low": 40.0, "high": 60.0, "grade": "F", "grade_high": "D", "drivers": []}
        run = {
            "depth": "full", "settings": {}, "caller": {}, "command": "", "plugins": [], "clouds_not_scanned": [], "selection": {},
            "as_of": WHEN[:10], "gate": {"fail_on": "none", "only_new": False, "passed": True, "by_severity": counts},
            "complete": True, "exit_code": 0, "interrupted": False, "errors": [],
        }  # fmt: skip
        coverage = {
            "operations": [],
            "gaps": [],
            "throttles": {},
            "verdicts_reached": 1,
            "verdicts_total": 1,
            "complete": True,
        }
        return {
            "schema_version": "1", "tool": {"name": "serverless-auditor", "version": "0"}, "started_at": WHEN, "finished_at": WHEN,
            "data_as_of": {}, "run": run, "coverage": coverage, "summary": None, "score": score, "plan": [], "worst": [],
            "scopes": [{"id": f"aws/{ACCOUNT}", "cloud": "aws", "scope": ACCOUNT, "locations": list(REGIONS), "status": "read", "unlisted": []}],
            "totals": {"functions": self._functions, "causes": 0, "findings": 0, "by_severity": counts, "verdicts": {}},
            "waivers": [], "unknowns": [], "partial_verdicts": {}, "checks": [_check(number) for number in range(PER_FUNCTION)],
        }  # fmt: skip

    @property
    def digests(self) -> Mapping[str, str]:
        return {}

    def functions(self) -> Iterator[Mapping[str, Any]]:
        for number in range(self._functions):
            name = _name(number)
            yield {
                "id": _arn(number), "name": name, "cloud": "aws", "kind": "zip", "scope": f"aws/{ACCOUNT}", "location": _region(number),
                "runtime": "python3.13", "owner": "payments", "tags": {"owner": "payments"}, "unknown_facts": [],
                "invoke_reach": {"worst": None, "proved_for": [], "statements": []},
                "score": {"low": 40.0, "high": 60.0, "grade": "F", "points": []},
            }  # fmt: skip

    def paths(self) -> Iterator[dict[str, Any]]:
        yield from ()

    def verdicts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        failed = {f"check-{check}": "FAIL" for check in range(PER_FUNCTION)}
        for number in range(self._functions):
            yield _arn(number), failed

    def causes(self) -> Iterator[Mapping[str, Any]]:
        for row in self.findings():
            yield {
                **{key: row[key] for key in ("check_id", "title", "message", "risk", "severity", "confidence", "cloud", "account", "region")},
                "id": row["cause"], "site": row["resource_id"], "lead": row["fingerprint"], "findings": [row["fingerprint"]],
                "functions": [row["function_id"]], "points": 0.1, "breaks": "", "waived": False, "remediation": FIX,
            }  # fmt: skip

    def findings(self) -> Iterator[Mapping[str, Any]]:
        for check in range(PER_FUNCTION):
            for number in range(self._functions):
                yield _finding(check, number)


def _name(number: int) -> str:
    return f"orders-service-{number}"


def _region(number: int) -> str:
    return REGIONS[number % len(REGIONS)]


def _arn(number: int) -> str:
    return f"arn:aws:lambda:{_region(number)}:{ACCOUNT}:function:{_name(number)}"


def _severity(check: int) -> str:
    return SEVERITIES[check * len(SEVERITIES) // PER_FUNCTION]


def _check(number: int) -> dict[str, Any]:
    return {
        "id": f"check-{number}", "title": f"Setting {number} is open", "summary": "Flags it.", "why": "It matters.", "risk": "exposure",
        "severity": _severity(number), "confidence": "high", "profile_level": "default", "subject": "function", "clouds": ["aws"],
        "cwe": 306, "controls": list(CONTROLS), "covers": [], "references": ["https://docs.example/settings"],
    }  # fmt: skip


def _finding(check: int, number: int) -> dict[str, Any]:
    mark = f"{check * 10_000_000 + number:016x}"
    return {
        "fingerprint": mark, "cause": mark, "check_id": f"check-{check}", "risk": "exposure", "status": "FAIL",
        "severity": _severity(check), "confidence": "high", "title": f"Setting {check} is open",
        "message": f"{_name(number)} accepts requests from everyone on the internet, without credentials of any kind",
        "function_id": _arn(number), "function_name": _name(number), "cloud": "aws", "account": ACCOUNT, "region": _region(number),
        "owner": "payments", "tags": {"owner": "payments", "stage": "production"}, "subject_id": _arn(number),
        "resource_id": _arn(number), "locus": "url", "evidence": [{"source": "lambda:ListFunctionUrlConfigs", "detail": "AuthType = NONE"}],
        "remediation": FIX, "controls": list(CONTROLS), "cwe": 306, "waived": None, "first_seen": None,
    }  # fmt: skip


def main() -> None:
    """Writes the format and prints what it took."""
    name, findings = sys.argv[1], int(sys.argv[2])
    reporter = plugins.reporter(name)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / reporter.filename
        begun = time.process_time()
        if isinstance(reporter, DirectoryReporter):
            path.mkdir()
            reporter.write_into(MadeUp(findings), path)
        else:
            with path.open("wb") as stream:
                reporter.write(MadeUp(findings), stream)
        cpu = time.process_time() - begun
        size = sum(file.stat().st_size for file in Path(scratch).rglob("*") if file.is_file()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "peak_mb": peak, "size_mb": size}))


if __name__ == "__main__":
    main()
