"""A smaller policy: what a role did not use is left out of its document, and nothing is added.

Every action pattern of the result means part of what one pattern of the original means (``covers``), on the same
resources under the same conditions; statements that deny stay as they are. So the result allows nothing that the
original does not. A service that the report does not speak of is kept.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from auditor.analysis.service_authorization import matching
from auditor.model.identity import ServiceUsage
from auditor.model.wildcards import ANY, covers, overlaps

_ELEMENTS: Final = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})
LONGEST: Final = 6144
"""Characters of a policy that can be managed, the smaller of IAM's limits (IAM quotas)."""


def smaller_policy(document: str, usage: ServiceUsage) -> dict[str, Any] | None:
    """The document without what was not used; without a statement that allows where none of it was.

    None where nothing can be left out, or the result is longer than a policy may be, or the document is written in a
    way that is not read here.
    """
    try:
        body = json.loads(document)
    except ValueError:
        return None
    statements = body.get("Statement") if isinstance(body, dict) else None
    rows = [statements] if isinstance(statements, dict) else statements
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() <= _ELEMENTS for row in rows):
        return None
    narrowed = [_narrowed(row, usage) for row in rows]
    if narrowed == rows:
        return None
    made = {**body, "Statement": [row for row in narrowed if row is not None]}
    return made if len(json.dumps(made, separators=(",", ":"))) <= LONGEST else None


def allows_nothing(document: Mapping[str, Any]) -> bool:
    """Whether a policy that was made smaller has nothing left that allows."""
    return not any(row["Effect"] == "Allow" for row in document["Statement"])


def _narrowed(row: Mapping[str, Any], usage: ServiceUsage) -> Mapping[str, Any] | None:
    """A statement without what was not used; None where nothing of it was."""
    if row.get("Effect") != "Allow":
        return row
    named, excluded = _texts(row.get("Action")), _texts(row.get("NotAction"))
    if excluded:
        kept = [each for use in usage.used for each in _of_service(use.service, use.idle_actions, "*", excluded)]
    else:
        kept = [each for pattern in named for each in _parts(pattern, usage)]
        if kept == named:
            return row
    rest = {name: value for name, value in row.items() if name not in ("Action", "NotAction")}
    return {**rest, "Action": list(dict.fromkeys(kept))} if kept else None


def _texts(value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [each for each in given if isinstance(each, str)]


def _parts(pattern: str, usage: ServiceUsage) -> Iterator[str]:
    """The patterns that mean what was used of a pattern."""
    service, colon, name = pattern.partition(":")
    service = service.lower()
    if pattern != ANY and not colon:
        yield pattern  # nothing that AWS documents
    elif ANY in service or "?" in service:
        for use in usage.used:
            if covers(service, use.service):
                yield from _of_service(use.service, use.idle_actions, name or ANY)
    elif service not in usage.unused:
        idle = next((use.idle_actions for use in usage.used if use.service == service), ())
        of_service = list(_of_service(service, idle, name))
        yield from [pattern] if of_service == [f"{service}:{name}"] else of_service


def _of_service(service: str, idle: Iterable[str], name: str, excluded: Iterable[str] = ()) -> Iterator[str]:
    """One pattern where all that it means may stay, else the actions of it that may."""
    pattern = f"{service}:{name}"
    without = [each.lower() for each in excluded if overlaps(each.lower(), pattern.lower())]
    gone = frozenset(f"{service}:{each}".lower() for each in idle)
    means = matching(pattern)
    kept = [each for each in means if each.key not in gone and not any(covers(out, each.key) for out in without)]
    if not without and len(kept) == len(means):
        yield pattern
    else:
        yield from (each.id for each in kept)
