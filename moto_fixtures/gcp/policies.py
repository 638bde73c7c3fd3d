"""IAM policies: bindings, conditions, and how much of them each version of the policy format tells."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moto_fixtures.gcp.wire import Json

EMPTY_ETAG = "ACAB"
CONDITIONAL = 3
PUBLIC = "allUsers"
SIGNED_IN = "allAuthenticatedUsers"


@dataclass(frozen=True)
class Binding:
    """One role for some members, under a condition if ``expression`` is set."""

    role: str
    members: tuple[str, ...]
    title: str = ""
    expression: str = ""


def binding(role: str, *members: str, title: str = "", expression: str = "") -> Binding:
    """A binding; ``roles/`` may be left out of the name of a predefined role."""
    full = role if "/" in role else f"roles/{role}"
    return Binding(full, members, title or ("narrowed" if expression else ""), expression)


def account(email: str) -> str:
    """A service account as a member."""
    return f"serviceAccount:{email}"


def policy(bindings: Sequence[Binding], version: int = CONDITIONAL, audit: Sequence[Json] = ()) -> Json:
    """The policy as it is told to one who asks for ``version``; an empty one is an etag and nothing else.

    Below version 3 a condition is left out and its role renamed, so that nobody takes it for the role itself.
    """
    if not bindings and not audit:
        return {"etag": EMPTY_ETAG}
    conditional = any(each.expression for each in bindings)
    body: Json = {"version": CONDITIONAL if conditional and version >= CONDITIONAL else 1, "etag": etag(bindings)}
    if bindings:
        body["bindings"] = [_binding(each, version) for each in bindings]
    if audit:
        body["auditConfigs"] = list(audit)
    return body


def _binding(each: Binding, version: int) -> Json:
    shown: Json = {"role": each.role, "members": list(each.members)}
    if not each.expression:
        return shown
    if version < CONDITIONAL:
        return shown | {
            "role": f"{each.role}_withcond_{hashlib.md5(each.expression.encode(), usedforsecurity=False).hexdigest()[:20]}"
        }
    return shown | {"condition": {"title": each.title, "expression": each.expression}}


def etag(bindings: Iterable[Binding]) -> str:
    """A text that changes with the bindings."""
    return "Bw" + hashlib.md5(repr(list(bindings)).encode(), usedforsecurity=False).hexdigest()[:9] + "="


def audited(service: str, *kinds: str, exempted: Sequence[str] = ()) -> Json:
    """An audit configuration: which kinds of access to ``service`` are logged, and whose are not."""
    logs = [{"logType": kind} | ({"exemptedMembers": list(exempted)} if exempted else {}) for kind in kinds]
    return {"service": service, "auditLogConfigs": logs}
