"""``findings.asff.jsonl``: AWS Security Finding Format, a line for each call of BatchImportFindings.

A line is an array of findings of one account and region, as many as one call takes. Findings of other clouds are not
in it: Security Hub's import takes AWS accounts only.
"""

from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from auditor.model.json_text import ascii_json
from auditor.reporter import Report
from reports.plain import line

Row = Mapping[str, Any]
Place = tuple[str, str]

FINDINGS: Final = 100
SIZE: Final = 240 * 1024
"""Findings and bytes of a batch."""
_HELD: Final = 16 * 1024 * 1024
"""Bytes of unfinished batches that are held; beyond it the largest is written as it is."""
_HOME: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where a finding of a whole account goes, by partition."""
_TYPE: Final = "Software and Configuration Checks/AWS Security Best Practices"
_LIMITS: Final = {"title": 256, "text": 1024, "fix": 512, "key": 128, "value": 256, "field": 2048, "control": 64}
"""Characters that Security Hub takes."""
_TAGS: Final = 50
_CONTROLS: Final = 32


class AsffReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "asff"
    filename = "findings.asff.jsonl"

    def write(self, report: Report, stream: BinaryIO) -> None:
        batches = _Batches(stream)
        partitions = {
            row["scope"]: _partition(row["locations"]) for row in report.head["scopes"] if row["cloud"] == "aws"
        }
        references = {row["id"]: row.get("references", ()) for row in report.head["checks"]}
        for row in report.findings():
            if row["cloud"] == "aws":
                partition = partitions.get(row["account"], "aws")
                region = row.get("region") or _HOME[partition]
                finding = _finding(report.head, row, partition, region, references.get(row["check_id"], ()))
                batches.add((row["account"], region), ascii_json(finding))
        batches.finish()


class _Batches:
    """Fills a batch for each account and region, and writes the full ones: findings come by severity, not by place."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._open: dict[Place, list[str]] = {}
        self._sizes: dict[Place, int] = {}
        self._held = 0

    def add(self, place: Place, text: str) -> None:
        """Adds a finding to the batch of its place."""
        if place in self._open and (len(self._open[place]) >= FINDINGS or self._sizes[place] + len(text) + 1 > SIZE):
            self._write(place)
        self._open.setdefault(place, []).append(text)
        self._sizes[place] = self._sizes.get(place, len("[]\n")) + len(text) + 1
        self._held += len(text)
        if self._held > _HELD:
            self._write(max(self._sizes, key=lambda each: self._sizes[each]))

    def finish(self) -> None:
        """Writes what is left, in the order in which the places were first met."""
        for place in list(self._open):
            self._write(place)

    def _write(self, place: Place) -> None:
        texts = self._open.pop(place)
        del self._sizes[place]
        self._held -= sum(map(len, texts))
        self._stream.write(f"[{','.join(texts)}]\n".encode("ascii"))


def _partition(regions: Any) -> str:
    """The partition of an account, by the regions it has."""
    if any(region.startswith("cn-") for region in regions):
        return "aws-cn"
    return "aws-us-gov" if any(region.startswith("us-gov-") for region in regions) else "aws"


def _finding(head: Row, row: Row, partition: str, region: str, references: Any) -> dict[str, Any]:
    account, waived, tool = row["account"], row["waived"], head["tool"]
    said = f"Waived until {waived['expires']}: {line(waived['reason'])}" if waived else ""
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"{tool['name']}/{account}/{region}/{row['fingerprint']}",
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "ProductName": tool["name"],
        "CompanyName": tool["name"],
        "GeneratorId": f"{tool['name']}/{row['check_id']}",
        "AwsAccountId": account,
        "Region": region,
        "Types": [_TYPE],
        "FirstObservedAt": row.get("first_seen") or head["started_at"],
        "LastObservedAt": head["finished_at"],
        "CreatedAt": row.get("first_seen") or head["started_at"],
        "UpdatedAt": head["finished_at"],
        "Severity": {"Label": row["severity"].upper()},
        "Confidence": {"high": 99, "medium": 66, "low": 33}[row["confidence"]],
        "Title": _cut(row["title"], "title"),
        "Description": _cut(f"{said}. {row['message']}" if said else row["message"], "text"),
        "Remediation": {"Recommendation": _recommendation(row["remediation"], references)},
        "ProductFields": _fields(row, said),
        "Resources": _resources(row, partition, region),
        "Compliance": {
            "Status": "FAILED",
            **(
                {"RelatedRequirements": [_cut(each, "control") for each in row["controls"][:_CONTROLS]]}
                if row["controls"]
                else {}
            ),
        },
        "Workflow": {"Status": "SUPPRESSED" if waived else "NEW"},
        "RecordState": "ACTIVE",
        "FindingProviderFields": {"Severity": {"Label": row["severity"].upper()}, "Types": [_TYPE]},
    }


def _cut(text: str, kind: str) -> str:
    limit, shown = _LIMITS[kind], line(text) or "-"
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


def _recommendation(fix: Row, references: Any) -> dict[str, str]:
    return {"Text": _cut(fix["text"], "fix"), **({"Url": references[0]} if references else {})}


def _fields(row: Row, said: str) -> dict[str, str]:
    fields = {
        "check": row["check_id"],
        "fingerprint": row["fingerprint"],
        "cause": row.get("cause"),
        "risk": row["risk"],
        "locus": row["locus"],
        "owner": row.get("owner"),
        "cwe": f"CWE-{row['cwe']}" if row.get("cwe") else None,
        "fix-command": row["remediation"]["command"],
        "waived": said,
    }
    return {f"serverless-auditor/{name}": _cut(value, "field") for name, value in fields.items() if value}


def _resources(row: Row, partition: str, region: str) -> list[dict[str, Any]]:
    """The function, or the account; and the resource to change where that is another."""
    where = {"Partition": partition, "Region": region}
    if row.get("function_id"):
        tags = {
            _cut(key, "key"): line(value)[: _LIMITS["value"]]
            for key, value in sorted(row.get("tags", {}).items())[:_TAGS]
        }
        first = {
            "Type": "AwsLambdaFunction",
            "Id": line(row["function_id"]),
            **where,
            **({"Tags": tags} if tags else {}),
        }
    else:
        first = {"Type": "AwsAccount", "Id": f"AWS::::Account:{row['account']}", **where}
    if row["resource_id"] in (row["function_id"], row["subject_id"]):
        return [first]
    return [first, {"Type": "Other", "Id": line(row["resource_id"]), **where}]
