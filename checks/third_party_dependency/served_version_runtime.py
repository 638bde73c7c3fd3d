"""Flags aliases, triggers and URLs that serve a published version on a runtime past its end of support."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import lifecycle_of, runtime_lifecycle, spoken
from auditor.analysis.served_versions import PUBLISH_AGAIN, PUBLISH_AGAIN_HCL, an_alias, served_by, serving
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Publish a version of the function as it is today, test it, and point the alias at it; delete the old version"
    " once nothing invokes it by number.",
    breaks="Callers of the alias get today's code, settings and runtime at once: what relies on the old ones fails.",
    command=PUBLISH_AGAIN,
    terraform=PUBLISH_AGAIN_HCL,
)


@check(
    id="served-version-runtime",
    title="Served version is on a deprecated runtime",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    facet_of=("served-version-role",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    ),
    cwe=1104,
)
def served_version_runtime(function: Function, context: Context) -> Iterator[Hit]:
    """A published version keeps the runtime it was published with. Moving the function to a supported runtime changes
    nothing for callers of an alias that points at an older version: they still run on the interpreter that is no longer
    patched. Where the function itself is on that runtime, runtime-deprecated reports it.
    """
    own = function.runtime.value if isinstance(function.runtime, Known) else None
    versions = function.served.need()
    for version in versions:
        runtime = version.runtime.value if isinstance(version.runtime, Known) else None
        lifecycle = runtime_lifecycle(function.cloud, runtime) if runtime is not None and runtime != own else None
        if lifecycle is None or not lifecycle.deprecated(context.today):
            continue
        on = lifecycle.deprecated_on
        ended = f"was deprecated on {spoken(on)}" if on is not None else "is deprecated"
        yield Hit(
            message=f"{serving(function, version)} runs on {runtime}, which {ended}",
            evidence=(
                cite(function.aliases, served_by(version)),
                cite(version.runtime, f"version {version.version}: Runtime = {runtime}"),
                cite(function.runtime, f"Runtime = {own} of $LATEST"),
            ),
            locus=version.version,
            site=f"version/{version.version}",
            values={"version": version.version, "alias": an_alias(version)},
        )
    for runtime in each(version.runtime for version in versions):
        if runtime is not None and runtime != own:
            lifecycle_of(
                function.cloud, Known(runtime, function.served.source)
            )  # one our table does not know is unknown
    if not versions:
        raise NotApplicable("no published version is invoked through an alias, a trigger or a URL")
