"""Makes the changes of gcloud commands that a fix prints in the emulated organisation, whose APIs only read."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.organization import Organization, Project, Resource
from moto_fixtures.gcp.policies import Binding
from moto_fixtures.gcp.services import SERVICE

ROLE = "roles/logging.logWriter"
"""What the code needs, in place of the role that is taken away."""
_SECRET = "rotated"


@dataclass(frozen=True)
class _Asked:
    """A command taken apart: its words, what it is about, and its options."""

    words: tuple[str, ...]
    on: str
    options: dict[str, str]


def run(command: str, organization: Organization) -> list[str]:
    """Makes the change of every line; the kinds of commands that it knew."""
    return [_run(words, organization) for words in _lines(command)]


def _lines(command: str) -> list[list[str]]:
    lines = (shlex.split(line, comments=True) for line in command.splitlines())
    return [words for words in lines if words]


def _run(words: list[str], organization: Organization) -> str:
    assert words[0] == "gcloud", words
    plain = [word for word in words[1:] if not word.startswith("--")]
    options = dict(word[2:].partition("=")[::2] for word in words if word.startswith("--"))
    asked = _Asked(tuple(plain[:-1]), plain[-1], options)
    kind = " ".join(asked.words)
    _CHANGES[kind](asked, organization)
    return kind


def _bindings(asked: _Asked, organization: Organization) -> list[Binding]:
    match asked.words[0]:
        case "projects":
            return organization.projects[asked.on].bindings
        case "storage":
            return _bucket(asked, organization).bindings
        case "iam":
            accounts = organization.projects[asked.options["project"]].of(resource_builders.ACCOUNT)
            (account,) = [each for each in accounts if each.body["email"] == asked.on]
            return account.bindings
        case _:
            project = organization.projects[asked.options["project"]]
            return _one(project, asked, SERVICE).bindings


def _bucket(asked: _Asked, organization: Organization) -> Resource:
    named = [
        bucket
        for project in organization.projects.values()
        for bucket in project.of(resource_builders.BUCKET)
        if bucket.body["name"] == asked.on.removeprefix("gs://")
    ]
    (bucket,) = named
    return bucket


def _one(project: Project, asked: _Asked, *types: str) -> Resource:
    (found,) = [each for kind in types for each in project.of(kind, asked.options["region"]) if each.short == asked.on]
    return found


def _unbind(asked: _Asked, organization: Organization) -> None:
    bindings, member = _bindings(asked, organization), asked.options["member"]
    held = [each for each in bindings if each.role == asked.options["role"] and member in each.members]
    for each in held:
        bindings.remove(each)
        left = tuple(other for other in each.members if other != member)
        if left:
            bindings.append(Binding(each.role, left, each.title, each.expression))


def _bind(asked: _Asked, organization: Organization) -> None:
    role = ROLE if asked.options["role"].startswith("REPLACE-") else asked.options["role"]
    _bindings(asked, organization).append(Binding(role, (asked.options["member"],)))


def _prevent(asked: _Asked, organization: Organization) -> None:
    assert "public-access-prevention" in asked.options
    _bucket(asked, organization).body["iamConfiguration"]["publicAccessPrevention"] = "enforced"


def _store(asked: _Asked, organization: Organization) -> None:
    resource_builders.secret(organization.projects[asked.options["project"]], _SECRET)


def _deploy(asked: _Asked, organization: Organization) -> None:
    """A function's record, and the service behind it."""
    project = organization.projects[asked.options["project"]]
    record = _one(project, asked, GEN1, GEN2).body
    if name := asked.options.get("remove-build-env-vars"):
        del record["buildConfig"]["environmentVariables"][name]
    if name := asked.options.get("remove-env-vars"):
        settings = record["serviceConfig"]
        del settings["environmentVariables"][name]
        reference = {"key": name, "projectId": project.id, "secret": _SECRET, "version": "1"}
        settings["secretEnvironmentVariables"] = [*settings.get("secretEnvironmentVariables", ()), reference]
        for service in project.of(SERVICE, asked.options["region"]):
            if service.short == asked.on:
                _refer(service, project, name)


def _update(asked: _Asked, organization: Organization) -> None:
    project = organization.projects[asked.options["project"]]
    service = _one(project, asked, SERVICE)
    if "invoker-iam-check" in asked.options:
        service.body.pop("invokerIamDisabled", None)
    if name := asked.options.get("remove-env-vars"):
        _refer(service, project, name)


def _refer(service: Resource, project: Project, name: str) -> None:
    reference = {"secretKeyRef": {"secret": f"projects/{project.id}/secrets/{_SECRET}", "version": "1"}}
    for container in service.body["template"]["containers"]:
        kept = [variable for variable in container["env"] if variable["name"] != name]
        if len(kept) < len(container["env"]):
            container["env"] = [*kept, {"name": name, "valueSource": reference}]


_CHANGES: dict[str, Callable[[_Asked, Organization], None]] = {
    "projects add-iam-policy-binding": _bind,
    "projects remove-iam-policy-binding": _unbind,
    "storage buckets remove-iam-policy-binding": _unbind,
    "storage buckets update": _prevent,
    "iam service-accounts remove-iam-policy-binding": _unbind,
    "run services remove-iam-policy-binding": _unbind,
    "run services update": _update,
    "functions deploy": _deploy,
    "secrets create": _store,
}
