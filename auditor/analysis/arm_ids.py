"""Where a resource of Azure is, by its id: a repair of it works there, not where the function is that depends on it."""


def subscription_of(resource_id: str) -> str:
    """The subscription of an ARM id; a blank to fill in where the id names none."""
    return _after(resource_id, "subscriptions") or "<subscription>"


def group_of(resource_id: str) -> str:
    """The resource group of an ARM id; a blank to fill in where the id names none."""
    return _after(resource_id, "resourcegroups") or "<resource-group>"


def _after(resource_id: str, kind: str) -> str:
    return arm_parts(resource_id).get(kind, "")


def arm_parts(resource_id: str) -> dict[str, str]:
    """The names in an ARM id, each by the kind before it, in lower case: ids compare without case."""
    segments = resource_id.split("/")
    kinds = [segment.lower() for segment in segments[1::2]]
    return dict(zip(kinds, segments[2::2], strict=False))
