"""One region of a project."""

from auditor.model.ids import Cloud, place_id, scope_id
from auditor.model.inventory import Location
from auditor.model.observed import Unknown, not_offered
from providers.answers.unread import unread
from providers.gcp.normalize.answers import known
from providers.gcp.normalize.function_list import LISTED, FunctionList


def read_location(project: str, location: str, listed: FunctionList) -> Location:
    """The region, with the number of functions found there."""
    scope = scope_id(Cloud.GCP, project)
    gap = listed.gap(location)
    count = sum(entry.name.location == location for entry in listed.entries)
    return unread(
        Location,
        not_offered(LISTED, "Google Cloud keeps no such setting for a region"),
        id=place_id(scope, location),
        cloud=Cloud.GCP,
        scope=scope,
        location=location,
        functions=known(count, listed.source()) if gap is None else Unknown(gap),
    )
