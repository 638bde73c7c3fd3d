"""Makes the data about Google's predefined roles: ``python -m tests.google_roles FILE COMMIT DATE``.

``FILE`` is a JSON object of predefined roles with their ``includedPermissions`` by name, as iann0036/iam-dataset (MIT)
publishes it (``.json`` or ``.json.gz``), ``COMMIT`` and ``DATE`` say which of its versions. Rewrites
``predefined_roles.json.gz``, ``role_names.json`` and ``role_permissions.json`` in ``providers/gcp/data``: the last holds
the permissions that the judgements and the capabilities of ``role_powers.json`` ask about, the first all there are. Run it after a permission was added to either.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.model.ids import Cloud
from providers.gcp.iam import roles

DATA = Path(roles.__file__).parent.parent / "data"
_SOURCE = "Google Cloud predefined roles as the IAM API lists them, from iann0036/iam-dataset (MIT), commit {}"
_AGENTS = ("serviceagent", "serviceagentv2ext")
_NEWER = {"owner": "admin", "editor": "writer", "viewer": "reader"}
"""The newer basic roles, which the source lacks, by the older ones they are taken to equal."""


def asked() -> Iterator[str]:
    """Every permission that a judgement asks predefined roles about."""
    yield from (roles.INVOKE_SERVICE, roles.INVOKE_FUNCTION, *roles.CHANGE_FUNCTION, roles.READ_SOURCE)
    yield from (*roles.CHANGE_SERVICE, *roles.WRITE_OBJECTS, *roles.READ_OBJECTS, *roles.PUBLISH)
    yield from (*roles.WRITE_IMAGES, *roles.READ_IMAGES, roles.ACCESS_SECRETS, *roles.IMPERSONATE)
    yield from sorted(permissions_of(Cloud.GCP))
    for capability in json.loads((DATA / "role_powers.json").read_text("utf-8"))["capabilities"]:
        yield from capability["permissions"]


def permissions(given: Mapping[str, Any], commit: str, date: str) -> dict[str, Any]:
    """Which predefined roles hold each permission asked about."""
    held = {permission: set[str]() for permission in asked()}
    for role, body in given.items():
        for permission in body.get("includedPermissions", ()):
            if permission in held:
                held[permission].add(role.removeprefix("roles/"))
    for names in held.values():
        names |= {newer for older, newer in _NEWER.items() if older in names}
    return {
        "source": _SOURCE.format(commit),
        "date": date,
        "notes": [
            "The predefined roles that hold each permission our judgements ask about; role names without the leading roles/.",
            "roles/owner and roles/editor do not hold storage.objects permissions themselves: they have them on a bucket only through its projectOwner and projectEditor members.",
            "roles/reader, roles/writer and roles/admin, the newer basic roles, are not in the source; they are taken to hold what viewer, editor and owner hold.",
        ],
        "permissions": {permission: " ".join(sorted(names)) for permission, names in held.items()},
    }


def names(given: Mapping[str, Any], commit: str, date: str) -> dict[str, Any]:
    """The names of all predefined roles but those of service agents, by service."""
    by_service: dict[str, list[str]] = {}
    basic = set(_NEWER.values())
    for role in sorted(name.removeprefix("roles/") for name in given):
        service, dot, name = role.partition(".")
        if not dot:
            basic.add(role)
        elif not role.lower().endswith(_AGENTS):
            by_service.setdefault(service, []).append(name)
    return {
        "source": _SOURCE.format(commit),
        "date": date,
        "notes": [
            "The names of all predefined roles, by service, so that a role we do not know is told from one that grants nothing we look for.",
            "Roles of service agents are known by the end of their names.",
        ],
        "basic": " ".join(sorted(basic)),
        "roles": {service: " ".join(held) for service, held in sorted(by_service.items())},
    }


def every(given: Mapping[str, Any], commit: str, date: str) -> dict[str, Any]:
    """Which roles hold each permission there is: permissions in groups that the same roles hold, roles by number."""
    held: dict[str, set[str]] = {}
    for role, body in given.items():
        for permission in body.get("includedPermissions", ()):
            held.setdefault(permission, set()).add(role.removeprefix("roles/"))
    listed = sorted({role.removeprefix("roles/") for role in given} | set(_NEWER.values()))
    numbers = {role: number for number, role in enumerate(listed)}
    groups: dict[tuple[int, ...], list[str]] = {}
    for permission, roles_held in sorted(held.items()):
        with_newer = roles_held | {newer for older, newer in _NEWER.items() if older in roles_held}
        groups.setdefault(tuple(sorted(numbers[role] for role in with_newer)), []).append(permission)
    packed = [[" ".join(permissions), list(group)] for group, permissions in groups.items()]
    return {"source": _SOURCE.format(commit), "date": date, "roles": listed, "groups": packed}


def main(path: str, commit: str, date: str) -> None:
    """Rewrites the files."""
    raw = Path(path).read_bytes()
    given = json.loads(gzip.decompress(raw) if path.endswith(".gz") else raw)
    packed = json.dumps(every(given, commit, date), separators=(",", ":")).encode()
    (DATA / "predefined_roles.json.gz").write_bytes(gzip.compress(packed, mtime=0))
    for name, made in (("role_permissions", permissions), ("role_names", names)):
        text = json.dumps(made(given, commit, date), indent=2) + "\n"
        (DATA / f"{name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
