"""Flags regions whose reservations leave other functions little concurrency."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_SHARE = 0.2
"""What is left at the least for functions without a reservation."""

_FIX = Fix(
    text="Lower the reservations that are larger than what their functions need, or ask for a higher concurrency limit.",
    breaks="Functions whose reservation is lowered are throttled earlier.",
    command="aws lambda get-account-settings --region {location}\n"
    "aws service-quotas request-service-quota-increase --region {location} --service-code lambda"
    " --quota-code L-B99A9384 --desired-value <concurrency>",
    terraform="""\
resource "aws_servicequotas_service_quota" "concurrency" {
  service_code = "lambda"
  quota_code   = "L-B99A9384"
  value        = 3000 # what is needed
}""",
)


@check(
    id="unreserved-pool-small",
    title="Reservations leave little concurrency to other functions",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("gap-unreserved-pool-drained",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",),
    cwe=770,
    subject=Subject.LOCATION,
)
def unreserved_pool_small(region: Location, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Functions without a reservation share what the others leave: where that is little, a flood of one of them
    throttles all. Reported where less than a fifth of the account's concurrency in the region is left; Lambda itself
    keeps 100.
    """
    total, left = region.concurrency_limit.need(), region.unreserved_concurrency.need()
    if left < total * _SHARE:
        yield Hit(
            message=f"Functions without a reservation share {left} of {total} concurrent executions in {region.location}",
            evidence=(
                cite(region.unreserved_concurrency, f"UnreservedConcurrentExecutions = {left}"),
                cite(region.concurrency_limit, f"ConcurrentExecutions = {total}"),
            ),
        )
