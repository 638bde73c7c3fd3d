"""One location of a subscription. Nothing that other clouds tell of a place is told there by Azure."""

from auditor.model.ids import Cloud, place_id, scope_id
from auditor.model.inventory import Location
from auditor.model.observed import Gap, Unknown, not_offered
from providers.azure.normalize.answers import known

_ELSEWHERE = not_offered("", "Azure tells this of a subscription, not of a location")


def read_location(subscription: str, location: str, functions: int, gap: Gap | None) -> Location:
    """The location, with the number of functions found there."""
    scope = scope_id(Cloud.AZURE, subscription)
    return Location(
        id=place_id(scope, location),
        cloud=Cloud.AZURE,
        scope=scope,
        location=location,
        functions=known(functions, "graph:Sites") if gap is None else Unknown(gap),
        threat_detection=_ELSEWHERE,
        package_scanning=_ELSEWHERE,
        code_scanning=_ELSEWHERE,
        recording=_ELSEWHERE,
        access_analysis=_ELSEWHERE,
        trace_key=_ELSEWHERE,
        trails=_ELSEWHERE,
        unreserved_concurrency=_ELSEWHERE,
        orphaned_logs=_ELSEWHERE,
        log_policies=_ELSEWHERE,
    )
