"""The inventory: every subscription of a capture, location by location."""

from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud, scope_id
from auditor.model.inventory import Inventory, Location, Scope
from providers.azure.normalize.answers import GLOBAL, Answers
from providers.azure.normalize.defender_plans import Pricings
from providers.azure.normalize.deny_assignments import denied
from providers.azure.normalize.function import Functions, Shared
from providers.azure.normalize.guardrails import guardrails
from providers.azure.normalize.ids import location_of
from providers.azure.normalize.location import read_location
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.sites import Sites
from providers.azure.normalize.spend_alerts import read_spend_alerts
from providers.azure.normalize.workloads import workloads


def normalize(capture: Capture) -> Inventory:
    """Reads this cloud's shards. Never raises for an answer, however malformed."""
    asked = _subscriptions(capture)
    if not asked:
        return Inventory(scopes=(), locations=(), functions=())
    world = ResourceIndex({subscription: Answers(capture, subscription) for subscription in asked})
    sites = {subscription: Sites(answers, world) for subscription, answers in world.subscriptions.items()}
    hostnames = {name: app for found in sites.values() for name, app in found.hostnames.items()}
    shared = Shared(world, hostnames)
    pricings = {subscription: Pricings(answers) for subscription, answers in world.subscriptions.items()}
    builders = {
        subscription: Functions(answers, sites[subscription], shared, pricings[subscription])
        for subscription, answers in world.subscriptions.items()
    }  # all of them first: an app may share its host id with one of another subscription
    scopes: list[Scope] = []
    regions: list[Location] = []
    functions: list[Function] = []
    for subscription, answers in world.subscriptions.items():
        found = sites[subscription]
        functions.extend(builders[subscription].all())
        here = _regions(subscription, asked[subscription], found)
        regions.extend(here)
        scopes.append(
            Scope(
                id=scope_id(Cloud.AZURE, subscription),
                cloud=Cloud.AZURE,
                name=subscription,
                locations=tuple(each.location for each in here),
                guardrails=guardrails(answers, found, sites, pricings[subscription]),
                role_holders=shared.roles.holders(subscription),
                workloads=workloads(answers),
                custom_roles=shared.roles.custom(subscription),
                denials=denied(answers),
                spend_alerts=read_spend_alerts(answers),
                above=shared.roles.above(subscription),
            )
        )
    return Inventory(scopes=tuple(scopes), locations=tuple(regions), functions=tuple(functions))


def _subscriptions(capture: Capture) -> dict[str, set[str]]:
    """The subscriptions and the locations told of each, also those that only the shards tell of."""
    found: dict[str, set[str]] = {}
    for cloud, subscription, locations in capture.facts.scopes:
        if cloud is Cloud.AZURE:
            told = {location_of(location) for location in locations} - {GLOBAL}
            found.setdefault(subscription, set()).update(told)
    for key in capture.shards():
        if key.cloud is Cloud.AZURE:
            found.setdefault(key.scope, set())
    return dict(sorted(found.items()))


def _regions(subscription: str, asked: set[str], sites: Sites) -> list[Location]:
    """Where functions are, and where they were looked for; one for the whole where a list says nothing of places."""
    counted = sites.where()
    locations = sorted(asked | counted.keys())
    gap = sites.gap or sites.container_gap
    if not locations and gap is not None:
        locations = [GLOBAL]
    return [read_location(subscription, location, counted.get(location, 0), gap) for location in locations]
