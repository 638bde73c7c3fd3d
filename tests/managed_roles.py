"""Rewrites the shipped excerpt of the vendors' own audit roles: ``python -m tests.managed_roles DIRECTORY``.

The directory holds ``aws_managed_policies.json.gz``, ``azure_builtin_roles.json.gz``, ``gcp_predefined_roles.json.gz`` and
``MANIFEST.json`` (source, commit, date, licence) of iann0036/iam-dataset. Of each role only what concerns the kinds of
resources that operations of ours read is kept; a new kind needs the file to be written again, and a test says so.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

from auditor import plugins
from auditor.analysis.managed_roles import kind_of
from auditor.model.ids import Cloud

PATH: Final = Path(__file__).parent.parent / "auditor" / "analysis" / "data" / "managed_roles.json"
_AWS: Final = {
    "SecurityAudit": "arn:aws:iam::aws:policy/SecurityAudit",
    "ViewOnlyAccess": "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
    "ReadOnlyAccess": "arn:aws:iam::aws:policy/ReadOnlyAccess",
}
_AZURE: Final = ("Reader", "Security Reader", "Monitoring Reader")
_GCP: Final = ("roles/viewer", "roles/iam.securityReviewer", "roles/cloudasset.viewer")


def main() -> int:
    """Reads the data set, writes the excerpt."""
    source = Path(sys.argv[1])
    manifest = json.loads((source / "MANIFEST.json").read_text("utf-8"))
    kinds = {
        cloud: sorted({kind_of(cloud, op.permission) for op in plugins.provider(cloud).operations}) for cloud in Cloud
    }
    document = {
        **{key: manifest[key] for key in ("source", "commit", "date", "licence")},
        "kinds": {cloud.value: names for cloud, names in kinds.items()},
        "roles": {
            "aws": _aws(_read(source / "aws_managed_policies.json.gz"), frozenset(kinds[Cloud.AWS])),
            "azure": _azure(_read(source / "azure_builtin_roles.json.gz")),
            "gcp": _gcp(_read(source / "gcp_predefined_roles.json.gz"), frozenset(kinds[Cloud.GCP])),
        },
    }
    PATH.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return 0


def _read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def _aws(policies: Mapping[str, Any], services: frozenset[str]) -> dict[str, Any]:
    roles = {}
    for name, arn in _AWS.items():
        statements = policies[arn]["document"]["Statement"]
        allows: set[str] = set()
        for statement in statements:
            everywhere = (
                statement["Effect"] == "Allow" and statement["Resource"] == "*" and "Condition" not in statement
            )
            actions = statement["Action"] if everywhere else []
            named = [actions] if isinstance(actions, str) else actions
            allows |= {action for action in named if action.partition(":")[0] in services}
            allows |= set(_on_paths(statement, services))
        roles[name] = {"id": arn, "allows": sorted(allows), "excludes": []}
    return roles


def _on_paths(statement: Mapping[str, Any], services: frozenset[str]) -> Iterator[str]:
    """What API Gateway allows on some paths of its interface: ``action path``."""
    if statement["Effect"] == "Allow" and statement["Resource"] != "*" and "Condition" not in statement:
        for action, resource in product(statement["Action"], statement["Resource"]):
            service = action.partition(":")[0]
            if service in services and resource.startswith(f"arn:aws:{service}:*::/"):
                yield f"{action} {resource.partition('::')[2]}"


def _azure(listed: list[Mapping[str, Any]]) -> dict[str, Any]:
    roles = {}
    for role in listed:
        if role["roleName"] in _AZURE:
            (permissions,) = role["permissions"]
            parts = {"allows": permissions["actions"], "excludes": permissions["notActions"]}
            roles[role["roleName"]] = {"id": role["name"], **{key: sorted(value) for key, value in parts.items()}}
    return {name: roles[name] for name in _AZURE}


def _gcp(roles: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
    return {
        name: {
            "id": name,
            "allows": sorted(each for each in roles[name]["includedPermissions"] if kind_of(Cloud.GCP, each) in kinds),
            "excludes": [],
        }
        for name in _GCP
    }


if __name__ == "__main__":
    sys.exit(main())
