"""The demo company stands, is told in full through boto3, and holds what its chapters promise."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from boto3.session import Session
from botocore.exceptions import ClientError

from moto_fixtures.aws.company import start
from moto_fixtures.aws.server import Server

_REGIONS = ("us-east-1", "eu-west-1")


@pytest.fixture(scope="module", autouse=True)
def server() -> None:
    """The company starts its own local AWS."""


@pytest.fixture(autouse=True)
def calm() -> None:
    """The company has no faults to clear."""


@pytest.fixture(scope="module")
def company() -> Iterator[Server]:
    """The company, deployed in a few seconds of processor time."""
    started = start()
    yield started
    started.stop()
    started.stop()


def _client(company: Server, service: str, region: str = "us-east-1") -> Any:
    given = company.environment
    session = Session("testing", given["AWS_SECRET_ACCESS_KEY"], None, region)
    return session.client(service, endpoint_url=given["AWS_ENDPOINT_URL"])


@pytest.fixture(scope="module")
def listed(company: Server) -> dict[str, dict[str, Any]]:
    """Every function by name."""
    found = {}
    for region in _REGIONS:
        for page in _client(company, "lambda", region).get_paginator("list_functions").paginate():
            found.update({function["FunctionName"]: function for function in page["Functions"]})
    return found


def test_a_believable_company_has_sound_functions_and_broken_ones(listed: dict[str, dict[str, Any]]) -> None:
    sound = {"catalog-search", "checkout-create-order", "feature-hints", "returns-portal-api", "price-engine"}
    sound |= {"fraud-score", "order-fulfilment", "stock-indexer", "image-resizer", "receipt-mailer"}
    sound |= {"customer-export", "basket-api", "eu-catalog-search", "eu-vat-calculator"}
    assert sound <= set(listed)
    assert len(listed) >= 36
    assert max(len(name) for name in listed) == 64


def test_variables_that_cannot_be_read_say_so(listed: dict[str, dict[str, Any]]) -> None:
    withheld = {
        n: f["Environment"]["Error"]["ErrorCode"] for n, f in listed.items() if "Error" in f.get("Environment", {})
    }
    assert withheld == {
        "gift-registry": "KMSDisabledException",
        "wishlist-sync": "KMSInvalidStateException",
        "loyalty-ledger": "AccessDeniedException",
    }


def test_made_up_secrets_have_the_shapes_scanners_know(listed: dict[str, dict[str, Any]]) -> None:
    payments = listed["payments-capture"]["Environment"]["Variables"]
    assert re.fullmatch("AKIA[A-Z2-7]{16}", payments["AWS_KEY"])
    assert len(payments["AWS_SECRET"]) == 40
    assert re.fullmatch(
        "postgres://app_orders:[^@]+@.*", listed["orders-db-sync"]["Environment"]["Variables"]["DATABASE_URL"]
    )


def test_the_sixteen_statement_shapes_stand(company: Server) -> None:
    client = _client(company, "lambda")

    def only(name: str) -> dict[str, Any]:
        (statement,) = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]
        return {key: value for key, value in statement.items() if key not in ("Sid", "Effect", "Resource")}

    invoke, by_url = {"Action": "lambda:InvokeFunction"}, {"Action": "lambda:InvokeFunctionUrl"}
    star: dict[str, Any] = {"Principal": "*"}
    foreign = {"Principal": {"AWS": "arn:aws:iam::998877665544:root"}}

    def when(operator: str, key: str, value: str) -> dict[str, Any]:
        return {"Condition": {operator: {key: value}}}

    expected = {
        "promo-banner": star | invoke,
        "gift-finder": star | by_url | when("StringEquals", "lambda:FunctionUrlAuthType", "NONE"),
        "size-adviser": star | by_url | when("StringEquals", "lambda:FunctionUrlAuthType", "AWS_IAM"),
        "style-quiz": star | invoke | when("Bool", "lambda:InvokedViaFunctionUrl", "true"),
        "loyalty-lookup": star | invoke | when("StringLike", "aws:PrincipalArn", "*"),
        "staff-directory": star | invoke | when("StringEquals", "aws:PrincipalOrgID", "o-f3rnh0ll0w"),
        "agency-reports": star | invoke | when("StringEquals", "aws:SourceAccount", "998877665544"),
        "shipping-quote": star | invoke | when("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
        "kiosk-heartbeat": star | invoke | when("IpAddress", "aws:SourceIp", "8.8.8.8/32"),
        "feed-import": invoke | {"Principal": {"Service": "s3.amazonaws.com"}},
        "photo-tagger": invoke
        | {"Principal": {"Service": "s3.amazonaws.com"}}
        | when("ArnLike", "AWS:SourceArn", "arn:aws:s3:::fernhollow-product-images"),
        "basket-api": invoke
        | {"Principal": {"Service": "apigateway.amazonaws.com"}}
        | when("ArnLike", "AWS:SourceArn", "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*/GET/basket"),
        "supplier-orders": invoke | foreign,
        "agency-campaigns": foreign | {"Action": "lambda:UpdateFunctionCode"},
        "affiliate-clicks": invoke | {"NotPrincipal": {"AWS": "arn:aws:iam::887766554433:root"}},
        "review-import": star | invoke | when("StringNotEquals", "aws:PrincipalOrgID", "o-f3rnh0ll0w"),
    }
    assert {name: only(name) for name in expected} == expected


def test_what_was_deleted_leaves_dangling_references(company: Server, listed: dict[str, dict[str, Any]]) -> None:
    group = listed["refund-worker"]["VpcConfig"]["SecurityGroupIds"]
    layer = next(row["Arn"] for row in listed["search-suggest"]["Layers"] if "retired-parsers" in row["Arn"])
    queue = listed["returns-intake"]["DeadLetterConfig"]["TargetArn"].rpartition(":")[2]
    gone: dict[str, Callable[[], Any]] = {
        "InvalidGroup.NotFound": lambda: _client(company, "ec2").describe_security_groups(GroupIds=group),
        "ResourceNotFoundException": lambda: _client(company, "lambda").get_layer_version_by_arn(Arn=layer),
        "AWS.SimpleQueueService.NonExistentQueue": lambda: _client(company, "sqs").get_queue_url(QueueName=queue),
        "404": lambda: _client(company, "s3").head_bucket(Bucket="fernhollow-order-archive"),
        "NoSuchEntity": lambda: _client(company, "iam").get_role(RoleName="nightly-cron-role"),
    }
    for code, ask in gone.items():
        with pytest.raises(ClientError) as error:
            ask()
        assert error.value.response["Error"]["Code"] == code


def test_hostile_texts_are_told_unchanged(company: Server, listed: dict[str, dict[str, Any]]) -> None:
    assert "<script>" in listed["tag-tester"]["Description"]
    tags = _client(company, "lambda").get_function(FunctionName="tag-tester")["Tags"]
    assert tags["note"].startswith("=cmd|")
    assert "\x1b[2J" in tags["terminal"]


def test_the_request_log_starts_after_the_deployment(company: Server) -> None:
    company.forget_requests()
    _client(company, "sts").get_caller_identity()
    assert [seen.operation for seen in company.requests] == ["GetCallerIdentity"]
