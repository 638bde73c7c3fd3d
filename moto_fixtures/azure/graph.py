"""Resource Graph: one shape of query, paged by ``$skipToken``; every other text is an invalid query."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from moto_fixtures.azure import errors
from moto_fixtures.azure.faults import Denials
from moto_fixtures.azure.tenant import COLUMNS, Resource, Tenant, part
from moto_fixtures.azure.wire import Call
from moto_fixtures.emulation.wire import Answer

MOST_ROWS = 1000
_TABLES = frozenset(
    {"resources", "appserviceresources", "authorizationresources", "dnsresources", "resourcecontainers"}
)
_READ = {
    "microsoft.web/sites/config/web": "microsoft.web/sites/config/read",
    "microsoft.web/sites/slots/config/web": "microsoft.web/sites/slots/config/read",
    "microsoft.network/dnszones/cname": "microsoft.network/dnszones/cname/read",
}
_QUOTED = r"""(?:'[^']*'|"[^"]*")"""
_FILTER = re.compile(
    rf"where\s+type\s*(?:in~\s*\(\s*({_QUOTED}(?:\s*,\s*{_QUOTED})*)\s*\)|=~\s*({_QUOTED}))", re.IGNORECASE
)
_PROJECT = re.compile(r"project\s+(\w+(?:\s*,\s*\w+)*)", re.IGNORECASE)
_ORDER = re.compile(r"(?:order|sort)\s+by\s+id(?:\s+(asc|desc))?", re.IGNORECASE)
_TEXT = re.compile(_QUOTED)


@dataclass(frozen=True)
class Query:
    """A query that was understood. ``columns`` in the order asked for; ``ascending`` None where no order was."""

    table: str
    types: tuple[str, ...]
    columns: tuple[str, ...]
    ascending: bool | None


@dataclass(frozen=True)
class Misread:
    """The place where a query stopped making sense."""

    token: str
    position: int


def understood(text: str) -> Query | Misread:
    """``table | where type in~ (…)`` with, in any order, ``project`` of whole columns and ``order by id``."""
    head, *steps = _split(text)
    table = head[1].lower()
    if table not in _TABLES:
        return Misread(head[1].partition(" ")[0] or "<EOF>", head[0])
    types: tuple[str, ...] = ()
    columns: tuple[str, ...] = COLUMNS
    ascending: bool | None = None
    for position, step in steps:
        if (found := _FILTER.fullmatch(step)) and not types:
            types = tuple(quoted[1:-1].lower() for quoted in _TEXT.findall(found.group(1) or found.group(2)))
        elif found := _PROJECT.fullmatch(step):
            columns = tuple(name.strip() for name in found.group(1).split(","))
            if not set(columns) <= set(COLUMNS):
                return Misread(next(name for name in columns if name not in COLUMNS), position)
        elif found := _ORDER.fullmatch(step):
            ascending = (found.group(1) or "desc").lower() == "asc"
        else:
            return Misread(step.partition(" ")[0] or "<EOF>", position)
    return Query(table, types, columns, ascending) if types else Misread("<EOF>", len(text))


def _split(text: str) -> list[tuple[int, str]]:
    """The steps of a query and where they start; quoted bars do not part them."""
    found, position = [], 0
    for piece in re.split(r"\|(?=(?:[^']*'[^']*')*[^']*$)", text):
        found.append((position + len(piece) - len(piece.lstrip()), piece.strip()))
        position += len(piece) + 1
    return found


def table_of(call: Call) -> str:
    """The table a query starts with, as the request log names it."""
    try:
        query = str(call.json().get("query", ""))
    except (ValueError, AttributeError):
        return ""
    return query.partition("|")[0].strip().lower()


def ask(call: Call, tenant: Tenant, denials: Denials) -> Answer:
    """The answer to a query. Rows the caller may not read are simply not there, as in the real service."""
    try:
        asked = call.json()
    except ValueError:
        return errors.graph_refused(400, "BadRequest", {"code": "InvalidJson", "message": "The body is no JSON."})
    query = understood(str(asked.get("query", "")))
    if isinstance(query, Misread):
        return errors.invalid_query(query.token, query.position)
    scope = _scope(asked, tenant)
    if not scope:
        detail = {"code": "NoValidSubscriptionsInQueryRequest", "message": "There must be at least one subscription "
                  "that is eligible to contain resources. Given: '" + ",".join(asked.get("subscriptions") or ()) + "'."}  # fmt: skip
        return errors.graph_refused(400, "BadRequest", detail)
    return _page(asked.get("options") or {}, query, _readable(query, scope, tenant, denials), tenant)


def _scope(asked: dict[str, Any], tenant: Tenant) -> set[str]:
    wanted = asked.get("subscriptions")
    if not wanted:
        return {known.lower() for known in tenant.subscriptions}
    return {one.lower() for one in wanted} & {known.lower() for known in tenant.subscriptions}


def _readable(query: Query, scope: set[str], tenant: Tenant, denials: Denials) -> list[Resource]:
    def shown(found: Resource) -> bool:
        subscription = part(found.id, "subscriptions").lower()
        if subscription and subscription not in scope:
            return False
        if not denials.rules:
            return True
        return not denials.forbid(_READ.get(found.type, f"{found.type}/read"), found.id.lower())

    rows = [found for found in tenant.in_graph(query.table, dict.fromkeys(query.types)) if shown(found)]
    if query.ascending is not None:
        rows.sort(key=lambda found: found.id.lower(), reverse=not query.ascending)
    return rows


def _page(options: dict[str, Any], query: Query, rows: list[Resource], tenant: Tenant) -> Answer:
    size, skip = int(options.get("$top") or MOST_ROWS), int(options.get("$skip") or 0)
    if token := options.get("$skipToken"):
        try:
            kept = json.loads(base64.b64decode(token))
            skip, size = int(kept["RowsToSkip"]), int(options.get("$top") or kept["MaxRows"])
        except (ValueError, KeyError):
            detail = {"code": "BadSkipToken", "message": "The skip token is invalid."}
            return errors.graph_refused(400, "BadRequest", detail)
    size = min(size, MOST_ROWS)
    shown = rows[skip : skip + size]
    more = b""
    if skip + size < len(rows):
        kept = {"$id": "1", "MaxRows": size, "RowsToSkip": skip + size, "KustoClusterUrl": "https://graph.invalid"}
        more = b',"$skipToken":"' + base64.b64encode(json.dumps(kept, indent=2).encode()) + b'"'
    data = b",".join(tenant.row(found, query.columns) for found in shown)
    head = f'{{"totalRecords":{len(rows)},"count":{len(shown)},"data":['.encode()
    return Answer(200, head + data + b'],"facets":[],"resultTruncated":"false"' + more + b"}")
