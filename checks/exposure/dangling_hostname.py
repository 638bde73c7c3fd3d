"""Flags DNS names that point at function hosts nobody owns."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Delete the DNS record, or create the app again under that name before somebody else does.",
        command="az network dns record-set cname list --subscription {account} --resource-group <group> --zone-name <zone>\n"
        "az network dns record-set cname delete --subscription {account} --resource-group <group> --zone-name <zone> --name <record>",
        no_terraform="remove the azurerm_dns_cname_record; there is no setting to add",
    ),
}


@check(
    id="dangling-hostname",
    title="DNS record points to an unclaimed function host name",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-dangling-hostname",),
    controls=("NIST-800-53:SC-20", "NIST-800-53:CM-8"),
    cwe=350,
    subject=Subject.SCOPE,
)
def dangling_hostname(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Whoever creates an app of that name serves pages, gets certificates and receives cookies under your domain.

    Only DNS zones and apps of the subscriptions this run can see are compared: a record that points at an app of a
    subscription you did not scan is named here too, so look before you delete.
    """
    names = scope.guardrails.then(lambda guardrails: guardrails.dangling_names)
    for name in names.need():
        yield Hit(
            message=f"{name} points at a host name that no app seen here owns",
            evidence=(cite(names, name),),
            locus=name,
        )
