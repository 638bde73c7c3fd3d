"""``report.sarif``: SARIF 2.1.0 as GitHub code scanning accepts it.

Code scanning shows an alert on a file, so each function has a path of its own that no repository needs to hold. Its
limits are those of one upload: what goes beyond is left out from the mildest end and named in a notification.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from auditor.model.json_text import ascii_json
from auditor.reporter import Report
from auditor.wording import inert, inert_lines
from reports.plain import line

Row = Mapping[str, Any]

RESULTS: Final = 25_000
"""Results of a run."""
TAGS: Final = 20
"""Tags of a rule."""
COMPRESSED: Final = 10_000_000
"""Bytes of an upload, which is gzip."""
_MARGIN: Final = 1_000_000
"""Of those, what is kept for the rules and notifications, and for what the compressor holds back."""
_NOTIFICATIONS: Final = 1_000

_LEVELS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "informational": "note"}
SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "informational": "0.0"}
"""The middle of what code scanning calls by the same word; it shows an alert with the severity of its rule."""
_LINK: Final = re.compile(r"\[(?=[^\]]*\]\()")
_PLACEHOLDER: Final = re.compile(r"\{(\d+)\}")
_FINISHED: Final = frozenset({0, 3, 4})
"""Exit codes of a run that did what it was asked."""


class SarifReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "sarif"
    filename = "report.sarif"

    def write(self, report: Report, stream: BinaryIO) -> None:
        run = _Run({row["id"]: row for row in report.head["checks"]}, stream)
        stream.write(
            b'{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"results":['
        )
        for row in report.findings():
            run.add(row)
        stream.write(b"\n],\n")
        head = report.head
        members = {
            "tool": {"driver": {**_driver(head), "rules": run.rules}},
            "invocations": [_invocation(head, [*run.left_out(), *_unread(head)])],
            "automationDetails": {"id": "serverless-auditor/"},
            "columnKind": "unicodeCodePoints",
        }
        stream.write(ascii_json(members)[1:].encode("ascii"))
        stream.write(b"]}\n")


class _Run:
    """Writes results and collects the rules they need, within the limits of an upload."""

    def __init__(self, checks: Mapping[str, Row], stream: BinaryIO) -> None:
        self.rules: list[dict[str, Any]] = []
        self._checks = checks
        self._stream = stream
        self._places: dict[str, int] = {}
        self._compressor = zlib.compressobj()
        self._size = self._written = self._beyond = self._waived_beyond = 0
        self._cut_tags: list[str] = []

    def add(self, row: Row) -> None:
        """Writes a finding, or counts it where there is no room."""
        if self._written >= RESULTS or self._size > COMPRESSED - _MARGIN:
            self._beyond += 1
            self._waived_beyond += row["waived"] is not None
            return
        text = f"{',' if self._written else ''}\n{ascii_json(_result(row, *self._rule(row)))}".encode("ascii")
        self._size += len(self._compressor.compress(text))
        self._written += 1
        self._stream.write(text)

    def _rule(self, row: Row) -> tuple[str, int]:
        """Id and place of a finding's rule; where it is not as grave as its check usually is, one of its own."""
        check = self._checks.get(row["check_id"], {})
        usual = check.get("severity", row["severity"]) == row["severity"]
        name = row["check_id"] if usual else f"{row['check_id']}/{row['severity']}"
        if name not in self._places:
            self._places[name] = len(self.rules)
            tags = _tags(row)
            if len(tags) > TAGS:
                self._cut_tags.append(name)
            self.rules.append(_rule(name, row, check, tags[:TAGS]))
        return name, self._places[name]

    def left_out(self) -> Iterator[dict[str, Any]]:
        """What GitHub's limits left out."""
        if self._beyond:
            waived = f", of which {self._waived_beyond} are waived" if self._waived_beyond else ""
            yield _notification(
                "limit-reached",
                f"{self._beyond} findings{waived}, the least severe ones, are not in this file: code scanning accepts "
                f"{RESULTS} results and {COMPRESSED} compressed bytes. report.json has them all.",
            )
        if self._cut_tags:
            yield _notification(
                "limit-reached",
                f"Rules with more than {TAGS} tags, all of which their property controls has: "
                f"{', '.join(self._cut_tags)}.",
            )


def _driver(head: Row) -> dict[str, Any]:
    tool = head["tool"]
    return {"name": tool["name"], "version": tool["version"], "semanticVersion": tool["version"]}


def _rule(name: str, row: Row, check: Row, tags: list[str]) -> dict[str, Any]:
    """A rule. Its help is the check's reason and repair; what names one function stays in the result."""
    title, why = line(row["title"]), line(check.get("why") or row["title"])
    references = list(check.get("references", ()))
    listed = "\n".join(f"- <{address}>" for address in references)
    fix = f"`auditor checks show {row['check_id']}` prints the repair for each cloud; each alert has it filled in."
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in row["check_id"].split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": line(check.get("summary") or row["title"])},
        "help": {
            "text": "\n".join((why, fix, *references)),
            "markdown": f"{why}\n\n{fix}" + (f"\n\n{listed}" if listed else ""),
        },
        **({"helpUri": references[0]} if references else {}),
        "defaultConfiguration": {"level": _LEVELS[row["severity"]]},
        "properties": {
            "tags": tags,
            "controls": list(row["controls"]),
            "security-severity": SCORES[row["severity"]],
            "precision": {"high": "very-high", "medium": "high"}.get(check.get("confidence", "high"), "medium"),
            "problem.severity": {"error": "error", "warning": "warning"}.get(
                _LEVELS[row["severity"]], "recommendation"
            ),
        },
    }


def _tags(row: Row) -> list[str]:
    cwe = [f"external/cwe/cwe-{row['cwe']:03d}"] if row.get("cwe") else []
    return ["security", row["risk"], *cwe, *row["controls"]]


def _result(row: Row, rule: str, place: int) -> dict[str, Any]:
    fix, waived = row["remediation"], row["waived"]
    told = [line(row["message"]), f"Fix: {line(fix['text'])}"]
    told += [f"Command:\n{inert_lines(fix['command'])}"] if fix["command"] else []
    suppression = {"kind": "external", "status": "accepted", "justification": _justification(waived)} if waived else {}
    return {
        "ruleId": rule,
        "ruleIndex": place,
        "level": _LEVELS[row["severity"]],
        "message": {"text": _literal("\n".join(told))},
        "locations": [_location(row)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{row['fingerprint']}:1",
            "serverlessAuditor/v1": row["fingerprint"],
        },
        **({"suppressions": [suppression]} if waived else {}),
        "properties": {
            "severity": row["severity"],
            "confidence": row["confidence"],
            "cause": row.get("cause", ""),
            "waived": waived is not None,
            **({"fix_command": inert_lines(fix["command"])} if fix["command"] else {}),
            **({"first_seen": row["first_seen"]} if row.get("first_seen") else {}),
            **({"owner": line(row["owner"])} if row.get("owner") else {}),
        },
    }


def _justification(waived: Row) -> str:
    return f"{line(waived['reason'])} (waived until {waived['expires']})"


def _literal(text: str) -> str:
    """Text in which a viewer sees no link (``[a](b)``) and no placeholder (``{0}``) that a name holds; a command with
    other brackets stays as it is, to be pasted.
    """
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\[", text))


def _location(row: Row) -> dict[str, Any]:
    kind = "function" if row.get("function_id") else "resource"
    logical = {"fullyQualifiedName": line(row.get("function_id") or row["subject_id"]), "kind": kind}
    if row.get("function_name"):
        logical["name"] = line(row["function_name"])
    return {
        "physicalLocation": {"artifactLocation": {"uri": address(row)}, "region": {"startLine": 1}},
        "logicalLocations": [logical],
    }


def address(row: Row) -> str:
    """A relative path that only this function has, or the account or region, on every run."""
    parts = [row["cloud"], row["account"], row.get("region"), row.get("function_name")]
    if row.get("function_id") and row["cloud"] != "aws":  # two of one name may be in one region
        parts = [row["cloud"], *row["function_id"].split("/")]
    return "/".join(("serverless", *(_segment(part) for part in parts if part))) + ".json"


def _segment(part: str) -> str:
    quoted = quote(inert(part), safe="")
    return quoted.replace(".", "%2E") if not quoted.strip(".") else quoted


def _invocation(head: Row, notifications: list[dict[str, Any]]) -> dict[str, Any]:
    run = head["run"]
    return {
        "executionSuccessful": run["exit_code"] in _FINISHED and not run["errors"],
        "exitCode": run["exit_code"],
        "startTimeUtc": head["started_at"],
        "endTimeUtc": head["finished_at"],
        "toolExecutionNotifications": notifications,
    }


def _unread(head: Row) -> Iterator[dict[str, Any]]:
    """What could not be judged: a missing alert there is no proof that all is well."""
    rows = [
        *(("run-error", "error", sentence) for sentence in head["run"]["errors"]),
        *(
            ("not-scanned", "warning", f"{row['cloud']} was not scanned: {row['reason']}")
            for row in head["run"].get("clouds_not_scanned", ())
        ),
        *(
            ("not-read", "warning", f"{row['id']} is {row['status']}: what is missing is UNKNOWN, not passed")
            for row in head["scopes"]
            if row["status"] != "read"
        ),
        *(("unknown", "warning", _unknown(row)) for row in head["unknowns"]),
    ]
    yield from (_notification(kind, text, level) for kind, level, text in rows[:_NOTIFICATIONS])
    if len(rows) > _NOTIFICATIONS:
        yield _notification("unknown", f"And {len(rows) - _NOTIFICATIONS} more gaps, listed in report.json.")


def _unknown(row: Row) -> str:
    needs = f", which needs {row['permission']}" if row["permission"] else ""
    return (
        f"{row['check_id']} is UNKNOWN for {len(row['subjects'])} subject(s): {row['operation'] or 'no call'}{needs}: "
        f"{row['reason']}: {row['message']}"
    )


def _notification(kind: str, text: str, level: str = "warning") -> dict[str, Any]:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": _literal(line(text))}}
