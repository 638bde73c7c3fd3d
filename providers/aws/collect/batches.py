"""What is asked in batches once the functions are known: networks and parameters.

By filters, so what was deleted is simply not in the answer and one ghost does not fail the batch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from providers.answers.json_paths import record, rows, text, texts
from providers.aws.collect.references import parameters_of
from providers.aws.collect.region_context import RegionContext

_NETWORK_BATCH: Final = 200
_PARAMETER_BATCH: Final = 50


class Batches:
    """Gathers ids while functions stream in, and asks about them together. Fed by one thread."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context
        self._subnets: dict[str, None] = {}
        self._groups: dict[str, None] = {}
        self._networks: dict[str, None] = {}
        self._parameters: dict[str, None] = {}

    def function(self, function: Mapping[str, Any]) -> None:
        """Notes what one function's configuration refers to."""
        network = record(function, "VpcConfig")
        self._subnets.update(dict.fromkeys(texts(network, "SubnetIds")))
        self._groups.update(dict.fromkeys(texts(network, "SecurityGroupIds")))
        if identifier := text(network, "VpcId"):
            self._networks[identifier] = None
        self._parameters.update(dict.fromkeys(parameters_of(function)))

    def start(self) -> None:
        """Queues the questions; none where there is nothing to ask about."""
        if self._subnets:
            self._context.bulk(self._network)
        if self._groups:
            self._context.bulk(lambda: self._filtered("ec2:DescribeSecurityGroups", "group-id", self._groups))
        if self._parameters:
            self._context.bulk(self._named)

    def _network(self) -> None:
        owners = dict(self._networks)

        def each(page: Any) -> None:
            owners.update(dict.fromkeys(vpc for row in rows(page, "Subnets") if (vpc := text(row, "VpcId"))))

        self._filtered("ec2:DescribeSubnets", "subnet-id", self._subnets, each)
        if not owners:
            return
        self._context.bulk(lambda: self._filtered("ec2:DescribeRouteTables", "vpc-id", owners))
        self._context.bulk(lambda: self._filtered("ec2:DescribeVpcEndpoints", "vpc-id", owners))
        logged = [*owners, *self._subnets]
        self._context.bulk(lambda: self._filtered("ec2:DescribeFlowLogs", "resource-id", logged))

    def _filtered(
        self, operation: str, name: str, values: Iterable[str], each: Callable[[Any], None] | None = None
    ) -> None:
        page = 0
        parameter = "Filter" if operation == "ec2:DescribeFlowLogs" else "Filters"
        for batch in _batches(values, _NETWORK_BATCH):
            wanted: dict[str, Any] = {parameter: [{"Name": name, "Values": batch}]}
            _, page = self._context.listing(operation, each=each, first=page, **wanted)

    def _named(self) -> None:
        page = 0
        for batch in _batches(self._parameters, _PARAMETER_BATCH):
            wanted = [{"Key": "Name", "Option": "Equals", "Values": batch}]
            _, page = self._context.listing("ssm:DescribeParameters", first=page, ParameterFilters=wanted)


def _batches(values: Iterable[str], size: int) -> Iterator[list[str]]:
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch
