"""Flags filters of event source mappings that no customer-managed key encrypts."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_mappings, mapping_id
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_COMMAND = "aws lambda update-event-source-mapping --region {location} --uuid {mapping} --kms-key-arn <key-arn>"
_FIX = Fix(
    text="Encrypt the filter with a customer-managed key, if its patterns hold identifiers or other sensitive values.",
    breaks="Principals that list mappings without permission for the key no longer see the filter.",
    command=_COMMAND,
    terraform="""\
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = "{source}"
  function_name    = "{name}"
  kms_key_arn      = "<key ARN>"
}""",
)


@check(
    id="mapping-filter-no-cmk",
    title="Filter of a mapping has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("esm-kms",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def mapping_filter_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """A filter may name customers, tenants or amounts, and everyone who may list event source mappings reads it. With a
    customer-managed key that requires a second permission. An opinion: Lambda encrypts filters with a key of its own.
    """
    for (group, trigger, locus), filtered in judged_mappings(function, lambda trigger: trigger.filtered):
        if filtered.value and trigger.filter_key.need() is None:
            yield Hit(
                message=f"The filter of the mapping from {source_name(trigger)} to {function.name} has no customer-managed key",
                evidence=(cite(trigger.filter_key, "no KMSKeyArn"), cite(group, locus)),
                locus=locus,
                command=_COMMAND,
                values={"source": trigger.source or "<source>", "mapping": mapping_id(trigger)},
            )
