"""``findings.ocsf.json``: OCSF 1.5.0 Compliance Findings (class 2003), an array with one event a line.

A verdict that could not be reached is an event too, one for each answer that is missing, with the status Unknown:
whoever counts only failures sees that something was not seen.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO, Final

from auditor.model.json_text import ascii_json
from auditor.reporter import Report
from auditor.wording import inert
from reports.plain import line

Row = Mapping[str, Any]

VERSION: Final = "1.5.0"
_SEVERITIES: Final = {"informational": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
_CONFIDENCES: Final = {"low": 1, "medium": 2, "high": 3}
_PROVIDERS: Final = {"aws": ("AWS", 10), "azure": ("Azure", 13), "gcp": ("GCP", 11)}
"""Name of the provider, and OCSF's number for the kind of account that is audited there."""
_FAIL: Final = (3, "Fail")
_UNKNOWN: Final = (0, "Unknown")
_NEW: Final = (1, "New")
_SUPPRESSED: Final = (3, "Suppressed")
_SUBJECTS: Final = 100
"""Resources of one missing answer that are named."""


class OcsfReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "ocsf"
    filename = "findings.ocsf.json"

    def write(self, report: Report, stream: BinaryIO) -> None:
        separator = "[\n"
        for event in _events(report):
            stream.write(f"{separator}{ascii_json(event)}".encode("ascii"))
            separator = ",\n"
        stream.write(b"[]\n" if separator == "[\n" else b"\n]\n")


def _events(report: Report) -> Iterator[dict[str, Any]]:
    head = report.head
    checks = {row["id"]: row for row in head["checks"]}
    for row in report.findings():
        yield _finding(head, row, checks.get(row["check_id"], {}))
    for row in head["unknowns"]:
        yield from _unknown(head, row, checks.get(row["check_id"], {}))


def milliseconds(moment: str) -> int:
    """An RFC 3339 time as OCSF counts it."""
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def _base(head: Row, cloud: str, account: str, region: str | None, severity: str) -> dict[str, Any]:
    provider, kind = _PROVIDERS[cloud]
    tool = head["tool"]
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "time": milliseconds(head["finished_at"]),
        "severity_id": _SEVERITIES[severity],
        "severity": severity.capitalize(),
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud"],
            "product": {"name": tool["name"], "vendor_name": tool["name"], "version": tool["version"]},
        },
        "cloud": {
            "provider": provider,
            "account": {"uid": account, "type_id": kind},
            **({"region": region} if region else {}),
        },
    }


def _finding(head: Row, row: Row, check: Row) -> dict[str, Any]:
    waived, fix = row["waived"], row["remediation"]
    status = _SUPPRESSED if waived else _NEW
    said = f"waived until {waived['expires']}: {line(waived['reason'])}" if waived else ""
    first = {"first_seen_time": milliseconds(row["first_seen"])} if row.get("first_seen") else {}
    return {
        **_base(head, row["cloud"], row["account"], row.get("region"), row["severity"]),
        "message": line(row["message"]),
        "status_id": status[0],
        "status": status[1],
        **({"comment": said} if said else {}),
        "confidence_id": _CONFIDENCES[row["confidence"]],
        "confidence": row["confidence"].capitalize(),
        "finding_info": {
            "uid": row["fingerprint"],
            "title": line(row["title"]),
            "desc": line(row["message"]),
            "created_time": milliseconds(row.get("first_seen") or head["started_at"]),
            **first,
            "last_seen_time": milliseconds(head["finished_at"]),
            "types": [row["risk"]],
            "analytic": {"uid": row["check_id"], "name": line(row["title"]), "type_id": 1, "type": "Rule"},
        },
        "compliance": _compliance(row["check_id"], row["controls"], line(row["title"]), _FAIL, []),
        "remediation": {
            "desc": "\n".join(filter(None, (inert(fix["text"]), inert(fix["command"] or "")))),
            **({"references": list(check["references"])} if check.get("references") else {}),
        },
        "resources": _resources(row),
        "evidences": [
            {"name": line(each["source"]), "data": {"source": line(each["source"]), "detail": inert(each["detail"])}}
            for each in row["evidence"]
        ],
        "unmapped": {"cause": row.get("cause", ""), "cwe": row.get("cwe"), "waived": dict(waived) if waived else None},
    }


def _compliance(
    check: str, controls: list[str], title: str, status: tuple[int, str], details: list[str]
) -> dict[str, Any]:
    return {
        "control": check,
        "desc": title,
        "requirements": list(controls),
        "standards": list(dict.fromkeys(each.partition(":")[0] for each in controls)),
        "status_id": status[0],
        "status": status[1],
        **({"status_details": details} if details else {}),
    }


def _resources(row: Row) -> list[dict[str, Any]]:
    """The function, and the resource to change where that is another."""
    named = {"name": line(row["function_name"])} if row.get("function_name") else {}
    region = {"region": line(row["region"])} if row.get("region") else {}
    owner = {"owner": {"name": line(row["owner"])}} if row.get("owner") else {}
    tags = [{"name": line(key) or "-", "value": line(value)} for key, value in sorted(row.get("tags", {}).items())]
    kind = "function" if row.get("function_id") else "account or region"
    first = {
        "uid": inert(row["subject_id"]),
        "type": kind,
        **named,
        **region,
        **owner,
        **({"tags": tags} if tags else {}),
    }
    other = {"uid": inert(row["resource_id"]), "type": "resource to change", **region}
    return [first] if row["resource_id"] == row["subject_id"] else [first, other]


def _unknown(head: Row, row: Row, check: Row) -> Iterator[dict[str, Any]]:
    """One event for an answer that is missing, in each account that misses it."""
    places: dict[tuple[str, str], list[str]] = {}
    for subject in row["subjects"]:
        places.setdefault(_account(subject), []).append(subject)
    title = line(check.get("title") or row["check_id"])
    needs = f", which needs {row['permission']}" if row["permission"] else ""
    why = line(f"UNKNOWN: {row['operation'] or 'no call'}{needs}: {row['reason']}: {row['message']}")
    for (cloud, account), subjects in places.items():
        uid = "/".join((row["check_id"], row["operation"], row["reason"], cloud, account, line(row["message"])))
        yield {
            **_base(head, cloud, account, None, "informational"),
            "message": why,
            "status_id": _NEW[0],
            "status": _NEW[1],
            "finding_info": {
                "uid": uid,
                "title": f"Not determined: {title}",
                "desc": f"{why} ({len(subjects)} subject(s))",
                "created_time": milliseconds(head["started_at"]),
                "analytic": {"uid": row["check_id"], "name": title, "type_id": 1, "type": "Rule"},
            },
            "compliance": _compliance(row["check_id"], list(check.get("controls", ())), title, _UNKNOWN, [why]),
            "resources": [{"uid": inert(subject)} for subject in subjects[:_SUBJECTS]],
        }


def _account(subject: str) -> tuple[str, str]:
    """The cloud and account of a function, region or account, by its id."""
    parts = subject.split("/")
    if parts[0] in _PROVIDERS:
        return parts[0], parts[1]
    if subject.startswith("arn:"):
        return "aws", subject.split(":")[4]
    if subject.startswith("//"):
        return "gcp", parts[parts.index("projects") + 1]
    return "azure", parts[2]
