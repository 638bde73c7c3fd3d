"""Flags secrets a function uses that are never rotated."""

from collections.abc import Iterator, Sequence

from auditor.analysis.stored import referred
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, each_of
from auditor.model.severity import Severity

_UNSET = {Cloud.AWS: "RotationEnabled", Cloud.GCP: "rotation"}
_Rotations = Sequence[tuple[str, Observed[bool | None]]]

FIX = {
    Cloud.AWS: Fix(
        text="Attach a rotation function and schedule. The first rotation happens at once: the code must read the secret at run time, not at deployment.",
        command="aws secretsmanager rotate-secret --region {location} --secret-id {secret} --rotation-lambda-arn <rotation-function-arn> --rotation-rules AutomaticallyAfterDays=30",
        terraform='resource "aws_secretsmanager_secret_rotation" "this" {\n  secret_id           = "{secret}"\n  rotation_lambda_arn = aws_lambda_function.rotation.arn\n  rotation_rules {\n    automatically_after_days = 30\n  }\n}',
    ),
    Cloud.GCP: Fix(
        text="Set a rotation schedule with a topic. Secret Manager only sends a message there when it is due: a function of yours"
        " has to renew the credential and add the version.",
        command="gcloud secrets update {secret} --add-topics=<topic> --next-rotation-time=<time> --rotation-period=2592000s",
        terraform="""\
resource "google_secret_manager_secret" "this" { # {secret}
  rotation {
    rotation_period    = "2592000s"
    next_rotation_time = "<time>"
  }
  topics {
    name = "<topic>"
  }
}""",
    ),
}


@check(
    id="stored-secret-not-rotated",
    title="Secret is not rotated",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("secrets-manager-hygiene", "gcp-fn-secret-rotation"),
    controls=("FSBP:SecretsManager.1", "NIST-800-53:IA-5"),
)
def stored_secret_not_rotated(function: Function, _context: Context) -> Iterator[Hit]:
    """A credential that never changes stays useful to whoever saw it once: in a log, a laptop, an old version.

    Rotation by the secret store counts; a value you change by hand does not show.
    """
    told = _by_reference(function) if function.cloud is Cloud.GCP else _by_variable(function)
    for (secret, rotates), value in each_of(told, lambda pair: pair[1]):
        if value is False:
            yield Hit(
                message=f"Secret {secret} has no automatic rotation",
                evidence=(cite(rotates, f"{secret}: {_UNSET[function.cloud]} is not set"),),
                locus=secret,
                values={"secret": secret},
            )


def _by_variable(function: Function) -> _Rotations:
    """The stored secrets that variables name."""
    secrets = referred(function.environment.need(), StoredSecretKind.SECRET)
    if not secrets:
        raise NotApplicable("no variable refers to a stored secret")
    return [(secret.id, secret.rotates) for secret in secrets]


def _by_reference(function: Function) -> _Rotations:
    """The secrets that the platform hands to the function, each once; none that no longer exists."""
    references = function.keeping.then(lambda keeping: keeping.references).need()
    found = {one.store: one.rotates for one in references if not isinstance(one.resolved, Known) or one.resolved.value}
    if not found:
        raise NotApplicable("it refers to no stored secret")
    return list(found.items())
