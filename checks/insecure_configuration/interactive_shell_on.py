"""Flags functions whose instances accept SSH sessions."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Disable SSH, and enable it only while it is needed. Use logs and traces otherwise.",
        breaks="Operators can no longer open a shell in the app; it restarts.",
        command="az resource update --ids {id} --set properties.sshEnabled=false",
        terraform="""\
resource "azapi_update_resource" "shell" {
  type        = "Microsoft.Web/sites@2024-11-01" # a slot: Microsoft.Web/sites/slots
  resource_id = "{id}"
  body = {
    properties = {
      sshEnabled = false
    }
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Disable SSH, and enable it only while it is needed. This creates no new revision.",
        breaks="Operators can no longer open a shell in an instance.",
        command="gcloud alpha run services update {name} --region={location} --project={account} --no-ssh",
        no_terraform="the google provider does not support sshEnabled yet: set it through the Cloud Run API",
    ),
}


@check(
    id="interactive-shell-on",
    title="SSH into instances is enabled",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-ssh-enabled", "gcp-run-ssh-enabled"),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/configure-linux-open-ssh-session",
        "https://cloud.google.com/sdk/gcloud/reference/beta/run/services/ssh",
    ),
    cwe=489,
)
def interactive_shell_on(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal with publishing or administrative rights can open a shell in a running instance: with access to the
    secrets in its environment and to the token of its identity, bypassing review and deployment. Nothing of it shows
    in the code that was approved.

    On Azure it is enabled by default: low, unless a publishing password is known to be accepted by the management site,
    through which the shell is reached.
    """
    shell = function.hosting.then(lambda hosting: hosting.interactive_shell)
    if shell.need():
        password = function.deployment.then(lambda deployment: deployment.publishing.management_password)
        by_password = isinstance(password, Known) and password.value
        yield Hit(
            message=f"Instances of function {function.name} accept SSH sessions",
            evidence=(cite(shell, "sshEnabled is not false"),),
            depends=(
                Dependence(
                    sites=(sites.publishing_passwords(function),),
                    leads=("publishing-password-allowed",),
                    then=Severity.LOW,
                ),
            )
            if function.cloud is Cloud.AZURE
            else (),
            severity=Severity.LOW if function.cloud is Cloud.AZURE and not by_password else None,
        )
