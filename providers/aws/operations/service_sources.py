"""Calls about services that start functions beyond gateways, messaging and events: each one's list, then details."""

from typing import Final

from auditor.answer_shape import AnswerShape
from auditor.model.secret import Treatment
from providers.aws.operations.declaration import GONE, MARKER, NEXT, NEXT_UPPER, STANDARD, AwsOperation, declare, holds

BY_ROLE: Final[tuple[AwsOperation, ...]] = (
    declare(
        "states:ListStateMachines",
        "the state machines",
        client="stepfunctions",
        pages="stateMachines",
        token=NEXT,
        depth=STANDARD,
    ),
    declare(
        "states:DescribeStateMachine",
        "which functions their steps start, their logs, traces and key, and whether they hold a credential; of a"
        " definition only the steps that invoke a function are kept",
        client="stepfunctions",
        absent_codes=frozenset({"StateMachineDoesNotExist"}),
        answer=holds(stateMachineArn=str, definition=str),
        depth=STANDARD,
        per_subject=True,
        redact={
            "definition": Treatment.NAME,
            "description": Treatment.DROP,
            "variableReferences": Treatment.DROP,
        },
    ),
    declare(
        "appsync:ListGraphqlApis",
        "the GraphQL APIs, how they ask who is calling, and whether they answer on the internet",
        pages="graphqlApis",
        token=NEXT,
        depth=STANDARD,
        redact={"graphqlApis[].tags": Treatment.DROP, "graphqlApis[].ownerContact": Treatment.DROP},
    ),
    declare(
        "appsync:ListDataSources",
        "which functions they start",
        pages="dataSources",
        token=NEXT,
        absent_codes=frozenset({"NotFoundException"}),
        depth=STANDARD,
        per_subject=True,
        redact={"dataSources[].description": Treatment.DROP, "dataSources[].httpConfig": Treatment.DROP},
    ),
    declare("codepipeline:ListPipelines", "the pipelines", pages="pipelines", token=NEXT, depth=STANDARD),
    declare(
        "codepipeline:GetPipeline",
        "which functions their actions start",
        absent_codes=frozenset({"PipelineNotFoundException"}),
        answer=holds(**{"pipeline": dict, "pipeline.stages": list}),
        depth=STANDARD,
        per_subject=True,
        redact={
            "pipeline.variables": Treatment.DROP,
            "pipeline.stages[].actions[].configuration.*": Treatment.DROP,
            "pipeline.stages[].actions[].configuration.FunctionName": Treatment.NAME,
            "pipeline.stages[].actions[].commands": Treatment.DROP,
            "pipeline.stages[].actions[].environmentVariables": Treatment.DROP,
        },
    ),
)
"""Services that act through a role of their own: no policy of a function names them."""

BY_POLICY: Final[tuple[AwsOperation, ...]] = (
    declare(
        "cognito-idp:ListUserPools",
        "the user pools, where a function's policy admits Cognito",
        pages="UserPools",
        token=NEXT_UPPER,
        depth=STANDARD,
    ),
    declare(
        "cognito-idp:DescribeUserPool",
        "which functions a user pool starts, and whether anyone may sign up",
        absent_codes=GONE,
        answer=holds(**{"UserPool": dict, "UserPool.Id": str}),
        depth=STANDARD,
        per_subject=True,
        redact={
            f"UserPool.{name}": Treatment.DROP
            for name in (
                "VerificationMessageTemplate",
                "SmsVerificationMessage",
                "EmailVerificationMessage",
                "SmsAuthenticationMessage",
                "SmsConfiguration",
                "EmailConfiguration",
                "AdminCreateUserConfig.InviteMessageTemplate",
                "UserPoolTags",
            )
        },
    ),
    declare(
        "iot:ListTopicRules",
        "the rules of IoT, where a function's policy admits it",
        pages="rules",
        token=NEXT,
        depth=STANDARD,
    ),
    declare(
        "iot:GetTopicRule",
        "which functions such a rule starts",
        answer=holds(ruleArn=str, rule=dict),
        depth=STANDARD,
        per_subject=True,
        redact={"rule.actions[].http": Treatment.DROP, "rule.description": Treatment.DROP},
    ),
    declare(
        "logs:DescribeSubscriptionFilters",
        "what log groups that a function's policy names send to functions",
        pages="subscriptionFilters",
        token=NEXT,
        absent_codes=GONE,
        depth=STANDARD,
        per_subject=True,
        redact={"subscriptionFilters[].filterPattern": Treatment.NAME},
    ),
    declare(
        "logs:DescribeAccountPolicies",
        "what all log groups send to a function, where a function's policy admits CloudWatch Logs",
        pages="accountPolicies",
        token=NEXT,
        depth=STANDARD,
    ),
    declare(
        "secretsmanager:ListSecrets",
        "which functions rotate secrets, where a function's policy admits Secrets Manager; no value is read",
        pages="SecretList",
        token=NEXT_UPPER,
        depth=STANDARD,
        redact={"SecretList[].Description": Treatment.DROP, "SecretList[].Tags": Treatment.DROP},
    ),
    declare(
        "ses:DescribeActiveReceiptRuleSet",
        "which functions e-mail starts, where a function's policy admits SES",
        answer=AnswerShape(optional={"Metadata": dict, "Rules": list}, empty="no rule set is active"),
        depth=STANDARD,
        redact={"Rules[].Actions[].BounceAction": Treatment.DROP, "Rules[].Actions[].AddHeaderAction": Treatment.DROP},
    ),
    declare(
        "config:DescribeConfigRules",
        "which functions evaluate rules of AWS Config, where a function's policy admits it",
        pages="ConfigRules",
        token=NEXT_UPPER,
        depth=STANDARD,
        redact={"ConfigRules[].InputParameters": Treatment.DROP, "ConfigRules[].Description": Treatment.DROP},
    ),
)
"""Services that a function's policy has to admit: they are asked only where one does, or where one was not read."""

_ACTIONS: Final = ("AuthenticateOidcConfig.AuthenticationRequestExtraParams", "FixedResponseConfig")

BALANCERS: Final[tuple[AwsOperation, ...]] = (
    declare(
        "elasticloadbalancing:DescribeLoadBalancers",
        "the load balancers, and whether they answer on the internet, where a function's policy admits them",
        client="elbv2",
        pages="LoadBalancers",
        token=MARKER,
        depth=STANDARD,
    ),
    declare(
        "elasticloadbalancing:DescribeTargetGroups",
        "the target groups of functions",
        client="elbv2",
        pages="TargetGroups",
        token=MARKER,
        depth=STANDARD,
    ),
    declare(
        "elasticloadbalancing:DescribeTargetHealth",
        "which functions a target group starts",
        client="elbv2",
        absent_codes=frozenset({"TargetGroupNotFound"}),
        answer=holds(TargetHealthDescriptions=list),
        depth=STANDARD,
        per_subject=True,
    ),
    declare(
        "elasticloadbalancing:DescribeListeners",
        "the protocol and TLS policy of the load balancers in front of functions",
        client="elbv2",
        pages="Listeners",
        token=MARKER,
        absent_codes=frozenset({"LoadBalancerNotFound"}),
        depth=STANDARD,
        per_subject=True,
        redact={f"Listeners[].DefaultActions[].{name}": Treatment.DROP for name in _ACTIONS},
    ),
    declare(
        "elasticloadbalancing:DescribeRules",
        "which requests they pass on, and how they ask who is calling",
        client="elbv2",
        pages="Rules",
        token=MARKER,
        absent_codes=frozenset({"ListenerNotFound"}),
        depth=STANDARD,
        per_subject=True,
        redact={
            **{f"Rules[].Actions[].{name}": Treatment.DROP for name in _ACTIONS},
            "Rules[].Conditions[].HttpHeaderConfig.Values": Treatment.DROP,
        },
    ),
    declare(
        "wafv2:GetWebACLForResource",
        "whether a firewall filters what a load balancer in front of a function passes on",
        answer=AnswerShape(optional={"WebACL": dict}, empty="no web ACL is associated"),
        depth=STANDARD,
        per_subject=True,
        redact={
            "WebACL.Rules": Treatment.DROP,
            "WebACL.CustomResponseBodies": Treatment.DROP,
            "WebACL.DefaultAction": Treatment.DROP,
        },
    ),
)
"""Load balancers, asked only where a function's policy admits them."""

WORLDWIDE: Final[tuple[AwsOperation, ...]] = (
    declare(
        "cloudfront:ListDistributions",
        "which functions run at the edge, and which function URLs have a distribution in front of them",
        answer=holds(**{"DistributionList": dict, "DistributionList.IsTruncated": bool}),
        continuation=("NextMarker",),
        depth=STANDARD,
        redact={
            "DistributionList.Items[].Comment": Treatment.DROP,
            "DistributionList.Items[].Origins.Items[].CustomHeaders": Treatment.DROP,
        },
    ),
)
"""Services without regions."""
