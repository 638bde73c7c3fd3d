"""Flags public functions whose identity can write to sensitive resources."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.analysis.public_ways import until_cut_off
from auditor.analysis.role_assignments import all_read, held_roles, may_be_of_host, sensitive, unread_roles
from auditor.analysis.role_repairs import AZURE_UNASSIGNMENT
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Split the app: public handlers run with an identity that can only send messages to a queue, and another"
        " app processes them. Or require authentication.",
        breaks="Operations of the app that needed the role fail with 403, in its other handlers too.",
        command=AZURE_UNASSIGNMENT,
        terraform="""\
resource "azurerm_role_assignment" "queue" { # in place of {granted}
  scope                = "<id of the one queue>"
  role_definition_name = "Storage Queue Data Message Sender"
  principal_id         = azurerm_linux_function_app.this.identity[0].principal_id
}""",
    ),
    Cloud.GCP: Fix(
        text="Split the function: the public one runs as a service account that can only publish to a topic, and"
        " another processes the messages. Or require authentication.",
        breaks="Operations that needed the role fail with 403, for every workload that runs as the service account.",
        command="gcloud projects remove-iam-policy-binding {account} --member=serviceAccount:{identity} --role={granted}",
        terraform="""\
resource "google_pubsub_topic_iam_member" "front" { # in place of {granted}
  topic  = "<topic>"
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:{identity}"
}""",
    ),
}


@check(
    id="http-into-privileged-identity",
    title="Public function has a privileged identity",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    covers=("az-func-http-input-to-privileged-binding",),
    facet_of=("anonymous-endpoint-effective", "key-only-auth-public"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
        "https://cloud.google.com/run/docs/securing/service-identity",
        "https://cwe.mitre.org/data/definitions/250.html",
    ),
    cwe=250,
)
def http_into_privileged_identity(function: Function, _context: Context) -> Iterator[Hit]:
    """Unauthenticated callers choose the input of code whose identity can change data or secrets, or administer
    resources. One injection flaw or one missing authorization check runs with those permissions. Reported where
    callers do not authenticate (a shared key does not identify a caller) and the identity has a role that writes data
    or more. The permissions that the host needs on its own storage account do not count.
    """
    hurting = tuple(role for role in held_roles(function) if sensitive(function, role.binding))
    if not hurting and unread_roles(function) is None:
        return
    doubts = {role: may_be_of_host(function, role.binding) for role in hurting}
    held = tuple(role for role in hurting if doubts[role] is None)
    for path in unauthenticated_paths(function):
        for doubt in doubts.values() if not held else ():
            if doubt is not None:  # it may be the host's own role on its own account
                raise Unanswered(doubt)
        if not held:
            all_read(function)
        yield Hit(
            message=f"{path.what}, and {held[0].sentence}",
            evidence=(
                *(Evidence(source, detail) for source, detail in path.proof),
                cite(held[0].fact, f"{held[0].binding.role} on {held[0].binding.scope}"),
            ),
            locus=path.locus,
            site=sites.public_access(function),
            depends=(*until_cut_off(function), Dependence(sites=tuple(role.site for role in hurting))),
            values=held[0].placeholders(),
        )
