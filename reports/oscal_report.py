"""``assessment-results.oscal.json``: OSCAL 1.1 assessment results, evidence for an assessor.

An observation is a finding of ours or an answer that is missing, a risk is a cause. Where frameworks were asked for, a
finding is a control of theirs (:mod:`reports.oscal_controls`); else it is a control of NIST SP 800-53 that observations
speak against, and none is called satisfied: that a check passed does not prove a whole control.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from auditor.model.json_text import ascii_json
from auditor.reporter import Report
from auditor.wording import counted, inert
from reports import oscal_controls
from reports.oscal_controls import NIST, control_id, inert_each, waivers
from reports.oscal_names import props, unknown_uuid, uuid
from reports.plain import line, waiver

Row = Mapping[str, Any]

VERSION: Final = "1.1.3"
_CATALOGUE: Final = f"{NIST}:"


class OscalReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "oscal"
    filename = "assessment-results.oscal.json"

    def write(self, report: Report, stream: BinaryIO) -> None:
        head = report.head
        plan = uuid("plan", *_moment(head))
        stream.write(b'{"assessment-results":{')
        stream.write(_members({"uuid": uuid("document", *_moment(head)), "metadata": _metadata(head)}))
        asked = bool(head.get("frameworks"))
        sources = [_plan(head, plan), *(oscal_controls.resources(head) if asked else ())]
        stream.write(_members({"import-ap": {"href": f"#{plan}"}, "back-matter": {"resources": sources}}))
        stream.write(b'"results":[{')
        stream.write(_members(_result(head)))
        stream.write(b'"local-definitions":{')
        _array(stream, "inventory-items", map(_item, report.functions()))
        stream.write(_members({"components": [_component(row) for row in head["scopes"]] or [_NOTHING]}).rstrip(b",\n"))
        stream.write(b"},\n")
        against: dict[str, list[Row]] = {}
        _array(stream, "observations", _observations(report, against, asked=asked))
        _array(stream, "risks", map(_risk, report.causes()))
        opposed = (_finding(control, rows) for control, rows in sorted(against.items()))
        _array(stream, "findings", oscal_controls.findings(report) if asked else opposed)
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


def _moment(head: Row) -> tuple[str, str, str]:
    return head["started_at"], head["finished_at"], ",".join(row["id"] for row in head["scopes"])


def _metadata(head: Row) -> dict[str, Any]:
    tool = head["tool"]
    parties = [_party(cloud, caller) for cloud, caller in sorted((head["run"].get("caller") or {}).items())]
    prepared = {
        "roles": [{"id": _PREPARED, "title": "Identity that asked the clouds"}],
        "parties": parties,
        "responsible-parties": [{"role-id": _PREPARED, "party-uuids": [row["uuid"] for row in parties]}],
    }
    return {
        "title": "Serverless audit",
        "last-modified": head["finished_at"],
        "version": head["finished_at"],
        "oscal-version": VERSION,
        "props": props(tool=tool["name"], tool_version=tool["version"]),
        **(prepared if parties else {}),
    }


_PREPARED: Final = "prepared-by"


def _party(cloud: str, caller: str) -> dict[str, Any]:
    return {
        "uuid": uuid("caller", cloud, caller),
        "type": "organization",
        "name": line(caller) or "-",
        "props": props(cloud=cloud),
        "remarks": "As whom the cloud was asked. Whether a person or a program uses this identity is not known.",
    }


def _plan(head: Row, plan: str) -> dict[str, Any]:
    """What stands for the assessment plan: how the audit was asked for, and how what it read was evaluated."""
    run = head["run"]
    frameworks = [row["id"] for row in head.get("frameworks") or ()]
    return {
        "uuid": plan,
        "title": "How this audit was asked for",
        "description": inert_each(
            iter((run["command"] or "The command is not known.", *_evaluation(head, frameworks)))
        ),
        "props": [
            *props(depth=run["depth"], as_of=run["as_of"], selection=ascii_json(run["selection"])),
            *props(settings=ascii_json(run["settings"]) if run.get("settings") else None),
            *(prop for name in frameworks for prop in props(framework=name)),
        ],
    }


def _evaluation(head: Row, frameworks: list[str]) -> Iterator[str]:
    """How the answers were judged: the command that read them may be another, and older."""
    run, entries = head["run"], Counter(row["status"] for row in head.get("waivers") or ())
    yield f"Evaluated as of {run['as_of']}, by version {head['tool']['version']}."
    if frameworks:
        yield f"Control by control for {', '.join(frameworks)}."
    if entries:
        states = ", ".join(f"{count:,} {status}" for status, count in sorted(entries.items()))
        yield f"With {counted(entries.total(), 'waiver')}: {states}."
    else:
        yield "Without waivers."
    for row in run.get("plugins") or ():
        yield f"With code of others: {row['name']}."


def _result(head: Row) -> dict[str, Any]:
    run, coverage = head["run"], head["coverage"]
    reached = f"{coverage['verdicts_reached']} of {coverage['verdicts_total']} verdicts reached."
    missing = "" if run["complete"] else " What is missing is UNKNOWN, neither satisfied nor not satisfied."
    errors = [f"{row['cloud']} was not scanned: {row['reason']}" for row in run.get("clouds_not_scanned", ())]
    return {
        "uuid": uuid("result", *_moment(head)),
        "title": "Deployed serverless functions",
        "description": f"{head['totals']['functions']} functions. {reached}{missing}",
        "start": head["started_at"],
        "end": head["finished_at"],
        "props": props(run_complete=str(run["complete"]).lower()),
        "remarks": inert("\n".join((f"{reached}{missing}", *run["errors"], *errors))),
    }


_NOTHING: Final = {
    "uuid": uuid("scope", ""),
    "type": "service",
    "title": "No account",
    "description": "No account was opened.",
    "status": {"state": "other"},
}


def _component(row: Row) -> dict[str, Any]:
    return {
        "uuid": uuid("scope", row["id"]),
        "type": "service",
        "title": line(row["id"]),
        "description": f"Account, subscription or project; {row['status']}.",
        "props": props(cloud=row["cloud"], account=row["scope"], status=row["status"]),
        "status": _READ.get(row["status"], {"state": "operational"}),
    }


_READ: Final = {
    "unreadable": {"state": "other", "remarks": "No list of its functions answered: nothing of it is assessed."},
    "partial": {"state": "operational", "remarks": "Some of it could not be read: what rests on that is UNKNOWN."},
}
"""The state of an account that was not wholly read."""


def _item(row: Row) -> dict[str, Any]:
    account = row["scope"].partition("/")[2]
    return {
        "uuid": uuid("function", row["id"]),
        "description": line(row["name"]) or "-",
        "props": props(
            function_id=row["id"], cloud=row["cloud"], account=account, region=row["location"], owner=row.get("owner")
        ),
    }


def _observations(report: Report, against: dict[str, list[Row]], *, asked: bool) -> Iterator[dict[str, Any]]:
    """Every finding and every missing answer, and what was ``asked`` of frameworks.

    Notes in ``against`` which controls a finding speaks against where none was asked for.
    """
    when = report.head["finished_at"]
    for row in report.findings():
        noted = {"fingerprint": row["fingerprint"], "waived": waiver(row)}
        for control in () if asked else row["controls"]:
            if control.startswith(_CATALOGUE):
                against.setdefault(control.removeprefix(_CATALOGUE), []).append(noted)
        yield _observation(row, when)
    titles = {row["id"]: row["title"] for row in report.head["checks"]}
    for row in report.head["unknowns"]:
        yield _unknown(row, titles.get(row["check_id"], row["check_id"]), when)
    if asked:
        yield from oscal_controls.observations(report.head)


def _observation(row: Row, when: str) -> dict[str, Any]:
    said, fix = waiver(row), row["remediation"]
    kind, about = (
        ("inventory-item", uuid("function", row["function_id"]))
        if row.get("function_id")
        else ("component", uuid("scope", f"{row['cloud']}/{row['account']}"))
    )
    known = props(
        fingerprint=row["fingerprint"], check=row["check_id"], status=row["status"], severity=row["severity"],
        confidence=row["confidence"], cause=row.get("cause"), resource=row["resource_id"], region=row.get("region"),
        cwe=f"CWE-{row['cwe']}" if row.get("cwe") else None, first_seen=row.get("first_seen"), waived=said,
    )  # fmt: skip
    return {
        "uuid": uuid("finding", row["fingerprint"]),
        "title": line(row["title"]),
        "description": line(row["message"]),
        "props": [*known, *(prop for control in row["controls"] for prop in props(control=control))],
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
        "uuid": unknown_uuid(row),
        "title": f"Not determined: {line(title)}",
        "description": f"{why} ({len(row['subjects'])} subject(s))",
        "props": props(check=row["check_id"], status="UNKNOWN", permission=row["permission"]),
        "methods": ["TEST"],
        "types": ["discovery"],
        "collected": when,
    }


def _risk(row: Row) -> dict[str, Any]:
    fix = row["remediation"]
    related = [{"observation-uuid": uuid("finding", each)} for each in row["findings"]]
    return {
        "uuid": uuid("cause", row["id"]),
        "title": line(row["title"]),
        "description": line(row["message"]),
        "statement": line(row["message"]),
        "props": props(cause=row["id"], severity=row["severity"], risk=row["risk"], site=row["site"]),
        "status": "deviation-approved" if row.get("waived") else "open",
        "remediations": [
            {
                "uuid": uuid("remediation", row["id"]),
                "lifecycle": "recommendation",
                "title": line(row["title"]),
                "description": inert("\n".join(filter(None, (fix["text"], fix["command"])))),
            }
        ],
        "related-observations": related,
    }


def _finding(control: str, rows: list[Row]) -> dict[str, Any]:
    accepted = Counter(row["waived"] for row in rows if row["waived"])
    still = len(rows) - accepted.total()
    said = f"{len(rows)} finding(s) speak against {control}, {len(rows) - still} of them waived."
    return {
        "uuid": uuid("control", control),
        "title": f"NIST SP 800-53 {control}",
        "description": said,
        "props": props(control=f"{_CATALOGUE}{control}", waived=None if still else "all findings are waived"),
        "target": {
            "type": "statement-id",
            "target-id": f"{control_id(control)}_smt",
            "status": {"state": "not-satisfied", "reason": "fail", "remarks": said},
        },
        "related-observations": [{"observation-uuid": uuid("finding", row["fingerprint"])} for row in rows],
        **({"remarks": waivers(accepted)} if accepted else {}),
    }


def _reviewed(head: Row) -> dict[str, Any]:
    if head.get("frameworks"):
        return {"control-selections": oscal_controls.selections(head)}
    named = sorted({each for row in head["checks"] for each in row["controls"] if each.startswith(_CATALOGUE)})
    ids = [{"control-id": control_id(each.removeprefix(_CATALOGUE))} for each in named]
    said = "Controls that a check of this audit gives evidence for; none is assessed as a whole."
    return {"control-selections": [{"description": said, **({"include-controls": ids} if ids else {})}]}
