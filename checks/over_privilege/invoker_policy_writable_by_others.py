"""Flags functions whose IAM policy can be changed by principals that do not administer the account."""

from collections.abc import Iterator

from auditor.analysis.permissions.takeover import all_holders_read, taken_by, weight
from auditor.analysis.role_repairs import PROJECT_BINDING_REMOVAL, PROJECT_HOLDER_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TECHNIQUES = ("open-function",)

FIX = {
    Cloud.GCP: Fix(
        text="Grant a role without setIamPolicy, such as Cloud Functions Developer or Cloud Run Developer, and remove this one from {on}.",
        breaks="The member loses everything else that the role allows there.",
        command=PROJECT_BINDING_REMOVAL,
        terraform=PROJECT_HOLDER_HCL,
    ),
}


@check(
    id="invoker-policy-writable-by-others",
    title="Principals can change the function's IAM policy",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    facet_of=(
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "identity-usable-by-others",
        "code-writable-by-others",
    ),
    covers=("gcp-fn-iam-admins",),
    references=("https://cloud.google.com/run/docs/securing/managing-access",),
    cwe=269,
)
def invoker_policy_writable_by_others(function: Function, context: Context) -> Iterator[Hit]:
    """A principal that can change the IAM policy of a function or its Cloud Run service can make it public, or take the right to
    change its code. All principals are read that hold such a role on the function, its project or above it; those that
    administer the whole project are left out. High where the service account of the function can write data, read
    secrets or take others over, otherwise informational.
    """
    paths = context.role_paths(function.cloud)
    for found in taken_by(function, paths, *_TECHNIQUES):
        yield Hit(
            message=found.sentence,
            evidence=(Evidence(found.source, f"{found.binding.role} on {found.binding.scope}"),),
            locus=found.locus,
            site=found.site,
            severity=weight(function, found),
            confidence=found.confidence,
            values=found.fix_values(),
            command=found.command,
        )
    all_holders_read(function, paths)
