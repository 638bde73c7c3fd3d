"""Flags functions whose VPC configuration references deleted subnets or security groups."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.attached_network import present_in
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set subnets and security groups that exist. If the fault went unnoticed, consider deleting the function.",
    breaks="The command replaces the whole VPC configuration; destinations whose rules named the old groups do not"
    " admit the new ones.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --vpc-config SubnetIds={subnets},SecurityGroupIds={groups}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  vpc_config {
    subnet_ids         = ["<subnet 1>", "<subnet 2>"]
    security_group_ids = ["<security group>"]
  }
}""",
)


@check(
    id="vpc-ghost-refs",
    title="VPC configuration references deleted resources",
    risk=Risk.RESILIENCE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("vpc-ghost-refs",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",),
)
def vpc_ghost_refs(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda keeps running on its existing network interfaces; when it needs a new one, after weeks without invocations
    or under load, it cannot create it and invocations fail. Reported only where the API answered and did not list the
    subnet or group, not where access is missing.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    parts = (
        *(("Subnet", s.id, s.exists) for s in network.subnets),
        *(("Security group", g.id, g.exists) for g in network.security_groups),
    )
    for kind, name, exists in parts:
        if isinstance(exists, Known) and not exists.value:
            yield Hit(
                message=f"{kind} {name} of function {function.name} does not exist",
                evidence=(Evidence(network.source, f"VpcConfig names {name}"), cite(exists, f"{name} is not listed")),
                locus=name,
                site=sites.network(function),
                values=present_in(network),
            )
    tuple(each(exists for _, _, exists in parts))
