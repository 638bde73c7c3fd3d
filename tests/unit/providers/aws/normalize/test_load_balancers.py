"""Load balancers in front of functions: listeners, rules, who they ask, and who can reach them.

Answers as botocore's models name their members (Elastic Load Balancing v2 and AWS WAF API references).
"""

from typing import Any

from auditor.model.capture import Envelope
from auditor.model.exposure import AuthMode
from auditor.model.gateway import Gateway
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.trigger import Certainty
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import RENDER, arn, capture, denied, ok
from tests.unit.providers.aws.normalize.test_sources import admitting, found, render, unread

GROUP = arn("elasticloadbalancing", "targetgroup/map/1")
BALANCER = arn("elasticloadbalancing", "loadbalancer/app/shop/2")
LISTENER = arn("elasticloadbalancing", "listener/app/shop/2/3")
FORWARD = {"Type": "forward", "TargetGroupArn": GROUP}
OPEN = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": []}
OFFICE = {**OPEN, "IpRanges": [{"CidrIp": "198.51.100.0/24"}]}
EB = "elasticloadbalancing:"


def answers(
    *rules: dict[str, Any],
    listener: dict[str, Any] | None = None,
    scheme: str = "internet-facing",
    allowed: dict[str, Any] = OPEN,
    acl: dict[str, Any] | None = None,
) -> list[Envelope]:
    balancer = {"LoadBalancerArn": BALANCER, "LoadBalancerName": "shop", "DNSName": "shop.example", "Scheme": scheme}
    group = {"TargetGroupArn": GROUP, "TargetType": "lambda", "LoadBalancerArns": [BALANCER]}
    told = {"ListenerArn": LISTENER, "Port": 443, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-2016-08"}
    targets = [{"Target": {"Id": f"{RENDER}:live"}, "TargetHealth": {"State": "unavailable"}}]
    given = rules or ({"Actions": [FORWARD]},)
    return [
        ok(f"{EB}DescribeLoadBalancers", {"LoadBalancers": [balancer | {"SecurityGroups": ["sg-9"]}]}),
        ok(f"{EB}DescribeTargetGroups", {"TargetGroups": [group]}),
        ok(f"{EB}DescribeTargetHealth", {"TargetHealthDescriptions": targets}, GROUP),
        ok(f"{EB}DescribeListeners", {"Listeners": [told | (listener or {})]}, BALANCER),
        ok(f"{EB}DescribeRules", {"Rules": list(given)}, LISTENER),
        ok("wafv2:GetWebACLForResource", {"WebACL": acl} if acl else {}, BALANCER),
        ok(
            "ec2:DescribeSecurityGroups",
            {"SecurityGroups": [{"GroupId": "sg-9", "IpPermissions": [allowed]}]},
            BALANCER,
        ),
        admitting("elasticloadbalancing", GROUP),
    ]


def gateway(*rules: dict[str, Any], **rest: Any) -> Gateway:
    (one,) = render(*answers(*rules, **rest)).gateways.need()
    return one


def test_a_listener_is_a_gateway_with_a_route_for_each_rule_that_leads_to_the_function() -> None:
    one = gateway(
        {"Actions": [FORWARD], "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/map/*"]}}]},
        {"Actions": [{"Type": "redirect"}]},
        {
            "Actions": [
                {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP, "Weight": 1}]}}
            ],
            "Conditions": [{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET", "HEAD"]}}],
        },
    )
    assert (one.id, one.name, one.kind) == (LISTENER, "shop HTTPS:443", "load-balancer")
    assert {(route.method, route.path, route.qualifier) for route in one.routes} == {
        ("ANY", "/map/*", "live"),
        ("GET,HEAD", "/*", "live"),
    }
    function = render(*answers())
    assert [each for group in function.triggers if isinstance(group, Known) for each in group.value if each.source]
    assert ("elasticloadbalancing", GROUP, Certainty.SOURCE_ONLY, True) in found(function), "of its alias"


def test_a_rule_asks_as_its_actions_and_its_listener_do() -> None:
    oidc = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {"Issuer": "https://i.example"}}
    lax = {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {"OnUnauthenticatedRequest": "allow"}}
    cases: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
        "none": ([FORWARD], {}),
        "oidc": ([oidc, FORWARD], {}),
        "cognito that lets everyone pass": ([lax, FORWARD], {}),
        "jwt": ([{"Type": "jwt-validation"}, FORWARD], {}),
        "mutual TLS": ([FORWARD], {"MutualAuthentication": {"Mode": "verify"}}),
        "certificates passed through": ([FORWARD], {"MutualAuthentication": {"Mode": "passthrough"}}),
    }
    modes = {
        name: gateway({"Actions": actions}, listener=listener).routes[0].auth
        for name, (actions, listener) in cases.items()
    }
    assert modes == {
        "none": AuthMode.NONE,
        "oidc": AuthMode.IDENTITY_PROVIDER,
        "cognito that lets everyone pass": AuthMode.NONE,
        "jwt": AuthMode.IDENTITY_PROVIDER,
        "mutual TLS": AuthMode.IDENTITY_PROVIDER,
        "certificates passed through": AuthMode.NONE,
    }


def test_a_rule_for_some_addresses_or_a_header_is_narrowed() -> None:
    def narrowed(field: str, **config: Any) -> bool:
        return gateway({"Actions": [FORWARD], "Conditions": [{"Field": field, **config}]}).routes[0].narrowed

    assert narrowed("source-ip", SourceIpConfig={"Values": ["198.51.100.0/24"]})
    assert not narrowed("source-ip", SourceIpConfig={"Values": ["0.0.0.0/0"]})
    assert narrowed("http-header", HttpHeaderConfig={"HttpHeaderName": "x-from"})
    assert not narrowed("host-header", HostHeaderConfig={"Values": ["shop.example"]})


def test_it_is_public_where_it_faces_the_internet_and_a_security_group_opens_its_port() -> None:
    cases: dict[str, dict[str, Any]] = {
        "open": {},
        "internal": {"scheme": "internal"},
        "office": {"allowed": OFFICE},
        "another port": {"listener": {"Port": 8443}},
        "all traffic": {"allowed": {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}},
    }
    assert {name: gateway(**case).public.need() for name, case in cases.items()} == {
        "open": True,
        "internal": False,
        "office": False,
        "another port": False,
        "all traffic": True,
    }
    kept = [each for each in answers() if each.operation != "ec2:DescribeSecurityGroups"]
    dark = render(*kept, denied("ec2:DescribeSecurityGroups", BALANCER)).gateways.need()[0].public
    assert isinstance(dark, Unknown)
    assert dark.gap.reason is GapReason.DENIED


def test_protocol_policy_and_firewall_are_the_listeners() -> None:
    plain = gateway(listener={"Protocol": "HTTP", "Port": 80})
    (stage,) = plain.stages.need()
    assert (stage.name, stage.encrypted.need(), stage.firewall.need(), plain.domains.need()) == (
        "HTTP:80",
        False,
        False,
        (),
    )
    secure = gateway(acl={"Name": "a", "Id": "1", "ARN": arn("wafv2", "regional/webacl/a/1")})
    (stage,) = secure.stages.need()
    assert (stage.encrypted.need(), stage.firewall.need()) == (True, True)
    assert [(name.name, name.tls_policy) for name in secure.domains.need()] == [
        ("shop.example", "ELBSecurityPolicy-2016-08")
    ]


def test_events_flow_from_the_listener_to_the_target_group() -> None:
    flows = [
        flow
        for group in normalize(capture(*answers())).locations[0].flows
        if isinstance(group, Known)
        for flow in group.value
    ]
    assert {(flow.source, flow.target) for flow in flows} == {(LISTENER, GROUP)}


def test_what_was_refused_leaves_the_gateways_unknown_of_functions_that_admit_load_balancers() -> None:
    for operation, subject in (
        (f"{EB}DescribeTargetGroups", ""),
        (f"{EB}DescribeTargetHealth", GROUP),
        (f"{EB}DescribeListeners", BALANCER),
        (f"{EB}DescribeRules", LISTENER),
        (f"{EB}DescribeLoadBalancers", ""),
    ):
        kept = [each for each in answers() if each.operation != operation]
        function = render(*kept, denied(operation, subject))
        assert isinstance(function.gateways_listed, Unknown), operation
        assert function.gateways_listed.gap.operation == operation
    refused = denied(f"{EB}DescribeTargetGroups")
    assert unread(render(refused)) == set()
    assert render(refused).gateways_listed.need() is True, "its policy admits no load balancer"


def test_a_function_whose_policy_was_not_read_may_be_behind_a_load_balancer() -> None:
    function = render(denied("lambda:GetPolicy", RENDER), denied(f"{EB}DescribeTargetGroups"))
    assert isinstance(function.gateways_listed, Unknown)
    assert function.gateways_listed.gap.operation == "lambda:GetPolicy", "its permission would help"
