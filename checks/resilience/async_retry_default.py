"""Flags asynchronously invoked functions with default retry settings."""

from collections.abc import Iterator

from auditor.analysis.destinations import asynchronous
from auditor.analysis.endpoints import qualified
from auditor.analysis.triggers import ASYNCHRONOUS, raise_unread
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Choose how often a failed event is retried and how old it may get.",
    breaks="Fewer retries lose more events to transient errors unless a failure destination keeps them.",
    command="aws lambda put-function-event-invoke-config --region {location} --function-name {target}"
    " --maximum-retry-attempts 1 --maximum-event-age-in-seconds 3600 --destination-config 'OnFailure={Destination=<queue-arn>}'",
    terraform="""\
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = "{name}"
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 3600
}""",
)


@check(
    id="async-retry-default",
    title="Asynchronous retry settings are default",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("async-retry-default",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",),
    profile_level=ProfileLevel.STRICT,
)
def async_retry_default(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """By default a failed event is retried twice over minutes and may wait for six hours. A payment may then be made
    twice; an alert may come too late. Only a recommendation: the defaults suit idempotent code. Functions without an
    asynchronous trigger are not judged.
    """
    qualifiers: dict[str | None, Evidence] = {}
    for fact, trigger in asynchronous(function.triggers):
        qualifiers.setdefault(trigger.qualifier, cite(fact, f"{trigger.service} {trigger.source or ''}".strip()))
    settings = function.failures.settings
    for qualifier, evidence in qualifiers.items():
        own = [setting for setting in settings.need() if setting.qualifier == qualifier]
        if all(s.max_retries in (None, 2) and s.max_age_seconds in (None, 21600) for s in own):
            yield Hit(
                message=f"Function {qualified(function.name, qualifier)} uses the default retry settings: two retries, six hours",
                evidence=(evidence, cite(settings, "MaximumRetryAttempts and MaximumEventAgeInSeconds not set")),
                locus=qualifier or "",
                values={"target": qualified(function.name, qualifier)},
            )
    raise_unread(function, services=ASYNCHRONOUS)
    if not qualifiers:
        raise NotApplicable("nothing invokes the function asynchronously")
