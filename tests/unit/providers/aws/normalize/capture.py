"""A capture in memory, and the answers of a small account in which every fact can be read."""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from auditor.model.capture import CaptureFacts, Depth, Envelope, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from tests.unit.providers import memory
from tests.unit.providers.memory import MemoryCapture

ACCOUNT = "111122223333"
FOREIGN = "444455556666"
REGION = "eu-central-1"
GLOBAL = "global"


def arn(service: str, resource: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


ORDERS = arn("lambda", "function:orders")
RENDER = arn("lambda", "function:render")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/orders-role"
KEY = arn("kms", "key/11111111-2222-3333-4444-555555555555")
SHARED = arn("lambda", "layer:shared")
LAYER = f"{SHARED}:3"
SIGNING = arn("lambda", "code-signing-config:csc-0a1b2c3d4e5f60718")
PROFILE = arn("signer", "/signing-profiles/releases/abcd1234")
QUEUE = arn("sqs", "orders-failed")
TOPIC = arn("sns", "orders-done")
STREAM = arn("kinesis", "stream/clicks")
TRAIL = arn("cloudtrail", "trail/main")
ANALYZER = arn("access-analyzer", "analyzer/outside")
SECRET = arn("secretsmanager", "secret:prod/db-AbCdEf")
REPOSITORY = arn("ecr", "repository/render")
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/render"
POINT = arn("elasticfilesystem", "access-point/fsap-0a1b")
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/workloads"


def facts(depth: Depth = Depth.FULL, locations: tuple[str, ...] = (REGION,)) -> CaptureFacts:
    return memory.facts(depth, (Cloud.AWS, ACCOUNT, locations))


def ok(operation: str, body: Any, subject: str = "", page: int = 0, location: str = REGION) -> Envelope:
    return Envelope(Cloud.AWS, ACCOUNT, location, operation, subject, page, Outcome.OK, deepcopy(body))


def absent(operation: str, subject: str = "", location: str = REGION) -> Envelope:
    return Envelope(Cloud.AWS, ACCOUNT, location, operation, subject, 0, Outcome.ABSENT)


def denied(
    operation: str,
    subject: str = "",
    page: int = 0,
    reason: GapReason = GapReason.DENIED,
    location: str = REGION,
) -> Envelope:
    return Envelope(
        Cloud.AWS,
        ACCOUNT,
        location,
        operation,
        subject,
        page,
        Outcome.GAP,
        None,
        reason,
        operation,
        "withheld",
    )


def variable(
    verdict: str = "clear", reference: tuple[str, str] | None = None, value: str | None = None, **rest: Any
) -> dict[str, Any]:
    judged = {
        "length": 12,
        "verdict": verdict,
        "confidence": None,
        "detector": None,
        "reference": {"kind": reference[0], "text": reference[1]} if reference else None,
        "digest": "0123456789abcdef",
        "value": value,
    }
    return {"$variable": judged | rest}


def statement(sid: str, principal: Any, action: str = "lambda:InvokeFunction", **condition: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    if condition:
        made["Condition"] = condition
    return made


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def orders() -> dict[str, Any]:
    """A zip function that uses every feature."""
    return {
        "FunctionName": "orders",
        "FunctionArn": ORDERS,
        "Runtime": "python3.13",
        "Role": ROLE,
        "Handler": "app.handler",
        "Timeout": 30,
        "LastModified": "2026-06-01T08:00:00.000+0000",
        "MemorySize": 512,
        "CodeSha256": "b3JkZXJz",
        "PackageType": "Zip",
        "Architectures": ["arm64"],
        "EphemeralStorage": {"Size": 1024},
        "KMSKeyArn": KEY,
        "SigningJobArn": arn("signer", "/signing-jobs/0f1e"),
        "TracingConfig": {"Mode": "Active"},
        "SnapStart": {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"},
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "/aws/lambda/orders"},
        "Layers": [{"Arn": LAYER, "CodeSize": 10}],
        "DeadLetterConfig": {"TargetArn": QUEUE},
        "FileSystemConfigs": [{"Arn": POINT, "LocalMountPath": "/mnt/shared"}],
        "VpcConfig": {
            "VpcId": "vpc-1",
            "SubnetIds": ["subnet-a", "subnet-b"],
            "SecurityGroupIds": ["sg-1"],
            "Ipv6AllowedForDualStack": False,
        },
        "Environment": {
            "Variables": {
                "LOG_LEVEL": variable(value="INFO"),
                "DB_PARAMETER": variable("reference", ("ssm-parameter", "/prod/db/url")),
                "DB_SECRET": variable("reference", ("arn", SECRET)),
                "API_KEY": variable("secret", confidence="high", detector="provider-key"),
            }
        },
    }


def render() -> dict[str, Any]:
    """A container function without anything else."""
    return {
        "FunctionName": "render",
        "FunctionArn": RENDER,
        "Role": ROLE,
        "Timeout": 3,
        "LastModified": "2026-06-01T08:00:00.000+0000",
        "MemorySize": 128,
        "CodeSha256": "cmVuZGVy",
        "PackageType": "Image",
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "TracingConfig": {"Mode": "PassThrough"},
    }


def published(version: str, **changes: Any) -> dict[str, Any]:
    """A version of the zip function, as far as lists of versions are read."""
    kept = {"Role": ROLE, "Runtime": "python3.13", "PackageType": "Zip"}
    return {"FunctionArn": f"{ORDERS}:{version}", "Version": version, **kept, **changes}


def envelopes() -> list[Envelope]:
    """The answers of the account."""
    return [*_functions(), *_each(), *_identity(), *_used(), *_services(), *_referred(), *_sources(), *_measured()]


METRICS = "cloudwatch:GetMetricData"
WINDOW = "2026-08-25/2026-11-24"
"""The ninety days before 23 November, and that day."""


def measured(metric: str, function: str = "orders", status: str = "Complete", **values: float) -> dict[str, Any]:
    """What comes back of one query; a value a day, named like d1101 for the first of November."""
    days = [f"2026-{name[1:3]}-{name[3:]}T00:00:00Z" for name in values]
    row = {"Id": f"{metric}_0", "Label": function, "StatusCode": status}
    return {**row, "Timestamps": days, "Values": list(values.values())}


def metrics(*rows: dict[str, Any], batch: str = "0", page: int = 0, more: dict[str, Any] | None = None) -> Envelope:
    """An answer of CloudWatch about one batch, with ``more`` members."""
    return ok(METRICS, {"MetricDataResults": list(rows), **(more or {})}, f"{WINDOW}#{batch}", page)


def _measured() -> list[Envelope]:
    """A function that ran on two days, and one that did not."""
    return [
        metrics(
            measured("invocations", d1101=100.0, d1120=300.0),
            measured("throttles", d1120=2.0),
            measured("invocations", "render"),
            measured("throttles", "render"),
        ),
        metrics(
            measured("errors", d1120=40.0),
            measured("average", d1101=1000.0, d1120=200.0),
            measured("longest", d1101=9000.0, d1120=400.0),
            batch="0.0",
        ),
    ]


def _functions() -> list[Envelope]:
    return [
        ok("sts:GetCallerIdentity", {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/a"}, location=GLOBAL),
        ok("lambda:ListFunctions", {"Functions": [orders()], "NextMarker": "2"}),
        ok("lambda:ListFunctions", {"Functions": [render()]}, page=1),
        ok(
            "lambda:ListEventSourceMappings",
            {
                "EventSourceMappings": [
                    {"UUID": "1", "FunctionArn": f"{ORDERS}:live", "EventSourceArn": STREAM, "State": "Enabled"},
                    {
                        "UUID": "2",
                        "FunctionArn": ORDERS,
                        "State": "Disabled",
                        "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["broker.example:9092"]}},
                    },
                ]
            },
        ),
        ok(
            "lambda:ListCodeSigningConfigs",
            {
                "CodeSigningConfigs": [
                    {
                        "CodeSigningConfigArn": SIGNING,
                        "AllowedPublishers": {"SigningProfileVersionArns": [PROFILE]},
                        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Warn"},
                    }
                ]
            },
        ),
        ok("lambda:ListFunctionsByCodeSigningConfig", {"FunctionArns": [ORDERS]}, SIGNING),
        ok("lambda:ListPublishedVersions", {"Functions": [published(name) for name in ("7", "8")]}),
        ok(
            "lambda:GetAccountSettings",
            {
                "AccountLimit": {
                    "ConcurrentExecutions": 1000,
                    "UnreservedConcurrentExecutions": 900,
                    "TotalCodeSize": 80530636800,
                },
                "AccountUsage": {"TotalCodeSize": 1073741824, "FunctionCount": 2},
            },
        ),
        ok(
            "tag:GetResources",
            {"ResourceTagMappingList": [{"ResourceARN": ORDERS, "Tags": [{"Key": "team", "Value": "orders"}]}]},
        ),
    ]


def _each() -> list[Envelope]:
    cors = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"], "AllowCredentials": True}
    url = {
        "FunctionUrl": "https://abc.lambda-url.example/",
        "FunctionArn": f"{ORDERS}:live",
        "AuthType": "AWS_IAM",
        "CreationTime": "2024-02-01T08:30:00.000000Z",
        "Cors": cors,
    }
    s3 = statement(
        "FromBucket",
        {"Service": "s3.amazonaws.com"},
        StringEquals={"AWS:SourceAccount": ACCOUNT},
        ArnLike={"AWS:SourceArn": "arn:aws:s3:::incoming"},
    )
    account = statement("Own", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "lambda:InvokeFunctionUrl")
    settings = {
        "FunctionArn": f"{ORDERS}:$LATEST",
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
        "DestinationConfig": {"OnSuccess": {"Destination": TOPIC}, "OnFailure": {"Destination": RENDER}},
    }
    alias = {"Name": "live", "FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": {"8": 0.1}}}
    return [
        ok(
            "lambda:GetFunction",
            {
                "Configuration": {"FunctionName": "orders"},
                "Code": {"RepositoryType": "S3", "SourceKMSKeyArn": KEY},
                "Tags": {"team": "orders"},
                "Concurrency": {"ReservedConcurrentExecutions": 5},
            },
            ORDERS,
        ),
        ok(
            "lambda:GetFunction",
            {
                "Configuration": {"FunctionName": "render"},
                "Code": {
                    "RepositoryType": "ECR",
                    "ImageUri": f"{IMAGE}:latest",
                    "ResolvedImageUri": f"{IMAGE}@sha256:" + "ab" * 32,
                },
            },
            RENDER,
        ),
        ok("lambda:GetPolicy", {"Policy": policy(s3)}, ORDERS),
        ok("lambda:GetPolicy", {"Policy": policy(account)}, f"{ORDERS}#live"),
        absent("lambda:GetPolicy", f"{ORDERS}#7"),
        absent("lambda:GetPolicy", f"{ORDERS}#8"),
        absent("lambda:GetPolicy", RENDER),
        ok("lambda:ListFunctionUrlConfigs", {"FunctionUrlConfigs": [url]}, ORDERS),
        ok("lambda:ListFunctionUrlConfigs", {"FunctionUrlConfigs": []}, RENDER),
        ok("lambda:ListAliases", {"Aliases": [alias]}, ORDERS),
        ok("lambda:ListAliases", {"Aliases": []}, RENDER),
        ok(
            "lambda:ListVersionsByFunction",
            {"Versions": [published(name) for name in ("$LATEST", "7", "8")]},
            ORDERS,
        ),
        ok("lambda:ListFunctionEventInvokeConfigs", {"FunctionEventInvokeConfigs": [settings]}, ORDERS),
        ok("lambda:ListFunctionEventInvokeConfigs", {"FunctionEventInvokeConfigs": []}, RENDER),
        ok("lambda:GetFunctionRecursionConfig", {"RecursiveLoop": "Allow"}, ORDERS),
        ok("lambda:GetFunctionRecursionConfig", {"RecursiveLoop": "Terminate"}, RENDER),
        ok("lambda:GetRuntimeManagementConfig", {"UpdateRuntimeOn": "Manual", "FunctionArn": ORDERS}, ORDERS),
    ]


def _used() -> list[Envelope]:
    """The report on the role: all that it may do was used."""
    time = {"LastAuthenticated": "2026-11-20T08:00:00Z", "LastAuthenticatedEntity": ROLE}
    services = [
        {"ServiceName": name, "ServiceNamespace": name, "TotalAuthenticatedEntities": 1, **time}
        for name in ("dynamodb", "logs")
    ]
    report = {"JobStatus": "COMPLETED", "ServicesLastAccessed": services, "IsTruncated": False}
    return [
        ok("iam:GenerateServiceLastAccessedDetails", {"JobId": "j"}, ROLE, location=GLOBAL),
        ok("iam:GetServiceLastAccessedDetails", report, ROLE, location=GLOBAL),
    ]


def _identity() -> list[Envelope]:
    logs = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    role = {
        "Arn": ROLE,
        "RoleName": "orders-role",
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        "RolePolicyList": [
            {
                "PolicyName": "table",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}],
                },
            }
        ],
        "AttachedManagedPolicies": [{"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": MANAGED}],
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY},
        "InstanceProfileList": [{"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/orders"}],
        "Tags": [{"Key": "team", "Value": "orders"}],
    }
    user = {
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/staff/ada",
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [logs]}}],
        "GroupList": ["developers"],
        "AttachedManagedPolicies": [{"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": MANAGED}],
    }
    group = {
        "Arn": f"arn:aws:iam::{ACCOUNT}:group/staff/developers",
        "GroupName": "developers",
        "GroupPolicyList": [],
        "AttachedManagedPolicies": [],
    }

    def managed(name: str) -> dict[str, Any]:
        document = {"Version": "2012-10-17", "Statement": [logs]}
        versions = [
            {"VersionId": "v1", "IsDefaultVersion": False, "Document": {"Statement": []}},
            {"VersionId": "v2", "IsDefaultVersion": True, "Document": document},
        ]
        return {"Arn": name, "PolicyName": name.rpartition("/")[2], "PolicyVersionList": versions}

    operation = "iam:GetAccountAuthorizationDetails"
    return [
        ok(
            operation,
            {
                "UserDetailList": [user],
                "GroupDetailList": [group],
                "RoleDetailList": [role],
                "Policies": [],
                "IsTruncated": True,
                "Marker": "m",
            },
            location=GLOBAL,
        ),
        ok(
            operation,
            {
                "UserDetailList": [],
                "GroupDetailList": [],
                "RoleDetailList": [],
                "Policies": [managed(MANAGED), managed(BOUNDARY)],
                "IsTruncated": False,
            },
            page=1,
            location=GLOBAL,
        ),
    ]


def _services() -> list[Envelope]:
    function = {"resourceType": "AWS_LAMBDA_FUNCTION", "accountId": ACCOUNT}
    active = {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"}
    group = {"logGroupName": "/aws/lambda/orders", "arn": arn("logs", "log-group:/aws/lambda/orders:*")}
    orphan = {"logGroupName": "/aws/lambda/gone", "arn": arn("logs", "log-group:/aws/lambda/gone:*")}
    selector = {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}
    data = {"Field": "eventCategory", "Equals": ["Data"]}
    return [
        ok("logs:DescribeLogGroups", {"logGroups": [group | {"retentionInDays": 30, "kmsKeyId": KEY}, orphan]}),
        ok(
            "logs:DescribeResourcePolicies",
            {
                "resourcePolicies": [
                    {
                        "policyName": "any",
                        "policyDocument": policy(statement("Any", {"AWS": "*"}, "logs:PutLogEvents")),
                    }
                ]
            },
        ),
        ok("guardduty:ListDetectors", {"DetectorIds": ["d1"]}),
        ok("guardduty:ListFindings", {"FindingIds": []}, "d1"),
        ok(
            "cloudwatch:DescribeAlarms",
            {
                "MetricAlarms": [
                    {
                        "AlarmName": "errors",
                        "AlarmArn": arn("cloudwatch", "alarm:errors"),
                        "ActionsEnabled": True,
                        "AlarmActions": [TOPIC],
                        "Namespace": "AWS/Lambda",
                        "MetricName": "Errors",
                        "Dimensions": [],
                    }
                ],
                "CompositeAlarms": [],
            },
        ),
        ok(
            "cloudfront:ListDistributions", {"DistributionList": {"IsTruncated": False, "Quantity": 0}}, location=GLOBAL
        ),
        ok("budgets:DescribeBudgets", {"Budgets": [{"BudgetName": "m", "BudgetType": "COST"}]}, location=GLOBAL),
        ok("ce:GetAnomalyMonitors", {"AnomalyMonitors": []}, location=GLOBAL),
        ok(
            "guardduty:GetDetector",
            {"Status": "ENABLED", "Features": [{"Name": "LAMBDA_NETWORK_LOGS", "Status": "ENABLED"}]},
            "d1",
        ),
        ok(
            "inspector2:BatchGetAccountStatus",
            {
                "accounts": [
                    {
                        "accountId": ACCOUNT,
                        "resourceState": {"lambda": {"status": "ENABLED"}, "lambdaCode": {"status": "DISABLED"}},
                    }
                ]
            },
        ),
        ok(
            "inspector2:ListCoverage",
            {
                "coveredResources": [
                    function
                    | {
                        "resourceId": f"{ORDERS}:$LATEST",
                        "scanType": "PACKAGE",
                        "scanStatus": active,
                        "lastScannedAt": "2026-11-20T01:02:03Z",
                    }
                ]
            },
        ),
        ok(
            "cloudtrail:DescribeTrails",
            {"trailList": [{"TrailARN": TRAIL, "HomeRegion": REGION, "IsMultiRegionTrail": False}]},
        ),
        ok("cloudtrail:GetTrailStatus", {"IsLogging": True}, TRAIL),
        ok(
            "cloudtrail:GetEventSelectors",
            {"TrailARN": TRAIL, "AdvancedEventSelectors": [{"Name": "all", "FieldSelectors": [data, selector]}]},
            TRAIL,
        ),
        ok(
            "access-analyzer:ListAnalyzers",
            {"analyzers": [{"arn": ANALYZER, "type": "ACCOUNT", "status": "ACTIVE"}]},
        ),
        ok(
            "access-analyzer:ListFindingsV2",
            {"findings": [{"id": "1", "resource": ORDERS, "status": "ACTIVE"}]},
            ANALYZER,
        ),
        ok(
            "config:DescribeConfigurationRecorders",
            {"ConfigurationRecorders": [{"name": "default", "recordingGroup": {"allSupported": True}}]},
        ),
        ok(
            "config:DescribeConfigurationRecorderStatus",
            {"ConfigurationRecordersStatus": [{"name": "default", "recording": True}]},
        ),
        ok("xray:GetEncryptionConfig", {"EncryptionConfig": {"Type": "KMS", "KeyId": KEY, "Status": "ACTIVE"}}),
    ]


def _referred() -> list[Envelope]:
    metadata = {
        "Arn": KEY,
        "KeyState": "Enabled",
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "Origin": "AWS_KMS",
    }
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}

    def subnet(name: str, zone: str) -> dict[str, Any]:
        return {"SubnetId": name, "VpcId": "vpc-1", "AvailabilityZone": zone, "AvailableIpAddressCount": 200}

    def table(public: bool, **association: Any) -> dict[str, Any]:
        gateway = "igw-1" if public else "local"
        route = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "State": "active"}
        return {"VpcId": "vpc-1", "Associations": [{"Main": False} | association], "Routes": [route]}

    return [
        ok("kms:DescribeKey", {"KeyMetadata": metadata}, KEY),
        ok("kms:GetKeyRotationStatus", {"KeyRotationEnabled": True}, KEY),
        ok("lambda:ListLayerVersions", {"LayerVersions": [{"LayerVersionArn": LAYER, "Version": 3}]}, SHARED),
        ok("lambda:GetLayerVersionPolicy", {"Policy": policy(statement("All", "*", "lambda:GetLayerVersion"))}, LAYER),
        ok(
            "ec2:DescribeSubnets",
            {"Subnets": [subnet("subnet-a", "eu-central-1a"), subnet("subnet-b", "eu-central-1b")]},
        ),
        ok(
            "ec2:DescribeSecurityGroups",
            {
                "SecurityGroups": [
                    {"GroupId": "sg-1", "VpcId": "vpc-1", "IpPermissions": [], "IpPermissionsEgress": [https]}
                ]
            },
        ),
        ok(
            "ec2:DescribeRouteTables",
            {"RouteTables": [table(True, SubnetId="subnet-b"), table(False, Main=True)]},
        ),
        ok(
            "ec2:DescribeVpcEndpoints",
            {
                "VpcEndpoints": [
                    {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-central-1.s3", "State": "available"}
                ]
            },
        ),
        ok("ec2:DescribeFlowLogs", {"FlowLogs": [{"ResourceId": "vpc-1", "FlowLogStatus": "ACTIVE"}]}),
        ok(
            "ecr:DescribeRepositories",
            {
                "repositories": [
                    {
                        "repositoryArn": REPOSITORY,
                        "imageTagMutability": "IMMUTABLE",
                        "imageScanningConfiguration": {"scanOnPush": True},
                        "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": KEY},
                    }
                ]
            },
            REPOSITORY,
        ),
        absent("ecr:GetRepositoryPolicy", REPOSITORY),
        ok("ecr:GetLifecyclePolicy", {"lifecyclePolicyText": "{}"}, REPOSITORY),
        ok("ecr:GetRegistryScanningConfiguration", {"scanningConfiguration": {"scanType": "BASIC", "rules": []}}),
        ok("sqs:ListQueues", {"QueueUrls": [f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders-failed"]}),
        absent("sns:GetTopicAttributes", TOPIC),
        ok(
            "ssm:DescribeParameters",
            {"Parameters": [{"Name": "/prod/db/url", "Type": "SecureString", "KeyId": KEY}]},
        ),
        ok(
            "secretsmanager:DescribeSecret",
            {"ARN": SECRET, "KmsKeyId": KEY, "RotationEnabled": True, "LastAccessedDate": "2026-11-20T00:00:00Z"},
            SECRET,
        ),
        ok("secretsmanager:GetResourcePolicy", {"ARN": SECRET}, SECRET),
        ok(
            "elasticfilesystem:DescribeAccessPoints",
            {
                "AccessPoints": [
                    {
                        "AccessPointArn": POINT,
                        "FileSystemId": "fs-1",
                        "RootDirectory": {"Path": "/orders"},
                        "PosixUser": {"Uid": 1000, "Gid": 1000},
                    }
                ]
            },
            POINT,
        ),
        ok(
            "elasticfilesystem:DescribeFileSystems",
            {"FileSystems": [{"FileSystemId": "fs-1", "Encrypted": True}]},
            "fs-1",
        ),
        absent("elasticfilesystem:DescribeFileSystemPolicy", "fs-1"),
        ok("signer:GetSigningProfile", {"profileName": "releases", "status": "Active"}, PROFILE),
    ]


def _sources() -> list[Envelope]:
    """A bucket that sends to the zip function; no other source has anything to send."""
    sent = {"LambdaFunctionArn": ORDERS, "Events": ["s3:ObjectCreated:*"]}
    summary = {"StreamARN": STREAM, "EncryptionType": "KMS", "KeyId": KEY, "RetentionPeriodHours": 168}
    by_key = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
    return [
        ok("s3:GetBucketNotificationConfiguration", {"LambdaFunctionConfigurations": [sent]}, "incoming"),
        absent("s3:GetBucketPolicy", "incoming"),
        ok("s3:GetBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": [by_key]}}, "incoming"),
        ok("s3:GetBucketAcl", {"Owner": {"ID": "0a1b"}, "Grants": []}, "incoming"),
        absent("s3control:GetPublicAccessBlock", location=GLOBAL),
        ok("apigateway:GetRestApis", {"items": []}),
        ok("apigatewayv2:GetApis", {"Items": []}),
        ok("apigatewayv2:GetDomainNames", {"Items": []}),
        ok("sns:ListSubscriptions", {"Subscriptions": []}),
        ok("kinesis:GetResourcePolicy", {"Policy": "{}"}, STREAM),
        ok("kinesis:DescribeStreamSummary", {"StreamDescriptionSummary": summary}, STREAM),
        ok("events:ListEventBuses", {"EventBuses": []}),
        ok("pipes:ListPipes", {"Pipes": []}),
        ok("scheduler:ListSchedules", {"Schedules": []}),
        ok("states:ListStateMachines", {"stateMachines": []}),
        ok("appsync:ListGraphqlApis", {"graphqlApis": []}),
        ok("codepipeline:ListPipelines", {"pipelines": []}),
    ]


def capture(*changes: Envelope, without: Iterable[str] = (), depth: Depth = Depth.FULL) -> MemoryCapture:
    """The account, with the answers about the same things replaced, and whole operations taken away."""
    gone = frozenset(without)
    replaced = {(change.location, change.operation, change.subject) for change in changes}
    kept = [
        envelope
        for envelope in envelopes()
        if envelope.operation not in gone and (envelope.location, envelope.operation, envelope.subject) not in replaced
    ]
    return MemoryCapture(facts(depth), [*kept, *changes])


def config(**changes: Any) -> Envelope:
    """The first page of functions with members of the zip function replaced (None: taken away)."""
    made = orders() | changes
    return ok("lambda:ListFunctions", {"Functions": [{key: value for key, value in made.items() if value is not None}]})
