"""What an allow policy says of one permission of a service account: a step for each binding that holds it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from auditor.analysis.permissions.decision import ProofStep
from auditor.analysis.permissions.role_decision import PART
from auditor.model.exposure import Effect
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.gcp.iam.conditions import ConditionState
from providers.gcp.iam.grants import Binding
from providers.gcp.iam.members import MemberKind, parse
from providers.gcp.iam.role_assignments import Holder, names_account

_ATTRIBUTE: Final = re.compile(r"\b(?:resource|request|api|destination|source|principal)\.[A-Za-z_][\w.]*")
_WITHOUT_ATTRIBUTE: Final = "the condition of the binding"
_MEMBERS: Final = "Groups Reader of Cloud Identity"
_BASIC: Final = {
    "projectOwner": ("roles/owner", "roles/admin"),
    "projectEditor": ("roles/editor", "roles/writer"),
    "projectViewer": ("roles/viewer", "roles/reader"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose permission is asked for. ``holds`` says whether a role holds it; ``has_basic`` whether the account has one
    of some basic roles on a project.
    """

    holder: Holder
    holds: Callable[[str], Observed[bool]]
    has_basic: Callable[[str, tuple[str, ...]], Observed[bool]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a policy lies. ``part``: on a part only of what was asked about."""

    layer: str
    resource: str
    part: bool = False


def judged(binding: Binding, place: Place, asked: Asked) -> Iterator[ProofStep | Gap]:
    """What one binding says: nothing, a step, or why that is not known."""
    if binding.held(asked.holder.home) is ConditionState.ENDED:
        return
    held = asked.holds(binding.role)
    if isinstance(held, Unknown):
        if _may_name(binding, asked):
            yield held.gap
        return
    if not held.value:
        return
    named = _named(binding, asked)
    if isinstance(named, Gap):
        yield named
    elif named:
        yield ProofStep(
            place.layer, Effect.ALLOW, place.resource, binding.role, _text(binding), _conditions(binding, place, asked)
        )


def _may_name(binding: Binding, asked: Asked) -> bool:
    return _named(binding, asked) is not False


def _named(binding: Binding, asked: Asked) -> bool | Gap:
    """Whether a binding names the account, or why that is not known: groups, and basic roles of other projects."""
    gap: Gap | None = None
    for text in binding.members:
        if names_account(text, asked.holder):
            return True
        member = parse(text)
        if member.kind is MemberKind.PROJECT and member.project is not None:
            basic = asked.has_basic(member.project, _BASIC[text.partition(":")[0]])
            if isinstance(basic, Unknown):
                gap = gap or basic.gap
            elif basic.value:
                return True
        elif member.kind is MemberKind.GROUP:
            message = f"whether {asked.holder.email} is a member of {member.identity} is not read from Cloud Identity"
            gap = gap or Gap(GapReason.NOT_COLLECTED, "", _MEMBERS, message, member.identity)
    return gap or False


def _conditions(binding: Binding, place: Place, asked: Asked) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if binding.condition is not None and binding.held(asked.holder.home) in (
        ConditionState.UNDECIDED,
        ConditionState.LATER,
    ):
        found = tuple(dict.fromkeys(_ATTRIBUTE.findall(binding.condition))) or (_WITHOUT_ATTRIBUTE,)
    return (*found, PART) if place.part else found


def _text(binding: Binding) -> str:
    body = {"role": binding.role, "members": list(binding.members)}
    condition = {} if binding.condition is None else {"condition": {"expression": binding.condition}}
    return json.dumps({**body, **condition}, ensure_ascii=False, separators=(",", ":"))
