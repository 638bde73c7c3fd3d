"""Flags secrets used by a function that have no automatic rotation."""

from collections.abc import Iterator, Sequence

from auditor.analysis.secret_stores import referred
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
        text="Attach a rotation function and a schedule.",
        breaks="The first rotation happens at once: code that reads the secret only at deployment keeps the old"
        " value and fails.",
        command="aws secretsmanager rotate-secret --region {location} --secret-id {secret} --rotation-lambda-arn <rotation-function-arn> --rotation-rules AutomaticallyAfterDays=30",
        terraform='resource "aws_secretsmanager_secret_rotation" "this" {\n  secret_id           = "{secret}"\n  rotation_lambda_arn = aws_lambda_function.rotation.arn\n  rotation_rules {\n    automatically_after_days = 30\n  }\n}',
    ),
    Cloud.GCP: Fix(
        text="Set a rotation schedule with a topic. Secret Manager only sends a message there when rotation is due: a"
        " separate function has to rotate the credential and add the version.",
        breaks="A rotation function that works makes the old value useless: code that reads the secret only at"
        " deployment fails.",
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
    references=(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
        "https://cloud.google.com/secret-manager/docs/secret-rotation",
    ),
)
def stored_secret_not_rotated(function: Function, _context: Context) -> Iterator[Hit]:
    """A credential that never changes stays valid after it is exposed once: in a log, on a laptop, in an old version.

    Rotation by the secret store counts; a manual change of the value is not visible here.
    """
    rotations = _by_reference(function) if function.cloud is Cloud.GCP else _by_variable(function)
    for (secret, rotates), value in each_of(rotations, lambda pair: pair[1]):
        if value is False:
            yield Hit(
                message=f"Secret {secret} of function {function.name} has no automatic rotation",
                evidence=(cite(rotates, f"{secret}: {_UNSET[function.cloud]} is not set"),),
                locus=secret,
                site=secret,
                values={"secret": secret},
            )


def _by_variable(function: Function) -> _Rotations:
    """The stored secrets that variables name."""
    secrets = referred(function.environment.need(), StoredSecretKind.SECRET)
    if not secrets:
        raise NotApplicable("no variable refers to a stored secret")
    return [(secret.id, secret.rotates) for secret in secrets]


def _by_reference(function: Function) -> _Rotations:
    """The secrets that the platform passes to the function, each once; none that no longer exists."""
    references = function.storage.then(lambda storage: storage.references).need()
    found = {one.store: one.rotates for one in references if not isinstance(one.resolved, Known) or one.resolved.value}
    if not found:
        raise NotApplicable("no setting refers to a stored secret")
    return list(found.items())
