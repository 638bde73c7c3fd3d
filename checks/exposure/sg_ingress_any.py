"""Flags security groups of a function that allow ingress from any address."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.network import FirewallRule
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="Remove the inbound rule: a function accepts no inbound connections. Other resources that use the group lose"
    " the access the rule gave them; give the function a separate group if they need it.",
    breaks="Other resources that use the security group lose the access the rule gave them.",
    command="aws ec2 revoke-security-group-ingress --region {location} --group-id {group} --ip-permissions"
    " 'IpProtocol=<protocol>,FromPort=<from>,ToPort=<to>,IpRanges=[{CidrIp=0.0.0.0/0}]'",
    terraform="""\
resource "aws_security_group" "function" {
  vpc_id  = "<vpc id>"
  ingress = []
}""",
)


@check(
    id="sg-ingress-any",
    title="Security group allows ingress from any address",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("sg-ingress-any",),
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
    cwe=668,
)
def sg_ingress_any(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function's network interface accepts no inbound connections, so the rule exposes nothing on the function
    itself. It exposes every other resource that uses the group, now or later, and shows that the group was not created
    for this function. Low for the function; review what else uses the group.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    present = tuple(g for g in network.security_groups if g.exists != Known(False, g.exists.source))
    for group, rules in each_of(present, lambda group: group.ingress):
        opened = {(_ports(rule), peer) for rule in rules for peer in rule.peers if peer in ("0.0.0.0/0", "::/0")}
        for ports, peer in sorted(opened):
            yield Hit(
                message=f"Security group {group.id} of {function.name} allows ingress from {peer} to {ports}",
                evidence=(cite(group.ingress, f"IpPermissions: {ports} from {peer}"),),
                locus=f"{group.id}/{ports}/{peer}",
                site=f"{group.id}/{ports}/{peer}",
                values={"group": group.id},
            )


def _ports(rule: FirewallRule) -> str:
    if rule.protocol == "-1" or rule.from_port is None:
        return "every port" if rule.protocol == "-1" else f"{rule.protocol}"
    span = f"{rule.from_port}" if rule.from_port == rule.to_port else f"{rule.from_port}-{rule.to_port}"
    return f"{rule.protocol} {span}"
