"""Endpoints as checks read them: who really gets in, which origins are let in, under which name to mend it."""

import re

from auditor.model.exposure import Endpoint, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown

_EVERY_ORIGIN = re.compile(r"(?:(?:https?|\*)://)?\*(?:\.\*)?(?::(?:\*|443|80))?/?", re.IGNORECASE)
_LOOPBACK = re.compile(r"127(?:\.\d{1,3}){1,3}|0\.0\.0\.0")
_RENTED = frozenset(
    "azurewebsites.net azurestaticapps.net azurefd.net azureedge.net cloudapp.azure.com web.core.windows.net "  # noqa: SIM905
    "amazonaws.com cloudfront.net awsapprunner.com amplifyapp.com on.aws run.app web.app firebaseapp.com appspot.com "
    "googleapis.com cloudfunctions.net github.io gitlab.io pages.dev workers.dev netlify.app vercel.app herokuapp.com "
    "onrender.com ngrok.io ngrok.app ngrok-free.app trycloudflare.com com net org io dev app co.uk".split()
)
"""Domains in which anybody may have a name: a pattern of all their names is one of other people's sites."""


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
    return (
        tuple(origin for origin in endpoint.cors.origins if _EVERY_ORIGIN.fullmatch(origin.strip()))
        if endpoint.cors
        else ()
    )


def is_every_origin(origin: str) -> bool:
    """Whether an allowed origin means every web site."""
    return _EVERY_ORIGIN.fullmatch(origin.strip()) is not None


def unsafe_origins(endpoint: Endpoint) -> tuple[str, ...]:
    """Those of its allowed origins that others can speak from: local ones, sites without TLS, "null",
    and patterns of names that anybody may have.
    """
    if endpoint.cors is None:
        return ()
    listed = dict.fromkeys(origin for origin in endpoint.cors.origins if not _EVERY_ORIGIN.fullmatch(origin.strip()))
    return tuple(origin for origin in listed if _of_others(origin.strip().lower()))


def _of_others(origin: str) -> bool:
    if origin == "null" or origin.startswith("http://"):
        return True
    host = origin.partition("://")[2].partition("/")[0]
    name = host if host.startswith("[") else host.partition(":")[0].rstrip(".")
    if name.startswith("*."):
        return name[2:] in _RENTED
    return (
        name == "localhost"
        or name.endswith(".localhost")
        or name.startswith("[::1]")
        or _LOOPBACK.fullmatch(name) is not None
    )


def qualified(name: str, qualifier: str | None) -> str:
    """The function's name with a qualifier, as the cloud's API takes it."""
    return f"{name}:{qualifier}" if qualifier else name
