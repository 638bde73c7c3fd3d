"""Flags public functions whose identity may write to sensitive stores."""

from collections.abc import Iterator

from auditor.analysis.bindings import all_read, held_roles, may_be_of_host, sensitive, unread_roles
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Split the app: handlers that strangers call run with an identity that may only put a message into a queue, and another"
        " app does the work. Or let callers sign in first.",
        command="az role assignment delete --ids {assignment}",
        terraform="""\
resource "azurerm_role_assignment" "queue" { # in place of {granted}
  scope                = "<id of the one queue>"
  role_definition_name = "Storage Queue Data Message Sender"
  principal_id         = azurerm_linux_function_app.this.identity[0].principal_id
}""",
    ),
    Cloud.GCP: Fix(
        text="Split the function: the one strangers call runs as an account that may only publish to a topic, and another does the"
        " work. Or let callers sign in first.",
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
    controls=("MCSB:PA-7", "NIST-800-53:AC-6", "NIST-800-53:SI-10", "CSA-SAS:SAS-1", "CSA-SAS:SAS-4"),
    cwe=250,
)
def http_into_privileged_identity(function: Function, _context: Context) -> Iterator[Hit]:
    """Strangers choose the input, and the identity behind it may change data, secrets or more.

    One injection, one forgotten check of an id, and the stranger's words are executed with those rights. Reported
    where callers prove no identity (a shared key proves none) and a role that writes data, or more, is held. What the host
    needs on its own storage account does not count.
    """
    hurting = tuple(role for role in held_roles(function) if sensitive(function, role.binding))
    if not hurting and unread_roles(function) is None:
        return
    doubts = {role: may_be_of_host(function, role.binding) for role in hurting}
    held = tuple(role for role in hurting if doubts[role] is None)
    for door in unauthenticated_paths(function):
        for doubt in doubts.values() if not held else ():
            if doubt is not None:  # it may be the host's own role on its own account
                raise Unanswered(doubt)
        if not held:
            all_read(function)
        yield Hit(
            message=f"{door.what}, and {held[0].sentence}",
            evidence=(
                *(Evidence(source, detail) for source, detail in door.proof),
                cite(held[0].fact, f"{held[0].binding.role} on {held[0].binding.scope}"),
            ),
            locus=door.locus,
            values=held[0].placeholders(),
        )
