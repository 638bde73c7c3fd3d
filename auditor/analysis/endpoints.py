"""Endpoints as checks read them: who really gets in, which origins are let in, under which name to mend it."""

from auditor.model.exposure import Endpoint, Reach
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown

_EVERY_ORIGIN = frozenset({"*", "http://*", "https://*"})


def settled_reach(endpoint: Endpoint) -> Observed[Reach]:
    """Who can call the endpoint; a reach we could not tell is unknown, never benign."""
    if isinstance(endpoint.reach, Known) and endpoint.reach.value is Reach.UNRECOGNISED:
        reason = f"{endpoint.url}: {endpoint.reach_reason}"
        return Unknown(Gap(GapReason.UNRECOGNISED, endpoint.reach.source, None, reason))
    return endpoint.reach


def every_origin(endpoint: Endpoint) -> tuple[str, ...]:
    """Those of its allowed origins that mean every web site; empty without cross-origin rules."""
    return tuple(origin for origin in endpoint.cors.origins if origin in _EVERY_ORIGIN) if endpoint.cors else ()


def qualified(name: str, qualifier: str | None) -> str:
    """The function's name with a qualifier, as the cloud's API takes it."""
    return f"{name}:{qualifier}" if qualifier else name
