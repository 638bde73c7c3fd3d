"""Flags secrets that a function refers to but that have not been read for months."""

from collections.abc import Iterator
from datetime import date

from auditor.analysis.secret_stores import referred
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.environment import StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Find out which code should read it; delete the variable and schedule the secret's deletion, which"
        " can be undone for 30 days.",
        breaks="Code that still reads the secret fails; the deletion can be undone for 30 days.",
        command="aws secretsmanager delete-secret --region {location} --secret-id {secret} --recovery-window-in-days 30",
        no_terraform="delete the aws_secretsmanager_secret and the variable that names it",
    )
}


@check(
    id="stored-secret-unused",
    title="Referenced secret is unused",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("secrets-manager-hygiene",),
    references=("https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html",),
    profile_level=ProfileLevel.STRICT,
)
def stored_secret_unused(function: Function, context: Context) -> Iterator[Hit]:
    """A variable names the secret, yet it has not been read for months: either one is obsolete, and both remain useful
    to an attacker.

    Reported after secret_unused_days (90 unless set). The store records reads by day; a secret that was never read
    counts from the start.
    """
    secrets = referred(function.environment.need(), StoredSecretKind.SECRET)
    if not secrets:
        raise NotApplicable("no variable refers to a stored secret")
    for secret, value in each_of(secrets, lambda secret: secret.last_used):
        if _unused(value, context):
            yield Hit(
                message=f"Secret {secret.id} of function {function.name} was {f'last read on {value}' if value else 'never read'}",
                evidence=(cite(secret.last_used, f"{secret.id}: LastAccessedDate = {value or 'absent'}"),),
                locus=secret.id,
                site=secret.id,
                values={"secret": secret.id},
            )


def _unused(last_used: str | None, context: Context) -> bool:
    return (
        last_used is None or (context.today - date.fromisoformat(last_used)).days > context.settings.secret_unused_days
    )
