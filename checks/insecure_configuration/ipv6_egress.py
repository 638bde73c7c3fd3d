"""Flags dual-stack functions that may connect to any IPv6 address."""

from collections.abc import Iterator

from auditor.analysis.firewalls import permissions, ports, standing
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Remove the IPv6 rule, or restrict it to the same peers as the corresponding IPv4 rule.",
        breaks="The traffic that the rule allowed ends, for everything that uses the group.",
        command="aws ec2 revoke-security-group-egress --region {location} --group-id {group} --ip-permissions {permissions}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  vpc_config {\n    subnet_ids                  = aws_subnet.private[*].id\n    security_group_ids          = ["{group}"]\n    ipv6_allowed_for_dual_stack = false\n  }\n}',
    )
}


@check(
    id="ipv6-egress",
    title="Egress to any IPv6 address is allowed",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gap-ipv6-egress",),
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
)
def ipv6_egress(function: Function, _context: Context) -> Iterator[Hit]:
    """Egress filters are mostly written for IPv4; on a dual-stack function, a rule for ::/0 bypasses them.

    Judged only where the function is dual-stack: on others the same rule has no effect.
    """
    network = function.network.need()
    if network is None or not network.dual_stack:
        raise NotApplicable("the function has no IPv6 addresses")
    for group, rules in each_of(standing(network), lambda group: group.egress):
        open_ports = sorted({ports(rule) for rule in rules if "::/0" in rule.peers})
        if open_ports:
            yield Hit(
                message=f"Security group {group.id} of dual-stack function {function.name} allows egress on {', '.join(open_ports)} to ::/0",
                evidence=(
                    cite(group.egress, f"{group.id}: egress {', '.join(open_ports)} to ::/0"),
                    cite(function.network, "Ipv6AllowedForDualStack = true"),
                ),
                locus=group.id,
                site=group.id,
                values={"group": group.id, "permissions": permissions(rules, ("::/0",))},
            )
