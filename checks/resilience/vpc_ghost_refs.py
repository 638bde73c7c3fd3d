"""Flags functions whose VPC configuration names subnets or security groups that do not exist."""

from collections.abc import Iterator

from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set subnets and groups that exist. The command replaces the whole VPC configuration. If nobody noticed, consider deleting the"
    " function.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --vpc-config SubnetIds=<subnet-1>,<subnet-2>,SecurityGroupIds=<security-group>",
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
    controls=("CSA-SAS:SAS-11",),
)
def vpc_ghost_refs(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda keeps running on the network interfaces it has; when it needs a new one, after weeks of idling or under load, it cannot make
    it and invocations fail. Reported only where the cloud answered and did not list the subnet or group, not
    where we may not look.
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
                message=f"{kind} {name} does not exist",
                evidence=(Evidence(network.source, f"VpcConfig names {name}"), cite(exists, f"{name} is not listed")),
                locus=name,
            )
    tuple(each(exists for _, _, exists in parts))
