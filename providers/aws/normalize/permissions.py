"""Whether the role of a function may do something: the question of one function, from a capture."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_network
from typing import Final

from auditor.analysis.permissions.decision import Answer, Decision
from auditor.analysis.service_authorization import matching, prefixes, provenance, service
from auditor.errors import UsageError, suggestion
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.inventory import Inventory
from auditor.model.observed import GapReason, Observed, Unknown
from auditor.provider import PermissionQuestion
from providers.aws.arn import parse_arn, split_function
from providers.aws.iam.identity_conditions import ABSENT
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import text
from providers.aws.normalize.principals import read_authorizer

_ADDRESSES: Final = ("aws:sourceip", "aws:vpcsourceip")
_POLICIES: Final = {
    "lambda": ("lambda:GetPolicy", "Policy"),
    "secretsmanager": ("secretsmanager:GetResourcePolicy", "ResourcePolicy"),
}
"""The calls that answer with the policy of a resource, by service, and the member that holds it."""


def decide(capture: Capture, inventory: Inventory, function: Function, asked: PermissionQuestion) -> Decision:
    """Whether the function's role may do it, in a session as Lambda opens it for the function.

    Raises UsageError for an action without its service, and for a resource that is neither an ARN nor ``*``, and for
    a value of the context that its key cannot have.
    """
    _check(asked)
    if isinstance(function.identity, Unknown):
        return Decision(Answer.UNKNOWN, "The role of the function could not be read.", gap=function.identity.gap)
    role = function.identity.value
    arn = parse_arn(role.id) if role is not None else None
    if role is None or arn is None:
        return Decision(Answer.NO, "The function has no role.")
    scope = next(each for each in inventory.scopes if each.id == function.scope)
    if isinstance(scope.principals, Unknown):
        return Decision(Answer.UNKNOWN, "The principals of the account could not be read.", gap=scope.principals.gap)
    authorizer = read_authorizer(capture, scope)
    session = f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/{function.name}"
    known: Mapping[str, tuple[str, ...]] = dict.fromkeys(ABSENT, ()) | {"lambda:sourcefunctionarn": (function.id,)}
    context = {**known, **{key.lower(): values for key, values in asked.context.items()}}
    policy = _resource_policy(capture, scope.name, asked.resource)
    found = authorizer.may(session, asked.action, asked.resource, context, resource_policy=policy)
    prefix = asked.action.partition(":")[0]
    if service(prefix.lower()) is not None:
        return found
    unlisted = f"{prefix} is no service of the Service Authorization Reference of {provenance().date}."
    return replace(found, why=f"{found.why} {unlisted}")


def _check(asked: PermissionQuestion) -> None:
    prefix, _, name = asked.action.partition(":")
    if not prefix or not name or "*" in asked.action or "?" in asked.action:
        raise UsageError(
            f"{asked.action!r} is not one action of AWS: write it as service:Action, such as s3:GetObject."
        )
    _check_spelling(prefix, asked.action)
    if asked.resource != "*" and parse_arn(asked.resource) is None:
        raise UsageError(
            f"{asked.resource!r} is not the ARN of a resource: it begins with arn:, or is * for everything."
        )

    for key, values in asked.context.items():
        for value in values if key.lower() in _ADDRESSES else ():
            _check_address(key, value)


def _check_address(key: str, value: str) -> None:
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise UsageError(f"--context {key}: {value!r} is no IP address, such as 10.0.0.1.") from None


def _check_spelling(prefix: str, action: str) -> None:
    """Raises UsageError for what is none of a known service's actions, and for nearly the prefix of one."""
    found = service(prefix.lower())
    if found is None:
        near = suggestion(prefix.lower(), prefixes())
        if near != ".":
            raise UsageError(f"{prefix!r} is not a service of AWS{near}")
        return  # one that is newer than the data: policies are read alike
    if not matching(action):
        known = [each.id for each in found.actions.values()]
        raise UsageError(
            f"{action!r} is not an action of AWS by the Service Authorization Reference of {provenance().date}"
            f"{suggestion(action, known)}"
        )


def _resource_policy(capture: Capture, account: str, resource: str) -> Observed[str | None] | None:
    """The policy of a resource of the account; None where the run did not ask for it."""
    arn = parse_arn(resource)
    found = _POLICIES.get(arn.service) if arn is not None and arn.account == account else None
    if arn is None or found is None:
        return None
    operation, member = found
    answers = Answers(capture, account, arn.region)
    name, qualifier = split_function(resource) or (resource, "")
    subject = f"{name}#{qualifier}" if qualifier else name
    answer = answers.one(operation, subject)
    if isinstance(answer, Unknown):
        left_out = answer.gap.reason in (GapReason.NOT_COLLECTED, GapReason.NOT_AT_DEPTH, GapReason.NOT_FOUND)
        return None if left_out else answer
    body = answer.value
    if body is None or body.get(member) is None:
        return answer.map(lambda _: None)
    return answers.fact(operation, lambda: text(body, member), resource)
