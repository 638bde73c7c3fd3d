"""The deny policies of a project and of what is above it: a list tells their names, each is asked for its rules."""

from collections.abc import Iterable
from typing import Any, Final

from providers.answers.json_paths import rows, text
from providers.gcp.collect.project_context import ProjectContext

LIST: Final = "iam:ListDenyPolicies"
GET: Final = "iam:GetDenyPolicy"


def deny_policies(context: ProjectContext, levels: Iterable[str]) -> None:
    """Records them level by level (``projects/p``, ``folders/1``, ``organizations/2``), each asked for once a run."""
    for level in levels:
        kind, _, number = level.partition("/")
        names: list[str] = []

        def each(page: Any, names: list[str] = names) -> None:
            names.extend(text(row, "name").rpartition("/")[2] for row in rows(page, "policies"))

        context.listing_shared(LIST, level, each, kind=kind, number=number)
        for name in dict.fromkeys(filter(None, names)):
            context.call_shared(GET, f"{level}/denypolicies/{name}", kind=kind, number=number, policy=name)
