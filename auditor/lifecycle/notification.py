"""Tells a webhook what is new, that a gate failed or that a run could not read: signed, bounded, without secrets."""

import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from auditor.errors import ExitCode, UsageError
from auditor.lifecycle.shortfall import UNCOUNTED, verdicts_missing
from auditor.model.severity import Severity
from auditor.reporter import Report, Row
from auditor.wording import counted

SIGNATURE: Final = "X-Auditor-Signature"
"""``sha256=`` and the HMAC-SHA256 of the body, in hexadecimal, with the secret that both sides know."""
_SLACK: Final = "slack+"
_TRIES: Final = 3
_SECONDS: Final = 10.0
"""Of one try."""
_SHOWN: Final = 20
"""Findings that a message names; the rest is counted."""
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to send. ``slack``: a message that Slack, Mattermost and Teams' Slack-compatible hooks show."""

    url: str
    slack: bool

    @property
    def name(self) -> str:
        """The host: the path of a webhook is its password."""
        return urlsplit(self.url).hostname or "webhook"


def hook(given: str) -> Hook:
    """Reads ``--notify``. Raises UsageError for what is no address of a webhook; it repeats nothing of the address."""
    slack = given.startswith(_SLACK)
    url = given.removeprefix(_SLACK)
    try:
        parts = urlsplit(url)
        host, sound = parts.hostname, parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:  # a port that is no number, a bracket that is never closed
        parts, host, sound = urlsplit(""), None, False
    if "@" in parts.netloc:
        raise UsageError(
            "--notify takes an address without user and password: they are not sent. AUDITOR_NOTIFY_SECRET signs the"
            " message instead."
        )
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not host or not secure or not sound:
        raise UsageError("--notify takes an https address (plain http only for loopback), or slack+https://…")
    return Hook(url, slack or host == "hooks.slack.com")


def events(head: Row, new: Iterable[Row]) -> list[str]:
    """What there is to tell: new findings, a failed gate, a run that could not read; [] for nothing.

    A run that is incomplete says so beside these, and by itself where ``--fail-on-incomplete`` makes it fail or where
    it lost answers that an earlier run had.
    """
    told = ["new-findings"] if list(new) else []
    told += [] if head["run"]["gate"]["passed"] else ["gate-failed"]
    told += ["unreadable"] if head["run"]["exit_code"] == ExitCode.NO_SCOPE else []
    fails = head["run"]["exit_code"] == ExitCode.INCOMPLETE
    if not head["run"]["complete"] and "unreadable" not in told and (told or fails or _lost(head)):
        told.append("incomplete")
    return told


def _lost(head: Row) -> bool:
    """Whether an incomplete run knows less than was known: a finding of its accounts was not examined again, or fewer
    verdicts are missing from the run before. Where no run before is known, whatever is missing is news.
    """
    scopes = {(scope["cloud"], scope["scope"]) for scope in head.get("scopes", ())}
    if any((row["cloud"], row["account"]) in scopes for row in head.get("carried", ())):
        return True
    before = list(head.get("history", ()))[-1:]
    return all(row["complete"] or verdicts_missing(row) < verdicts_missing(head["coverage"]) for row in before)


def _unanswered(head: Row) -> Iterator[dict[str, Any]]:
    """The calls without an answer by operation, reason and permission, those that a verdict waits for first."""
    counts: Counter[tuple[bool, str, str, str | None]] = Counter()
    for gap in head["coverage"]["gaps"]:
        if gap["reason"] not in UNCOUNTED:
            key = (not gap.get("needed", True), gap["operation"], gap["reason"], gap["permission"])
            counts[key] += gap["count"]
    for (_, operation, reason, permission), count in sorted(counts.items(), key=lambda item: (*item[0][:3], str(item))):
        yield {"operation": operation, "reason": str(reason), "permission": permission, "count": count}


def message(report: Report, least: Severity) -> dict[str, Any] | None:
    """What a webhook gets; None where there is nothing to tell. Only verdicts: no value that was audited."""
    head = report.head
    marks = set(head.get("new", ()))  # where nothing was compared, nothing is known to be new
    new = [
        row
        for row in report.findings()
        if row["fingerprint"] in marks and Severity(row["severity"]).at_least(least) and row["waived"] is None
    ]
    told = events(head, new)
    if not told:
        return None
    unanswered = list(_unanswered(head))
    keys = ("fingerprint", "cause", "check_id", "severity", "title", "message")
    more = ("function_name", "cloud", "account", "region", "owner")
    return {
        "version": 1,
        "events": told,
        "started_at": head["started_at"],
        "finished_at": head["finished_at"],
        "score": {key: head["score"][key] for key in ("low", "high", "grade")},
        "gate": {key: head["run"]["gate"][key] for key in ("fail_on", "only_new", "passed")},
        "complete": head["run"]["complete"],
        "exit_code": int(head["run"]["exit_code"]),
        "causes": dict(head["totals"]["by_severity"]),
        "errors": list(head["run"]["errors"])[:_SHOWN],
        "verdicts_missing": verdicts_missing(head["coverage"]),
        "not_examined_again_total": len(head.get("not_examined_again", ())),
        "unanswered_total": sum(row["count"] for row in unanswered),
        "unanswered": unanswered[:_SHOWN],
        "new_total": len(new),
        "new": [{key: row[key] for key in (*keys, *more)} for row in new[:_SHOWN]],
    }


def failure(sentence: str) -> dict[str, Any]:
    """What a webhook gets of a run that came to no report."""
    return {"version": 1, "events": ["unreadable"], "errors": [sentence], "new_total": 0, "new": []}


def slack_text(told: Mapping[str, Any]) -> dict[str, str]:
    """The same as a message that people read."""
    when = f" of {told['started_at']}" if "started_at" in told else ""
    lines = [f"Serverless audit{when}: {', '.join(told['events'])}"]
    if "causes" in told:
        counts = ", ".join(f"{count} {severity}" for severity, count in told["causes"].items() if count)
        lines.append(f"Score {told['score']['low']} to {told['score']['high']}; open causes: {counts or 'none'}")
    lines += [f"• {row['severity']} {row['check_id']}: {row['message']}" for row in told["new"]]
    if told["new_total"] > len(told["new"]):
        lines.append(f"and {told['new_total'] - len(told['new'])} more new findings")
    if "incomplete" in told["events"] or "unreadable" in told["events"]:
        lines += _missed(told)
    lines += [f"! {error}" for error in told["errors"]]
    text = "\n".join(lines)
    return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


def _missed(told: Mapping[str, Any]) -> Iterator[str]:
    """What a run could not read, a line each; none of a run that came to no report."""
    if told.get("verdicts_missing"):
        yield f"! {counted(told['verdicts_missing'], 'verdict')} not reached"
    if told.get("not_examined_again_total"):
        yield f"! {counted(told['not_examined_again_total'], 'known finding')} not examined again"
    for row in told.get("unanswered", ()):
        grant = f", grant {row['permission']}" if row["reason"] == "DENIED" and row["permission"] else ""
        yield f"! {row['operation']} {row['reason']}, {counted(row['count'], 'call')}{grant}"


def send(where: Hook, told: Mapping[str, Any], secret: str, pause: Callable[[float], None] = time.sleep) -> str | None:
    """Sends it, at most three times; None when it was taken, else one sentence that says why not."""
    body = json.dumps(slack_text(told) if where.slack else told, sort_keys=True).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "serverless-auditor"}
    if secret and not where.slack:
        headers[SIGNATURE] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    why = ""
    for number in range(_TRIES):
        if number:
            pause(2.0**number)
        why, final = _attempt(where, body, headers)
        if not why:
            return None
        if final:
            break
    return f"{where.name} was not notified: {why}"


def _attempt(where: Hook, body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """Why one try failed ("" where it did not), and whether another would be of no use."""
    request = urllib.request.Request(where.url, body, dict(headers), method="POST")  # noqa: S310 - see hook()
    try:
        with _OPENER.open(request, timeout=_SECONDS) as answer:
            answer.read(1)
            return "", True
    except urllib.error.HTTPError as refused:
        return f"it answers {refused.code}", refused.code < 500 and refused.code not in (408, 429)
    except (OSError, http.client.HTTPException, ValueError) as failed:
        reason = getattr(failed, "reason", failed)
        return f"it cannot be reached ({type(reason).__name__})", False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the message somewhere nobody named."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_NoRedirect)
