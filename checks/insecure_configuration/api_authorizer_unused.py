"""Flags authorizers of an API in front of a function that no route asks."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, api_of, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OTHER = "aws apigatewayv2 delete-authorizer --region {location} --api-id {api} --authorizer-id {authorizer}"

_FIX = Fix(
    text="Find out whether a route was meant to ask the authorizer {authorizer}, and set it there; otherwise delete it.",
    breaks="A deployment of a template that names the authorizer fails once it is deleted.",
    command="aws apigateway delete-authorizer --region {location} --rest-api-id {api} --authorizer-id {authorizer}",
    no_terraform="remove the resource aws_api_gateway_authorizer or aws_apigatewayv2_authorizer",
)


@check(
    id="api-authorizer-unused",
    title="API has an authorizer that no route asks",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-orphans-ghosts",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
    ),
    cwe=1164,
    profile_level=ProfileLevel.STRICT,
)
def api_authorizer_unused(function: Function, _context: Context) -> Iterator[Hit]:
    """An authorizer that no route asks looks like protection in every list and protects nothing: either a route lost it, or
    it is left over, and may be put to use again with an issuer or a function that is no longer looked after. Opinionated,
    because it does no harm by itself. Judged are APIs of which some route asks an authorizer; unused domain names, keys and
    VPC links are not.
    """
    for gateway, found in each_gateway(function, STAGED, lambda gateway: gateway.authorizers):
        for each in found.value:
            if not each.asked:
                yield Hit(
                    message=f"No route of API {gateway.name} in front of {function.name} asks its authorizer {each.name}",
                    evidence=(cite(found, f"{gateway.id}: authorizer {each.id} is named by no route"),),
                    locus=f"{gateway.id} {each.id}",
                    site=f"authorizer {each.id} of {gateway.id}",
                    command=None if gateway.kind == "rest" else _OTHER,
                    values={"api": api_of(gateway), "authorizer": each.id},
                )
