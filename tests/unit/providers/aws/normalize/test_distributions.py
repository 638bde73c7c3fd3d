"""Distributions of CloudFront, and destinations that are functions.

Answers as botocore's models name their members (CloudFront ListDistributions, Lambda ListFunctionEventInvokeConfigs).
"""

from typing import Any

from auditor.model.capture import Envelope
from auditor.model.exposure import Endpoint
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.trigger import Certainty, Trigger
from providers.aws.normalize.answers import GLOBAL, Answers
from providers.aws.normalize.authorization import AuthorizationDetails
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.sources.connections import Connections
from providers.aws.normalize.sources.distributions import Distributions
from tests.unit.providers.aws.normalize.capture import (
    ACCOUNT,
    ORDERS,
    REGION,
    RENDER,
    capture,
    denied,
    ok,
    policy,
    statement,
)
from tests.unit.providers.aws.normalize.test_role_sources import trusting
from tests.unit.providers.aws.normalize.test_sources import found, render, unread

LIST, URLS = "cloudfront:ListDistributions", "lambda:ListFunctionUrlConfigs"
DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E2QWRUHAPOMQZL"
HOST = f"abcdefghij.lambda-url.{REGION}.on.aws"
SETTINGS = "lambda:ListFunctionEventInvokeConfigs"


def listed(*distributions: dict[str, Any]) -> Envelope:
    items = {"Items": list(distributions)} if distributions else {}
    body = {"DistributionList": {"IsTruncated": False, "Quantity": len(distributions), **items}}
    return ok(LIST, body, location="global")


def distribution(*hosts: str, edge: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    associations = [{"LambdaFunctionARN": arn, "EventType": "viewer-request"} for arn in edge]
    return {
        "ARN": DISTRIBUTION,
        "Enabled": True,
        "WebACLId": "",
        "Origins": {"Items": [{"Id": host, "DomainName": host} for host in hosts]},
        "DefaultCacheBehavior": {},
        "CacheBehaviors": {"Items": [{"LambdaFunctionAssociations": {"Items": associations}}]},
    } | changes


def url(auth: str = "NONE") -> list[Envelope]:
    body = {"FunctionUrl": f"https://{HOST}/", "FunctionArn": RENDER, "AuthType": auth}
    anyone = [
        statement("u", "*", "lambda:InvokeFunctionUrl", StringEquals={"lambda:FunctionUrlAuthType": "NONE"}),
        statement("i", "*", "lambda:InvokeFunction", Bool={"lambda:InvokedViaFunctionUrl": "true"}),
    ]
    return [
        ok(URLS, {"FunctionUrlConfigs": [body]}, RENDER),
        ok("lambda:GetPolicy", {"Policy": policy(*anyone)}, RENDER),
    ]


def started(function: Function, service: str) -> list[Trigger]:
    known = [each for group in function.triggers if isinstance(group, Known) for each in group.value]
    return [trigger for trigger in known if trigger.service == service]


def fronts(function: Function) -> Any:
    (endpoint,) = function.endpoints.need()
    return endpoint.front_ends


def test_a_distribution_starts_the_function_whose_url_is_its_origin() -> None:
    function = render(*url(), listed(distribution(HOST.upper(), "shop.example.com")))
    assert ("cloudfront", DISTRIBUTION, Certainty.SOURCE_ONLY, True) in found(function)
    (front,) = fronts(function).need()
    assert (front.id, front.kind, front.firewall.need(), front.exclusive.need()) == (
        DISTRIBUTION,
        "cloudfront",
        False,
        False,
    )
    (signed,) = fronts(render(*url("AWS_IAM"), listed(distribution(HOST, WebACLId="arn:aws:wafv2:acl")))).need()
    assert (signed.firewall.need(), signed.exclusive.need()) == (True, True)


def test_a_distribution_of_other_origins_or_that_is_off_is_in_front_of_nothing() -> None:
    assert fronts(render(*url(), listed(distribution("shop.example.com")))) == Known((), LIST)
    off = render(*url(), listed(distribution(HOST, Enabled=False)))
    assert fronts(off) == Known((), LIST)
    assert ("cloudfront", DISTRIBUTION, Certainty.SOURCE_ONLY, False) in found(off)
    assert fronts(render(*url(), listed())) == Known((), LIST)


def test_a_distribution_that_a_policy_admits_is_known_from_both_ends_or_gone() -> None:
    admits = statement(
        "cdn",
        {"Service": "cloudfront.amazonaws.com"},
        "lambda:InvokeFunctionUrl",
        ArnLike={"AWS:SourceArn": DISTRIBUTION},
    )
    admits |= {"Action": ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]}
    policies = ok("lambda:GetPolicy", {"Policy": policy(admits)}, RENDER)
    urls = url("AWS_IAM")[0]
    both = render(urls, policies, listed(distribution(HOST)))
    assert ("cloudfront", DISTRIBUTION, Certainty.BOTH_ENDS, True) in found(both)
    gone = render(urls, policies, listed())
    assert ("cloudfront", DISTRIBUTION, Certainty.SOURCE_GONE, True) in found(gone)


def test_a_function_at_the_edge_is_started_by_its_distribution() -> None:
    at_edge = render(listed(distribution("shop.example.com", edge=(f"{RENDER}:7",))))
    assert found(at_edge) == {("cloudfront", DISTRIBUTION, Certainty.SOURCE_ONLY, True)}
    (trigger,) = started(at_edge, "cloudfront")
    assert trigger.qualifier == "7"


def test_distributions_that_were_not_read_leave_open_what_is_in_front() -> None:
    refused = render(*url(), denied(LIST, location="global"))
    assert isinstance(fronts(refused), Unknown)
    assert fronts(refused).gap.reason is GapReason.DENIED
    damaged = render(*url(), ok(LIST, {"DistributionList": {"Items": []}}, location="global"))
    assert fronts(damaged).gap.reason is GapReason.MALFORMED
    elsewhere = render(denied(LIST, location="global"), trusting("edgelambda"))
    assert unread(elsewhere) == set(), "functions at the edge are made in us-east-1"


def test_where_functions_at_the_edge_are_made_the_list_is_missed_if_a_role_trusts_the_edge() -> None:
    home = Answers(capture(denied(LIST, location="global")), ACCOUNT, "us-east-1")
    refused = Distributions(Answers(capture(denied(LIST, location="global")), ACCOUNT, GLOBAL))
    reading = refused.reading(home, by_role=True)
    assert reading.by_role
    assert [gap.reason for gap in reading.gaps.values()] == [GapReason.DENIED]
    assert not refused.reading(home, by_role=False).by_role


def test_the_destination_of_another_function_is_told_of_the_one_that_it_starts() -> None:
    sends = {
        "FunctionArn": f"{ORDERS}:$LATEST",
        "DestinationConfig": {"OnSuccess": {"Destination": RENDER}, "OnFailure": {"Destination": f"{RENDER}:live"}},
    }
    function = render(ok(SETTINGS, {"FunctionEventInvokeConfigs": [sends]}, ORDERS))
    triggers = started(function, "lambda")
    assert [(each.source, each.qualifier, each.certainty) for each in triggers] == [
        (ORDERS, None, Certainty.SOURCE_ONLY),
        (ORDERS, "live", Certainty.SOURCE_ONLY),
    ]
    assert all(each.asynchronous for each in triggers)
    elsewhere = {"FunctionArn": ORDERS, "DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:sqs:eu:1:q"}}}
    assert started(render(ok(SETTINGS, {"FunctionEventInvokeConfigs": [elsewhere]}, ORDERS)), "lambda") == []


def test_a_refused_list_concerns_functions_with_a_url_or_a_version_whose_role_trusts_the_edge() -> None:
    refused = Distributions(Answers(capture(denied(LIST, location="global")), ACCOUNT, GLOBAL))
    urls = render(*url()).endpoints
    edge, plain = f"arn:aws:iam::{ACCOUNT}:role/edgelambda", f"arn:aws:iam::{ACCOUNT}:role/plain"
    cases: dict[str, tuple[Observed[tuple[Endpoint, ...]], Observed[tuple[str, ...]]]] = {
        "a URL": (urls, Known((), "")),
        "URLs not read": (Unknown(refused.reading(_at_home(), by_role=True).gaps[""]), Known((), "")),
        "no version": (Known((), ""), Known((), "")),
        "a version that trusts the edge": (Known((), ""), Known((edge,), "")),
        "versions not read": (Known((), ""), Unknown(refused.reading(_at_home(), by_role=True).gaps[""])),
        "a role that is not listed": (Known((), ""), Known((plain,), "")),
    }
    details = AuthorizationDetails(Answers(capture(trusting("edgelambda")), ACCOUNT, GLOBAL))
    made = Connections(_at_home(), "aws", details, refused, FunctionList(_at_home()))
    assert {name: made.distributed(*facts) for name, facts in cases.items()} == {
        "a URL": True,
        "URLs not read": True,
        "no version": False,
        "a version that trusts the edge": True,
        "versions not read": True,
        "a role that is not listed": True,
    }
    unread_of = {
        distributed: {
            group.gap.operation
            for group in made.groups(RENDER, (), distributed=distributed)
            if isinstance(group, Unknown)
        }
        for distributed in (True, False)
    }
    assert unread_of == {True: unread_of[False] | {LIST}, False: unread_of[True] - {LIST}}


def _at_home() -> Answers:
    return Answers(capture(denied(LIST, location="global")), ACCOUNT, "us-east-1")
