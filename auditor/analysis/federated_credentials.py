"""How much of another issuer a federated credential trusts.

A plain credential names one subject, which Azure compares letter by letter: a wildcard in it is a character like any
other. A flexible one has an expression, ``claims['sub'] matches '…'``, in which ``*`` and ``?`` are wildcards
(Microsoft Entra, "Flexible federated identity credentials"). How the subject of a public CI service is composed is
from the OpenID Connect pages of GitHub Actions, GitLab, HCP Terraform, Buildkite and CircleCI.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from auditor.model.identity import FederatedCredential


class Breadth(IntEnum):
    """Who obtains tokens of the identity, widest first."""

    ANYONE = 0
    """Every customer of the issuer."""
    ORGANISATION = 1
    """Every project of one organisation there."""
    PROJECT = 2
    """Every run of one project, be it of a branch that nobody reviewed."""
    NARROW = 3
    """One branch, environment, workspace or workload."""


class Trust(NamedTuple):
    """What a credential accepts: how much, whose in words; ``literal``: a wildcard in it has no effect."""

    breadth: Breadth
    whose: str
    literal: bool = False


@dataclass(frozen=True, slots=True)
class _Service:
    """A public CI service: the name it has, and how its subject spells organisation, project and run.

    ``owner``, ``project`` and ``run`` find the value of each in a subject; the first that a pattern fixes decides.
    """

    name: str
    project: re.Pattern[str]
    run: re.Pattern[str] | None
    unit: str


_GITHUB: Final = _Service(
    "GitHub Actions",
    re.compile(
        r"(?:^|:)(?:repo|repository|job_workflow_ref):(?P<owner>[^/:]+)(?:/(?P<project>[^:@/]+))?", re.IGNORECASE
    ),
    re.compile(r"(?:^|:)(?:ref|environment|job_workflow_ref):(?P<run>.+)$", re.IGNORECASE),
    "repository",
)
_GITLAB: Final = _Service(
    "GitLab",
    re.compile(r"^project_path:(?P<owner>[^/:]+)(?:/(?P<project>[^:]+))?"),
    re.compile(r":ref:(?P<run>.+)$"),
    "project",
)
_TERRAFORM: Final = _Service(
    "HCP Terraform",
    re.compile(r"^organization:(?P<owner>[^:]+)(?:.*:workspace:(?P<project>[^:]+))?"),
    None,
    "workspace",
)
_BUILDKITE: Final = _Service(
    "Buildkite",
    re.compile(r"^organization:(?P<owner>[^:]+)(?:.*:pipeline:(?P<project>[^:]+))?"),
    re.compile(r":ref:(?P<run>[^:]+)"),
    "pipeline",
)
_CIRCLECI: Final = _Service(
    "CircleCI", re.compile(r"^/?org/(?P<owner>[^/]+)(?:/project/(?P<project>[^/]+))?"), None, "project"
)
_SERVICES: Final[Mapping[re.Pattern[str], _Service]] = {
    re.compile(r"https://token\.actions\.githubusercontent\.com(/.*)?", re.IGNORECASE): _GITHUB,
    re.compile(r"https://gitlab\.com/?", re.IGNORECASE): _GITLAB,
    re.compile(r"https://app\.terraform\.io/?", re.IGNORECASE): _TERRAFORM,
    re.compile(r"https://agent\.buildkite\.com/?", re.IGNORECASE): _BUILDKITE,
    re.compile(r"https://oidc\.circleci\.com(/.*)?", re.IGNORECASE): _CIRCLECI,
}
_DIRECTORY: Final = re.compile(
    r"https://(?:login\.microsoftonline\.com|sts\.windows\.net)/(?P<tenant>[^/]+)", re.IGNORECASE
)
_CLAIM: Final = re.compile(r"\s*claims\['(?P<claim>\w+)'\]\s+(?P<operator>eq|matches)\s+'(?P<value>[^']*)'\s*")
_WILD: Final = re.compile(r"[*?]")


def trust(credential: FederatedCredential, tenant: str | None) -> Trust | None:
    """What a credential accepts; None where its expression is none that is known. ``tenant`` is the own directory."""
    if _WILD.search(credential.issuer):
        return Trust(Breadth.ANYONE, f"every issuer that {credential.issuer} matches")
    patterns = tuple(_patterns(credential))
    if not patterns:
        return None
    service = next((found for issuer, found in _SERVICES.items() if issuer.fullmatch(credential.issuer)), None)
    literal = credential.subject is not None and _WILD.search(credential.subject) is not None
    found = max((_of(service, credential.issuer, *pattern) for pattern in patterns), key=lambda each: each.breadth)
    directory = _DIRECTORY.match(credential.issuer)
    if found.breadth is Breadth.NARROW and directory and tenant and directory["tenant"].lower() != tenant.lower():
        return Trust(Breadth.PROJECT, f"an application of another directory, {directory['tenant']}")
    return found._replace(literal=literal)


def _patterns(credential: FederatedCredential) -> Iterator[tuple[str, bool]]:
    """What the claims must be, each with whether wildcards in it mean anything: all of them have to hold."""
    if credential.subject is not None:
        yield credential.subject, False
        return
    parts = re.split(r"\s+and\s+", credential.expression or "")
    claims = [_CLAIM.fullmatch(part) for part in parts]
    for found in claims if all(claims) else ():
        if found is not None:
            prefix = "" if found["claim"] == "sub" else f"{found['claim']}:"
            yield f"{prefix}{found['value']}", found["operator"] == "matches"


def _of(service: _Service | None, issuer: str, pattern: str, wild: bool) -> Trust:
    if service is None:
        if not wild or not _WILD.search(pattern):
            return Trust(Breadth.NARROW, f"{pattern} of {issuer}")
        everybody = not pattern.strip("*?")
        whose = f"every subject of {issuer}" if everybody else f"every subject of {issuer} that matches {pattern}"
        return Trust(Breadth.ANYONE if everybody else Breadth.ORGANISATION, whose)
    named = service.project.search(pattern)
    owner = _fixed(named["owner"] if named else None, wild=wild)
    if owner is None:
        return Trust(Breadth.ANYONE, f"every {service.unit} of everybody on {service.name}")
    project = _fixed(named["project"] if named else None, wild=wild)
    if project is None:
        return Trust(Breadth.ORGANISATION, f"every {service.unit} of {owner} on {service.name}")
    where = f"{service.unit} {owner}/{project} on {service.name}"
    run = service.run.search(pattern) if service.run is not None else None
    if service.run is not None and _fixed(run["run"] if run else None, wild=wild) is None:
        unreviewed = (
            "every pull request"
            if pattern.endswith(":pull_request")
            else "runs of more than one branch, tag or environment"
        )
        return Trust(Breadth.PROJECT, f"{unreviewed} of {where}")
    return Trust(Breadth.NARROW, f"one branch, tag, environment or {service.unit}: {pattern}")


def _fixed(value: str | None, *, wild: bool) -> str | None:
    """A value that is the same in every token; None where there is none, or a wildcard stands in it."""
    return None if not value or (wild and _WILD.search(value)) else value
