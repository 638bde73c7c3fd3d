"""One location of a subscription. Nothing that other clouds tell of a place is told there by Azure."""

from auditor.model.ids import Cloud, place_id, scope_id
from auditor.model.inventory import Location
from auditor.model.observed import Gap, Unknown, not_offered
from providers.answers.unread import unread
from providers.azure.normalize.answers import known

_ELSEWHERE = not_offered("", "Azure tells this of a subscription, not of a location")


def read_location(subscription: str, location: str, functions: int, gap: Gap | None) -> Location:
    """The location, with the number of functions found there."""
    scope = scope_id(Cloud.AZURE, subscription)
    return unread(
        Location,
        _ELSEWHERE,
        id=place_id(scope, location),
        cloud=Cloud.AZURE,
        scope=scope,
        location=location,
        functions=known(functions, "graph:Sites") if gap is None else Unknown(gap),
    )
