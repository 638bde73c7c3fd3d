"""Flags role statements that allow actions on all resources although a resource could be named."""

from collections.abc import Iterator

from auditor.analysis.broad_statements import Breadth
from auditor.analysis.grants import restricted
from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.role_repairs import AWS_NEEDS_HCL, named_resources
from auditor.analysis.roles import OWN_POLICIES, acting_role, all_grants, broad_of, grant_loci, grant_source
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.identity import Conditions
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Name the resources in the statement: the table, bucket, queue or key the code uses. Keep * only for"
    " actions that support no resource, in a separate statement.",
    breaks="Access to a resource that is not listed fails with AccessDenied.",
    command="aws iam put-role-policy --role-name {role} --policy-name <name of the policy> --policy-document file://<policy with its resources named>.json",
    terraform=AWS_NEEDS_HCL,
)


@check(
    id="role-resource-wildcard",
    title="Role allows actions on all resources",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("role-resource-wildcard",),
    facet_of=("escalation-path", "role-service-wildcard"),
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
    cwe=250,
)
def role_resource_wildcard(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The function needs one table and can use all of them, those of other teams included; an ARN such as table/* or
    arn:aws:s3:::* is equivalent to *. High for secrets, keys, identities, code and sharing, medium for reading and
    changing data, low for sending messages and describing resources.

    Not reported: actions that support no resource or do not exist; the actions that AWS documents on * for every
    function (logs, traces, metrics, network interfaces); statements that role-admin or role-service-wildcard report;
    AWS managed policies (role-aws-managed-broad); and statements whose condition restricts the resources. A condition
    that restricts only the principal, network or session lowers the severity by one level.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    found = [
        broad
        for broad in broad_of(role, *OWN_POLICIES)
        if broad.breadth is Breadth.RESOURCE and broad.severity is not None
    ]
    for broad, locus in zip(found, grant_loci(broad.grant for broad in found), strict=True):
        grant = broad.grant
        changed = edit(role, grant, "name the resources the code uses")
        named = named_resources(broad.actions)
        yield Hit(
            message=f"Role {role.name} allows {broad.what} on {broad.where} through policy {grant.policy}"
            f"{restricted(grant)}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=locus,
            site=statement_site(role, grant),
            severity=broad.severity,
            confidence=None if grant.conditions is Conditions.VACUOUS else Confidence.MEDIUM,
            values={**changed.values, **named.values},
            command=changed.command,
            terraform=named.terraform,
        )
    all_grants(role)
