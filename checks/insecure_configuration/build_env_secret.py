"""Flags credentials in a function's build environment variables."""

from collections.abc import Iterator

from auditor.analysis.plain_credentials import weigh
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.GCP: Fix(
        text="Rotate the credential and remove the variable. A private registry needs none: grant the build's service"
        " account read access to Artifact Registry; anything else the build has to fetch it can read from Secret"
        " Manager in a custom build step.",
        breaks="Builds that read the variable fail until they get the credential in another way.",
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
    references=(
        "https://cloud.google.com/functions/docs/configuring/env-var",
        "https://cloud.google.com/secret-manager/docs/best-practices",
    ),
    cwe=526,
)
def build_env_secret(function: Function, _context: Context) -> Iterator[Hit]:
    """Every principal that may list functions can read the build environment variables, and so can every dependency
    whose install script runs in the build; the value also stays in the build's record and logs. The report never
    contains the value.
    """
    environment = function.deployment.then(lambda deployment: deployment.build.environment)
    for variable in {
        one.name: one for one in environment.need().variables if one.verdict is SecretVerdict.SECRET
    }.values():
        confidence = variable.confidence or Confidence.LOW
        weight = weigh(variable.name, variable.detector, confidence)
        message = f"Build variable {variable.name} of function {function.name} holds a credential ({variable.detector or 'unnamed detector'}, {confidence} confidence)"
        yield Hit(
            message=f"{message}; {weight.reason}" if weight.reason else message,
            evidence=(cite(environment, f"{variable.name}: {variable.length} characters, not shown"),),
            locus=variable.name,
            severity=weight.severity,
            confidence=confidence,
            values={"variable": variable.name},
        )
