"""Where functions sit in private networks: only the subnets, groups and networks they refer to."""

from collections.abc import Callable
from typing import Any

from auditor.model.network import FirewallRule, Network, SecurityGroup, Subnet
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.aws.normalize.answers import Answers, Listing, known
from providers.aws.normalize.fields import (
    UnreadableError,
    filled_text,
    items,
    number,
    optional_flag,
    optional_items,
    optional_member,
    optional_number,
    optional_text,
    optional_texts,
    record,
    text,
    texts,
)

_LISTED = "lambda:ListFunctions"
_SUBNETS = "ec2:DescribeSubnets"
_GROUPS = "ec2:DescribeSecurityGroups"
_ROUTES = "ec2:DescribeRouteTables"
_ENDPOINTS = "ec2:DescribeVpcEndpoints"
_FLOWS = "ec2:DescribeFlowLogs"

_PEERS = (
    ("IpRanges", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId"),
)


class Networks:
    """The private networks of one location's functions."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._networks: dict[tuple[str, tuple[str, ...], tuple[str, ...], bool], Network] = {}
        self._subnets: dict[tuple[str, str], Subnet] = {}
        self._groups: dict[str, SecurityGroup] = {}
        self._lists: dict[str, tuple[Listing[Any], dict[str, dict[str, Any]]]] = {}
        self._tables: tuple[Listing[Any], dict[str, bool], dict[str, bool]] | None = None

    def network(self, config: dict[str, Any]) -> Observed[Network | None]:
        """The network of a listed function; Known(None) where it is attached to none."""
        arn = config.get("FunctionArn")
        return self._answers.fact(_LISTED, lambda: self._read(config), arn if isinstance(arn, str) else None)

    def _read(self, config: dict[str, Any]) -> Network | None:
        body = optional_member(config, "VpcConfig")  # absent, or with an empty VpcId: not attached
        if body is None:
            return None
        if not (filled_text(body, "VpcId") or optional_texts(body, "SubnetIds")):
            return None
        vpc, subnets, groups = text(body, "VpcId"), texts(body, "SubnetIds"), texts(body, "SecurityGroupIds")
        dual = optional_flag(body, "Ipv6AllowedForDualStack")
        key = (vpc, subnets, groups, dual)
        found = self._networks.get(key)
        if found is None:
            read = [self._home(subnet) for subnet in subnets]
            told = [home for home in read if home is not None]
            if told and vpc not in told:
                vpc = told[0]  # the subnets say themselves where they are
            places = tuple((home or vpc, subnet) for home, subnet in zip(read, subnets, strict=True))
            found = self._networks[key] = Network(
                id=vpc,
                subnets=tuple(self._subnet(*place) for place in places),
                security_groups=tuple(self._group(group) for group in groups),
                dual_stack=dual,
                flow_logs=self._flow_logs(places or ((vpc, vpc),)),
                endpoints=self._endpoints(vpc),
                source=_LISTED,
            )
        return found

    def _home(self, subnet: str) -> str | None:
        """The network a subnet says it is in; None where the subnet could not be read."""
        body = self._indexed(_SUBNETS, "Subnets", "SubnetId")[1].get(subnet)
        home = self._answers.fact(_SUBNETS, lambda: text(body, "VpcId"), subnet)
        return home.value if isinstance(home, Known) else None

    def _indexed(self, operation: str, key: str, name: str) -> tuple[Listing[Any], dict[str, dict[str, Any]]]:
        found = self._lists.get(operation)
        if found is None:
            pages = self._answers.pages(operation, key)
            listing = self._answers.readable(pages, lambda body: (text(body, name), body))
            found = self._lists[operation] = (listing, dict(listing.items))
        return found

    def _gone(self, operation: str, resource: str) -> Unknown:
        return Unknown(self._answers.gap(operation, GapReason.NOT_FOUND, "it does not exist", resource))

    def _subnet(self, vpc: str, name: str) -> Subnet:
        found = self._subnets.get((vpc, name))
        if found is None:
            found = self._subnets[vpc, name] = self._read_subnet(vpc, name)
        return found

    def _read_subnet(self, vpc: str, name: str) -> Subnet:
        listing, bodies = self._indexed(_SUBNETS, "Subnets", "SubnetId")
        body = bodies.get(name)
        if body is None:
            exists: Observed[bool] = listing.absence(value=False)
            other = exists if isinstance(exists, Unknown) else self._gone(_SUBNETS, name)
            return Subnet(id=name, exists=exists, zone=other, free_addresses=other, public=other)
        fact = self._answers.fact
        return Subnet(
            id=name,
            exists=known(value=True, source=_SUBNETS),
            zone=fact(_SUBNETS, lambda: text(body, "AvailabilityZone"), name),
            free_addresses=fact(_SUBNETS, lambda: number(body, "AvailableIpAddressCount"), name),
            public=self._public(vpc, name),
        )

    def _public(self, vpc: str, subnet: str) -> Observed[bool]:
        listing, by_subnet, main = self._route_tables()
        if subnet in by_subnet:
            return known(by_subnet[subnet], _ROUTES)
        if listing.gap is not None:
            return Unknown(listing.gap)  # an unread table may be associated with it
        if vpc not in main:
            message = "no route table is associated with the subnet, and its network has no main one"
            return Unknown(self._answers.gap(_ROUTES, GapReason.MALFORMED, message, subnet))
        return known(main[vpc], _ROUTES)

    def _route_tables(self) -> tuple[Listing[Any], dict[str, bool], dict[str, bool]]:
        if self._tables is None:
            pages = self._answers.pages(_ROUTES, "RouteTables")
            listing = self._answers.readable(pages, _route_table)
            by_subnet: dict[str, bool] = {}
            main: dict[str, bool] = {}
            for vpc, public, subnets, is_main in listing.items:
                by_subnet.update(dict.fromkeys(subnets, public))
                if is_main:
                    main[vpc] = public
            self._tables = (listing, by_subnet, main)
        return self._tables

    def _group(self, name: str) -> SecurityGroup:
        found = self._groups.get(name)
        if found is None:
            found = self._groups[name] = self._read_group(name)
        return found

    def _read_group(self, name: str) -> SecurityGroup:
        listing, bodies = self._indexed(_GROUPS, "SecurityGroups", "GroupId")
        body = bodies.get(name)
        if body is None:
            exists: Observed[bool] = listing.absence(value=False)
            other = exists if isinstance(exists, Unknown) else self._gone(_GROUPS, name)
            return SecurityGroup(id=name, exists=exists, ingress=other, egress=other)

        def rules(key: str) -> Callable[[], tuple[FirewallRule, ...]]:
            return lambda: tuple(_rule(rule) for rule in items(body, key))

        return SecurityGroup(
            id=name,
            exists=known(value=True, source=_GROUPS),
            ingress=self._answers.fact(_GROUPS, rules("IpPermissions"), name),
            egress=self._answers.fact(_GROUPS, rules("IpPermissionsEgress"), name),
        )

    def _flow_logs(self, places: tuple[tuple[str, str], ...]) -> Observed[bool]:
        """Whether the network or the subnet itself is logged, in every one of the (network, subnet) pairs."""
        pages = self._answers.pages(_FLOWS, "FlowLogs")
        listing = self._answers.readable(pages, lambda body: (text(body, "ResourceId"), _recording(body)))
        active = {resource for resource, recording in listing.items if recording}
        if all(active.intersection(place) for place in places):
            return known(value=True, source=_FLOWS)
        return listing.absence(value=False)

    def _endpoints(self, vpc: str) -> Observed[tuple[str, ...]]:
        pages = self._answers.pages(_ENDPOINTS, "VpcEndpoints")
        listing = self._answers.readable(
            pages, lambda body: (text(body, "VpcId"), text(body, "ServiceName"), text(body, "State").lower())
        )
        if listing.gap is not None:
            return Unknown(listing.gap)
        here = {service for where, service, state in listing.items if where == vpc and state == "available"}
        return known(tuple(sorted(here)), _ENDPOINTS)


def _route_table(body: Any) -> tuple[str, bool, tuple[str, ...], bool]:
    """Its network, whether it leads to an internet gateway, the subnets it serves, whether it is the main table."""
    subnets: list[str] = []
    main = False
    for association in items(body, "Associations"):
        main = main or optional_flag(association, "Main")
        subnet = optional_text(association, "SubnetId")
        if subnet:
            subnets.append(subnet)
    public = any(
        (optional_text(route, "GatewayId") or "").startswith("igw-") and optional_text(route, "State") != "blackhole"
        for route in items(body, "Routes")
    )
    return text(body, "VpcId"), public, tuple(subnets), main


def _rule(body: Any) -> FirewallRule:
    rule = record(body, "a rule")
    peers = tuple(text(peer, name) for key, name in _PEERS for peer in optional_items(rule, key))
    if not peers:
        raise UnreadableError("a rule names no peer of a kind known to us")
    return FirewallRule(
        protocol=text(rule, "IpProtocol"),
        from_port=optional_number(rule, "FromPort"),  # absent: all ports
        to_port=optional_number(rule, "ToPort"),
        peers=peers,
    )


def _recording(body: Any) -> bool:
    failed = optional_text(body, "DeliverLogsStatus") == "FAILED"  # absent until the first delivery
    return text(body, "FlowLogStatus") == "ACTIVE" and not failed
