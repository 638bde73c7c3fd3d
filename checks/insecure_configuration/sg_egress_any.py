"""Flags functions whose security group allows egress to any address on every port."""

from collections.abc import Iterator

from auditor.analysis.firewalls import every_port, permissions, standing
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})

FIX = {
    Cloud.AWS: Fix(
        text="Replace the rule by what the function needs: HTTPS to prefix lists, endpoints or known ranges.",
        breaks="Every connection that the old rule allowed ends, for everything that uses the group: add the new"
        " rules first.",
        command="aws ec2 revoke-security-group-egress --region {location} --group-id {group} --ip-permissions {permissions}",
        terraform='resource "aws_vpc_security_group_egress_rule" "https" {\n  security_group_id = "{group}"\n  ip_protocol       = "tcp"\n  from_port         = 443\n  to_port           = 443\n  prefix_list_id    = "<prefix-list-id>"\n}',
    )
}


@check(
    id="sg-egress-any",
    title="Security group allows egress to any address",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("sg-egress-any",),
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def sg_egress_any(function: Function, _context: Context) -> Iterator[Hit]:
    """Compromised code can send data to any host on any port; a restrictive egress rule prevents it.

    Every new security group allows this, and few owners call it a defect: an opinion. Only rules for all protocols (or
    every port) to the whole internet count: a rule for HTTPS to any address passes.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not attached to a VPC")
    for group, rules in each_of(standing(network), lambda group: group.egress):
        wide = [rule for rule in rules if every_port(rule)]
        peers = sorted({peer for rule in wide for peer in rule.peers if peer in _ANYWHERE})
        if peers:
            yield Hit(
                message=f"Security group {group.id} of function {function.name} allows egress to {' and '.join(peers)} on every port",
                evidence=(cite(group.egress, f"{group.id}: egress of every port to {', '.join(peers)}"),),
                locus=group.id,
                site=group.id,
                values={"group": group.id, "permissions": permissions(wide, peers)},
            )
