"""What has to change for a finding to go away, worded alike by every check that asks for the same change.

Findings with one site are told as one cause (:mod:`auditor.engine.causes`). A site names one thing that one change
mends, wherever it is found: never a function where something that several functions share is to be changed.
"""

from collections.abc import Iterator, Sequence

from auditor.analysis.gateway_routes import route_locus
from auditor.analysis.policy_statements import Stated, judged, of_policies, opens
from auditor.analysis.source_buckets import ACCESS_LIST
from auditor.analysis.source_policies import blocked, policy_holder
from auditor.analysis.triggers import connection_of
from auditor.model.exposure import AuthMode, Endpoint, Reach
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Route
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unanswered
from auditor.model.trigger import Trigger

_OUTSIDE = frozenset({Reach.ANONYMOUS, Reach.ANY_PRINCIPAL, Reach.EVERYONE_BUT, Reach.CROSS_ACCOUNT, Reach.CONDITIONAL})
_INHERITED = ("project:", "folder:", "organisation:")


def public_access(function: Function) -> str:
    """Everything that admits unauthenticated callers to a function of Azure or Google Cloud: one change of its
    authentication closes it. A public binding on the project or above is that binding, which several functions share.
    """
    inherited = next((stated for stated in _public(function) if _is_inherited(stated)), None)
    return f"authentication of {function.id}" if inherited is None else binding(inherited)


def ingress(function: Function) -> str:
    """From which networks a function can be reached: on Container Apps the ingress of its container app, which decides
    about plain HTTP and anonymous callers too.
    """
    return container_app(function) or f"ingress of {function.id}"


def container_app(function: Function) -> str:
    """The container app that a function is hosted on; "" on any other hosting."""
    hosting = function.hosting
    if not isinstance(hosting, Known) or not isinstance(hosting.value.container_host, Known):
        return ""
    host = hosting.value.container_host.value
    return host.id if host is not None else ""


def container_environment(function: Function) -> str:
    """The environment of the container app that a function is hosted on; "" on any other hosting."""
    hosting = function.hosting.value if isinstance(function.hosting, Known) else None
    host = hosting.container_host.value if hosting is not None and isinstance(hosting.container_host, Known) else None
    return host.environment.value.lower() if host is not None and isinstance(host.environment, Known) else ""


def public_url(function: Function, endpoint: Endpoint) -> str:
    """The URL that accepts unsigned requests, with the statements that open it."""
    return f"{endpoint.url} of {function.id}"


def public_urls(function: Function) -> Iterator[str]:
    """The URLs of AWS that unauthenticated callers reach."""
    return (public_url(function, endpoint) for endpoint in _endpoints(function) if _admits_all(endpoint))


def public_statements(function: Function) -> Iterator[str]:
    """The public statements of the policies of a function that take effect without a URL."""
    calling = (stated for stated in _public(function) if stated.grant.invokes and not stated.grant.endpoint_only)
    return (statement(function, stated) for stated in calling)


def route(function: Function, gateway: Gateway, way: Route) -> str:
    """What a route asks of its callers. What a WebSocket API asks of them it asks once, when they connect, and the mode
    of a GraphQL API is that of every field, whichever functions are behind it.
    """
    if gateway.kind in ("websocket", "graphql"):
        return f"authentication of {gateway.id}"
    return own(function, route_locus(gateway, way))


def own(function: Function, locus: str) -> str:
    """A place in a function that nothing else shares: what a finding without a site has."""
    return f"{function.id}\n{locus}"


def event_source(function: Function, trigger: Trigger, locus: str) -> str:
    """What admits outsiders to an event source: on Azure the account or namespace that a connection leads to, on Google
    Cloud the source, whoever listens.
    """
    if function.cloud is Cloud.AZURE:
        connection = connection_of(function, trigger)
        return f"source of {connection} of {function.id}" if connection else own(function, locus)
    writers = trigger.open_to.value if isinstance(trigger.open_to, Known) else ()
    return f"{trigger.source} for {', '.join(sorted(writers))}" if trigger.source else own(function, locus)


def by_design(who: str, trigger: Trigger) -> str:
    """A source without a policy, that takes what these send."""
    return f"{who} at {trigger.source or ''}"


def external_access(function: Function, qualifier: str) -> str:
    """The one change that ends all access from outside through the policy of a function, or of its version or alias:
    a statement, or the URL that several open; "" where it takes more than one, or a policy could not be read.
    """
    if not isinstance(function.policies, Known):
        return ""
    try:
        found = {
            statement(function, stated)
            for stated in judged(of_policies(function.policies.value))
            if (stated.grant.qualifier or "") == qualifier and stated.grant.reach in _OUTSIDE
        }
    except Unanswered:
        return ""
    return found.pop() if len(found) == 1 else ""


def statement(function: Function, stated: Stated) -> str:
    """A statement of a function's policy. A public one that takes effect through one URL belongs to that URL; a
    binding of a project or above is shared by all that inherit it.
    """
    if _is_inherited(stated):
        return binding(stated)
    if function.cloud is Cloud.AWS and stated.grant.reach.public:
        opened = [one for one in _endpoints(function) if _admits_all(one) and opens(stated.grant, one)]
        if len(opened) == 1 and stated.grant.endpoint_only:
            return public_url(function, opened[0])
    return f"{stated.locus} in the policy of {function.id}"


def opening(function: Function, endpoint: Endpoint) -> Iterator[Stated]:
    """The public statements that take effect only through this URL."""
    for stated in _public(function):
        if stated.grant.endpoint_only and opens(stated.grant, endpoint):
            yield stated


def binding(stated: Stated) -> str:
    """A binding that was granted above the function, with those it admits."""
    return f"{stated.locus} for {', '.join(sorted(stated.grant.principals))}"


def attachment(role: str, policy: str) -> str:
    """A managed policy as it is attached to a role: it cannot be edited, only detached."""
    return f"{policy} attached to {role}"


def source_bucket(bucket: str, stated: Stated) -> str:
    """What admits others to a source bucket: for the public one thing, which public access prevention closes, except
    where the grant is in the access lists of its objects; else each binding.
    """
    public = stated.grant.reach.public and stated.grant.sid != ACCESS_LIST
    return f"public access to {bucket}" if public else f"{bucket}/{stated.locus}"


def held_by(role: str, resource: str, members: Sequence[str], otherwise: str) -> str:
    """A role of Google Cloud that one member holds on a resource; ``otherwise`` where several hold it.

    The same as what the checks of roles name of it (:func:`auditor.analysis.role_assignments.assignment_site`).
    """
    if len(members) != 1:
        return otherwise
    return f"{role.removeprefix('roles/')} on {resource} for {members[0].removeprefix('serviceAccount:')}"


def source_policy(trigger: Trigger, stated: Stated) -> str:
    """A statement of the policy of an event source, whichever functions listen there."""
    holder = policy_holder(trigger)
    return f"public access to {holder}" if blocked(stated, holder) else f"{stated.locus} in the policy of {holder}"


def excluded_paths(function: Function) -> str:
    """The paths that the authentication of an app leaves out."""
    return f"excluded paths of {function.id}"


def publishing_passwords(function: Function) -> str:
    """The publishing passwords of an app: the one of its management site and the one for FTP."""
    return f"publishing passwords of {function.id}"


def setting(function: Function, name: str) -> str:
    """A variable or app setting, whatever is found in it or through it."""
    return f"setting {name} of {function.id}"


def cors(function: Function, endpoint: Endpoint) -> str:
    """The CORS rules: of a URL on AWS, of the whole app on Azure."""
    return f"CORS of {function.id if function.cloud is Cloud.AZURE else endpoint.url}"


def network(function: Function) -> str:
    """The subnets and security groups of a function: one command replaces them all, for this function alone."""
    return f"network of {function.id}"


def versions(function: Function) -> str:
    """The published versions of a function, and the aliases that point to them."""
    return f"versions of {function.id}"


def _is_inherited(stated: Stated) -> bool:
    return stated.grant.sid.startswith(_INHERITED)


def _endpoints(function: Function) -> tuple[Endpoint, ...]:
    return function.endpoints.value if isinstance(function.endpoints, Known) else ()


def _admits_all(endpoint: Endpoint) -> bool:
    return endpoint.auth is AuthMode.NONE and isinstance(endpoint.reach, Known) and endpoint.reach.value.public


def _public(function: Function) -> Iterator[Stated]:
    """The public statements of the policies that could be read; what could not be read changes no site."""
    if not isinstance(function.policies, Known):
        return
    try:
        for stated in judged(of_policies(function.policies.value)):
            if stated.grant.reach.public:
                yield stated
    except Unanswered:
        return
