"""Flags functions that strangers can start and whose concurrency has no ceiling."""

from collections.abc import Iterator

from auditor.analysis.endpoints import settled_reach
from auditor.analysis.statements import allowing, judged, of_policies
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Reserve concurrency for the function's measured peak: calls above it are throttled instead of billed. Better still, also close"
    " the way in (see url-auth-none and policy-public).",
    command="aws lambda put-function-concurrency --region {location} --function-name {name} --reserved-concurrent-executions <peak>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name                  = "{name}"
  reserved_concurrent_executions = 20 # its measured peak
}""",
)


@check(
    id="public-and-unreserved",
    title="Strangers can start it and nothing caps the cost",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("public-and-unreserved",),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8", "MITRE-ATTACK:T1499"),
    cwe=770,
)
def public_and_unreserved(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A loop of requests from one laptop keeps the region's whole pool busy: you pay for all of it, and every other function is
    throttled meanwhile. url-auth-none or policy-public reports that strangers get in; this finding is what
    the missing ceiling adds. Dormant grants, which let nobody in today, do not count.
    """
    reserved = function.limits.reserved_concurrency
    if isinstance(reserved, Known) and reserved.value is not None:
        return
    for path, evidence in _open_doors(function):
        reserved.need()
        yield Hit(
            message=f"{path}, and no reserved concurrency limits how much of the region's pool that may take",
            evidence=(evidence, cite(reserved, "no ReservedConcurrentExecutions")),
        )
        return
    tuple(each(settled_reach(endpoint) for endpoint in function.endpoints.need()))
    tuple(judged(of_policies(function.policies.need())))  # a policy we could not judge may be the open door


def _open_doors(function: Function) -> Iterator[tuple[str, Evidence]]:
    if isinstance(function.endpoints, Known):
        for endpoint in function.endpoints.value:
            if isinstance(endpoint.reach, Known) and endpoint.reach.value.public:
                yield f"{endpoint.url} answers anyone", cite(endpoint.reach, endpoint.reach_reason)
    if isinstance(function.policies, Known):
        for stated in allowing(p for p in of_policies(function.policies.value) if isinstance(p, Known)):
            if stated.grant.reach.public and stated.grant.invokes and not stated.grant.endpoint_only:
                yield f"{stated.label} lets anyone invoke it", cite(stated.fact, stated.grant.text)
