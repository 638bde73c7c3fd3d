"""``junit.xml``: what CI servers show. A suite is an account, a case one check on one function.

Failed are checks with an open finding; those whose findings are all waived, and those that could not be answered, are
skipped with the reason; a check that crashed is an error. Checks that passed are no cases: report.json has them.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from auditor.reporter import Report
from auditor.wording import inert, inert_lines
from reports.plain import line, place, waiver

Row = Mapping[str, Any]
Case = tuple[str, str, str, str, str, str]
"""Suite, class (the function), name (the check), kind, short message, text."""

_KINDS: Final = ("failure", "error", "skipped")
"""What one case can be, the worst first: an open finding beside a waived one fails it."""
_RUN: Final = "run"
"""The suite of what belongs to no account."""


class JunitReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "junit"
    filename = "junit.xml"

    def write(self, report: Report, stream: BinaryIO) -> None:
        with closing(_sorted(report)) as cases:
            rows = cases.execute(
                "SELECT suite, class, name, kind, message, text FROM cases ORDER BY suite, class, name, id"
            )
            counts = _counts(cases)
            stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
            stream.write(f"<testsuites{_attributes(_sum(counts.values()))}>\n".encode())
            suites = {str(scope["id"]): scope for scope in report.head["scopes"]}
            for name, members in groupby(rows, key=lambda row: str(row[0])):
                _suite(stream, report.head, suites.pop(name, None), name, counts[name], members)
            for name, scope in suites.items():
                _suite(stream, report.head, scope, name, {}, ())
            stream.write(b"</testsuites>\n")


def _sorted(report: Report) -> sqlite3.Connection:
    """Every case, in a private file that SQLite keeps only as long as it is open: findings come by severity."""
    cases = sqlite3.connect("")
    cases.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, suite, class, name, kind, message, text)")
    for source in (_findings(report), _unknown(report), _run(report.head)):
        cases.executemany(
            "INSERT INTO cases (suite, class, name, kind, message, text) VALUES (?, ?, ?, ?, ?, ?)", source
        )
    return cases


def _counts(cases: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """By suite, the number of cases of each kind; a case is as bad as the worst that it holds."""
    rank = "MIN(CASE kind WHEN 'failure' THEN 0 WHEN 'error' THEN 1 ELSE 2 END)"
    rows = cases.execute(
        f"SELECT suite, worst, COUNT(*) FROM (SELECT suite, {rank} AS worst FROM cases GROUP BY suite, class, name) "  # noqa: S608 - no part of it is from outside
        "GROUP BY suite, worst ORDER BY suite"
    )
    found: dict[str, dict[str, int]] = {}
    for suite, worst, count in rows:
        found.setdefault(suite, {})[_KINDS[worst]] = count
    return found


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    listed = list(counts)
    return {kind: sum(each.get(kind, 0) for each in listed) for kind in _KINDS}


def _findings(report: Report) -> Iterator[Case]:
    for row in report.findings():
        said, fix = waiver(row), row["remediation"]
        text = [inert(row["message"]), f"Severity: {row['severity']}", f"Fingerprint: {row['fingerprint']}"]
        text += [f"First seen: {row['first_seen']}"] if row.get("first_seen") else []
        text += [said.capitalize()] if said else []
        text += [f"Fix: {inert(fix['text'])}", *([inert_lines(fix["command"])] if fix["command"] else [])]
        suite = f"{row['cloud']}/{row['account']}"
        message = f"{said}: {line(row['message'])}" if said else line(row["message"])
        yield suite, _subject(row), row["check_id"], "skipped" if said else "failure", message, "\n".join(text)


def _subject(row: Row) -> str:
    return f"{line(row.get('region') or row['account'])}.{place(row)}" if row.get("function_id") else place(row)


def _unknown(report: Report) -> Iterator[Case]:
    """The cases without an answer, which are skipped, and those of checks that crashed, which are errors."""
    reasons: dict[tuple[str, str], str] = {}
    for row in report.head["unknowns"]:
        needs = f", which needs {row['permission']}" if row["permission"] else ""
        why = line(f"UNKNOWN: {row['operation'] or 'no call'}{needs}: {row['reason']}: {row['message']}")
        reasons |= dict.fromkeys(((subject, row["check_id"]) for subject in row["subjects"]), why)
    names = {row["id"]: (row["scope"], f"{line(row['location'])}.{line(row['name'])}") for row in report.functions()}
    for subject, verdicts in report.verdicts():
        scope, shown = names.get(subject) or ("/".join(subject.split("/")[:2]), line(subject.split("/")[-1]))
        for check, status in verdicts.items():
            if status == "UNKNOWN":
                why = reasons.get((subject, check), "UNKNOWN: report.json says what was missing")
                yield scope, shown, check, "skipped", why, why
            elif status == "ERROR":
                yield scope, shown, check, "error", "ERROR: the check crashed", "ERROR: the check crashed"


def _run(head: Row) -> Iterator[Case]:
    """What went wrong around the checks: accounts that were not read, clouds that were not scanned."""
    for row in head["scopes"]:
        if row["status"] == "unreadable":
            yield row["id"], line(row["scope"]), "account-read", "error", "No list of functions could be read", ""
        elif row["status"] == "partial":
            yield row["id"], line(row["scope"]), "account-read", "skipped", "UNKNOWN: read in part", ""
    for sentence in head["run"]["errors"]:
        yield _RUN, "run", "run-complete", "error", line(sentence), inert(sentence)
    for row in head["run"].get("clouds_not_scanned", ()):
        yield _RUN, "run", f"{row['cloud']}-scanned", "skipped", line(f"not scanned: {row['reason']}"), ""


def _suite(
    stream: BinaryIO, head: Row, scope: Row | None, name: str, counts: Mapping[str, int], rows: Iterable[Case]
) -> None:
    stamp = head["started_at"].removesuffix("Z")
    stream.write(f"<testsuite name={_quoted(name)}{_attributes(counts)} timestamp={_quoted(stamp)}>\n".encode())
    facts = {
        "tool": f"{head['tool']['name']} {head['tool']['version']}",
        "run_complete": str(head["run"]["complete"]).lower(),
    }
    facts |= {"read": scope["status"]} if scope else {}
    listed = "".join(f"<property name={_quoted(key)} value={_quoted(value)}/>" for key, value in facts.items())
    stream.write(f"<properties>{listed}</properties>\n".encode())
    for (shown, check), members in groupby(rows, key=lambda row: (row[1], row[2])):
        stream.write(f"<testcase classname={_quoted(shown)} name={_quoted(check)}>".encode())
        found = list(members)
        kind = min((row[3] for row in found), key=_KINDS.index)
        message = next(row[4] for row in found if row[3] == kind)
        text = escape("\n\n".join(row[5] for row in found))
        stream.write(f"<{kind} message={_quoted(message)}>{text}</{kind}></testcase>\n".encode())
    stream.write(b"</testsuite>\n")


def _attributes(counts: Mapping[str, int]) -> str:
    known = {kind: counts.get(kind, 0) for kind in _KINDS}
    pairs = {
        "tests": sum(known.values()),
        "failures": known["failure"],
        "errors": known["error"],
        "skipped": known["skipped"],
    }
    return "".join(f' {name}="{count}"' for name, count in pairs.items())


def _quoted(text: str) -> str:
    return quoteattr(line(text))
