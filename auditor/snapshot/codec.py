"""The only serialiser of envelopes: two JSON lines each, head and body, so that heads can be read alone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Protocol

from auditor.errors import UsageError
from auditor.model.capture import AccountFacts, CaptureFacts, Depth, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.json_text import DamagedJsonError, ascii_json, read_json
from auditor.model.observed import GapReason

VERSION = 1
"""Of the snapshot format. Keys may be added to it; what changes the meaning of one makes another version."""

MAX_LINE: Final = 2**27
"""Characters of one recorded answer: what redaction makes of the longest that is taken from a cloud."""

_BEYOND: Final = 1_000_000
"""More pages than any list has."""


class Lines(Protocol):
    """A file of text."""

    def readline(self, limit: int) -> str:
        """The next line with its end, or so much of it as the limit allows; "" at the end."""


def encode(envelope: Envelope) -> str:
    """The two lines of an envelope. Its shard key is not repeated: the file it stands in says it."""
    head: dict[str, Any] = {"s": envelope.subject, "p": envelope.page, "o": envelope.outcome.value}
    if envelope.reason is not None:
        head["r"] = envelope.reason.value
        head["n"] = envelope.permission
        head["m"] = envelope.message
    if envelope.asked_at:
        head["t"] = envelope.asked_at
        if envelope.revision:
            head["v"] = envelope.revision
    return f"{ascii_json(head)}\n{ascii_json(envelope.body)}\n"


def decode(key: ShardKey, lines: Lines, *, bodies: bool = True) -> Iterator[Envelope]:
    """Envelopes from lines, two each. What is damaged among them is a gap: the others can still be read."""
    damaged = 0
    while first := lines.readline(MAX_LINE):
        whole = _rest(first, lines)
        second = lines.readline(MAX_LINE) if whole else ""
        ended = whole and _rest(second, lines)
        try:
            yield _envelope(key, first, second if bodies or not ended else "null\n")
        except _HeadError:
            damaged += 1
            yield unreadable(key, damaged)
        if not ended:
            return


def unreadable(key: ShardKey, number: int, message: str = "The snapshot's file is damaged here.") -> Envelope:
    """What stands for answers of which it is not even known what they are about; ``number`` tells it from others."""
    where = (key.cloud, key.scope, key.location, key.operation, "", _BEYOND + number)
    return Envelope(*where, Outcome.GAP, reason=GapReason.MALFORMED, message=message)


def _rest(line: str, lines: Lines) -> bool:
    """Passes over what is left of a line that is too long; whether the line has an end."""
    while len(line) >= MAX_LINE and not line.endswith("\n"):
        line = lines.readline(MAX_LINE)
    return line.endswith("\n")


class _HeadError(Exception):
    """The head of an envelope is damaged: what the answer was about is not known."""


def _envelope(key: ShardKey, first: str, second: str) -> Envelope:
    subject, page, outcome, reason, permission, message, *carried = _head(first)
    body = None
    try:
        body = _body(outcome, reason, second)
    except DamagedJsonError as damage:
        outcome, reason, permission = Outcome.GAP, GapReason.MALFORMED, None
        message = f"What was recorded of this answer is damaged. {damage}"
    where = (key.cloud, key.scope, key.location, key.operation, subject, page)
    return Envelope(*where, outcome, body, reason, permission, message, *carried)


def _body(outcome: Outcome, reason: GapReason | None, line: str) -> Any:
    """The body of an envelope. Raises DamagedJsonError."""
    if (outcome is Outcome.GAP) != (reason is not None):
        raise DamagedJsonError("has an outcome and a reason that contradict each other")
    if len(line) >= MAX_LINE:
        raise DamagedJsonError(f"is longer than {MAX_LINE:,} characters")
    if not line.endswith("\n"):
        raise DamagedJsonError("is cut off")
    return read_json(line)


def _head(line: str) -> tuple[str, int, Outcome, GapReason | None, str | None, str, str, str]:
    """Subject, page, outcome, reason, permission, message, when it was asked and its revision. Raises _HeadError."""
    try:
        head = read_json(line)
        subject, page, reason, permission = head["s"], head["p"], head.get("r"), head.get("n")
        message, asked_at, revision = (head.get(name, "") for name in "mtv")
        texts = all(isinstance(text, str) for text in (subject, message, asked_at, revision))
        texts = texts and isinstance(permission, str | None)
        if asked_at:
            _moment(asked_at)
        if not texts or not isinstance(page, int) or not 0 <= page < _BEYOND:
            raise _HeadError
        return subject, page, Outcome(head["o"]), _reason(reason), permission, message, asked_at, revision
    except (ValueError, KeyError, AttributeError, TypeError) as broken:
        raise _HeadError from broken


def _reason(text: str | None) -> GapReason | None:
    """The reason of a gap, also under the name that earlier versions wrote. Raises ValueError for no reason of ours."""
    return None if text is None else GapReason(text)


def encode_facts(facts: CaptureFacts) -> dict[str, Any]:
    """JSON of the facts about a capture."""
    return {
        "version": VERSION,
        "started_at": facts.started_at,
        "finished_at": facts.finished_at,
        "depth": facts.depth.value,
        "tool_version": facts.tool_version,
        "scopes": [[cloud.value, scope, list(locations)] for cloud, scope, locations in facts.scopes],
        "selection": [list(pair) for pair in facts.selection],
        "throttles": dict(facts.throttles),
        "interrupted": facts.interrupted,
        "errors": list(facts.errors),
        "started_ns": facts.started_ns,
        "callers": [[cloud.value, caller] for cloud, caller in facts.callers],
        "command": facts.command,
        "not_scanned": [[cloud.value, reason] for cloud, reason in facts.not_scanned],
        "unfinished": facts.unfinished,
        **({"accounts": [_account_row(account) for account in facts.accounts]} if facts.accounts else {}),
        "sizes": list(facts.sizes),
        "shards": [[key.cloud.value, key.scope, key.location, key.operation] for key in facts.shards],
    }


def _account_row(account: AccountFacts) -> list[str]:
    return [account.cloud.value, account.scope, account.name, account.unit, account.left_out]


def decode_facts(document: Any) -> CaptureFacts:
    """The reverse. Raises UsageError for another version or a damaged file."""
    try:
        if document["version"] != VERSION:
            raise UsageError(
                f"The snapshot has format version {document['version']}; this auditor reads version {VERSION}. "
                "Use the auditor that wrote it, or collect anew."
            )
        return CaptureFacts(
            started_at=_moment(document["started_at"]),
            finished_at=_moment(document["finished_at"]),
            depth=Depth(document["depth"]),
            tool_version=str(document["tool_version"]),
            scopes=tuple(
                (Cloud(cloud), str(scope), tuple(map(str, places))) for cloud, scope, places in document["scopes"]
            ),
            selection=tuple((str(k), str(v)) for k, v in document["selection"]),
            throttles=tuple(sorted((str(k), int(v)) for k, v in document["throttles"].items())),
            interrupted=bool(document["interrupted"]),
            errors=tuple(map(str, document["errors"])),
            shards=tuple(
                ShardKey(Cloud(cloud), str(scope), str(location), str(operation))
                for cloud, scope, location, operation in document.get("shards", ())  # older ones do not say
            ),
            sizes=tuple(map(int, document.get("sizes", ()))),
            started_ns=int(document.get("started_ns", 0)),
            callers=_by_cloud(document.get("callers", ())),
            command=str(document.get("command", "")),
            not_scanned=_by_cloud(document.get("not_scanned", ())),
            unfinished=bool(document.get("unfinished", False)),
            accounts=tuple(
                AccountFacts(Cloud(cloud), str(scope), str(name), str(unit), str(left_out))
                for cloud, scope, name, unit, left_out in document.get("accounts", ())
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as broken:
        raise UsageError("The snapshot's capture file is damaged; collect anew.") from broken


def _moment(text: str) -> str:
    """A time as it stands there. Raises ValueError or TypeError for anything else."""
    datetime.fromisoformat(text)
    return text


def _by_cloud(rows: Any) -> tuple[tuple[Cloud, str], ...]:
    return tuple((Cloud(cloud), str(text)) for cloud, text in rows)
