"""Application load balancers: one gateway a listener, with the rules that lead to functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AuthMode
from auditor.model.gateway import DomainName, Gateway, Route, Stage
from auditor.model.observed import Known, Observed, Unknown, not_offered
from auditor.model.trigger import Flow
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    items,
    member,
    number,
    optional_items,
    optional_member,
    optional_text,
    optional_texts,
    text,
)
from providers.aws.normalize.sources.gateways import Found
from providers.aws.normalize.sources.reading import EVERYTHING, is_function

_BALANCERS: Final = "elasticloadbalancing:DescribeLoadBalancers"
_GROUPS: Final = "elasticloadbalancing:DescribeTargetGroups"
_TARGETS: Final = "elasticloadbalancing:DescribeTargetHealth"
_LISTENERS: Final = "elasticloadbalancing:DescribeListeners"
_RULES: Final = "elasticloadbalancing:DescribeRules"
_FIREWALL: Final = "wafv2:GetWebACLForResource"
_ALLOWED: Final = "ec2:DescribeSecurityGroups"
_TARGET_TYPES: Final = {"lambda": True, "instance": False, "ip": False, "alb": False}
_ANYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
_AUTHENTICATES: Final = {
    "authenticate-oidc": "AuthenticateOidcConfig",
    "authenticate-cognito": "AuthenticateCognitoConfig",
}
_ONE_ADDRESS: Final = "a load balancer has one address"
_NO_CORS: Final = "a load balancer adds no cross-origin headers"
_NO_VALIDATION: Final = "load balancers pass requests on without validating them"


@dataclass(frozen=True, slots=True)
class _Balancer:
    """What a listener inherits from its load balancer."""

    arn: str
    name: str
    host: str
    internet: bool
    firewall: Observed[bool]
    ports: Observed[tuple[tuple[int, int], ...]]
    """The ranges of ports that its security groups open to every address."""


def read_load_balancers(answers: Answers) -> Found:
    """The load balancers in front of the target groups of a location that a policy of a function admits."""
    found = Found(_TARGETS, "elasticloadbalancing", by_role=False)
    listed = answers.readable(answers.pages(_GROUPS, "TargetGroups"), _group)
    found.missed(EVERYTHING, listed.gap)
    named = answers.readable(
        answers.pages(_BALANCERS, "LoadBalancers"), lambda body: (text(body, "LoadBalancerArn"), body)
    )
    balancers = dict(named.items)
    targets: dict[str, tuple[str, ...]] = {}
    bodies = answers.bodies(_TARGETS)
    in_front: dict[str, None] = {}
    for group, of_functions, arns in listed.items:
        if not of_functions:
            continue
        found.resources.add(group)
        if group in bodies or "" in bodies:  # not asked of those that no policy admits; lost as a whole, of all
            targets[group] = _targets(answers, found, group)
            in_front |= dict.fromkeys(arns)
    found.forwards = bool(in_front)
    for arn in in_front:
        if arn in balancers:
            _read(answers, found, arn, balancers[arn], targets)
        else:
            found.missed(EVERYTHING, named.gap)
    return found


def _group(body: Json) -> tuple[str, bool, tuple[str, ...]]:
    arns = optional_texts(body, "LoadBalancerArns")  # absent: none is in front
    return text(body, "TargetGroupArn"), choice(body, "TargetType", _TARGET_TYPES), arns


def _targets(answers: Answers, found: Found, group: str) -> tuple[str, ...]:
    body = answers.one(_TARGETS, group)
    if isinstance(body, Unknown):
        found.missed(group, body.gap)
        return ()
    described = body.value or {"TargetHealthDescriptions": []}
    read = answers.fact(
        _TARGETS, lambda: tuple(_target(each) for each in items(described, "TargetHealthDescriptions")), group
    )
    if isinstance(read, Unknown):
        found.missed(group, read.gap)
        return ()
    for function in read.value:
        found.started(group, function)
    return read.value


def _target(body: Json) -> str:
    function = text(member(body, "Target"), "Id")
    if not is_function(function):
        raise UnreadableError("the target of a group of functions is none")
    return function


def _read(answers: Answers, found: Found, arn: str, body: dict[str, Any], targets: dict[str, tuple[str, ...]]) -> None:
    balancer = answers.fact(_BALANCERS, lambda: _balancer(answers, arn, body), arn)
    if isinstance(balancer, Unknown):
        found.missed(EVERYTHING, balancer.gap)
        return
    listeners = answers.readable(
        answers.pages(_LISTENERS, "Listeners", arn), lambda item: (text(item, "ListenerArn"), item)
    )
    found.missed(EVERYTHING, listeners.gap)
    for listener, item in listeners.items:
        rules = answers.readable(answers.pages(_RULES, "Rules", listener), lambda rule, item=item: _rule(rule, item))  # type: ignore[misc]
        found.missed(EVERYTHING, rules.gap)
        for route, groups in rules.items:
            for group in groups:
                found.flows.append(Flow(source=listener, target=group, service=found.service, operation=_RULES))
                for function in targets.get(group, ()):
                    found.leads(listener, function, route)
        if listener in found.routes:
            gateway = answers.fact(_LISTENERS, lambda item=item, of=balancer.value: _gateway(item, of), listener)  # type: ignore[misc]
            if isinstance(gateway, Unknown):
                found.missed(EVERYTHING, gateway.gap)
                del found.routes[listener]
            else:
                found.gateways[listener] = gateway.value


def _balancer(answers: Answers, arn: str, body: Json) -> _Balancer:
    acl = answers.one(_FIREWALL, arn)
    return _Balancer(
        arn=arn,
        name=text(body, "LoadBalancerName"),
        host=text(body, "DNSName"),
        internet=choice(body, "Scheme", {"internet-facing": True, "internal": False}),
        firewall=acl.map(lambda found: optional_member(found or {}, "WebACL") is not None),
        ports=_open_ports(answers, arn, optional_texts(body, "SecurityGroups")),
    )


def _open_ports(answers: Answers, arn: str, groups: tuple[str, ...]) -> Observed[tuple[tuple[int, int], ...]]:
    if not groups:
        return known(((0, 65535),), _BALANCERS)  # without a group nothing is filtered
    read = answers.readable(answers.pages(_ALLOWED, "SecurityGroups", arn), lambda body: tuple(_ranges(body)))
    return read.complete().map(lambda found: tuple(each for ranges in found for each in ranges))


def _ranges(group: Json) -> Iterator[tuple[int, int]]:
    for rule in items(group, "IpPermissions"):
        blocks = [text(each, "CidrIp") for each in optional_items(rule, "IpRanges")]
        blocks += [text(each, "CidrIpv6") for each in optional_items(rule, "Ipv6Ranges")]
        if not _ANYWHERE.isdisjoint(blocks):
            protocol = text(rule, "IpProtocol")
            if protocol == "-1":
                yield (0, 65535)
            elif protocol in ("tcp", "6"):
                yield (number(rule, "FromPort"), number(rule, "ToPort"))


def _rule(rule: Json, listener: dict[str, Any]) -> tuple[Route, tuple[str, ...]]:
    """One rule as a route, and the target groups that it forwards to."""
    actions = items(rule, "Actions")
    conditions = {text(each, "Field"): each for each in optional_items(rule, "Conditions")}
    paths = _values(conditions.get("path-pattern"), "PathPatternConfig")
    methods = _values(conditions.get("http-request-method"), "HttpRequestMethodConfig")
    addresses = _values(conditions.get("source-ip"), "SourceIpConfig")
    authorizer = next((kind for action in actions if (kind := _asks(action)) is not None), None)
    if authorizer is None and _mutual(listener):
        authorizer = "mutual TLS"
    route = Route(
        method=",".join(methods) or "ANY",
        path=",".join(paths) or "/*",
        auth=AuthMode.NONE if authorizer is None else AuthMode.IDENTITY_PROVIDER,
        authorizer=authorizer,
        validated=not_offered(_RULES, _NO_VALIDATION),
        narrowed=bool(addresses and _ANYWHERE.isdisjoint(addresses)) or "http-header" in conditions,
        id=optional_text(rule, "RuleArn") or "",
    )
    return route, tuple(dict.fromkeys(group for action in actions for group in _forwarded(action)))


def _values(condition: dict[str, Any] | None, config: str) -> tuple[str, ...]:
    if condition is None:
        return ()
    given = optional_member(condition, config) or {}
    return (
        optional_texts(given, "Values") or optional_texts(given, "RegexValues") or optional_texts(condition, "Values")
    )


def _asks(action: Json) -> str | None:
    """How an action authenticates; None for one that does not, or lets callers pass who are not."""
    kind = text(action, "Type")
    if kind == "jwt-validation":
        return kind
    config = optional_member(action, _AUTHENTICATES[kind]) if kind in _AUTHENTICATES else None
    return kind if config is not None and optional_text(config, "OnUnauthenticatedRequest") != "allow" else None


def _forwarded(action: Json) -> Iterator[str]:
    if text(action, "Type") == "forward":
        group = optional_text(action, "TargetGroupArn")
        if group:
            yield group
        for each in optional_items(optional_member(action, "ForwardConfig") or {}, "TargetGroups"):
            yield text(each, "TargetGroupArn")


def _mutual(listener: Json) -> bool:
    return optional_text(optional_member(listener, "MutualAuthentication") or {}, "Mode") == "verify"


def _gateway(listener: Json, balancer: _Balancer) -> Gateway:
    port, protocol = number(listener, "Port"), text(listener, "Protocol")
    name = f"{protocol}:{port}"
    policy = optional_text(listener, "SslPolicy") if protocol == "HTTPS" else None
    domain = DomainName(name=balancer.host, tls_policy=policy, mutual_tls=_mutual(listener))
    return Gateway(
        id=text(listener, "ListenerArn"),
        name=f"{balancer.name} {name}",
        kind="load-balancer",
        public=_public(balancer, port),
        routes=(),
        stages=known(
            (
                Stage(
                    name=name,
                    rate=None,
                    burst=None,
                    firewall=balancer.firewall,
                    encrypted=known(protocol == "HTTPS", _LISTENERS),
                ),
            ),
            _LISTENERS,
        ),
        domains=known((domain,) if policy else (), _LISTENERS),
        default_address=not_offered(_LISTENERS, _ONE_ADDRESS),
        cors=not_offered(_LISTENERS, _NO_CORS),
    )


def _public(balancer: _Balancer, port: int) -> Observed[bool]:
    if not balancer.internet:
        return known(value=False, source=_BALANCERS)
    opened = balancer.ports.map(lambda ranges: any(first <= port <= last for first, last in ranges))
    return Known(opened.value, opened.source) if isinstance(opened, Known) else opened
