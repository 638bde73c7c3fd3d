"""The frameworks that a run was asked for, control by control, in an OSCAL document.

OSCAL knows two answers, ``satisfied`` and ``not-satisfied``. A finding is a control of which one holds: ``satisfied``;
``not-satisfied`` because a defect was found, waived or not; ``not-satisfied`` for reason ``other`` where it was asked
and could not be read, which is what SP 800-53A calls other than satisfied. Of any other control neither is claimed: it
is an observation that says why, and what was not assessed is excluded from the reviewed controls.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from auditor.model.control_status import ControlStatus
from auditor.reporter import Report
from auditor.wording import CLOUDS, controls_by_status, counted, inert
from reports.oscal_names import NAMESPACE, props, unknown_uuid, uuid
from reports.plain import line

Row = Mapping[str, Any]

NIST: Final = "nist-800-53-r5"
"""The one framework with a published OSCAL catalogue: its controls have ids there, those of others are made here."""
_STATES: Final = {
    ControlStatus.SATISFIED.value: ("satisfied", "pass"),
    ControlStatus.FAILED.value: ("not-satisfied", "fail"),
    ControlStatus.WAIVED.value: ("not-satisfied", "fail"),
    ControlStatus.UNKNOWN.value: ("not-satisfied", "other"),
}
"""The statuses that are an answer, with OSCAL's state and reason."""
_NO_TOKEN: Final = re.compile(r"[^A-Za-z0-9._-]")


def control_id(control: str) -> str:
    """The id of a control in NIST's catalogue: ``AC-6(5)`` is ``ac-6.5``."""
    return control.lower().replace("(", ".").replace(")", "")


def observations(head: Row) -> Iterator[dict[str, Any]]:
    """What each linked check said on each cloud, then each control of which nothing is claimed."""
    yield from _checks(head)
    for framework, control in _controls(head):
        if control["status"] not in _STATES:
            yield _undecided(framework, control, head["finished_at"])


def findings(report: Report) -> Iterator[dict[str, Any]]:
    """Each control that has an answer, in the order of its framework."""
    unread = _unread(report)
    found = cache(lambda mark: uuid("finding", mark))  # many controls rest on the same findings
    for framework, control in _controls(report.head):
        if control["status"] in _STATES:
            yield _finding(framework, control, unread, found)


def resources(head: Row) -> list[dict[str, Any]]:
    """The frameworks, as what the controls are taken from."""
    return [
        {
            "uuid": uuid("framework", row["id"]),
            "title": line(f"{row['title']}, version {row['version']}"),
            "description": line(f"{row['scope']} The whole has: {row['size']}. Links reviewed {row['as_of']}."),
            "props": props(framework=row["id"], version=row["version"], publisher=row["publisher"]),
            "rlinks": [{"href": row["url"]}],
        }
        for row in head["frameworks"]
    ]


def selections(head: Row) -> list[dict[str, Any]]:
    """Of each framework the controls that were looked at, and those of which nothing was assessed."""
    return [_selection(row) for row in head["frameworks"]]


def _controls(head: Row) -> Iterator[tuple[Row, Row]]:
    for framework in head["frameworks"]:
        for control in framework["controls"]:
            yield framework, control


def _selection(framework: Row) -> dict[str, Any]:
    ids: dict[bool, list[dict[str, str]]] = {True: [], False: []}
    for control in framework["controls"]:
        looked_at = control["status"] != ControlStatus.NOT_ASSESSED.value
        ids[looked_at].append({"control-id": _token(framework["id"], control["id"])})
    where = (
        "" if framework["id"] == NIST else " Ids are the framework's id and the control's: it has no OSCAL catalogue."
    )
    return {
        "description": line(f"{framework['title']}: {controls_by_status(framework)}.{where}"),
        "props": props(
            framework=framework["id"],
            controls_total=_number(framework.get("controls_total")),
            controls_listed=_number(len(framework["controls"])),
            **{f"controls_{status}": _number(count) for status, count in framework["by_status"].items()},
        ),
        "links": [{"href": f"#{uuid('framework', framework['id'])}", "rel": "reference"}],
        "include-controls": ids[True] or ids[False],  # OSCAL wants some, also where all of them are excluded
        **({"exclude-controls": ids[False]} if ids[False] else {}),
        "remarks": line(" ".join((*framework["notes"], "Controls that are not listed are not assessed."))),
    }  # fmt: skip


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _token(framework: str, control: str) -> str:
    return control_id(control) if framework == NIST else _NO_TOKEN.sub("_", f"{framework}_{control}")


def _uuid(framework: Row, control: Row) -> str:
    return uuid("control", *(() if framework["id"] == NIST else (framework["id"],)), control["id"])


def _checks(head: Row) -> Iterator[dict[str, Any]]:
    titles = {row["id"]: row["title"] for row in head["checks"]}
    seen = {(row["check_id"], row["cloud"]): row for _, each in _controls(head) for row in each["evidence"]}
    for (check, cloud), row in sorted(seen.items()):
        counts = ", ".join(f"{count:,} {status}" for status, count in row["verdicts"].items())
        accounts = [{"subject-uuid": uuid("scope", each["id"]), "type": "component"} for each in _accounts(head, cloud)]
        yield {
            "uuid": uuid("check", check, cloud),
            "title": line(f"Verdicts: {titles.get(check, check)}"),
            "description": line(f"{check} on {CLOUDS[cloud]}: {counts or 'it did not run, or had nothing to judge'}."),
            "props": [
                *props(check=check, cloud=cloud),
                *props(**{f"verdicts_{status.lower()}": str(count) for status, count in row["verdicts"].items()}),
            ],
            "methods": ["TEST"] if counts else ["UNKNOWN"],
            "types": ["control-objective"],
            **({"subjects": accounts} if accounts else {}),
            "collected": head["finished_at"],
            "remarks": "The verdict of each function is in report.json, under verdicts.",
        }


def _accounts(head: Row, cloud: str) -> list[Row]:
    return [row for row in head["scopes"] if row["cloud"] == cloud]


def _undecided(framework: Row, control: Row, when: str) -> dict[str, Any]:
    links = [
        {"href": f"#{uuid('check', row['check_id'], row['cloud'])}", "description": _link(row)}
        for row in control["evidence"]
    ]
    unasked = control["status"] == ControlStatus.NOT_ASSESSED.value
    return {
        "uuid": _uuid(framework, control),
        "title": _title(framework, control),
        "description": _description(control),
        "props": _props(framework, control),
        "methods": ["UNKNOWN"] if unasked else ["TEST"],
        "types": ["control-objective"],
        **({"relevant-evidence": links} if links else {}),
        "collected": when,
    }


def _finding(
    framework: Row, control: Row, unread: Callable[[Row], list[str]], found: Callable[[str], str]
) -> dict[str, Any]:
    state, reason = _STATES[control["status"]]
    token = _token(framework["id"], control["id"])
    marks = (*control["findings"], *(row["fingerprint"] for row in control["waived"]))
    related = [
        *(uuid("check", row["check_id"], row["cloud"]) for row in control["evidence"]),
        *map(found, marks),
        *dict.fromkeys(each for row in control["evidence"] for each in unread(row)),
    ]
    waived = waivers(Counter(_waiver(row) for row in control["waived"]))
    return {
        "uuid": _uuid(framework, control),
        "title": _title(framework, control),
        "description": _description(control),
        "props": _props(framework, control),
        "target": {
            "type": "statement-id",
            "target-id": f"{token}_smt" if framework["id"] == NIST else token,
            "title": line(control["title"]),
            "status": {"state": state, "reason": reason, "remarks": line(control["reason"])},
        },
        **({"related-observations": [{"observation-uuid": each} for each in related]} if related else {}),
        **({"remarks": waived} if waived else {}),
    }


def waivers(counts: Mapping[str, int]) -> str:
    """How many findings are waived until when and why, a line each."""
    return inert_each(f"{counted(count, 'finding')} {said}" for said, count in sorted(counts.items()))


def inert_each(lines: Iterator[str]) -> str:
    """Lines that may quote names of a cloud or a file: none begins another."""
    return "\n".join(map(inert, lines))


def _waiver(row: Row) -> str:
    told = ", ".join(filter(None, (row["owner"], row["ticket"])))
    return f"waived until {row['expires']}: {line(row['reason'])}{f' ({line(told)})' if told else ''}"


def _title(framework: Row, control: Row) -> str:
    return line(f"{framework['title']} {control['id']}: {control['title']}")


def _description(control: Row) -> str:
    """Why it has its status, where a scan ends, and what would be evidence for the rest."""
    limit = f"Limit: {control['limit']}." if control["limit"] and control["limit"] not in control["reason"] else ""
    wanted = f"Evidence would be: {control['wanted']}." if control["wanted"] else ""
    status = control["status"].replace("-", " ").capitalize()
    return line(" ".join(filter(None, (f"{status}. {control['reason']}", limit, wanted))))


def _props(framework: Row, control: Row) -> list[dict[str, str]]:
    clouds = {f"control_status_{cloud}": row["status"] for cloud, row in control["clouds"].items()}
    return [
        *props(control=f"{framework['id']}:{control['id']}", control_status=control["status"], **clouds),
        *(
            {"name": "linked-check", "ns": NAMESPACE, "value": row["check_id"], "class": row["strength"],
             "remarks": _link(row)}
            for row in control["evidence"]
        ),
    ]  # fmt: skip


def _link(row: Row) -> str:
    return line(f"{row['check_id']} on {CLOUDS[row['cloud']]}: {row['strength']}, {row['basis']}")


def _unread(report: Report) -> Callable[[Row], list[str]]:
    """The observations of what a linked check could not read on a cloud."""
    rows = report.head["unknowns"]
    clouds = {row["id"]: row["cloud"] for row in report.functions()} if rows else {}
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for cloud in {clouds.get(each, each.partition("/")[0]) for each in row["subjects"]}:
            found.setdefault((row["check_id"], cloud), []).append(unknown_uuid(row))
    return lambda link: found.get((link["check_id"], link["cloud"]), [])
