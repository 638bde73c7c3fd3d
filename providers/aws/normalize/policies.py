"""Policy documents judged: each document once, whatever refers to it."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.exposure import AccessGrant, Effect
from auditor.model.observed import Known, Observed, Unknown
from providers.aws.iam.document import PolicyMalformedError
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.iam.resource_policy import judge_policy
from providers.aws.normalize.answers import Answers, known, part_of
from providers.aws.normalize.fields import UnreadableError, required

Grants = tuple[AccessGrant, ...]


def judge(
    document: Json,
    answers: Answers,
    partition: str,
    kind: ResourceKind,
    qualifier: str | None = None,
    asked: tuple[str, ...] = (),
) -> Grants:
    """The statements of a policy document (text, or already an object), judged for the account.

    ``asked`` are the only actions of interest, where not all are.
    """
    if not isinstance(document, (str, dict)):
        raise UnreadableError("the policy is neither text nor an object")
    try:
        return judge_policy(
            document,
            account=answers.account,
            partition=partition,
            qualifier=qualifier,
            kind=kind,
            today=answers.day,
            organization=answers.organization,
            asked=asked,
        )
    except PolicyMalformedError as error:
        raise UnreadableError(f"the policy cannot be read: {error}") from error


def policy_of(
    answers: Answers,
    operation: str,
    subject: str,
    key: str,
    *,
    partition: str,
    kind: ResourceKind,
    whole: Known[Any] | Unknown,
) -> Observed[Grants]:
    """The policy under ``key`` of the answer about ``subject``; Known(()) where the cloud says there is none.

    ``whole`` is what we know of the subject itself.
    """
    body = part_of(whole, answers.one(operation, subject))
    if isinstance(body, Unknown):
        return body
    found = body.value
    if found is None:
        return known((), operation)
    return answers.fact(operation, lambda: judge(required(found, key), answers, partition, kind), subject)


def public(grants: Grants) -> bool:
    """Whether any statement lets everyone in."""
    return any(grant.effect is Effect.ALLOW and grant.reach.public for grant in grants)
