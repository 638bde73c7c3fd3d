"""Permission documents of identities, read plainly into grants: one a statement, nothing solved."""

from collections.abc import Mapping
from typing import Any

from auditor.model.identity import PolicyOrigin, PolicyStatement
from providers.aws.iam.document import parse_document
from providers.aws.iam.identity_conditions import weigh_conditions
from providers.aws.iam.policy_owner import PolicyOwner


def read_grants(
    document: str | Mapping[str, Any], *, policy: str, origin: PolicyOrigin, home: PolicyOwner
) -> tuple[PolicyStatement, ...]:
    """The statements of a permission document as grants, in its order.

    ``policy`` is the ARN or name that locates the document, ``home`` says whose identity it is. Actions are
    lower-cased, because IAM ignores their case; resources keep theirs. A statement without a Sid is called by its
    place, counted from 1.

    Raises:
        PolicyMalformedError: the document cannot be read.
    """
    return tuple(
        PolicyStatement(
            effect=statement.effect,
            actions=tuple(action.lower() for action in statement.actions),
            not_actions=tuple(action.lower() for action in statement.not_actions),
            resources=statement.resources,
            not_resources=statement.not_resources,
            condition_keys=tuple(dict.fromkeys(condition.key for condition in statement.conditions)),
            conditions=weigh_conditions(statement.conditions, home),
            policy=policy,
            origin=origin,
            statement=statement.sid or f"statement {statement.index + 1}",
            text=statement.text,
        )
        for statement in parse_document(document)
    )
