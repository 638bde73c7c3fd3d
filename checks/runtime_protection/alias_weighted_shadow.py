"""Flags aliases that route part of their traffic to a second version."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If no gradual deployment is in progress, complete it or remove the second version from the alias.",
    breaks="A gradual deployment ends: all traffic goes to the main version of the alias at once.",
    command="aws lambda update-alias --region {location} --function-name {name} --name {alias} --routing-config 'AdditionalVersionWeights={}'",
    terraform="""\
resource "aws_lambda_alias" "this" {
  function_name    = "{name}"
  name             = "{alias}"
  function_version = "{version}"
  # no routing_config: all traffic goes to this version
}""",
)


@check(
    id="alias-weighted-shadow",
    title="Alias routes part of its traffic to another version",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("alias-weighted-shadow",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html",),
)
def alias_weighted_shadow(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A weight of one percent is enough to run altered code on real events while the alias still shows the version that
    was reviewed. Gradual deployments look the same for a short time, hence low; investigate a weight that remains at
    the next audit.
    """
    for alias in function.aliases.need():
        if alias.weights:
            shares = ", ".join(f"{weight:.0%} to version {version}" for version, weight in alias.weights)
            yield Hit(
                message=f"Alias {alias.name} of function {function.name} points to version {alias.version} and routes {shares}",
                evidence=(cite(function.aliases, f"{alias.name}: RoutingConfig.AdditionalVersionWeights, {shares}"),),
                locus=alias.name,
                values={"alias": alias.name, "version": alias.version},
            )
