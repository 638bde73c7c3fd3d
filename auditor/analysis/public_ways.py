"""Every way in for callers without identity, as the sites of the changes that close them."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from auditor.analysis import sites
from auditor.analysis.gateway_routes import public_routes
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.analysis.source_policies import outside_writers, says_itself
from auditor.analysis.source_routes import open_source_routes, source_route_site
from auditor.analysis.triggers import known_triggers
from auditor.model.exposure import AuthMode, Endpoint
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Unanswered
from auditor.model.severity import Severity

OPENINGS: Final = (
    "anonymous-endpoint-effective",
    "url-auth-none",
    "policy-public",
    "api-route-unauthenticated",
)
"""The checks that report a way in through which a function is called, the one first that leads."""
SOURCES: Final = "trigger-source-open"
"""The check that reports an event source to which outsiders write."""
CLOSING: Final = (*OPENINGS, SOURCES, "invoker-inherited", "authentication-off", "authentication-allows-anonymous")
"""The checks whose fix, where they lead a cause, closes the way in at its site."""


NETWORK: Final = (
    "access-rule-admits-everyone",
    "front-end-bypass",
    "container-host-open",
    "container-environment-public",
    "ingress-open",
)
"""The checks whose fix, where they lead a cause at its ingress, cuts a function of Azure or Google Cloud off."""


class Way(Enum):
    """Kinds of ways in."""

    URL = auto()
    """The URL of a function, with the statements that open it; on Azure and Google Cloud its authentication."""
    STATEMENT = auto()
    """A public statement of its policy."""
    ROUTE = auto()
    """A route of a gateway that asks nothing of its callers."""
    SOURCE = auto()
    """An event source to which everyone may write."""


CALLED: Final = (Way.URL, Way.STATEMENT, Way.ROUTE)
"""The ways by which a function is called."""


def ways_in(function: Function, *kinds: Way) -> tuple[str, ...]:
    """The sites of all ways in of these kinds that are known, each once; what could not be read is none."""
    found = [site for kind in kinds for site in _OF_KIND[kind](function)]
    return tuple(dict.fromkeys(found))


def only_way(function: Function, *kinds: Way) -> str:
    """The one way in of these kinds; "" where there are several, and one change closes no more than one of them."""
    found = ways_in(function, *kinds)
    return found[0] if len(found) == 1 else ""


def until_closed(
    function: Function, *kinds: Way, site: str = "", then: Severity | None = None
) -> tuple[Dependence, ...]:
    """What becomes of a defect that is there by these ways in alone, once all are closed: in themselves, or, on Azure
    and Google Cloud, by the network in front of the function. None where there is no way, nor for those in themselves
    where the defect is at the ``site`` of the only one.
    """
    found = ways_in(function, *kinds)
    if not found:
        return ()
    own = () if found == (site,) else (Dependence(sites=found, leads=CLOSING, then=then),)
    if function.cloud is Cloud.AWS or Way.URL not in kinds:
        return own
    others = ways_in(function, *(kind for kind in kinds if kind is not Way.URL))
    return (*own, *until_cut_off(function, others=others, then=then))


def until_cut_off(
    function: Function, *, others: tuple[str, ...] = (), then: Severity | None = None
) -> tuple[Dependence, ...]:
    """What becomes of a defect that is there by its URLs on Azure or Google Cloud once the network in front of the
    function admits the internet no more, and the ``others`` are closed too.
    """
    fronts = (sites.ingress(function), sites.container_environment(function))
    return tuple(Dependence(sites=(front, *others), leads=(*NETWORK, *CLOSING), then=then) for front in fronts if front)


def until_authenticated(function: Function, then: Severity | None = None) -> tuple[Dependence, ...]:
    """What becomes of a defect on Azure or Google Cloud once callers of the function have to sign in."""
    return (Dependence(sites=(sites.public_access(function),), leads=CLOSING, then=then),)


def until_signed(function: Function, endpoint: Endpoint, then: Severity) -> tuple[Dependence, ...]:
    """What becomes of a defect of a public URL of AWS once it asks its callers who they are; nothing elsewhere."""
    site = sites.public_url(function, endpoint)
    if site not in ways_in(function, Way.URL):
        return ()
    return (Dependence(sites=(site,), leads=CLOSING, then=then),)


def _urls(function: Function) -> Iterator[str]:
    if function.cloud is Cloud.AWS:
        yield from sites.public_urls(function)
        return
    try:
        for path in unauthenticated_paths(function):
            if not path.key:
                yield sites.public_access(function)
    except Unanswered:
        return  # what is known comes first


def _statements(function: Function) -> Iterator[str]:
    if function.cloud is Cloud.AWS:
        yield from sites.public_statements(function)


def _routes(function: Function) -> Iterator[str]:
    if function.cloud is not Cloud.AWS:
        return  # what stands in front is among the ways of the function itself
    try:
        for _, gateway, route in public_routes(function, AuthMode.NONE):
            yield sites.route(function, gateway, route)
    except Unanswered:
        return  # the same


def _sources(function: Function) -> Iterator[str]:
    """Event sources to which everyone may write; on Azure and Google Cloud, any outsider."""
    for _, trigger, locus in known_triggers(function):
        try:
            if function.cloud is not Cloud.AWS:
                if trigger.open_to.need():
                    yield sites.event_source(function, trigger, locus)
            elif says_itself(trigger):
                yield from (sites.by_design(who, trigger) for who in trigger.open_to.need())
            else:
                writers = (stated for stated in outside_writers(trigger) if stated.grant.reach.public)
                yield from (sites.source_policy(trigger, stated) for stated in writers)
        except Unanswered:
            pass  # what is known comes first
        try:
            yield from (source_route_site(fact.value) for fact in open_source_routes(trigger))
        except Unanswered:
            continue


_OF_KIND: Final = {Way.URL: _urls, Way.STATEMENT: _statements, Way.ROUTE: _routes, Way.SOURCE: _sources}
