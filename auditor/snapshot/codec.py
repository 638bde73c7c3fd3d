"""The only serialiser of envelopes: two JSON lines each, head and body, so that heads can be read alone."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.errors import UsageError
from auditor.model.capture import CaptureFacts, Depth, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason

VERSION = 1
"""Of the snapshot format. :mod:`auditor.snapshot.upgrade` reads older ones."""

_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def dump(value: Any) -> str:
    """Compact JSON in ASCII: terminal escapes and odd Unicode are inert in every file we write."""
    return _ENCODER.encode(value)


def encode(envelope: Envelope) -> str:
    """The two lines of an envelope. Its shard key is not repeated: the file it stands in says it."""
    head: dict[str, Any] = {"s": envelope.subject, "p": envelope.page, "o": envelope.outcome.value}
    if envelope.reason is not None:
        head["r"] = envelope.reason.value
        head["n"] = envelope.permission
        head["m"] = envelope.message
    return f"{dump(head)}\n{dump(envelope.body)}\n"


def decode(key: ShardKey, lines: Iterable[str], *, bodies: bool = True) -> Iterator[Envelope]:
    """Envelopes from lines. Raises UsageError for a file that is not one of ours."""
    numbered = iter(lines)
    for first in numbered:
        second = next(numbered, None)
        if second is None:
            raise UsageError(f"The snapshot's shard {key.operation} of {key.scope}/{key.location} is cut off.")
        yield _envelope(key, first, second if bodies else "null")


def _envelope(key: ShardKey, first: str, second: str) -> Envelope:
    try:
        head = json.loads(first)
        reason = head.get("r")
        return Envelope(
            key.cloud,
            key.scope,
            key.location,
            key.operation,
            head["s"],
            head["p"],
            Outcome(head["o"]),
            json.loads(second),
            GapReason(reason) if reason is not None else None,
            head.get("n"),
            head.get("m", ""),
        )
    except (ValueError, KeyError, AttributeError, TypeError) as broken:
        raise UsageError(
            f"The snapshot's shard {key.operation} of {key.scope}/{key.location} is damaged: {type(broken).__name__}."
        ) from broken


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
        "shards": [[key.cloud.value, key.scope, key.location, key.operation] for key in facts.shards],
    }


def decode_facts(document: Any) -> CaptureFacts:
    """The reverse. Raises UsageError for another version or a damaged file."""
    try:
        if document["version"] != VERSION:
            raise UsageError(
                f"The snapshot has format version {document['version']}; this auditor reads version {VERSION}. "
                "Use the auditor that wrote it, or collect anew."
            )
        return CaptureFacts(
            started_at=document["started_at"],
            finished_at=document["finished_at"],
            depth=Depth(document["depth"]),
            tool_version=document["tool_version"],
            scopes=tuple((Cloud(cloud), scope, tuple(places)) for cloud, scope, places in document["scopes"]),
            selection=tuple((str(k), str(v)) for k, v in document["selection"]),
            throttles=tuple(sorted((str(k), int(v)) for k, v in document["throttles"].items())),
            interrupted=bool(document["interrupted"]),
            errors=tuple(map(str, document["errors"])),
            shards=tuple(
                ShardKey(Cloud(cloud), str(scope), str(location), str(operation))
                for cloud, scope, location, operation in document.get("shards", ())  # older ones do not say
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise UsageError(f"The snapshot's capture file is damaged ({type(broken).__name__}); collect anew.") from broken
