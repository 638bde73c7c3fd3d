"""The checks of the sample reports: id, risk, severity, title, message, why, repair. `{name}` and the like are filled in."""

from typing import NamedTuple


class SampleCheck(NamedTuple):
    """One line of the sample catalogue; `operation` is the call whose denial makes its verdict unknown."""

    id: str
    risk: str
    severity: str
    title: str
    message: str
    why: str
    text: str
    command: str | None
    terraform: str | None
    operation: str
    permission: str
    likelihood: float
    profile_level: str = "default"


def _update(flags: str) -> str:
    return f"aws lambda update-function-configuration \\\n  --function-name {{name}} \\\n  --region {{region}} \\\n  {flags}"


def _block(body: str) -> str:
    return 'resource "aws_lambda_function" "{slug}" {{\n  function_name = "{name}"\n\n' + body + "\n}}"


CHECKS = (
    SampleCheck(
        "anonymous-endpoint", "exposure", "critical", "Endpoint accepts unauthenticated callers",
        "{url} answers callers who present no credentials (AuthType NONE, and the resource policy allows everyone).",
        "Anyone on the internet can call this function as often as they like. Whatever its role may do, they can attempt;"
        " whatever it costs, you pay.",
        "Set the function URL's AuthType to AWS_IAM, or put an authorizer in front of it and delete the URL.",
        "aws lambda update-function-url-config \\\n  --function-name {name} \\\n  --region {region} \\\n  --auth-type AWS_IAM",
        'resource "aws_lambda_function_url" "{slug}" {{\n  function_name      = "{name}"\n  authorization_type = "AWS_IAM"\n}}',
        "lambda:ListFunctionUrlConfigs", "lambda:ListFunctionUrlConfigs", 0.06,
    ),
    SampleCheck(
        "policy-public-invoke", "exposure", "critical", "Resource policy lets anyone invoke the function",
        "Statement “{sid}” allows lambda:InvokeFunction to Principal * without a condition.",
        "A principal of * means every AWS account in existence. No credential of yours is needed to start this function.",
        "Remove the statement, or name the accounts and services that need it.",
        "aws lambda remove-permission \\\n  --function-name {name} \\\n  --region {region} \\\n  --statement-id {sid}",
        None, "lambda:GetPolicy", "lambda:GetPolicy", 0.05,
    ),
    SampleCheck(
        "policy-service-no-source", "exposure", "medium", "A service may invoke it on behalf of any account",
        "Statement “{sid}” allows s3.amazonaws.com without aws:SourceArn or aws:SourceAccount.",
        "Without a source condition the service is a confused deputy: someone else's bucket can send events here.",
        "Add a SourceArn condition naming the one resource that should call.",
        "aws lambda add-permission \\\n  --function-name {name} \\\n  --region {region} \\\n  --statement-id {sid}-scoped \\\n"
        "  --action lambda:InvokeFunction \\\n  --principal s3.amazonaws.com \\\n  --source-account {account}",
        'resource "aws_lambda_permission" "{slug}" {{\n  function_name  = "{name}"\n  action         = "lambda:InvokeFunction"\n'
        '  principal      = "s3.amazonaws.com"\n  source_account = "{account}"\n}}',
        "lambda:GetPolicy", "lambda:GetPolicy", 0.3,
    ),
    SampleCheck(
        "cors-any-origin", "exposure", "low", "Function URL allows every origin",
        "{url} answers CORS requests from * with credentials allowed.",
        "A page on any site can read this function's answers in a visitor's browser.",
        "List the origins that need it.", None, None, "lambda:ListFunctionUrlConfigs", "lambda:ListFunctionUrlConfigs", 0.1,
    ),
    SampleCheck(
        "role-admin", "over-privilege", "critical", "Role can do everything",
        "Role {role} has AdministratorAccess attached: Action * on Resource *.",
        "Code execution in this function is control of the account. One vulnerable dependency is enough.",
        "Replace AdministratorAccess with a policy of the actions the function is seen to use.",
        "aws iam detach-role-policy \\\n  --role-name {role} \\\n  --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
        None, "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", 0.05,
    ),
    SampleCheck(
        "role-service-wildcard", "over-privilege", "high", "Role holds every action of a service",
        "Role {role} allows dynamodb:* on *.",
        "The function reads one table, yet may delete every table, its backups and its streams.",
        "Name the actions and the table.", None,
        'data "aws_iam_policy_document" "{slug}" {{\n  statement {{\n    actions   = ["dynamodb:GetItem", "dynamodb:Query"]\n'
        '    resources = ["arn:aws:dynamodb:{region}:{account}:table/orders"]\n  }}\n}}',
        "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", 0.4,
    ),
    SampleCheck(
        "role-passrole-any", "over-privilege", "high", "Role may pass any role",
        "Role {role} allows iam:PassRole on *.",
        "With a service that runs code, PassRole on * is a ladder to every role in the account.",
        "Limit iam:PassRole to the one role, with iam:PassedToService.", None, None,
        "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", 0.12,
    ),
    SampleCheck(
        "role-shared", "over-privilege", "medium", "Role is shared with other functions",
        "Role {role} is also the role of 14 other functions.",
        "Each function's needs add up; a flaw in the least of them has the powers of all.",
        "Give the function a role of its own.", _update("--role arn:aws:iam::{account}:role/{name}"), None,
        "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", 0.7,
    ),
    SampleCheck(
        "env-secret-value", "insecure-configuration", "critical", "Environment variable holds a credential",
        "{variable} holds what looks like an AWS access key (confidence high). The value is not stored in this report.",
        "Everyone with lambda:GetFunctionConfiguration, every log of a deployment and every console screen shares it.",
        "Move the value to Secrets Manager, rotate it, and read it at start-up by its ARN.",
        _update("--environment 'Variables={{{variable}_ARN=arn:aws:secretsmanager:{region}:{account}:secret:{name}}}'"),
        _block("  environment {{\n    variables = {{\n      {variable}_ARN = aws_secretsmanager_secret.{slug}.arn\n    }}\n  }}"),
        "lambda:ListFunctions", "lambda:ListFunctions", 0.18,
    ),
    SampleCheck(
        "env-no-cmk", "insecure-configuration", "low", "Environment is not encrypted with your own key",
        "9 variables are encrypted with the AWS managed key; you cannot revoke or audit its use per function.",
        "A key of your own lets you say who may read configuration, and see when they did.",
        "Set a customer managed key.", _update("--kms-key-arn arn:aws:kms:{region}:{account}:alias/lambda"),
        _block("  kms_key_arn = aws_kms_key.lambda.arn"), "lambda:ListFunctions", "lambda:ListFunctions", 0.85,
    ),
    SampleCheck(
        "code-signing-missing", "insecure-configuration", "medium", "Unsigned code can be deployed",
        "No code signing configuration is attached.",
        "Anyone who can update the code can run anything; a signature would tie deployments to your pipeline.",
        "Attach a code signing configuration that enforces.", None,
        _block("  code_signing_config_arn = aws_lambda_code_signing_config.main.arn"),
        "lambda:ListFunctionsByCodeSigningConfig", "lambda:ListFunctionsByCodeSigningConfig", 0.9,
    ),
    SampleCheck(
        "runtime-deprecated", "third-party-dependency", "high", "Runtime no longer gets security fixes",
        "{runtime} was deprecated on 14 October 2024.",
        "Vulnerabilities found in the language or its libraries since then stay open here.",
        "Move to a supported runtime, and test.", _update("--runtime python3.13"), _block('  runtime = "python3.13"'),
        "lambda:ListFunctions", "lambda:ListFunctions", 0.22,
    ),
    SampleCheck(
        "layer-foreign-account", "third-party-dependency", "medium", "Layer comes from another account",
        "Layer arn:aws:lambda:{region}:580247275435:layer:LambdaInsightsExtension:14 belongs to account 580247275435.",
        "Its owner can delete it, and a new version runs their code inside your function.",
        "Copy the layer into your account and pin its version.", None, None,
        "lambda:ListFunctions", "lambda:ListFunctions", 0.15,
    ),
    SampleCheck(
        "concurrency-unreserved", "denial-of-wallet", "medium", "Nothing bounds how many copies run",
        "No reserved concurrency: it may take all {pool} of the region's executions.",
        "A burst of calls here starves every other function in the region and is billed in full.",
        "Reserve what its load needs.",
        "aws lambda put-function-concurrency \\\n  --function-name {name} \\\n  --region {region} \\\n"
        "  --reserved-concurrent-executions 50",
        _block("  reserved_concurrent_executions = 50"), "lambda:GetFunction", "lambda:GetFunction", 0.8,
    ),
    SampleCheck(
        "timeout-max", "denial-of-wallet", "low", "Timeout is the longest the service allows",
        "Timeout is 900 seconds.", "A stuck call is billed for fifteen minutes, times every retry.",
        "Set the timeout to about twice the slowest honest call.", _update("--timeout 60"), _block("  timeout = 60"),
        "lambda:ListFunctions", "lambda:ListFunctions", 0.2,
    ),
    SampleCheck(
        "event-source-no-dlq", "resilience", "medium", "Failed events vanish",
        "Neither a dead-letter queue nor an on-failure destination is set for asynchronous events.",
        "After the last retry the event is gone, and nobody is told.",
        "Add an on-failure destination.", _update("--dead-letter-config TargetArn=arn:aws:sqs:{region}:{account}:failed-events"),
        _block("  dead_letter_config {{\n    target_arn = aws_sqs_queue.failed.arn\n  }}"),
        "lambda:ListFunctionEventInvokeConfigs", "lambda:ListFunctionEventInvokeConfigs", 0.6,
    ),
    SampleCheck(
        "gap-recursion-allowed", "denial-of-wallet", "high", "Recursive loops are allowed to run",
        "RecursiveLoop is Allow.", "A function that feeds its own queue runs until someone notices the bill.",
        "Set RecursiveLoop to Terminate.",
        "aws lambda put-function-recursion-config \\\n  --function-name {name} \\\n  --region {region} \\\n  --recursive-loop Terminate",
        None, "lambda:GetFunctionRecursionConfig", "lambda:GetFunctionRecursionConfig", 0.05,
    ),
    SampleCheck(
        "tracing-off", "monitoring", "low", "Calls are not traced",
        "TracingConfig.Mode is PassThrough.", "After an incident there is no record of what called what.",
        "Turn on active tracing.", _update("--tracing-config Mode=Active"),
        _block('  tracing_config {{\n    mode = "Active"\n  }}'), "lambda:ListFunctions", "lambda:ListFunctions", 0.75, "strict",
    ),
    SampleCheck(
        "log-retention-forever", "monitoring", "low", "Logs are kept for ever",
        "Log group /aws/lambda/{name} never expires.", "Logs gather personal data; the law asks that you say when it goes.",
        "Set a retention.", "aws logs put-retention-policy \\\n  --log-group-name /aws/lambda/{name} \\\n  --retention-in-days 90",
        'resource "aws_cloudwatch_log_group" "{slug}" {{\n  name              = "/aws/lambda/{name}"\n  retention_in_days = 90\n}}',
        "logs:DescribeLogGroups", "logs:DescribeLogGroups", 0.8,
    ),
    SampleCheck(
        "s3-trigger-any-prefix", "event-injection", "medium", "Every object of a public bucket starts it",
        "Bucket {bucket} invokes it for every key, and the bucket accepts uploads from other accounts.",
        "Whoever may upload chooses the event, its key and its metadata: the function's input is theirs.",
        "Filter by prefix and suffix, and validate the key before using it.", None, None,
        "lambda:GetPolicy", "lambda:GetPolicy", 0.15,
    ),
    SampleCheck(
        "log-injection", "event-injection", "informational", "Log format lets callers forge lines",
        "Log format is Text.", "Input written to a text log can pretend to be another line.",
        "Use JSON logs.", _update("--logging-config LogFormat=JSON"), None, "lambda:ListFunctions", "lambda:ListFunctions", 0.3, "strict",
    ),
    SampleCheck(
        "inspector-off", "runtime-protection", "medium", "Nothing scans the deployed code",
        "Amazon Inspector does not cover this function.", "A vulnerable library is found by someone; let it be you.",
        "Turn on Lambda scanning in Inspector.", "aws inspector2 enable --resource-types LAMBDA --region {region}", None,
        "inspector2:ListCoverage", "inspector2:ListCoverage", 0.5,
    ),
    SampleCheck(
        "endpoint-tls-old", "transport", "high", "Custom domain accepts TLS 1.0",
        "api.example.com accepts TLS_1_0.", "Old TLS can be downgraded and read by someone on the path.",
        "Set the domain's security policy to TLS_1_2.", None, None, "apigateway:GetDomainNames", "apigateway:GET", 0.04,
    ),
)  # fmt: skip

SCOPE_CHECK = SampleCheck(
    "guardduty-lambda-off", "runtime-protection", "high", "GuardDuty does not watch Lambda",
    "LAMBDA_NETWORK_LOGS is disabled in {region}.", "Calls from a function to known bad hosts go unseen.",
    "Turn on Lambda protection in GuardDuty for this region.",
    "aws guardduty update-detector \\\n  --region {region} \\\n  --detector-id DETECTOR \\\n"
    "  --features Name=LAMBDA_NETWORK_LOGS,Status=ENABLED",
    None, "guardduty:GetDetector", "guardduty:GetDetector", 1.0,
)  # fmt: skip
