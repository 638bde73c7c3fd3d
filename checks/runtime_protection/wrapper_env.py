"""Flags environment variables that load additional code before the handler."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Verify that the variable loads code from your package or from a trusted layer. Otherwise remove the"
    " variable.",
    breaks="What the wrapper loaded, such as a monitoring extension, no longer runs; the command replaces all"
    " variables, so start from the current set.",
    command="aws lambda get-function-configuration --region {location} --function-name {name} --query '{Variables:Environment.Variables}' > variables.json\n"
    "# remove {locus} from variables.json, then\n"
    "aws lambda update-function-configuration --region {location} --function-name {name} --environment file://variables.json",
    no_terraform="remove the key from environment.variables of the aws_lambda_function; there is nothing to add",
)
_ANY_RUNTIME = frozenset({"AWS_LAMBDA_EXEC_WRAPPER", "LD_PRELOAD", "LD_AUDIT", "BASH_ENV"})
_OF_RUNTIME = {
    "NODE_OPTIONS": "nodejs",
    "NODE_PATH": "nodejs",
    "PYTHONPATH": "python",
    "PYTHONSTARTUP": "python",
    "PYTHONHOME": "python",
    "JAVA_TOOL_OPTIONS": "java",
    "_JAVA_OPTIONS": "java",
    "RUBYOPT": "ruby",
    "RUBYLIB": "ruby",
    "DOTNET_STARTUP_HOOKS": "dotnet",
    "DOTNET_ADDITIONAL_DEPS": "dotnet",
    "CORECLR_PROFILER_PATH": "dotnet",
}


@check(
    id="wrapper-env",
    title="Environment variable loads additional code",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("gap-wrapper-env",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html",),
    cwe=829,
    confidence=Confidence.MEDIUM,
)
def wrapper_env(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A principal that can set variables can run code in the function without a change to its signed package: a wrapper
    script, a preloaded library, an agent option. Observability agents use the same mechanism, so verify each once.
    Interpreter options are low, and skipped where the function's runtime ignores them.
    """
    for variable in function.environment.need().variables:
        if variable.name in _ANY_RUNTIME:
            severity = Severity.MEDIUM
        elif variable.name in _OF_RUNTIME and _heeds(function, _OF_RUNTIME[variable.name]):
            severity = Severity.LOW
        else:
            continue
        yield Hit(
            message=f"Variable {variable.name} of function {function.name} loads code or options from outside the handler",
            evidence=(cite(function.environment, f"Environment.Variables has {variable.name}"),),
            locus=variable.name,
            severity=severity,
        )


def _heeds(function: Function, family: str) -> bool:
    """Whether the variable means something to the runtime; images and unknown runtimes may hold any interpreter."""
    if not isinstance(function.runtime, Known) or function.runtime.value is None:
        return True
    return function.runtime.value.startswith((family, "provided"))
