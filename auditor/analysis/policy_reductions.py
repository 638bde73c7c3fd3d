"""The repair by what a role used: a smaller policy in place of one of its own, where AWS's report was read."""

import json
from typing import Final, NamedTuple

from auditor.analysis import sites
from auditor.analysis.smaller_policies import allows_nothing, smaller_policy
from auditor.model.identity import Identity, PermissionPolicy, PolicyOrigin
from auditor.model.observed import Known

_KEPT: Final = (
    "# keeps {kept}: what the role used of this policy in the time AWS keeps track of (400 days at most; of data events"
    " only the service)\n"
)
_INLINE: Final = _KEPT + "aws iam put-role-policy --role-name {role} --policy-name {policy} --policy-document {smaller}"
_ATTACHED: Final = (
    _KEPT + "aws iam put-role-policy --role-name {role} --policy-name {smaller_name} --policy-document {smaller}\n"
    "aws iam detach-role-policy --role-name {role} --policy-arn {policy}"
)
_NONE: Final = "# the role used nothing of this policy in the time AWS keeps track of (400 days at most)\n"
_UNUSED_INLINE: Final = _NONE + "aws iam delete-role-policy --role-name {role} --policy-name {policy}"
_UNUSED_ATTACHED: Final = _NONE + "aws iam detach-role-policy --role-name {role} --policy-arn {policy}"
_TERRAFORM: Final = """\
# replaces {policy}: keeps {kept}
resource "aws_iam_role_policy" "used" {
  role   = "{role}"
  name   = "{smaller_name}"
  policy = "{smaller}"
}"""
_TERRAFORM_UNUSED: Final = "# remove {policy} from role {role}: it used nothing of it"
_SHOWN: Final = 8


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
    if policy is None or not isinstance(usage, Known) or not isinstance(policy.document, Known):
        return None
    document = smaller_policy(policy.document.value, usage.value)
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
        "smaller_name": policy.name if policy.origin is PolicyOrigin.INLINE else f"{policy.name}-used"[:128],
        "kept": said,
    }
    hcl = _TERRAFORM_UNUSED if unused else _TERRAFORM
    said = f"of policy {policy.id} the role used {said}"
    return Reduction(_command(policy, unused=unused), hcl, values, said, _site(role, policy))


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
