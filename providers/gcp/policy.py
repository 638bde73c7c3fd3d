"""The least-privilege custom roles of this tool, written from the table of calls: nothing to forget or to spare."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from auditor.provider import Operation
from providers.permission_tiers import wanted_tiers

_ABOVE: Final = ("resourcemanager.folders.", "resourcemanager.organizations.")
"""What is above projects: a role of a project may not hold these."""


def document(operations: Sequence[Operation], tiers: Iterable[str] = ()) -> Mapping[str, Any]:
    """The definition of a role for projects and, under ``organization``, of one for what is above them.

    Raises UsageError for a tier that does not exist.
    """
    wanted = wanted_tiers(operations, tiers, "Google Cloud")
    permissions = sorted({operation.permission for operation in operations if operation.tier in wanted})
    above = [permission for permission in permissions if permission.startswith(_ABOVE)]
    return {
        **_role(
            "Serverless auditor",
            "Reads the posture of functions. For projects; at a folder or organisation it serves all projects below.",
            [permission for permission in permissions if permission not in above],
        ),
        "organization": _role(
            "Serverless auditor, inherited access",
            "Reads who holds roles above projects. For the organisation; without it inherited access stays unknown.",
            above,
        ),
    }


def _role(title: str, description: str, permissions: list[str]) -> Mapping[str, Any]:
    return {"title": title, "description": description, "stage": "GA", "includedPermissions": permissions}
