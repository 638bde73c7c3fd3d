"""Flags event source mappings of streams that start the function for every record."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_mappings, mapping_id
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_STREAMS = frozenset({"dynamodb", "kafka", "kinesis"})

_COMMAND = "aws lambda update-event-source-mapping --region {location} --uuid {mapping} --filter-criteria <filters>"
_FIX = Fix(
    text="Give the mapping a filter that lets only the records through that the function works on.",
    breaks="Records that the filter leaves out are never processed.",
    command=_COMMAND,
    terraform="""\
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = "{source}"
  function_name    = "{name}"

  filter_criteria {
    filter {
      pattern = "<pattern>"
    }
  }
}""",
)


@check(
    id="mapping-unfiltered",
    title="Every record of a stream starts the function",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("gap-esm-no-filter",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html",),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def mapping_unfiltered(function: Function, _context: Context) -> Iterator[Hit]:
    """Streams carry more than one function needs, and a run that ignores its records is billed like any other. A filter of
    the mapping costs nothing and keeps records of an unexpected form away from the code. An opinion: functions that archive
    or count need every record.
    """
    for (group, trigger, locus), filtered in judged_mappings(function, lambda trigger: trigger.filtered):
        if trigger.service in _STREAMS and not filtered.value:
            yield Hit(
                message=f"Every record of {source_name(trigger)} starts {function.name}: its mapping has no filter",
                evidence=(cite(filtered, "no FilterCriteria"), cite(group, locus)),
                locus=locus,
                command=_COMMAND,
                values={"source": trigger.source or "<source>", "mapping": mapping_id(trigger)},
            )
