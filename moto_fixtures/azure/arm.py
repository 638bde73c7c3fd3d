"""Resource Manager: from a call to its answer, by the route table and what the tenant holds."""

import base64
import binascii
import re
from urllib.parse import urlencode

from moto_fixtures.azure import errors, graph, quotas, telemetry
from moto_fixtures.azure.faults import Denials
from moto_fixtures.azure.routes import Route, Style, subject_of
from moto_fixtures.azure.tenant import Tenant, part
from moto_fixtures.azure.wire import Call, encoded, said
from moto_fixtures.emulation.wire import Answer

_ASSIGNED = re.compile(r"assignedTo\('([0-9A-Za-z-]+)'\)", re.IGNORECASE)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:-[a-z]+)?")


def checked(call: Call) -> None:
    """Raises for a call without a usable api-version."""
    if not call.api_version:
        raise errors.missing_api_version()
    if not _VERSION.fullmatch(call.api_version):
        raise errors.strange_api_version(call.api_version)


def bucket_of(route: Route) -> str:
    """The kind of token bucket a route draws on."""
    if route.style is Style.GRAPH:
        return quotas.GRAPH
    return quotas.RESOURCE_REQUESTS if route.style is Style.POSTED else quotas.READS


def answer(route: Route, call: Call, tenant: Tenant, denials: Denials, page_size: int) -> Answer:
    """The answer to a call that is allowed."""
    if call.subscription and call.subscription not in {known.lower() for known in tenant.subscriptions}:
        raise errors.unknown_subscription(call.subscription)
    subject = subject_of(route, call)
    if subject and subject not in tenant.resources:
        raise errors.not_found(call)
    match route.style:
        case Style.GRAPH:
            return graph.ask(call, tenant, denials)
        case Style.METRICS:
            return telemetry.metrics(call, tenant.resources[subject], tenant)
        case Style.ACTIVITY:
            return _listed(call, tenant.activity.rows(call), page_size, enveloped=False)
        case Style.SUBSCRIPTIONS:
            readable = [body for id, body in tenant.subscriptions.items() if not _hidden(id, denials)]
            return said({"value": readable, "count": {"type": "Total", "value": len(readable)}})
        case Style.SUBSCRIPTION:
            return said(next(b for i, b in tenant.subscriptions.items() if i.lower() == call.subscription))
        case Style.PERMISSIONS:
            return _listed(call, [encoded(denials.granted(call.subscription))], page_size, enveloped=False)
        case Style.RESOURCE:
            return _resource(call, tenant)
        case Style.DOCUMENT | Style.POSTED:
            if route.style is Style.POSTED:
                tenant.activity.note(call.sent, "action")
            path = call.path.removesuffix("/list") if route.style is Style.POSTED else call.path
            found = tenant.document(path)
            return errors.child_not_found(call) if found is None else Answer(200, found)
        case Style.TYPED:
            group = part(call.path, "resourcegroups")
            rows = [
                tenant.written(found)
                for found in tenant.of_type(call.subscription, route.kind)
                if not group or part(found.id, "resourceGroups").lower() == group
            ]
            return _listed(call, rows, page_size, enveloped=route.envelope)
        case Style.LIST:
            return _listed(call, _rows(route, call, tenant), page_size, enveloped=route.envelope)


def _hidden(subscription: str, denials: Denials) -> bool:
    return denials.forbid("Microsoft.Resources/subscriptions/read", f"/subscriptions/{subscription}")


def _resource(call: Call, tenant: Tenant) -> Answer:
    found = tenant.resources.get(call.path)
    if found is None:
        raise errors.not_found(call)
    return Answer(200, tenant.written(found))


def _rows(route: Route, call: Call, tenant: Tenant) -> list[bytes]:
    if route.operation == "web:ListSlots":
        slots = tenant.of_type(call.subscription, "Microsoft.Web/sites/slots")
        return [tenant.written(slot) for slot in slots if slot.id.lower().rpartition("/")[0] == call.path]
    if assigned := _ASSIGNED.fullmatch(call.query.get("$filter", "")):
        holders = tenant.holders(assigned[1])
        rows = tenant.lists.get(call.path, ())
        return [encoded(row) for row in rows if str(row["properties"]["principalId"]).lower() in holders]
    return tenant.listed(call.path)


def _listed(call: Call, rows: list[bytes], size: int, *, enveloped: bool) -> Answer:
    """A page of a list; ``nextLink`` is absolute and repeats the call with a ``$skipToken``."""
    token = call.query.get("$skiptoken", "")
    try:
        start = int(base64.urlsafe_b64decode(token)) if token else 0
    except (ValueError, binascii.Error):
        raise errors.ArmError(400, "InvalidSkipToken", "The skip token is invalid.") from None
    more = b"null" if enveloped else b""
    if start + size < len(rows):
        kept = {"api-version": call.api_version, **{n: v for n, v in call.query.items() if n in ("$filter", "$select")}}
        kept["$skipToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
        more = f'"{call.base}{call.sent}?{urlencode(kept)}"'.encode()
    tail = b',"nextLink":' + more if more else b""
    tail += b',"id":null' if enveloped else b""
    return Answer(200, b'{"value":[' + b",".join(rows[start : start + size]) + b"]" + tail + b"}")
