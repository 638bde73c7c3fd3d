"""Fernhollow Outfitters, a retailer that does not exist: its two Azure subscriptions, served by the local Azure.

Sound functions, and at least one for each defect the checks look for, in production and in the labs. What cannot be
read there (a host that is down, a deny assignment, an app deleted between two calls) is a standing fault.
"""

from pathlib import Path

from moto_fixtures.azure.company import (
    compliant,
    containers,
    cost,
    escalations,
    events,
    exemplary,
    exposure,
    identities,
    monitoring,
    outdated,
    variables,
)
from moto_fixtures.azure.company.blueprint import Blueprint
from moto_fixtures.azure.company.infrastructure import Infrastructure, found
from moto_fixtures.azure.faults import Fault
from moto_fixtures.azure.quotas import Quotas
from moto_fixtures.azure.response_shapes.access import made_id
from moto_fixtures.azure.server import Server
from moto_fixtures.emulation.faults import Spoil

EXPECTED = Path(__file__).with_name("expected.json")
_PREPARATIONS = (
    monitoring.monitors,
    monitoring.detection,
    monitoring.certificates,
    monitoring.fronts,
    monitoring.names,
    identities.identities,
    escalations.machines,
    exemplary.foundations,
    containers.hosts,
    containers.natives,
    containers.others,
    events.subscriptions,
)
_CHAPTERS = (compliant, exposure, outdated, variables, identities, escalations, events, cost, containers, exemplary)


def blueprints(estate: Infrastructure) -> list[Blueprint]:
    """Every function app of the company; needs the prepared estate, for they refer to what stands there."""
    return [plan for chapter in _CHAPTERS for plan in chapter.functions(estate)]


def built() -> Infrastructure:
    """The whole company, not served yet."""
    estate = found()
    for prepare in _PREPARATIONS:
        prepare(estate)
    for plan in blueprints(estate):
        _build(estate, plan)
    return estate


def _build(estate: Infrastructure, plan: Blueprint) -> None:
    place = estate.place(plan.place)
    place.app(plan.app)
    if (plan.app.identity or {}).get("principalId"):
        _grant(estate, plan, made_id(plan.app.name))
    for name, changes in plan.slots.items():
        principal = made_id(f"{plan.app.name}/{name}")
        own = dict(plan.app.identity or {}) | {"principalId": principal}
        place.slot(plan.app, name, **{"hosts": (), "sticky": None, "identity": own, **changes})
        _grant(estate, plan, principal)


def _grant(estate: Infrastructure, plan: Blueprint, principal: str) -> None:
    for role, scope in plan.grants:
        estate.place(plan.place).assign(role, principal, estate.made.get(scope, scope))


def served(*, tls: bool = False, quotas: Quotas | None = None, latency: float = 0.0) -> Server:
    """The company's server, to be started; its faults are part of the company."""
    server = Server(built().tenant, tls=tls, quotas=quotas, latency=latency)
    server.standing.add(Fault(Spoil.HOST_DOWN, "web:ListFunctions", f"*/sites/{outdated.HOST_DOWN}/functions"))
    server.standing.add(Fault(Spoil.VANISH, "*", f"*/sites/{outdated.VANISHED}/*"))
    server.standing.add(Fault(Spoil.DENY, "web:List*", f"*/sites/{outdated.SETTINGS_DENIED}/config/*/list"))
    return server


def start() -> Server:
    """The company, served on loopback."""
    return served().start()
