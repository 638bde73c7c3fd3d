"""Flags functions whose runtime, role, timeout or memory is not on the configured allow-list."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Observed, each_of
from auditor.model.severity import Severity

_Rule = tuple[str, Observed[Any], Callable[[Any], bool]]
"""What is judged, the fact, and whether a value is allowed."""

FIX = {
    Cloud.AWS: Fix(
        text="Bring the named setting into the allowed range, or change the allow-list in auditor.toml where the"
        " exception is intended. Keep only the option that was reported; test a changed role or runtime first.",
        breaks="Code that needs the present value of the setting fails: test a changed role or runtime first.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime <allowed-runtime> --role <allowed-role-arn> --timeout <seconds> --memory-size <megabytes>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "<allowed-runtime>"\n  role          = "<allowed-role-arn>"\n  timeout       = 30 # an allowed number of seconds\n  memory_size   = 512 # an allowed number of megabytes\n}',
    )
}


@check(
    id="settings-not-as-expected",
    title="Runtime, role, timeout or memory is not on the allow-list",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("settings-not-as-expected",),
    references=("https://docs.aws.amazon.com/config/latest/developerguide/lambda-function-settings-check.html",),
)
def settings_not_as_expected(function: Function, context: Context) -> Iterator[Hit]:
    """The organization's own rule, applied to the deployed configuration rather than to a template.

    Checked only where allowed_runtimes, allowed_roles, allowed_timeout_seconds or allowed_memory_mb is set. Container
    images have no runtime to compare, and a function without a role has none to match.
    """
    settings = context.settings
    rules = (
        settings.allowed_runtimes,
        settings.allowed_roles,
        settings.allowed_timeout_seconds,
        settings.allowed_memory_mb,
    )
    if not any(rules):
        raise NotApplicable("no allow-list is set")
    role = function.identity.map(lambda identity: identity.name if identity else None)
    judged: tuple[_Rule, ...] = (
        ("runtime", function.runtime, lambda value: _listed(value, settings.allowed_runtimes)),
        ("role", role, lambda value: _listed(value, settings.allowed_roles)),
        ("timeout", function.limits.timeout_seconds, lambda value: _within(value, settings.allowed_timeout_seconds)),
        ("memory", function.limits.memory_mb, lambda value: _within(value, settings.allowed_memory_mb)),
    )
    for (name, fact, allowed), value in each_of(judged, lambda row: row[1]):
        if not allowed(value):
            yield Hit(
                message=f"The {name} of function {function.name}, {value}, is not on the allow-list",
                evidence=(cite(fact, f"{name} = {value}"),),
                locus=name,
            )


def _listed(value: str | None, patterns: tuple[str, ...]) -> bool:
    return not patterns or value is None or any(fnmatchcase(value, pattern) for pattern in patterns)


def _within(value: int, bounds: tuple[int, int] | None) -> bool:
    return bounds is None or bounds[0] <= value <= bounds[1]
