"""Which other issuers' tokens Azure exchanges for those of a user-assigned identity.

Members by the reference of Microsoft.ManagedIdentity 2025-01-31-preview: an issuer, audiences, and either a subject or
a ``claimsMatchingExpression``.
"""

from auditor.model.capture import Json
from auditor.model.identity import FederatedCredential
from auditor.model.observed import Observed, Unknown
from providers.azure.normalize.answers import known
from providers.azure.normalize.fields import UnreadableError, member, optional_member, optional_text, text, texts
from providers.azure.normalize.ids import subscription_of
from providers.azure.normalize.resource_index import ResourceIndex

_LIST = "msi:ListFederatedCredentials"


def federated_credentials(world: ResourceIndex, identity: str) -> tuple[Observed[tuple[FederatedCredential, ...]], ...]:
    """Those of one identity, and why there may be more.

    Answers about an identity of a subscription that is not audited lie with those of an app that has it.
    """
    own = world.subscriptions.get(subscription_of(identity) or "")
    others = (answers for answers in world.subscriptions.values() if identity in answers.bodies(_LIST))
    answers = own if own is not None else next(others, world.any)
    listed = answers.readable(answers.rows(_LIST, identity), _credential)
    return (known(listed.items, _LIST), *(() if listed.gap is None else (Unknown(listed.gap),)))


def _credential(item: Json) -> FederatedCredential:
    body = member(item, "properties")
    subject = optional_text(body, "subject")
    flexible = optional_member(body, "claimsMatchingExpression")
    expression = text(flexible, "value") if flexible else None
    if (subject is None) == (expression is None):
        raise UnreadableError("a federated credential has a subject or an expression")
    return FederatedCredential(
        id=text(item, "id").lower(),
        name=text(item, "name"),
        issuer=text(body, "issuer"),
        subject=subject,
        expression=expression,
        audiences=tuple(texts(body, "audiences")),
    )
