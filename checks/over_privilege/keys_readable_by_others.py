"""Flags function apps whose function keys or publishing credentials can be read by principals that do not administer the account."""

from collections.abc import Iterator

from auditor.analysis.permissions.role_dependences import until_harmless
from auditor.analysis.permissions.takeover import all_holders_read, taken_by, weight
from auditor.analysis.role_repairs import AZURE_UNASSIGNMENT, AZURE_UNASSIGNMENT_HCL
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TECHNIQUES = ("read-function-keys", "read-publishing-credentials")

FIX = {
    Cloud.AZURE: Fix(
        text="Assign a role without the listkeys and publishing permissions, such as Reader or a custom role, and delete the assignment on {on}.",
        breaks="The holders of the role lose everything else that it allows there.",
        command=AZURE_UNASSIGNMENT,
        terraform=AZURE_UNASSIGNMENT_HCL,
    ),
}


@check(
    id="keys-readable-by-others",
    title="Principals can read function keys or credentials",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    facet_of=(
        "role-admin",
        "escalation-path",
        "role-takeover",
        "role-above-account",
        "role-wide-scope",
        "role-through-group",
        "identity-usable-by-others",
        "code-writable-by-others",
        "host-storage-writable-by-others",
    ),
    covers=("az-func-who-can-read-keys", "az-func-deployment-credentials-exfil"),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to",),
    cwe=269,
)
def keys_readable_by_others(function: Function, context: Context) -> Iterator[Hit]:
    """The master key opens every handler and the administration of the app; publishing credentials replace its code
    where publishing with a password is allowed. All principals are read that hold a role with a permission that returns
    them, wildcards included: */read matches the operations on keys that are named read. Those that administer the whole
    account are left out. High where the identity of the app can write data, read secrets or take others over, otherwise
    low; less where a requirement could not be evaluated.
    """
    paths = context.role_paths(function.cloud)
    for found in taken_by(function, paths, *_TECHNIQUES):
        severity = weight(function, found)
        yield Hit(
            message=found.sentence,
            evidence=(Evidence(found.source, f"{found.binding.role} on {found.binding.scope}"),),
            locus=found.locus,
            site=found.site,
            severity=severity,
            depends=until_harmless(function, found, severity),
            confidence=found.confidence,
            values=found.fix_values(),
            command=found.command,
        )
    all_holders_read(function, paths)
