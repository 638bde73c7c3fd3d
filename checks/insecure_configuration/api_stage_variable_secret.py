"""Flags credentials in stage variables of APIs in front of a function."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, each_stage, stage_locus
from auditor.analysis.plain_credentials import weigh
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity

_OTHER = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --stage-variables {variable}=''  # an empty value removes it"
)

_FIX = Fix(
    text="Treat the credential as exposed: rotate it, store the new one in Secrets Manager, let the function read it there by"
    " its ARN, and remove the stage variable {variable}.",
    breaks="Integrations and functions that read the variable fail once it is removed, and everything else that uses the"
    " credential fails once it is rotated.",
    command="aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=remove,path=/variables/{variable}",
    terraform="""\
resource "aws_api_gateway_stage" "this" { # HTTP, WebSocket: stage_variables of aws_apigatewayv2_stage
  rest_api_id   = "{api}"
  stage_name    = "{stage}"
  deployment_id = "<deployment id>"

  variables = {
    # without "{variable}"
  }
}""",
)


@check(
    id="api-stage-variable-secret",
    title="Secret in stage variable of the API",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-stagevar-secret",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html",
    ),
    cwe=526,
)
def api_stage_variable_secret(function: Function, _context: Context) -> Iterator[Hit]:
    """Stage variables are not encrypted and are no place for credentials, as AWS itself warns: everyone who may read the
    API's configuration reads them, and API Gateway passes all of them to the function with each request, where they end in
    logs and traces. Variables of a canary are judged as well. The report never contains the value.
    """
    for gateway, stage, found in each_stage(function, STAGED, lambda stage: stage.variables):
        for variable in {one.name: one for one in found.value if one.verdict is SecretVerdict.SECRET}.values():
            confidence = variable.confidence or Confidence.LOW
            weight = weigh(variable.name, variable.detector, confidence)
            message = (
                f"Variable {variable.name} of stage {stage.name} of API {gateway.name} in front of {function.name} holds a credential"
                f" ({variable.detector or 'unnamed detector'}, {confidence} confidence)"
            )
            yield Hit(
                message=f"{message}; {weight.reason}" if weight.reason else message,
                evidence=(cite(found, f"{variable.name}: {variable.length} characters, not shown"),),
                locus=f"{stage_locus(gateway, stage)} {variable.name}",
                site=f"variable {variable.name} of {stage_locus(gateway, stage)}",
                severity=weight.severity,
                confidence=confidence,
                command=None if gateway.kind == "rest" else _OTHER,
                values={"api": gateway.id.rpartition(":")[2], "stage": stage.name, "variable": variable.name},
            )
