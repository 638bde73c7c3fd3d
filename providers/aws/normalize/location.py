"""One location of an account: the settings that hold for every function there."""

from auditor.model.ids import Cloud, place_id, scope_id
from auditor.model.inventory import Location
from auditor.model.observed import Known, Unknown
from providers.aws.normalize import security_services
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.audit_trails import trails
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.logs import Logs

_LISTED = "lambda:ListFunctions"
_limit = security_services.account_setting


def read_location(answers: Answers, partition: str, listed: FunctionList, logs: Logs, functions: int) -> Location:
    """The location, with the number of functions found there."""
    scope = scope_id(Cloud.AWS, answers.account)
    return Location(
        id=place_id(scope, answers.location),
        cloud=Cloud.AWS,
        scope=scope,
        location=answers.location,
        functions=Known(functions, _LISTED) if listed.gap is None else Unknown(listed.gap),
        threat_detection=security_services.threat_detection(answers),
        package_scanning=security_services.scanning(answers, "lambda"),
        code_scanning=security_services.scanning(answers, "lambdaCode"),
        recording=security_services.recording(answers),
        access_analysis=security_services.access_analysis(answers),
        trace_key=security_services.trace_key(answers),
        trails=trails(answers, listed.arns),
        unreserved_concurrency=_limit(answers, "AccountLimit", "UnreservedConcurrentExecutions"),
        concurrency_limit=_limit(answers, "AccountLimit", "ConcurrentExecutions"),
        code_stored=_limit(answers, "AccountUsage", "TotalCodeSize"),
        code_limit=_limit(answers, "AccountLimit", "TotalCodeSize"),
        orphaned_logs=logs.orphans(listed),
        log_policies=security_services.log_policies(answers, partition),
    )
