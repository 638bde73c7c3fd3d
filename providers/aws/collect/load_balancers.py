"""Application load balancers that start functions: target groups first, then the balancers in front of those."""

from functools import partial
from typing import Any, Final

from providers.answers.json_paths import rows, text, texts
from providers.aws.collect.matching import Matching
from providers.aws.collect.region_context import RegionContext

_PAGE: Final = 400


class LoadBalancers:
    """Queues the questions about the load balancers of one region whose target groups functions admit."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context
        self._groups = Matching(self._later)
        self._in_front: dict[str, tuple[str, ...]] = {}
        self._firewalls: dict[str, tuple[str, ...]] = {}

    def start(self) -> None:
        """Lists the balancers, and then the target groups."""

        def balancers(page: Any) -> None:
            for row in rows(page, "LoadBalancers"):
                self._firewalls[text(row, "LoadBalancerArn")] = tuple(texts(row, "SecurityGroups"))

        def groups(page: Any) -> None:
            for row in rows(page, "TargetGroups"):
                if text(row, "TargetType") == "lambda":
                    arn = text(row, "TargetGroupArn")
                    self._in_front[arn] = tuple(texts(row, "LoadBalancerArns"))
                    self._groups.list(arn)

        self._context.listing("elasticloadbalancing:DescribeLoadBalancers", each=balancers, PageSize=_PAGE)
        self._context.listing("elasticloadbalancing:DescribeTargetGroups", each=groups, PageSize=_PAGE)

    def admit(self, pattern: str) -> None:
        """The target groups that a function's policy admits."""
        self._groups.admit(pattern)

    def _later(self, arn: str) -> None:
        self._context.bulk(partial(self._group, arn))

    def _group(self, arn: str) -> None:
        self._context.call("elasticloadbalancing:DescribeTargetHealth", arn, TargetGroupArn=arn)
        for balancer in self._in_front[arn]:
            if self._context.asked.first("load balancer", balancer):
                self._context.bulk(partial(self._balancer, balancer))

    def _balancer(self, arn: str) -> None:
        context = self._context

        def each(page: Any) -> None:
            for row in rows(page, "Listeners"):
                context.bulk(partial(self._listener, text(row, "ListenerArn")))

        context.listing("elasticloadbalancing:DescribeListeners", arn, each=each, LoadBalancerArn=arn)
        context.call("wafv2:GetWebACLForResource", arn, ResourceArn=arn)
        groups = self._firewalls.get(arn)
        if groups:
            wanted = [{"Name": "group-id", "Values": list(groups)}]
            context.listing("ec2:DescribeSecurityGroups", arn, Filters=wanted)

    def _listener(self, arn: str) -> None:
        self._context.listing("elasticloadbalancing:DescribeRules", arn, ListenerArn=arn)
