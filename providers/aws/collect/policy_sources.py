"""Services that a function's policy has to admit: each is listed where a policy names it, or could not be read."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from auditor.model.resource_names import resource_of
from providers.answers.json_paths import rows, text
from providers.aws.collect.load_balancers import LoadBalancers
from providers.aws.collect.matching import Matching
from providers.aws.collect.region_context import RegionContext

_ANY: Final = "*"
_POOLS: Final = 60


class PolicySources:
    """Queues the questions about the services of one region that start functions by their leave."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context
        self._pools = Matching(partial(self._later, self._pool))
        self._rules = Matching(partial(self._later, self._rule))
        self._balancers = LoadBalancers(context)
        self._lists: dict[str, Callable[[], Any]] = {
            "cognito-idp": self._list_pools,
            "config": partial(context.listing, "config:DescribeConfigRules"),
            "elasticloadbalancing": self._balancers.start,
            "iot": self._list_rules,
            "logs": partial(context.listing, "logs:DescribeAccountPolicies", policyType="SUBSCRIPTION_FILTER_POLICY"),
            "secretsmanager": partial(context.listing, "secretsmanager:ListSecrets", MaxResults=100),
            "ses": partial(context.call, "ses:DescribeActiveReceiptRuleSet"),
        }

    def admitted(self, service: str, source: str) -> None:
        """A service that a function's policy admits, and the ARN or pattern of its source ("": any)."""
        name = service.partition(".")[0]
        if name not in self._lists:
            return
        if self._context.asked.first("service", name):
            self._context.bulk(self._lists[name])
        pattern = resource_of(source) or _ANY
        if name == "cognito-idp":
            self._pools.admit(pattern)
        elif name == "elasticloadbalancing":
            self._balancers.admit(pattern)
        elif name == "iot":
            self._rules.admit(pattern)
        elif name == "logs" and _ANY not in pattern and "?" not in pattern:
            self._group(pattern)

    def unread(self) -> None:
        """A policy that could not be read may admit anything."""
        for name in self._lists:
            self.admitted(name, "")

    def _later(self, job: Callable[[str], None], arn: str) -> None:
        self._context.bulk(partial(job, arn))

    def _list_pools(self) -> None:
        account, region = self._context.account, self._context.region

        def each(page: Any) -> None:
            for row in rows(page, "UserPools"):
                self._pools.list(
                    f"arn:{account.partition}:cognito-idp:{region}:{account.id}:userpool/{text(row, 'Id')}"
                )

        self._context.listing("cognito-idp:ListUserPools", each=each, MaxResults=_POOLS)

    def _pool(self, arn: str) -> None:
        self._context.call("cognito-idp:DescribeUserPool", arn, UserPoolId=arn.rpartition("/")[2])

    def _list_rules(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "rules"):
                self._rules.list(text(row, "ruleArn"))

        self._context.listing("iot:ListTopicRules", each=each)

    def _rule(self, arn: str) -> None:
        self._context.call("iot:GetTopicRule", arn, ruleName=arn.rpartition("/")[2])

    def _group(self, arn: str) -> None:
        if self._context.asked.first("filters", arn):
            name = arn.rpartition(":log-group:")[2]
            self._context.bulk(
                partial(self._context.listing, "logs:DescribeSubscriptionFilters", arn, logGroupName=name)
            )
