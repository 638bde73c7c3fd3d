"""Flags managed identities that trust more of another issuer than one workload."""

from collections.abc import Iterator

from auditor.analysis.arm_ids import group_of, subscription_of
from auditor.analysis.federated_credentials import Breadth, trust
from auditor.analysis.role_assignments import without_identity
from auditor.analysis.roles import acting_role, identities_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered, each_of
from auditor.model.severity import Severity

_SEVERITY = {
    Breadth.ANYONE: Severity.CRITICAL,
    Breadth.ORGANISATION: Severity.HIGH,
    Breadth.PROJECT: Severity.MEDIUM,
}

FIX = {
    Cloud.AZURE: Fix(
        text="Replace the credential with one for each workload that needs the identity, with a subject that names one"
        " repository and one environment or protected branch, without wildcards.",
        breaks="Workflows whose token has another subject than the new one are refused (AADSTS70021).",
        command="az identity federated-credential delete --subscription {identity_subscription} --resource-group {identity_group} --identity-name {identity} --name {credential} --yes\n"
        "az identity federated-credential create --subscription {identity_subscription} --resource-group {identity_group} --identity-name {identity} --name {credential}"
        " --issuer {issuer} --subject <repo:owner/repository:environment:production> --audiences api://AzureADTokenExchange",
        terraform="""\
resource "azurerm_federated_identity_credential" "this" {
  name                = "{credential}"
  resource_group_name = "{identity_group}"
  parent_id           = "{identity_id}"
  audience            = ["api://AzureADTokenExchange"]
  issuer              = "{issuer}"
  subject             = "<repo:owner/repository:environment:production>"
}""",
    ),
}


@check(
    id="federated-credential-broad",
    title="Federated credential trusts more than one workload",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-identity-federated-credentials",),
    references=(
        "https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity",
        "https://learn.microsoft.com/en-us/entra/workload-id/workload-identities-flexible-federated-identity-credentials",
        "https://docs.github.com/en/actions/reference/security/oidc",
    ),
    cwe=284,
)
def federated_credential_broad(function: Function, _context: Context) -> Iterator[Hit]:
    """The holder of a token that the credential accepts obtains tokens of the identity, with every permission of the
    function and without a secret. Critical where everybody who uses the issuer, a public CI service, can make such a
    token; high where every project of one organization can; medium where every branch or pull request of one project
    can, or an application of another directory. A wildcard in the subject of a plain credential is compared literally:
    it is low, as nothing matches what somebody meant to allow.
    """
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    shared = [each for each in identities_of(function) if not each.id.endswith("#system")]
    for identity in shared:
        if not isinstance(acting_role(identity), str):
            yield from _of(function, identity)
    for fact in (function.identity, function.attached):
        fact.need()
    if not shared:
        raise NotApplicable("it has a system-assigned identity only, which trusts no other issuer")


def _of(function: Function, identity: Identity) -> Iterator[Hit]:
    unread: Gap | None = None
    tenant = identity.tenant.value if isinstance(identity.tenant, Known) else None
    for fact, credentials in each_of(identity.federated, lambda group: group):
        for credential in credentials:
            accepted = trust(credential, tenant)
            if accepted is None:
                message = f"the expression of federated credential {credential.name} cannot be evaluated"
                unread = Gap(GapReason.UNRECOGNISED, fact.source, None, message, credential.id)
                continue
            if accepted.breadth is Breadth.NARROW and not accepted.literal:
                continue
            decides = credential.expression or f"subject {credential.subject}"
            whom = (
                f"only the subject {credential.subject} letter by letter: it holds no wildcard"
                if accepted.literal
                else f"tokens of {accepted.whose}"
            )
            yield Hit(
                message=f"Federated credential {credential.name} of identity {identity.name} ({function.name}) accepts"
                f" {whom}",
                evidence=(cite(fact, f"{credential.id}: issuer {credential.issuer}, {decides}"),),
                locus=credential.id,
                site=credential.id,
                severity=Severity.LOW if accepted.literal else _SEVERITY[accepted.breadth],
                values={
                    "identity": identity.name,
                    "identity_group": group_of(identity.id),
                    "identity_subscription": subscription_of(identity.id),
                    "identity_id": identity.id,
                    "credential": credential.name,
                    "issuer": credential.issuer,
                },
            )
    if unread is not None:
        raise Unanswered(unread)
