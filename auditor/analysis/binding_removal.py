"""The command that takes a role of Google Cloud back, by what the role was granted on."""

import re
from collections.abc import Iterator, Sequence
from itertools import count, product
from string import ascii_lowercase
from typing import Final, NamedTuple

from auditor.model.exposure import AccessGrant
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known

_WHO: Final = "--member={member} --role={granted}"
_LEVELS: Final = {"project": "projects", "folder": "folders", "organisation": "organizations"}
_IN_LOCATION: Final = "--location={on_location} --project={on_project}"
_PLACED: Final = "projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)"
_COMMANDS: Final = (
    (r"projects/(?P<name>[^/]+)", "gcloud projects remove-iam-policy-binding {on_name}", True),
    (r"folders/(?P<name>[^/]+)", "gcloud resource-manager folders remove-iam-policy-binding {on_name}", True),
    (r"organizations/(?P<name>[^/]+)", "gcloud organizations remove-iam-policy-binding {on_name}", True),
    (r"projects/_/buckets/(?P<name>[^/]+)", "gcloud storage buckets remove-iam-policy-binding gs://{on_name}", True),
    (
        r"projects/(?P<project>[^/]+)/serviceAccounts/(?P<name>[^/]+)",
        "gcloud iam service-accounts remove-iam-policy-binding {on_name} --project={on_project}",
        True,
    ),
    (
        r"projects/(?P<project>[^/]+)/secrets/(?P<name>[^/]+)",
        "gcloud secrets remove-iam-policy-binding {on_name} --project={on_project}",
        True,
    ),
    (
        r"projects/(?P<project>[^/]+)/topics/(?P<name>[^/]+)",
        "gcloud pubsub topics remove-iam-policy-binding {on_name} --project={on_project}",
        False,
    ),
    (
        r"projects/(?P<project>[^/]+)/subscriptions/(?P<name>[^/]+)",
        "gcloud pubsub subscriptions remove-iam-policy-binding {on_name} --project={on_project}",
        False,
    ),
    (
        rf"{_PLACED}/functions/(?P<name>[^/]+)",
        "gcloud functions remove-iam-policy-binding {on_name} --region={on_location} --project={on_project}",
        False,
    ),
    (
        rf"{_PLACED}/services/(?P<name>[^/]+)",
        "gcloud run services remove-iam-policy-binding {on_name} --region={on_location} --project={on_project}",
        False,
    ),
    (
        rf"{_PLACED}/repositories/(?P<name>[^/]+)",
        f"gcloud artifacts repositories remove-iam-policy-binding {{on_name}} {_IN_LOCATION}",
        False,
    ),
    (
        rf"{_PLACED}/keyRings/(?P<ring>[^/]+)/cryptoKeys/(?P<name>[^/]+)",
        f"gcloud kms keys remove-iam-policy-binding {{on_name}} --keyring={{on_ring}} {_IN_LOCATION}",
        False,
    ),
)
"""By the resource's relative name: the command, and whether it knows ``--all`` (whatever the binding's condition)."""


class Removal(NamedTuple):
    """A command's template, with the values of those of its placeholders that name the resource."""

    command: str | None
    values: dict[str, str]


def removal(scope: str, *, conditional: bool = False) -> Removal:
    """How ``{granted}`` is taken from ``{member}`` on a resource, named as ``projects/p`` or ``projects/p/topics/t``.

    ``conditional``: the binding has a condition, without which gcloud does not find it.
    """
    for pattern, command, knows_all in _COMMANDS:
        found = re.fullmatch(pattern, scope)
        if found:
            every = " --all" if conditional and knows_all else ""
            values = {f"on_{key}": value for key, value in found.groupdict().items()}
            return Removal(f"{command} {_WHO}{every}", values)
    return Removal("# take {granted} from {member} on {on_name}, with the service's own command", {"on_name": scope})


def named(members: Sequence[str], placeholder: str = "member") -> dict[str, str]:
    """The values of :func:`for_each`: a member each, told apart by letters."""
    return {f"{placeholder}_{letters}": member for letters, member in zip(_letters(), members, strict=False)}


def for_each(command: str | None, members: Sequence[str], placeholder: str = "member") -> str | None:
    """A removal's command once for every member: a grant is closed when none of them holds it."""
    if command is None or len(members) < 2:
        return command
    return "\n".join(command.replace(f"{{{placeholder}}}", f"{{{name}}}") for name in named(members, placeholder))


def _letters() -> Iterator[str]:
    """A to z, then aa, ab and so on."""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


def removal_of(grant: AccessGrant, resource: str) -> Removal:
    """How a grant is taken back that was found on a resource, or on the level above it that its id names."""
    level, separator, _ = grant.sid.partition("/")
    kind, colon, name = level.partition(":")
    scope = f"{_LEVELS[kind]}/{name}" if separator and colon and kind in _LEVELS else resource
    return removal(scope, conditional=bool(grant.condition_keys))


def invoked(function: Function) -> str:
    """The resource on which a function's invokers are bound: its Cloud Run service, in the first generation itself."""
    name = function.id.removeprefix("//").partition("/")[2]
    hosting = function.hosting.value if isinstance(function.hosting, Known) else None
    if hosting is not None and hosting.kind is HostingKind.FIRST_GENERATION:
        return name
    place, _, short = name.rpartition("/")
    return f"{place.removesuffix('/functions').removesuffix('/services')}/services/{short.replace('_', '-').lower()}"


def of_invoker(function: Function, grant: AccessGrant) -> Removal:
    """How an invoker's grant is taken back where it was given; no command on a cloud without bindings."""
    return removal_of(grant, invoked(function)) if function.cloud is Cloud.GCP else Removal(None, {})
