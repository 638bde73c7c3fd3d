"""Flags DNS records that point to function host names without an app."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Delete the DNS record, or create the app again under that name before someone else does.",
        breaks="Clients that still use the deleted host name can no longer resolve it.",
        command="az network dns record-set cname delete --ids {record}",
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
    references=("https://learn.microsoft.com/en-us/azure/security/fundamentals/subdomain-takeover",),
    cwe=350,
    subject=Subject.SCOPE,
)
def dangling_hostname(scope: Scope, _context: Context) -> Iterator[Hit]:
    """An attacker who creates an app with that name serves pages, obtains certificates and receives cookies under
    the domain (subdomain takeover). Only DNS zones and apps of the subscriptions this run can read are compared: a
    record that points to an app of another subscription is reported too, so verify before you delete it.
    """
    names = scope.guardrails.then(lambda guardrails: guardrails.dangling_names)
    for record in names.need():
        yield Hit(
            message=f"DNS record {record.name} points to {record.target}, which no app in the scanned subscriptions owns",
            evidence=(cite(names, f"{record.id}: CNAME {record.target}"),),
            locus=record.name,
            values={"record": record.id},
        )
