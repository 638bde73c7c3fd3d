"""Flags functions with more environment variables than the configured maximum."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Move configuration to a parameter path or AppConfig and read it at start; delete what no code reads.",
        breaks="Code that reads a moved variable fails; the command replaces all variables, so give the complete"
        " remaining set.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --environment file://<remaining-variables.json>",
        terraform='resource "aws_ssm_parameter" "configuration" {\n  name  = "/{name}/configuration"\n  type  = "SecureString"\n  value = jsonencode(var.configuration)\n}',
    )
}


@check(
    id="env-count-excessive",
    title="Too many environment variables",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("env-count-excessive",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",),
    profile_level=ProfileLevel.STRICT,
)
def env_count_excessive(function: Function, context: Context) -> Iterator[Hit]:
    """In a long list of environment variables, forgotten credentials and obsolete feature flags go unnoticed: forty
    variables are rarely reviewed.

    Reported above max_variables (20 unless set). An opinion.
    """
    count = len(function.environment.need().variables)
    limit = context.settings.max_variables
    if count > limit:
        yield Hit(
            message=f"Function {function.name} has {count} environment variables, more than {limit}",
            evidence=(cite(function.environment, f"Environment.Variables has {count} entries"),),
        )
