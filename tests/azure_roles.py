"""Makes the data about Azure's built-in roles: ``python -m tests.azure_roles FILE COMMIT DATE``.

``FILE`` is the JSON list of built-in role definitions that iann0036/iam-dataset (MIT) publishes (``.json`` or
``.json.gz``), ``COMMIT`` and ``DATE`` say which of its versions. Rewrites ``builtin_definitions.json.gz``
and ``role_permissions.json`` in ``providers/azure/data``, which are for where definitions cannot be read; a test holds
the one to the other. Run it after a permission was added to the techniques.
"""

import gzip
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from providers.azure.rbac import role_privilege
from providers.azure.rbac.builtin_roles import definition

DATA: Final = Path(role_privilege.__file__).parent.parent / "data"
_SOURCE = "Azure built-in roles as the role definitions API lists them, from iann0036/iam-dataset (MIT), commit {}"


def table(roles: list[dict[str, Any]], commit: str, date: str) -> dict[str, Any]:
    """Which built-in roles allow each permission that the techniques ask about."""
    always: dict[str, list[str]] = defaultdict(list)
    limited: dict[str, list[str]] = defaultdict(list)
    for role in sorted(roles, key=lambda each: str(each["name"])):
        for part, names in zip((always, limited), role_privilege.sensitive_permissions(definition(role)), strict=True):
            for name in names:
                part[name].append(role["name"])
    return {
        "source": _SOURCE.format(commit),
        "date": date,
        "notes": [
            "The built-in roles, by GUID, that allow each permission the techniques ask about: for where role definitions cannot be read.",
            "limited: the role allows it only under a condition of its own.",
        ],
        "always": {name: " ".join(held) for name, held in sorted(always.items())},
        "limited": {name: " ".join(held) for name, held in sorted(limited.items())},
    }


def main(path: str, commit: str, date: str) -> None:
    """Rewrites both files."""
    raw = Path(path).read_bytes()
    roles = json.loads(gzip.decompress(raw) if path.endswith(".gz") else raw)
    kept = [{key: role[key] for key in ("name", "roleName", "permissions")} for role in roles]
    kept.sort(key=lambda role: str(role["name"]))
    packed = {"source": _SOURCE.format(commit), "date": date, "roles": kept}
    (DATA / "builtin_definitions.json.gz").write_bytes(
        gzip.compress(json.dumps(packed, sort_keys=True).encode(), mtime=0)
    )
    text = json.dumps(table(roles, commit, date), indent=1) + "\n"
    (DATA / "role_permissions.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
