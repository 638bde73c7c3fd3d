"""``auditor doctor`` for AWS: who am I, which regions do I see, which permissions are missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from auditor.provider import CollectOptions, Probe
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text
from providers.aws.collect.account import check_regions, identify, regions_to_read
from providers.aws.collect.functions import function_name
from providers.aws.collect.region_context import Account
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.aws.session import Session
from providers.calls.reply import Refusal
from providers.doctor import NullRecorder, Trial, opened, probes

_PLAIN: Final[Mapping[str, Mapping[str, Any]]] = {
    "lambda:ListEventSourceMappings": {"MaxItems": 1},
    "lambda:ListCodeSigningConfigs": {"MaxItems": 1},
    "lambda:GetAccountSettings": {},
    "tag:GetResources": {"ResourceTypeFilters": ["lambda:function"], "ResourcesPerPage": 1},
    "logs:DescribeLogGroups": {"limit": 1},
    "logs:DescribeResourcePolicies": {"limit": 1},
    "guardduty:ListDetectors": {},
    "inspector2:ListCoverage": {"maxResults": 1},
    "cloudtrail:DescribeTrails": {},
    "access-analyzer:ListAnalyzers": {"maxResults": 1},
    "config:DescribeConfigurationRecorders": {},
    "config:DescribeConfigurationRecorderStatus": {},
    "xray:GetEncryptionConfig": {},
    "cloudwatch:DescribeAlarms": {"MaxRecords": 1},
    "ec2:DescribeSubnets": {"MaxResults": 5},
    "ec2:DescribeSecurityGroups": {"MaxResults": 5},
    "ec2:DescribeRouteTables": {"MaxResults": 5},
    "ec2:DescribeVpcEndpoints": {"MaxResults": 5},
    "ec2:DescribeFlowLogs": {"MaxResults": 5},
    "ecr:GetRegistryScanningConfiguration": {},
    "sqs:ListQueues": {"MaxResults": 1},
    "ssm:DescribeParameters": {"MaxResults": 1},
    "apigateway:GetRestApis": {"limit": 1},
    "apigatewayv2:GetApis": {},
    "sns:ListSubscriptions": {},
    "events:ListEventBuses": {},
    "pipes:ListPipes": {},
    "scheduler:ListSchedules": {},
    "states:ListStateMachines": {"maxResults": 1},
    "appsync:ListGraphqlApis": {"maxResults": 1},
    "codepipeline:ListPipelines": {},
    "cognito-idp:ListUserPools": {"MaxResults": 1},
    "iot:ListTopicRules": {"maxResults": 1},
    "logs:DescribeAccountPolicies": {"policyType": "SUBSCRIPTION_FILTER_POLICY"},
    "secretsmanager:ListSecrets": {"MaxResults": 1},
    "ses:DescribeActiveReceiptRuleSet": {},
    "config:DescribeConfigRules": {},
    "elasticloadbalancing:DescribeLoadBalancers": {"PageSize": 1},
    "elasticloadbalancing:DescribeTargetGroups": {"PageSize": 1},
    "ec2:DescribeInstances": {"MaxResults": 5},
    "ec2:DescribeLaunchTemplateVersions": {"Versions": ["$Latest"], "MaxResults": 1},
    "ssm:DescribeInstanceInformation": {"MaxResults": 5},
    "autoscaling:DescribeAutoScalingGroups": {"MaxRecords": 1},
    "codebuild:ListProjects": {},
    "cloudformation:DescribeStacks": {},
    "cloudformation:ListStackSets": {"MaxResults": 1},
    "sagemaker:ListNotebookInstances": {"MaxResults": 1},
    "glue:GetDevEndpoints": {"MaxResults": 1},
    "glue:GetJobs": {"MaxResults": 1},
    "ecs:ListClusters": {"maxResults": 1},
    "ecs:ListTaskDefinitions": {"maxResults": 1},
    "batch:DescribeJobDefinitions": {"maxResults": 1},
    "apprunner:ListServices": {"MaxResults": 1},
    "cognito-identity:ListIdentityPools": {"MaxResults": 1},
    "bedrock-agentcore:ListCodeInterpreters": {"maxResults": 1},
    "bedrock-agentcore:ListAgentRuntimes": {"maxResults": 1},
    "bedrock-agentcore:ListBrowsers": {"maxResults": 1},
}
_EACH: Final = (
    "lambda:GetFunctionConcurrency",
    "lambda:GetPolicy",
    "lambda:ListFunctionUrlConfigs",
    "lambda:ListAliases",
    "lambda:ListVersionsByFunction",
    "lambda:ListFunctionEventInvokeConfigs",
    "lambda:GetFunctionRecursionConfig",
    "lambda:GetRuntimeManagementConfig",
)


def examine(gateway: Gateway, session: Session, options: CollectOptions) -> Iterator[Probe]:
    """Yields a line for the identity, one for the regions, and one for each kind of call that can be tried."""
    account, lines = opened("identity", lambda: _identity(gateway, session, options), _shown)
    yield from lines
    if account is None:
        return
    asked = partial(regions_to_read, gateway, session, options, account, NullRecorder())
    regions, lines = opened("regions", asked, ", ".join)
    yield from lines or (Probe("regions", ok=False, text="none left to read"),)
    for probe in probes(_trials(gateway, account, regions or ()), f"aws/{account.id}"):
        yield replace(probe, caller=account.caller)


def _identity(gateway: Gateway, session: Session, options: CollectOptions) -> Account | None:
    check_regions(options, session)
    return identify(gateway, session, options)


def _shown(account: Account) -> str:
    return f"account {account.id}, partition {account.partition}"


def _trials(gateway: Gateway, account: Account, regions: Sequence[str]) -> Iterator[Trial]:
    yield _trial(gateway, "iam:GetAccountAuthorizationDetails", GLOBAL, {"Filter": ["Role"], "MaxItems": 1})
    for region in regions[:1]:
        listed = _trial(gateway, "lambda:ListFunctions", region, {"MaxItems": 1})
        yield listed
        for operation, parameters in _PLAIN.items():
            if gateway.session.offers(BY_ID[operation].client, region):
                yield _trial(gateway, operation, region, parameters)
        yield _trial(gateway, "budgets:DescribeBudgets", region, {"AccountId": account.id, "MaxResults": 1})
        yield _trial(gateway, "inspector2:BatchGetAccountStatus", region, {"accountIds": [account.id]})
        arns = (
            () if isinstance(listed[2], Refusal) else (text(row, "FunctionArn") for row in rows(listed[2], "Functions"))
        )
        function = next(iter(arns), "")
        for operation in _EACH if function else ():
            yield _trial(gateway, operation, region, {"FunctionName": function_name(function)})


def _trial(gateway: Gateway, operation_id: str, region: str, parameters: Mapping[str, Any]) -> Trial:
    operation = BY_ID[operation_id]
    return operation_id, operation, gateway.ask(operation, region, **parameters)
