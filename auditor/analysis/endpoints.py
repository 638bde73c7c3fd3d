"""Endpoints as checks read them: who really gets in, which origins are let in, under which name to mend it."""

from auditor.model.exposure import Endpoint, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown

_EVERY_ORIGIN = frozenset({"*", "http://*", "https://*"})


def settled_reach(endpoint: Endpoint) -> Observed[Reach]:
    """Who can call the endpoint; a reach we could not tell is unknown, never benign."""
    if isinstance(endpoint.reach, Known) and endpoint.reach.value is Reach.UNRECOGNISED:
        reason = f"{endpoint.url}: {endpoint.reach_reason}"
        return Unknown(Gap(GapReason.UNRECOGNISED, endpoint.reach.source, None, reason))
    return endpoint.reach


def with_own_rules(function: Function) -> tuple[Endpoint, ...]:
    """The endpoints whose cross-origin rules are settings of their own: on Azure an app has one list for all."""
    endpoints = function.endpoints.need()
    return endpoints[:1] if function.cloud is Cloud.AZURE else endpoints


def every_origin(endpoint: Endpoint) -> tuple[str, ...]:
    """Those of its allowed origins that mean every web site; empty without cross-origin rules."""
    return tuple(origin for origin in endpoint.cors.origins if origin in _EVERY_ORIGIN) if endpoint.cors else ()


def unsafe_origins(endpoint: Endpoint) -> tuple[str, ...]:
    """Those of its allowed origins that others can speak from: local ones, sites without TLS, and "null"."""
    if endpoint.cors is None:
        return ()
    listed = dict.fromkeys(origin for origin in endpoint.cors.origins if origin not in _EVERY_ORIGIN)
    return tuple(origin for origin in listed if origin == "null" or origin.startswith("http://") or _local(origin))


def _local(origin: str) -> bool:
    host = origin.partition("://")[2].partition("/")[0].lower()
    return host.partition(":")[0] in ("localhost", "127.0.0.1") or host.startswith("[::1]")


def qualified(name: str, qualifier: str | None) -> str:
    """The function's name with a qualifier, as the cloud's API takes it."""
    return f"{name}:{qualifier}" if qualifier else name
