"""The commands that take the invoker role of Google Cloud back from the public, wherever it was granted."""

import re
from collections.abc import Iterator

from auditor.analysis.binding_removal import Removal, of_invoker
from auditor.analysis.policy_statements import Stated, judged, of_policies
from auditor.model.function import Function
from auditor.model.observed import Known, Unanswered

PUBLIC = ("allUsers", "allAuthenticatedUsers")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def closing(function: Function) -> Removal:
    """A command a line for every member of the public and every binding; no command where none could be read."""
    commands, values = list[str](), dict[str, str]()
    for letter, taken in zip(_LETTERS, _removals(function), strict=False):
        if taken.command is not None:
            commands.append(_PLACEHOLDER.sub(rf"{{\1_{letter}}}", taken.command))
            values |= {f"{name}_{letter}": value for name, value in taken.values.items()}
    return Removal("\n".join(commands) or None, values)


def policies_read(function: Function) -> bool:
    """Whether every policy of the function was read: a binding that is none of theirs is nowhere."""
    policies = function.policies
    return isinstance(policies, Known) and all(isinstance(each.statements, Known) for each in policies.value)


def _removals(function: Function) -> Iterator[Removal]:
    for stated in _invoking(function):
        for member in PUBLIC:
            if member in stated.grant.principals:
                taken = of_invoker(function, stated.grant)
                granted = stated.values(function.name)["granted"]
                yield Removal(taken.command, {**taken.values, "member": member, "granted": granted})


def _invoking(function: Function) -> Iterator[Stated]:
    """The public bindings that could be read; what could not be read changes no command."""
    if not isinstance(function.policies, Known):
        return
    try:
        for stated in judged(of_policies(function.policies.value)):
            if stated.grant.reach.public and stated.grant.invokes:
                yield stated
    except Unanswered:
        return
