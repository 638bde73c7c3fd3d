"""Flags VPCs without endpoints for the services that a function calls."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.exposure import Effect
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each
from auditor.model.severity import Severity

_SERVICES = ("s3", "dynamodb", "sts", "secretsmanager")
_GATEWAYS = frozenset({"s3", "dynamodb"})

FIX = {
    Cloud.AWS: Fix(
        text="Create the endpoint: a gateway endpoint (S3, DynamoDB) is free and needs the route tables, an"
        " interface endpoint needs the subnets and a security group.",
        breaks="New routes apply at once to everything in the VPC: an endpoint policy that is too narrow blocks it.",
        command="aws ec2 create-vpc-endpoint --region {location} --vpc-id {network} --vpc-endpoint-type {kind} --service-name com.amazonaws.{location}.{service}",
        terraform='resource "aws_vpc_endpoint" "this" {\n  vpc_id            = "{network}"\n  vpc_endpoint_type = "{kind}"\n  service_name      = "com.amazonaws.{location}.{service}"\n}',
    )
}


@check(
    id="vpc-no-endpoints",
    title="VPC has no endpoint for a service the function uses",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix=FIX,
    covers=("vpc-no-endpoints",),
    references=(
        "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def vpc_no_endpoints(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a VPC endpoint, calls to the service leave through NAT to its public address, and no endpoint policy
    applies.

    Only S3, DynamoDB, STS and Secrets Manager, and only where the role may call them by name. An opinion: the calls are
    encrypted either way, and interface endpoints are billed.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not attached to a VPC")
    endpoints = network.endpoints.need()
    missing = [service for service in _SERVICES if not any(endpoint.endswith(f".{service}") for endpoint in endpoints)]
    if not missing:
        return
    identity = function.identity.need()
    if identity is None:
        raise NotApplicable("the function has no role")
    reported: set[str] = set()
    for group in each(identity.statements):
        used = {action.partition(":")[0] for grant in group if grant.effect is Effect.ALLOW for action in grant.actions}
        for service in missing:
            if service in used and service not in reported:
                reported.add(service)
                yield Hit(
                    message=f"VPC {network.id} of function {function.name} has no endpoint for {service}, which role {identity.name} may call",
                    evidence=(
                        cite(network.endpoints, f"{network.id}: VpcEndpoints has no {service}"),
                        cite(function.identity, f"{identity.name} allows {service} actions"),
                    ),
                    locus=service,
                    values={
                        "service": service,
                        "network": network.id,
                        "kind": "Gateway" if service in _GATEWAYS else "Interface",
                    },
                )
