"""Which custom roles a policy binds: their permissions have to be asked for."""

import re
from collections.abc import Iterator
from typing import Any, Final

from providers.answers.json_paths import rows, text

_CUSTOM: Final = re.compile(r"(projects|organizations)/[^/]+/roles/[^/]+")


def custom_roles(policy: Any) -> Iterator[str]:
    """The names of the custom roles that a policy binds."""
    for binding in rows(policy, "bindings"):
        role = text(binding, "role")
        if _CUSTOM.fullmatch(role):
            yield role
