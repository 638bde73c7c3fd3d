"""``assessment-results.oscal.json``: OSCAL 1.1 assessment results, evidence for an assessor.

An observation is a finding of ours or an answer that is missing, a risk is a cause, a finding is a control that
observations speak against. No control is called satisfied: that a check passed does not prove a whole control.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final
from uuid import UUID, uuid5

from auditor.model.json_text import ascii_json
from auditor.reporter import Report
from auditor.wording import inert
from reports.plain import line, waiver

Row = Mapping[str, Any]

VERSION: Final = "1.1.3"
NAMESPACE: Final = "urn:serverless-auditor:oscal"
_NAMES: Final = UUID("5a8d6f4e-3b5c-5d0e-9a55-6f7d0c1f2b9a")
_CATALOGUE: Final = "nist-800-53-r5:"
"""The one framework with a published OSCAL catalogue: its controls have ids there, others are named in properties."""


class OscalReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "oscal"
    filename = "assessment-results.oscal.json"

    def write(self, report: Report, stream: BinaryIO) -> None:
        head = report.head
        plan = _uuid("plan", *_moment(head))
        stream.write(b'{"assessment-results":{')
        stream.write(_members({"uuid": _uuid("document", *_moment(head)), "metadata": _metadata(head)}))
        stream.write(_members({"import-ap": {"href": f"#{plan}"}, "back-matter": {"resources": [_plan(head, plan)]}}))
        stream.write(b'"results":[{')
        stream.write(_members(_result(head)))
        stream.write(b'"local-definitions":{')
        _array(stream, "inventory-items", map(_item, report.functions()))
        stream.write(_members({"components": [_component(row) for row in head["scopes"]] or [_NOTHING]}).rstrip(b",\n"))
        stream.write(b"},\n")
        against: dict[str, list[Row]] = {}
        _array(stream, "observations", _observations(report, against))
        _array(stream, "risks", map(_risk, report.causes()))
        _array(stream, "findings", (_finding(control, rows) for control, rows in sorted(against.items())))
        stream.write(_members({"reviewed-controls": _reviewed(head)}).rstrip(b",\n"))
        stream.write(b"}]}}\n")


def _members(members: Mapping[str, Any]) -> bytes:
    """Members of an object, with a comma behind the last."""
    return f"{ascii_json(members)[1:-1]},\n".encode("ascii")


def _array(stream: BinaryIO, name: str, rows: Iterable[Row]) -> None:
    """A member that is an array, with a comma behind it; none at all where it is empty, which OSCAL forbids."""
    separator = f'"{name}":[\n'
    for row in rows:
        stream.write(f"{separator}{ascii_json(row)}".encode("ascii"))
        separator = ",\n"
    if separator == ",\n":
        stream.write(b"],\n")


def _uuid(*parts: str) -> str:
    return str(uuid5(_NAMES, "\0".join(part.encode("utf-8", "replace").decode() for part in parts)))


def _moment(head: Row) -> tuple[str, str, str]:
    return head["started_at"], head["finished_at"], ",".join(row["id"] for row in head["scopes"])


def _props(**values: str | None) -> list[dict[str, str]]:
    """Properties of our own namespace; those without a value are left out."""
    named = ((name.replace("_", "-"), line(value)) for name, value in values.items() if value)
    return [{"name": name, "ns": NAMESPACE, "value": value or "-"} for name, value in named]


def _metadata(head: Row) -> dict[str, Any]:
    tool = head["tool"]
    return {
        "title": "Serverless audit",
        "last-modified": head["finished_at"],
        "version": head["finished_at"],
        "oscal-version": VERSION,
        "props": _props(tool=tool["name"], tool_version=tool["version"]),
    }


def _plan(head: Row, uuid: str) -> dict[str, Any]:
    """What stands for the assessment plan: how the audit was asked for."""
    run = head["run"]
    return {
        "uuid": uuid,
        "title": "How this audit was asked for",
        "description": line(run["command"] or "The command is not known."),
        "props": _props(depth=run["depth"], as_of=run["as_of"], selection=ascii_json(run["selection"])),
    }


def _result(head: Row) -> dict[str, Any]:
    run, coverage = head["run"], head["coverage"]
    reached = f"{coverage['verdicts_reached']} of {coverage['verdicts_total']} verdicts reached."
    missing = "" if run["complete"] else " What is missing is UNKNOWN, neither satisfied nor not satisfied."
    errors = [f"{row['cloud']} was not scanned: {row['reason']}" for row in run.get("clouds_not_scanned", ())]
    return {
        "uuid": _uuid("result", *_moment(head)),
        "title": "Deployed serverless functions",
        "description": f"{head['totals']['functions']} functions. {reached}{missing}",
        "start": head["started_at"],
        "end": head["finished_at"],
        "props": _props(run_complete=str(run["complete"]).lower()),
        "remarks": inert("\n".join((f"{reached}{missing}", *run["errors"], *errors))),
    }


_NOTHING: Final = {
    "uuid": _uuid("scope", ""),
    "type": "service",
    "title": "No account",
    "description": "No account was opened.",
    "status": {"state": "other"},
}


def _component(row: Row) -> dict[str, Any]:
    return {
        "uuid": _uuid("scope", row["id"]),
        "type": "service",
        "title": line(row["id"]),
        "description": f"Account, subscription or project; {row['status']}.",
        "props": _props(cloud=row["cloud"], account=row["scope"], status=row["status"]),
        "status": {"state": "operational"},
    }


def _item(row: Row) -> dict[str, Any]:
    account = row["scope"].partition("/")[2]
    return {
        "uuid": _uuid("function", row["id"]),
        "description": line(row["name"]) or "-",
        "props": _props(
            function_id=row["id"], cloud=row["cloud"], account=account, region=row["location"], owner=row.get("owner")
        ),
    }


def _observations(report: Report, against: dict[str, list[Row]]) -> Iterator[dict[str, Any]]:
    """Every finding and every missing answer; notes in ``against`` which controls a finding speaks against."""
    when = report.head["finished_at"]
    for row in report.findings():
        noted = {"fingerprint": row["fingerprint"], "waived": row["waived"] is not None}
        for control in row["controls"]:
            if control.startswith(_CATALOGUE):
                against.setdefault(control.removeprefix(_CATALOGUE), []).append(noted)
        yield _observation(row, when)
    titles = {row["id"]: row["title"] for row in report.head["checks"]}
    for row in report.head["unknowns"]:
        yield _unknown(row, titles.get(row["check_id"], row["check_id"]), when)


def _observation(row: Row, when: str) -> dict[str, Any]:
    said, fix = waiver(row), row["remediation"]
    kind, about = (
        ("inventory-item", _uuid("function", row["function_id"]))
        if row.get("function_id")
        else ("component", _uuid("scope", f"{row['cloud']}/{row['account']}"))
    )
    known = _props(
        fingerprint=row["fingerprint"], check=row["check_id"], status=row["status"], severity=row["severity"],
        confidence=row["confidence"], cause=row.get("cause"), resource=row["resource_id"], region=row.get("region"),
        cwe=f"CWE-{row['cwe']}" if row.get("cwe") else None, first_seen=row.get("first_seen"), waived=said,
    )  # fmt: skip
    return {
        "uuid": _uuid("finding", row["fingerprint"]),
        "title": line(row["title"]),
        "description": line(row["message"]),
        "props": [*known, *(prop for control in row["controls"] for prop in _props(control=control))],
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": [{"subject-uuid": about, "type": kind}],
        "relevant-evidence": [
            {"description": inert(f"{each['source']}: {each['detail']}")} for each in row["evidence"]
        ] or [{"description": "none"}],
        "collected": when,
        "remarks": inert("\n".join(filter(None, (said, fix["text"], fix["command"])))),
    }  # fmt: skip


def _unknown(row: Row, title: str, when: str) -> dict[str, Any]:
    needs = f", which needs {row['permission']}" if row["permission"] else ""
    why = line(f"UNKNOWN: {row['operation'] or 'no call'}{needs}: {row['reason']}: {row['message']}")
    return {
        "uuid": _uuid(
            "unknown", row["check_id"], row["operation"], row["reason"], row["permission"] or "", row["message"]
        ),
        "title": f"Not determined: {line(title)}",
        "description": f"{why} ({len(row['subjects'])} subject(s))",
        "props": _props(check=row["check_id"], status="UNKNOWN", permission=row["permission"]),
        "methods": ["TEST"],
        "types": ["discovery"],
        "collected": when,
    }


def _risk(row: Row) -> dict[str, Any]:
    fix = row["remediation"]
    related = [{"observation-uuid": _uuid("finding", each)} for each in row["findings"]]
    return {
        "uuid": _uuid("cause", row["id"]),
        "title": line(row["title"]),
        "description": line(row["message"]),
        "statement": line(row["message"]),
        "props": _props(cause=row["id"], severity=row["severity"], risk=row["risk"], site=row["site"]),
        "status": "deviation-approved" if row.get("waived") else "open",
        "remediations": [
            {
                "uuid": _uuid("remediation", row["id"]),
                "lifecycle": "recommendation",
                "title": line(row["title"]),
                "description": inert("\n".join(filter(None, (fix["text"], fix["command"])))),
            }
        ],
        "related-observations": related,
    }


def control_id(control: str) -> str:
    """The id of a control in NIST's catalogue: ``AC-6(5)`` is ``ac-6.5``."""
    return control.lower().replace("(", ".").replace(")", "")


def _finding(control: str, rows: list[Row]) -> dict[str, Any]:
    still = sum(not row["waived"] for row in rows)
    said = f"{len(rows)} finding(s) speak against {control}, {len(rows) - still} of them waived."
    return {
        "uuid": _uuid("control", control),
        "title": f"NIST SP 800-53 {control}",
        "description": said,
        "props": _props(control=f"{_CATALOGUE}{control}", waived=None if still else "all findings are waived"),
        "target": {
            "type": "statement-id",
            "target-id": f"{control_id(control)}_smt",
            "status": {"state": "not-satisfied", "reason": "fail", "remarks": said},
        },
        "related-observations": [{"observation-uuid": _uuid("finding", row["fingerprint"])} for row in rows],
    }


def _reviewed(head: Row) -> dict[str, Any]:
    named = sorted({each for row in head["checks"] for each in row["controls"] if each.startswith(_CATALOGUE)})
    ids = [{"control-id": control_id(each.removeprefix(_CATALOGUE))} for each in named]
    said = "Controls that a check of this audit gives evidence for; none is assessed as a whole."
    return {"control-selections": [{"description": said, **({"include-controls": ids} if ids else {})}]}
