"""Flags functions with an access restriction rule that allows any source."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.network_exposure import internet_reaches
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.ingress import AccessRules
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Remove the rule that allows any source, or set the default action to Deny where the list only denies"
        " some sources. Add rules for the legitimate callers first.",
        breaks="Callers outside the listed networks get 403.",
        command="az functionapp config access-restriction remove --resource-group {group} --name {app}{of_slot} --rule-name {rule}\n"
        "az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot} --default-action Deny",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # without the rule "{rule}"
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    ip_restriction_default_action = "Deny"
  }
}""",
    ),
}


@check(
    id="access-rule-admits-everyone",
    title="Access restriction rule allows any source",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    covers=("az-func-ip-restrictions-any-allow",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-ip-restrictions",),
    cwe=284,
)
def access_rule_admits_everyone(function: Function, _context: Context) -> Iterator[Hit]:
    """An access restriction list that ends in "allow any" looks like a restriction and restricts nothing: the rules
    before it have no effect. Rules are evaluated in order, with the default action. A rule that requires a Front Door
    ID does not count as open, nor does a list that only denies some sources. Where there is no rule at all (Azure then
    shows "Allow all"), ingress-open reports it; where public network access is disabled, the list has no effect.
    """
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    listed = function.ingress.then(lambda ingress: ingress.rules)
    rules = listed.need()
    if any(rule.allow for rule in rules.rules) and rules.open:
        admitted.need()
        name = _deciding(rules)
        yield Hit(
            message=f"The access restrictions of {function.name} allow any source"
            f" ({f'rule {name}' if name else 'the default action is Allow'})",
            evidence=(cite(listed, f"{name or 'unmatched rule action'}: Allow any"),),
            locus=name,
            site=sites.ingress(function),
            values={"rule": name or "<rule-name>"},
        )


def _deciding(rules: AccessRules) -> str:
    """The name of the rule that allows any source; "" for the default action."""
    return next((rule.name for rule in rules.rules if rule.any_source and rule.allow and not rule.headers), "")
