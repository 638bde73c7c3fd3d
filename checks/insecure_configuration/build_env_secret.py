"""Flags credentials in the variables a function is built with."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity

_SEVERITY = {Confidence.HIGH: Severity.CRITICAL, Confidence.MEDIUM: Severity.HIGH, Confidence.LOW: Severity.MEDIUM}

FIX = {
    Cloud.GCP: Fix(
        text="Renew the credential and take the variable out. A private registry needs none: let the build's account"
        " read Artifact Registry; what a build must fetch otherwise it reads from Secret Manager in a build step of"
        " your own.",
        command="gcloud functions deploy {name} --region={location} --project={account} --remove-build-env-vars={variable}",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    environment_variables = {
      # without "{variable}"
    }
  }
}""",
    ),
}


@check(
    id="build-env-secret",
    title="Secret in build environment variable",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-build-env-secrets",),
    controls=("CSA-SAS:SAS-7", "NIST-800-53:IA-5(7)", "OWASP-SLS:S3"),
    cwe=526,
)
def build_env_secret(function: Function, _context: Context) -> Iterator[Hit]:
    """Everyone who may list functions reads the variables of the build, and so does every dependency whose install
    script runs in it; the value also stays in the build's record and logs. The value itself is nowhere in the
    report.
    """
    environment = function.deployment.then(lambda deployment: deployment.build.environment)
    for variable in {
        one.name: one for one in environment.need().variables if one.verdict is SecretVerdict.SECRET
    }.values():
        confidence = variable.confidence or Confidence.LOW
        yield Hit(
            message=f"Build variable {variable.name} holds a credential ({variable.detector or 'unnamed detector'}, {confidence} confidence)",
            evidence=(cite(environment, f"{variable.name}: {variable.length} characters, not shown"),),
            locus=variable.name,
            severity=_SEVERITY[confidence],
            confidence=confidence,
            values={"variable": variable.name},
        )
