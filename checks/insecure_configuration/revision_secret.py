"""Flags credentials in the environment variables of old revisions and versions."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Rotate the credential, point aliases to a version without it, and delete the versions that hold it.",
        breaks="Callers and aliases that name a deleted version fail, and everything else that uses the credential"
        " fails once it is rotated.",
        command="aws lambda list-aliases --region {location} --function-name {name} --function-version {revision}\n"
        "aws lambda delete-function --region {location} --function-name {name} --qualifier {revision}",
        no_terraform="versions are published by deployments and are not resources of the provider: delete them with the command",
    ),
    Cloud.GCP: Fix(
        text="Rotate the credential, and delete the revisions that hold the old one.",
        breaks="Traffic cannot be sent back to a deleted revision, and everything else that uses the credential"
        " fails once it is rotated.",
        command="gcloud run revisions list --service={name} --region={location} --project={account}\ngcloud run revisions delete {revision} --region={location} --project={account}",
        no_terraform="revisions are created by deployments and are not resources of the provider: delete them with the command",
    ),
}


@check(
    id="revision-secret",
    title="Secret in old revision or version",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-old-revision-secrets",),
    references=(
        "https://cloud.google.com/run/docs/managing/revisions",
        "https://cloud.google.com/secret-manager/docs/best-practices",
    ),
    cwe=526,
)
def revision_secret(function: Function, _context: Context) -> Iterator[Hit]:
    """A revision is immutable: removing the variable creates a new revision, and the old ones still show the value to
    every principal that may list revisions. Rotate the credential to end the exposure; then delete the old
    revisions. A published version of AWS Lambda is immutable in the same way: a credential that is not among the
    variables of the function any more is reported, and is high where an alias still points to the version.
    """
    old = function.deployment.then(lambda deployment: deployment.revisions.secrets)
    serving = function.deployment.then(lambda deployment: deployment.revisions.receiving)
    revisions: dict[str, list[str]] = {}
    for entry in old.need():
        revision, _, variable = entry.partition("/")
        revisions.setdefault(variable, []).append(revision)
    for variable, names in revisions.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        if function.cloud is Cloud.AWS:
            yield _of_version(function, old, variable, names)
            continue
        yield Hit(
            message=f"Variable {variable} of old revision {names[0]}{more} of function {function.name} holds a credential",
            evidence=(
                cite(old, f"{names[0]}: {variable} has a plain value, not shown"),
                cite(serving, f"traffic: none to {names[0]}"),
            ),
            locus=variable,
            values={"revision": names[0], "variable": variable},
        )


def _of_version(function: Function, old: Observed[tuple[str, ...]], variable: str, names: list[str]) -> Hit:
    aliases = function.aliases.value if isinstance(function.aliases, Known) else ()
    serving = {
        alias.name: version
        for alias in aliases
        for version in (alias.version, *(name for name, _ in alias.weights))
        if version in names
    }
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    used = f" (alias {', '.join(serving)})" if serving else ""
    shown = next(iter(serving.values()), names[0])
    return Hit(
        message=f"Variable {variable} of published version {shown}{more}{used} of function {function.name} holds a credential",
        evidence=(
            cite(old, f"version {shown}: {variable} has a plain value, not shown"),
            cite(function.environment, f"{variable} of $LATEST has another value, or is not there"),
        ),
        locus=variable,
        severity=Severity.HIGH if serving else None,
        values={"revision": shown, "variable": variable},
    )
