"""Flags statements that grant any principal access under a condition that may not restrict it."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import of_invoker
from auditor.analysis.policy_statements import judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Name the principals that need the function instead of *, and keep the condition as an additional control."
    " Add the new statement before removing the old one, so that callers keep their access.",
    breaks="Callers that satisfied the condition but are not named lose access.",
    command="aws lambda add-permission --region {location} --function-name {target} --statement-id <caller> --action lambda:InvokeFunction"
    " --principal <account-id-or-role-arn>\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "caller" {
  function_name = "{name}"
  statement_id  = "<caller>"
  action        = "lambda:InvokeFunction"
  principal     = "<account id or role ARN>"
}""",
)

_FIX_GCP = Fix(
    text="Name the members that need the function instead of allUsers, and keep the condition as an additional"
    " control. Grant first, then remove, so that callers keep their access.",
    breaks="Callers that satisfied the condition but are not named get 403.",
    command="gcloud run services add-iam-policy-binding {run_service} --region={location} --project={account} --member=<caller> --role=roles/run.invoker\n"
    "gcloud run services remove-iam-policy-binding {run_service} --region={location} --project={account} --member={member} --role={granted}",
    terraform="""\
resource "google_cloud_run_v2_service_iam_member" "caller" { # in place of {granted} for {member}
  name     = "{name}"
  location = "{location}"
  role     = "roles/run.invoker"
  member   = "serviceAccount:<the one caller>"
}""",
)


@check(
    id="policy-conditional-public",
    title="Resource policy grants conditional public access",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX, Cloud.GCP: _FIX_GCP},
    covers=("policy-public",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        "https://cloud.google.com/run/docs/securing/managing-access",
    ),
    cwe=284,
    confidence=Confidence.MEDIUM,
)
def policy_conditional_public(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The statement grants access to every principal and relies on a condition, such as one public IP address, to
    exclude the rest. Anyone who meets the condition (another client behind the same NAT, the next holder of the
    address) has access without credentials of the account. Because the effect of the condition cannot be proved either
    way, the finding names the condition for review.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        if grant.reach is Reach.CONDITIONAL:
            taken = of_invoker(function, grant)
            yield Hit(
                message=f"{stated.label} in the policy of {function.name} restricts public access only by"
                f" {', '.join(grant.condition_keys) or 'its condition'}."
                f" {stated.told}",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                severity=Severity.HIGH if grant.modifies else None,
                values={**stated.values(function.name), **taken.values},
                command=taken.command,
            )
