"""Flags credentials in the variables of revisions that no longer serve."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Renew the credential, and delete the revisions that hold the old one.",
        command="gcloud run revisions list --service={name} --region={location} --project={account}\ngcloud run revisions delete {revision} --region={location} --project={account}",
        no_terraform="revisions are made by deployments and are no resources of the provider: delete them with the command",
    ),
}


@check(
    id="revision-secret",
    title="Secret in old revision",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-old-revision-secrets",),
    controls=("CSA-SAS:SAS-7", "NIST-800-53:IA-5(7)"),
    cwe=526,
)
def revision_secret(function: Function, _context: Context) -> Iterator[Hit]:
    """A revision is never changed: taking the variable out makes a new one, and the old ones go on showing the value
    to everyone who may list revisions. Renewing the credential ends it; deleting the revisions tidies up.
    """
    old = function.deployment.then(lambda deployment: deployment.revisions.secrets)
    serving = function.deployment.then(lambda deployment: deployment.revisions.receiving)
    revisions: dict[str, list[str]] = {}
    for entry in old.need():
        revision, _, variable = entry.partition("/")
        revisions.setdefault(variable, []).append(revision)
    for variable, names in revisions.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Hit(
            message=f"Variable {variable} of {names[0]}{more} holds a credential",
            evidence=(
                cite(old, f"{names[0]}: {variable} has a plain value, not shown"),
                cite(serving, f"{names[0]} does not serve"),
            ),
            locus=variable,
            values={"revision": names[0], "variable": variable},
        )
