"""What sets functions off, asked of the sources: lists first, details only where they can concern a function."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth
from providers.answers.json_paths import record, rows, text
from providers.aws.arn import Arn, parse_arn, split_function
from providers.aws.collect.dependencies import Dependencies
from providers.aws.collect.matching import Matching
from providers.aws.collect.policy_sources import PolicySources
from providers.aws.collect.region_context import RegionContext
from providers.aws.collect.role_sources import RoleSources
from providers.aws.collect.source_policies import SourcePolicies

_PAGE: Final = 500
_BUCKETS: Final = 1000
_ANY: Final = "*"
_ANY_OF: Final = frozenset("*?")
_GUARDED: Final = frozenset({"CUSTOM", "JWT"})
"""Routes of HTTP and WebSocket APIs that ask an authorizer of the API's own."""


class Sources:
    """Queues the questions about the sources of one region; nothing below standard depth."""

    def __init__(self, context: RegionContext, referred: Dependencies) -> None:
        self._context = context
        self._policies = SourcePolicies(context, referred)
        self._by_role = RoleSources(context)
        self._by_policy = PolicySources(context)
        self._buckets = Matching(lambda arn: self._once("notification", arn.rpartition(":")[2], self._sender, "s3"))

    def start(self) -> None:
        """Queues the lists; the rest follows from their answers."""
        if not self._context.at_least(Depth.STANDARD):
            return
        for job, lane in (
            (self._rest_apis, "apigateway"),
            (self._apis, "apigateway"),
            (self._domains, "apigateway"),
            (self._buses, "events"),
        ):
            self._context.bulk(job, lane)
        self._context.bulk(self._subscriptions)
        for operation in ("pipes:ListPipes", "scheduler:ListSchedules"):
            self._context.bulk(partial(self._context.listing, operation))
        self._by_role.start()

    def mapped(self, source: str) -> None:
        """Queues what the source of an event source mapping leads to."""
        self._policies.source(source)

    def policy(self, document: str) -> None:
        """Queues what a function's policy leads to. S3 has to be admitted there before a bucket can start the function:
        where no one bucket is named, as the statements of the Serverless Application Model name an account alone, each
        bucket of the region that may be meant is asked.
        """
        for service, source in admitted(document):
            self._by_policy.admitted(service, source)
            arn = parse_arn(source)
            if service == "sns":
                self._policies.source(source)
            if service == "s3":
                self._admitted_bucket(arn)

    def unread_policy(self) -> None:
        """Queues what a function's policy might lead to that could not be read."""
        self._by_policy.unread()

    def _once(self, kind: str, subject: str, job: Any, lane: str = "apigateway") -> None:
        if subject and self._context.asked.first(kind, subject):
            self._context.bulk(partial(job, subject), lane)

    def _bucket(self, name: str) -> None:
        self._context.call("s3:GetBucketNotificationConfiguration", name, Bucket=name)
        self._policies.bucket(name)

    def _admitted_bucket(self, arn: Arn | None) -> None:
        name = arn.resource.partition("/")[0] if arn is not None else _ANY
        if not _ANY_OF.intersection(name):
            self._once("notification", name, self._bucket, "s3")
            return
        if self._context.asked.first("buckets", self._context.region):
            self._context.bulk(self._list_buckets, "s3")
        self._buckets.admit(f"arn:{self._context.account.partition}:s3:::{name}")

    def _list_buckets(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Buckets"):
                self._buckets.list(f"arn:{self._context.account.partition}:s3:::{text(row, 'Name')}")

        region = self._context.region  # a bucket starts functions of its own region alone
        self._context.listing("s3:ListBuckets", each=each, BucketRegion=region, MaxBuckets=_BUCKETS)

    def _sender(self, name: str) -> None:
        """A bucket that no policy names: more is asked of it where it starts a function."""
        told = self._context.call("s3:GetBucketNotificationConfiguration", name, Bucket=name)
        if any(rows(told.body, "LambdaFunctionConfigurations")):
            self._policies.bucket(name)

    def _subscriptions(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Subscriptions"):
                function = split_function(text(row, "Endpoint"))
                if function is not None and self._context.selected(function[0]):
                    self._policies.source(text(row, "TopicArn"))

        self._context.listing("sns:ListSubscriptions", each=each)

    def _rest_apis(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "items"):
                self._once("rest api", text(row, "id"), self._rest_api)

        self._context.listing("apigateway:GetRestApis", each=each, limit=_PAGE)

    def _rest_api(self, api: str) -> None:
        starts = guarded = False

        def each(page: Any) -> None:
            nonlocal starts, guarded
            for row in rows(page, "items"):
                for method in record(row, "resourceMethods").values():
                    starts = starts or ":lambda:" in text(method, "methodIntegration", "uri")
                    guarded = guarded or text(method, "authorizationType") == "CUSTOM"

        self._context.listing("apigateway:GetResources", api, each=each, restApiId=api, embed=["methods"], limit=_PAGE)
        if starts:
            self._context.call("apigateway:GetStages", api, restApiId=api)
            self._once("usage plans", "all", self._usage_plans)
        if guarded:
            self._context.listing("apigateway:GetAuthorizers", api, restApiId=api, limit=_PAGE)

    def _usage_plans(self, _of: str) -> None:
        self._context.listing("apigateway:GetUsagePlans", limit=_PAGE)

    def _apis(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Items"):
                self._once("api", text(row, "ApiId"), self._api)

        self._context.listing("apigatewayv2:GetApis", each=each)

    def _api(self, api: str) -> None:
        starts = guarded = False

        def integrations(page: Any) -> None:
            nonlocal starts
            starts = starts or any(":lambda:" in text(row, "IntegrationUri") for row in rows(page, "Items"))

        def routes(page: Any) -> None:
            nonlocal guarded
            guarded = guarded or any(text(row, "AuthorizationType") in _GUARDED for row in rows(page, "Items"))

        self._context.listing("apigatewayv2:GetIntegrations", api, each=integrations, ApiId=api)
        self._context.listing("apigatewayv2:GetRoutes", api, each=routes, ApiId=api)
        if starts:
            self._context.listing("apigatewayv2:GetStages", api, ApiId=api)
        if guarded:
            self._context.listing("apigatewayv2:GetAuthorizers", api, ApiId=api)

    def _domains(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Items"):
                self._once("domain", text(row, "DomainName"), self._mappings)

        self._context.listing("apigatewayv2:GetDomainNames", each=each)

    def _mappings(self, domain: str) -> None:
        self._context.listing("apigatewayv2:GetApiMappings", domain, DomainName=domain)

    def _buses(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "EventBuses"):
                self._once("bus", text(row, "Name"), self._bus, "events")

        self._context.listing("events:ListEventBuses", each=each)

    def _bus(self, bus: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Rules"):
                name, arn = text(row, "Name"), text(row, "Arn")
                if name and arn and self._context.asked.first("rule", arn):
                    self._context.bulk(partial(self._targets, bus, name, arn), "events")

        self._context.listing("events:ListRules", bus, each=each, EventBusName=bus)

    def _targets(self, bus: str, rule: str, arn: str) -> None:
        self._context.listing("events:ListTargetsByRule", arn, Rule=rule, EventBusName=bus)


def admitted(document: str) -> Iterator[tuple[str, str]]:
    """Service and source ARN ("" for any) of the statements of a function's policy, as far as they can be read: for
    asking only.
    """
    try:
        found = json.loads(document) if document else {}
    except ValueError:
        return
    for statement in rows(found, "Statement"):
        named = record(statement, "Principal").get("Service")
        sources = tuple(_sources(statement))
        for principal in named if isinstance(named, list) else [named]:
            if isinstance(principal, str):
                service = principal.partition(".amazonaws.")[0]
                yield from ((service, source) for source in sources or ("",))


def _sources(statement: Any) -> Iterator[str]:
    for condition in record(statement, "Condition").values():
        for key, value in record(condition).items():
            if key.lower() == "aws:sourcearn":
                yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))
