"""Flags functions with the most memory the service sells."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Measure (Max Memory Used in the REPORT lines, or a power-tuning run) and set what the function needs. Processor time"
    " falls with memory, so watch the duration.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --memory-size <megabytes>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  memory_size   = 1024 # what measurement shows
}""",
)


@check(
    id="memory-max",
    title="Memory is the service maximum",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("memory-max",),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=770,
)
def memory_max(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Memory multiplies the price of every millisecond: at 10,240 MB a flood of calls costs eighty times what it costs at 128 MB.
    Few functions can use the six processors that come with it. If measurement says this one does, waive the
    finding with the measurement.
    """
    megabytes = function.limits.memory_mb.need()
    if megabytes >= 10240:
        yield Hit(
            message=f"MemorySize is {megabytes} MB, the most a function may have",
            evidence=(cite(function.limits.memory_mb, f"MemorySize = {megabytes}"),),
        )
