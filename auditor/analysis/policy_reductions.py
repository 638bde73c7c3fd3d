"""The repair by what a role used: a smaller policy in place of one of its own, where AWS's report was read."""

import json
from typing import Final, NamedTuple

from auditor.analysis import sites
from auditor.analysis.service_authorization import matching
from auditor.analysis.smaller_policies import allows_nothing, smaller_policy
from auditor.model.identity import Identity, PermissionPolicy, PolicyOrigin, ServiceUsage
from auditor.model.observed import Known
from auditor.model.wildcards import ANY

_INLINE: Final = "{remark}aws iam put-role-policy --role-name {role} --policy-name {policy} --policy-document {smaller}"
_ATTACHED: Final = (
    "{remark}aws iam put-role-policy --role-name {role} --policy-name {smaller_name} --policy-document {smaller}\n"
    "aws iam detach-role-policy --role-name {role} --policy-arn {policy}"
)
_UNUSED_INLINE: Final = "{remark}aws iam delete-role-policy --role-name {role} --policy-name {policy}"
_UNUSED_ATTACHED: Final = "{remark}aws iam detach-role-policy --role-name {role} --policy-arn {policy}"
_TERRAFORM: Final = """\
# replaces {policy}: keeps {kept}
resource "aws_iam_role_policy" "REMARKED" {
  role   = "{role}"
  name   = "{smaller_name}"
  policy = "{smaller}"
}"""
_SHOWN: Final = 8


class _Words(NamedTuple):
    """How it is said where the usage is from. ``done`` is the past of what a role does with an action."""

    done: str
    kept: str
    none: str
    unused: str


_REPORTED: Final = _Words(
    "used",
    "# keeps {kept}: what the role used of this policy in the time AWS keeps track of (400 days at most; of data events"
    " only the service)\n",
    "# the role used nothing of this policy in the time AWS keeps track of (400 days at most)\n",
    "# remove {policy} from role {role}: it used nothing of it",
)
_CALLED: Final = _Words(
    "called",
    "# keeps {kept}: what the code of the role's functions calls of this policy, and what AWS does for them\n",
    "# no code of the role's functions calls anything of this policy\n",
    "# remove {policy} from role {role}: no code of its functions calls anything of it",
)


class Reduction(NamedTuple):
    """How a policy is made smaller. ``site`` is what the repair changes: the role's own policy, or one attachment."""

    command: str
    terraform: str
    values: dict[str, str]
    detail: str
    """What the report says, for evidence."""
    site: str


def reduction(role: Identity, policy_id: str, *but: str) -> Reduction | None:
    """The smaller policy in place of one of the role's; None where the report was not read or leaves nothing out.

    ``but``: endings of action patterns that, kept, would leave the defect as it is: then the general repair stays.
    """
    usage, policies = role.usage, role.policies.value if isinstance(role.policies, Known) else ()
    policy = next((each for each in policies if each.id == policy_id), None)
    if policy is None or not isinstance(usage, Known):
        return None
    return _reduced(role, policy, usage.value, _REPORTED, but)


def reduction_to_calls(role: Identity, policy: PermissionPolicy, calls: ServiceUsage) -> Reduction | None:
    """The smaller policy by what the code of the role's functions calls; None where all of the policy is called."""
    return _reduced(role, policy, calls, _CALLED)


def _reduced(
    role: Identity, policy: PermissionPolicy, usage: ServiceUsage, words: _Words, but: tuple[str, ...] = ()
) -> Reduction | None:
    document = smaller_policy(policy.document.value, usage) if isinstance(policy.document, Known) else None
    if document is None:
        return None
    unused = allows_nothing(document)
    kept = sorted({action for row in document["Statement"] if row["Effect"] == "Allow" for action in _named(row)})
    if any(action.lower().endswith(but) for action in kept):
        return None
    said = _listed(kept) if kept else "nothing"
    values = {
        "policy": policy.id,
        "smaller": json.dumps(document, separators=(",", ":")),
        "smaller_name": policy.name if policy.origin is PolicyOrigin.INLINE else f"{policy.name}-{words.done}"[:128],
        "kept": said,
    }
    hcl = words.unused if unused else _TERRAFORM.replace("REMARKED", words.done)
    command = _command(policy, unused=unused).replace("{remark}", words.none if unused else words.kept)
    detail = f"of policy {policy.id} the role {words.done} {said}"
    return Reduction(command, hcl, values, detail, _site(role, policy))


def _named(row: dict[str, str | list[str]]) -> list[str]:
    actions = row.get("Action", row.get("NotAction", []))
    return [actions] if isinstance(actions, str) else actions


def _listed(kept: list[str]) -> str:
    if len(kept) <= _SHOWN:
        return ", ".join(kept)
    return f"{', '.join(kept[:_SHOWN])} and {len(kept) - _SHOWN} more"


def _command(policy: PermissionPolicy, *, unused: bool) -> str:
    if policy.origin is PolicyOrigin.INLINE:
        return _UNUSED_INLINE if unused else _INLINE
    return _UNUSED_ATTACHED if unused else _ATTACHED


def _site(role: Identity, policy: PermissionPolicy) -> str:
    """Of a policy that other roles may have as well only this role's attachment changes."""
    return "" if policy.origin is PolicyOrigin.INLINE else sites.attachment(role.id, policy.id)


def uncalled(policy: PermissionPolicy, calls: ServiceUsage) -> str:
    """The actions that a policy allows and nothing calls, for a sentence."""
    return _listed(uncalled_actions(policy, calls))


def uncalled_actions(policy: PermissionPolicy, calls: ServiceUsage) -> list[str]:
    """The actions that a policy allows and nothing calls, as it writes them where it can."""
    stated = json.loads(policy.document.need())["Statement"]
    rows = stated if isinstance(stated, list) else [stated]
    patterns = [
        each for row in rows if row["Effect"] == "Allow" for each in (_named(row) if "Action" in row else (ANY,))
    ]
    idle = {use.service: {f"{use.service}:{name}".lower() for name in use.idle_actions} for use in calls.used}
    found: dict[str, None] = {}
    for pattern in patterns:
        for action in matching(pattern):
            if action.service not in idle and ANY in pattern:
                found[f"{action.service}:*" if pattern == ANY else pattern] = None
            elif action.service not in idle or action.key in idle[action.service]:
                found[action.id] = None
    return sorted(found)
