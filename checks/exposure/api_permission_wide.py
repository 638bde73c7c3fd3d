"""Flags statements in a function's policy that admit every route of an API, where only some lead to the function."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import allowing, of_policies
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the permission again with the method and path of the one route, then remove the statement with the wildcards.",
    breaks="Routes of the API that the new statements do not name can no longer start the function.",
    command="aws lambda add-permission --region {location} --function-name {target} --statement-id <route> --action lambda:InvokeFunction"
    " --principal apigateway.amazonaws.com --source-arn {api}/<stage>/<method>/<path> --source-account {account}\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "route" {
  function_name  = "{name}"
  statement_id   = "<route>"
  action         = "lambda:InvokeFunction"
  principal      = "apigateway.amazonaws.com"
  source_arn     = "{api}/<stage>/<method>/<path>"
  source_account = "{account}"
}""",
)


@check(
    id="api-permission-wide",
    title="Permission admits every route of the API",
    risk=Risk.EXPOSURE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-integration-lambda-scope",),
    facet_of=("policy-service-no-source", "policy-source-not-fixed"),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
    ),
    cwe=732,
    profile_level=ProfileLevel.STRICT,
)
def api_permission_wide(function: Function, _context: Context) -> Iterator[Hit]:
    """An identity that may change the API, or adds a stage for a test, can put a route without authentication in front of the function:
    its policy does not stop it. A statement that names method and path, as the console writes it, does. Opinionated, because
    many templates write the wildcards; catch-all routes need them. A wildcard for the stage alone is not reported.
    """
    for stated in allowing(of_policies(function.policies.need())):
        for source in stated.grant.sources:
            api, wide = _every_route(source)
            if wide and stated.grant.invokes and not _for_every_route(function, api):
                yield Hit(
                    message=f"{stated.label} in the policy of {function.name} admits every method and path of the API {api.rpartition(':')[2]}",
                    evidence=(cite(stated.fact, stated.grant.text),),
                    locus=f"{stated.locus} {source}",
                    site=sites.statement(function, stated),
                    values={**stated.values(function.name), "api": api},
                )


def _every_route(source: str) -> tuple[str, bool]:
    """The ARN of the API that a source is of, and whether the source stands for all of its methods and paths."""
    api, found, rest = source.partition("/")
    if ":execute-api:" not in api or api.endswith("*") or not found:
        return api, False
    return api, rest == "*" or (not rest.startswith("authorizers/") and rest.partition("/")[2] in ("*", "*/*"))


def _for_every_route(function: Function, api: str) -> bool:
    """Whether the API sends all that no other route takes to the function, for which the wildcards are needed."""
    return any(
        route.catch_all and route.method == "ANY"
        for gateway in function.gateways.need()
        if gateway.id == api
        for route in gateway.routes
    )
