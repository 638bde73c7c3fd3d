"""The inventory: every project of a capture, region by region."""

from dataclasses import replace

from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud, scope_id
from auditor.model.inventory import Inventory, Location, Scope
from auditor.model.observed import Known
from providers.gcp.normalize.answers import GLOBAL
from providers.gcp.normalize.callers import Callers
from providers.gcp.normalize.deny_policies import DenyPolicies
from providers.gcp.normalize.function import Functions
from providers.gcp.normalize.function_list import LISTED, FunctionList
from providers.gcp.normalize.guardrails import guardrails
from providers.gcp.normalize.hierarchy import projects
from providers.gcp.normalize.identity import Identities
from providers.gcp.normalize.location import read_location
from providers.gcp.normalize.project_index import ProjectIndex
from providers.gcp.normalize.role_holders import above, role_holders
from providers.gcp.normalize.secrets import Secrets
from providers.gcp.normalize.services import Services


def normalize(capture: Capture) -> Inventory:
    """Reads this cloud's shards. Never raises for an answer, however malformed."""
    estate = ProjectIndex(projects(capture))
    identities, secrets, callers = Identities(estate), Secrets(estate), Callers(estate)
    denials = DenyPolicies(estate)
    scopes: list[Scope] = []
    regions: list[Location] = []
    functions: list[Function] = []
    asked = _locations(capture)
    for name, project in estate.projects.items():
        services = Services(project.answers, project.assets, estate.ids)
        listed = FunctionList(project.answers, project.assets, services, estate.ids)
        build = Functions(estate, name, identities, secrets, callers)
        found = [build.function(entry) for entry in listed.entries]
        found.extend(build.damaged(index) for index in range(listed.damaged))
        somewhere = frozenset((GLOBAL,) if listed.damaged else ())
        locations = tuple(sorted(asked.get(name, frozenset()) | listed.locations() | somewhere))
        empty = not found and listed.gap("") is None
        rails = guardrails(estate, name, empty=empty)
        scopes.append(
            Scope(
                id=scope_id(Cloud.GCP, name),
                cloud=Cloud.GCP,
                name=name,
                locations=locations,
                guardrails=Known(rails, LISTED),
                role_holders=role_holders(estate, name),
                workloads=identities.workloads(name),
                denials=denials.of(name),
                above=above(estate, name),
                number=project.number or "",
            )
        )
        read = [read_location(name, location, listed) for location in locations]
        if read:  # of the project as a whole, so told once: where a function is
            held = {function.location for function in found}
            first = next((index for index, place in enumerate(read) if place.location in held), 0)
            read[first] = replace(read[first], flows=build.flows())
        regions.extend(read)
        functions.extend(found)
    return Inventory(scopes=tuple(scopes), locations=tuple(regions), functions=tuple(functions))


def _locations(capture: Capture) -> dict[str, frozenset[str]]:
    """The regions asked of each project."""
    found: dict[str, frozenset[str]] = {}
    for cloud, project, locations in capture.facts.scopes:
        if cloud is Cloud.GCP:
            found[project] = found.get(project, frozenset()) | frozenset(locations) - {GLOBAL}
    return found
