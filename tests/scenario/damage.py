"""The kinds of damage, what each makes of an answer, and what may follow from it: one table for every cloud."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from auditor.engine.evaluate import Results
from auditor.model.capture import Envelope, Outcome, ShardKey
from auditor.model.observed import GapReason
from auditor.provider import Operation
from auditor.snapshot.codec import decode, unreadable
from providers.answers.answers import Answers
from providers.answers.fields import record
from tests.answers import least
from tests.scenario.replaying import Memory, Replay, Rows
from tests.scenario.verdicts import consequences

Kind = Callable[[Operation, str], str]
"""Of an operation and the text of a whole answer, the text of a damaged one."""

_ERROR: Final = {
    "error": {
        "code": 403,
        "status": "PERMISSION_DENIED",
        "message": "The caller does not have permission",
        "errors": [{"message": "Forbidden", "domain": "global", "reason": "forbidden"}],
    }
}
_OTHER: Final[Mapping[type, Any]] = {dict: [], list: {}, str: 7, bool: "true", int: "many"}
"""A value of another type."""


def _members(operation: Operation) -> dict[str, type]:
    """The members of an answer by which it is told to be one, with their types."""
    shape = operation.answer
    told = {**shape.required, **shape.identifying} or shape.optional
    return {path: kind for path, kind in told.items() if "." not in path}


def _changed(operation: Operation, text: str, change: Callable[[type], Any]) -> str:
    """Other values in place of those members; an answer without any gets one."""
    body, members = json.loads(text), _members(operation)
    present = members.keys() & body.keys() or set(list(members)[:1])
    return json.dumps(body | {name: change(members[name]) for name in present})


def _missing(operation: Operation, text: str) -> str:
    return json.dumps({name: value for name, value in json.loads(text).items() if name not in _members(operation)})


def _twice(operation: Operation, text: str) -> str:
    """What it is told by, a second time and empty; whoever takes the last of two reads that there is none."""
    name, kind = next(iter(_members(operation).items()), ("key", str))
    empty = {dict: "{}", list: "[]"}.get(kind, '""')  # type: ignore[call-overload]
    inner = text.strip()[1:-1]
    return f"{{{json.dumps(name)}:1,{json.dumps(name)}:{empty}{',' if inner else ''}{inner}}}"


def _first(value: str) -> Kind:
    """Another member before the others."""

    def spoil(_operation: Operation, text: str) -> str:
        inner = text.strip()[1:-1]
        return f'{{"extra":{value}{"," if inner else ""}{inner}}}'

    return spoil


def _instead(value: str) -> Kind:
    return lambda _operation, _text: value


KINDS: Final[Mapping[str, Kind]] = {
    "error body": _instead(json.dumps(_ERROR)),
    "error beside it": lambda _, text: json.dumps(json.loads(text) | _ERROR),
    "empty object": _instead("{}"),
    "missing key": _missing,
    "key twice": _twice,
    "truncated": lambda _, text: text[: max(1, len(text) // 2)],
    "NaN": _first("NaN"),
    "1e999": _first("1e999"),
    "-Infinity": _first("-Infinity"),
    "900 deep": _first('{"a":[' * 450 + "]}" * 450),
    "100,000 deep": _first("[" * 100_000 + "]" * 100_000),
    "wrong types": lambda operation, text: _changed(operation, text, lambda kind: _OTHER[kind]),
    "nulls": lambda operation, text: _changed(operation, text, lambda _: None),
    "a list": lambda _, text: f"[{text}]",
    "an empty list": _instead("[]"),
    "text": _instead('"ok"'),
    "a number": _instead("200"),
    "null": _instead("null"),
    "nothing": _instead(""),
    "another object": _instead('{"swagger":"2.0","paths":{}}'),
    "a page of HTML": _instead("<html><body>Sign in to the network</body></html>"),
}
"""By name. What is too long is tested where its length is bounded."""

EMPTY: Final = frozenset({"empty object", "missing key"})
"""What a cloud that writes no empty lists legally answers where there is none."""

_SAMPLES: Final = 3
"""Answers of a shard that every kind of damage befalls: they have one shape."""


def unharmed(replay: Replay, operation: Operation) -> set[str]:
    """The kinds of damage that leave an answer of an operation an answer, read back from a snapshot.

    Tried on answers that were recorded, and on the least there can be.
    """
    shards = [(key, rows[:_SAMPLES]) for key, rows in replay.capture.rows.items() if key.operation == operation.id]
    found = set()
    for key, rows in [*shards, made_up(replay, operation)]:
        expected = [_wordless(damaged(row)) for row in rows]
        for name, kind in KINDS.items():
            read = Memory(replay.capture.facts, {key: tuple(_spoilt(key, rows, operation, kind))})
            if list(map(_wordless, replace(replay, capture=read).judged().read(key))) != expected:
                found.add(name)
    return found


def _spoilt(key: ShardKey, rows: Rows, operation: Operation, kind: Kind) -> Iterator[Envelope]:
    """The envelopes of a shard as they are read back after the text of each answer was changed."""
    for row in rows:
        if row.outcome is not Outcome.OK:
            yield row
            continue
        head = json.dumps({"s": row.subject, "p": row.page, "o": row.outcome.value})
        yield from decode(key, io.StringIO(f"{head}\n{kind(operation, json.dumps(row.body))}\n"))


def made_up(replay: Replay, operation: Operation) -> tuple[ShardKey, Rows]:
    """A shard with the least answer there can be."""
    where = (replay.cloud, "scope", "global", operation.id)
    return ShardKey(*where), (Envelope(*where, "", 0, Outcome.OK, least(operation.answer)),)


def damaged(row: Envelope) -> Envelope:
    """What every kind of damage makes of an answer."""
    if row.outcome is not Outcome.OK:
        return row
    return replace(row, outcome=Outcome.GAP, body=None, reason=GapReason.MALFORMED, message="damaged")


def _wordless(row: Envelope) -> Envelope:
    return replace(row, permission=None, message="")


def after_damage(operation: Operation, whole: Results, replay: Replay) -> list[str]:
    """The consequences where an operation's answers are damaged, and where the file of them is gone."""
    gaps = replay.reading(operation.id, lambda _, rows: map(damaged, rows))
    lost = replay.reading(operation.id, lambda key, _: [_missing_file(key)])
    listing = operation.id in replay.provider.listing
    return [wrong for one in (gaps, lost) for wrong in consequences(operation, whole, one.results(), listing=listing)]


def _missing_file(key: ShardKey) -> Envelope:
    """What is read where the file that a snapshot lists is gone."""
    return replace(unreadable(key, 0, "The snapshot's file is gone."), reason=GapReason.NOT_COLLECTED, page=0)


def taken_for_complete(replay: Replay, operation: Operation) -> set[str]:
    """The ways of cutting a list short after which it is still taken for complete; "nothing" where it is whole."""
    key, (first,) = made_up(replay, operation)
    kinds = {**operation.answer.required, **operation.answer.identifying, **operation.answer.optional}
    body = first.body | {operation.pages: {dict: {}, list: []}[kinds[operation.pages]]}  # type: ignore[index]
    body = {name: value for name, value in body.items() if name not in operation.continuation}
    one, two, three = (replace(first, page=page, body=body) for page in range(3))
    goes_on = replace(three, body=body | {operation.continuation[0]: "more"})
    ways = {
        "nothing": (one, two, three),
        "the last page says that it goes on": (one, two, goes_on),
        "a page between is gone": (one, three),
        "a recorded page is lost": (one, two, unreadable(key, 1)),
        "a page was recorded twice, differently": (one, two, three, replace(one, body=body | {"other": 1})),
    }
    reader = type("Reader", (Answers,), {"cloud": replay.cloud, "operations": {operation.id: operation}})

    def complete(rows: Rows) -> bool:
        capture = replace(replay, capture=Memory(replay.capture.facts, {key: rows})).judged()
        return reader(capture, "scope").subjects(operation.id, record).all().gap is None

    return {way for way, rows in ways.items() if complete(rows)}
