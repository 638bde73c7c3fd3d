"""Services beside Lambda: what moto lacks or words otherwise."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from boto3.session import Session
from botocore.exceptions import ClientError

from moto_fixtures.aws.server import Server

Clients = Callable[..., Any]
Create = Callable[..., dict[str, Any]]
_READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
_BILLING = "arn:aws:iam::aws:policy/job-function/Billing"
_FILTER = ["Role", "LocalManagedPolicy", "AWSManagedPolicy"]


def _document(action: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def identities(client: Clients, role: str) -> str:
    """A role with an inline, a customer and an AWS-managed policy, and a boundary of AWS's own."""
    iam = client("iam")
    local = iam.create_policy(PolicyName="tables", PolicyDocument=_document("dynamodb:GetItem"))["Policy"]["Arn"]
    iam.put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=_document("sqs:SendMessage"))
    for arn in (local, _READ_ONLY):
        iam.attach_role_policy(RoleName="worker", PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName="worker", PermissionsBoundary=_BILLING)
    return role


def test_authorization_details_hold_documents_of_policies_in_use_only(client: Clients, identities: str) -> None:
    details = client("iam").get_account_authorization_details(Filter=_FILTER, MaxItems=1000)
    (role,) = details["RoleDetailList"]
    assert role["Arn"] == identities
    assert [p["PolicyDocument"]["Statement"][0]["Action"] for p in role["RolePolicyList"]] == ["sqs:SendMessage"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == _BILLING
    policies = {policy["PolicyName"]: policy for policy in details["Policies"]}
    assert sorted(policies) == ["Billing", "ReadOnlyAccess", "tables"]
    assert (policies["Billing"]["AttachmentCount"], policies["Billing"]["PermissionsBoundaryUsageCount"]) == (0, 1)
    for policy in policies.values():
        assert policy["PolicyId"].startswith("A")
        default = [v for v in policy["PolicyVersionList"] if v["IsDefaultVersion"]]
        assert default[0]["VersionId"] == policy["DefaultVersionId"]
        assert default[0]["Document"]["Statement"]
    assert policies["tables"]["PolicyVersionList"][0]["Document"]["Statement"][0]["Action"] == "dynamodb:GetItem"


def test_authorization_details_page_by_max_items(client: Clients, identities: str) -> None:
    assert identities
    pager = client("iam").get_paginator("get_account_authorization_details")
    pages = list(pager.paginate(Filter=_FILTER, PaginationConfig={"PageSize": 1}))
    assert [page["IsTruncated"] for page in pages] == [True, True, True, False]
    assert [role["RoleName"] for page in pages for role in page["RoleDetailList"]] == ["worker"]
    assert [policy["PolicyName"] for page in pages for policy in page["Policies"]] == [
        "tables",
        "ReadOnlyAccess",
        "Billing",
    ]


def test_the_caller_is_a_user_of_the_account(client: Clients) -> None:
    identity = client("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/auditor"
    assert (identity["Account"], identity["UserId"][:4]) == ("123456789012", "AIDA")


def test_an_assumed_role_is_told_as_such(client: Clients, identities: str, server: Server) -> None:
    given = client("sts").assume_role(RoleArn=identities, RoleSessionName="audit")["Credentials"]
    session = Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], "us-east-1")
    sts = session.client("sts", endpoint_url=server.endpoint)
    assert sts.get_caller_identity()["Arn"] == "arn:aws:sts::123456789012:assumed-role/worker/audit"


def test_regions_tell_their_opt_in_status_alike(client: Clients) -> None:
    enabled = {region["RegionName"] for region in client("ec2").describe_regions()["Regions"]}
    every = {r["RegionName"]: r["OptInStatus"] for r in client("ec2").describe_regions(AllRegions=True)["Regions"]}
    assert {"us-east-1", "eu-west-1"} <= enabled
    assert every["me-south-1"] == "not-opted-in"
    assert enabled == {name for name, status in every.items() if status == "opt-in-not-required"}
    told = {r["RegionName"]: r["RegionOptStatus"] for r in client("account").list_regions()["Regions"]}
    assert {name for name, status in told.items() if status == "ENABLED_BY_DEFAULT"} == enabled
    asked = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    assert client("ec2").describe_regions(Filters=asked)["Regions"] == []


def test_guardduty_lists_features_that_were_never_switched_on(client: Clients) -> None:
    guardduty = client("guardduty")
    detector = guardduty.create_detector(Enable=True)["DetectorId"]
    features = {f["Name"]: f["Status"] for f in guardduty.get_detector(DetectorId=detector)["Features"]}
    assert features["LAMBDA_NETWORK_LOGS"] == "DISABLED"
    assert features["CLOUD_TRAIL"] == "ENABLED"


def test_inspector_covers_functions_once_switched_on(client: Clients, create: Create) -> None:
    create("scanned")
    create("excluded", Tags={"InspectorExclusion": "LambdaStandardScanning"})
    create("too-new", Runtime="cobol1")
    inspector = client("inspector2")
    assert inspector.list_coverage()["coveredResources"] == []
    with pytest.raises(ClientError, match="ValidationException"):
        inspector.enable(resourceTypes=["LAMBDA_CODE"])
    inspector.enable(resourceTypes=["LAMBDA"])
    (account,) = inspector.batch_get_account_status(accountIds=["123456789012"])["accounts"]
    states = {name: state["status"] for name, state in account["resourceState"].items()}
    assert states == {"ec2": "DISABLED", "ecr": "DISABLED", "lambda": "ENABLED", "lambdaCode": "DISABLED"}
    covered = {
        row["resourceMetadata"]["lambdaFunction"]["functionName"]: row["scanStatus"]
        for row in inspector.list_coverage()["coveredResources"]
    }
    assert covered["scanned"] == {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"}
    assert covered["excluded"] == {"statusCode": "INACTIVE", "reason": "EXCLUDED_BY_TAG"}
    assert covered["too-new"] == {"statusCode": "INACTIVE", "reason": "UNSUPPORTED_RUNTIME"}


def test_access_analyzer_finds_what_outsiders_may_invoke(client: Clients, create: Create) -> None:
    arn = create("open")["FunctionArn"]
    create("organised")
    lam, analyzer = client("lambda"), client("accessanalyzer")
    lam.add_permission(FunctionName="open", StatementId="s", Action="lambda:InvokeFunction", Principal="*")
    lam.add_permission(
        FunctionName="organised",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="*",
        PrincipalOrgID="o-abcdefghij",
    )
    assert analyzer.list_analyzers()["analyzers"] == []
    made = analyzer.create_analyzer(analyzerName="outside", type="ACCOUNT")["arn"]
    assert [a["status"] for a in analyzer.list_analyzers()["analyzers"]] == ["ACTIVE"]
    found = analyzer.list_findings_v2(analyzerArn=made, filter={"status": {"eq": ["ACTIVE"]}})["findings"]
    assert [(finding["resource"], finding["findingType"]) for finding in found] == [(arn, "ExternalAccess")]


def test_trails_tell_basic_or_advanced_selectors_from_every_region(client: Clients) -> None:
    trail = client("cloudtrail")
    client("s3").create_bucket(Bucket="trail-logs")
    arn = trail.create_trail(Name="everything", S3BucketName="trail-logs", IsMultiRegionTrail=True)["TrailARN"]
    (default,) = trail.get_event_selectors(TrailName="everything")["EventSelectors"]
    assert (default["IncludeManagementEvents"], default["DataResources"]) == (True, [])
    fields = [{"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}]
    advanced = [{"Name": "invocations", "FieldSelectors": fields}]
    trail.put_event_selectors(TrailName="everything", AdvancedEventSelectors=advanced)
    abroad = client("cloudtrail", "eu-west-1").get_event_selectors(TrailName=arn)
    assert abroad["AdvancedEventSelectors"] == advanced
    assert "EventSelectors" not in abroad
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        trail.get_event_selectors(TrailName="nothing")


def test_xray_keeps_its_encryption(client: Clients) -> None:
    xray = client("xray")
    assert xray.get_encryption_config()["EncryptionConfig"]["Type"] == "NONE"
    xray.put_encryption_config(Type="KMS", KeyId="alias/traces")
    assert xray.get_encryption_config()["EncryptionConfig"]["Type"] == "KMS"
    assert client("xray", "eu-west-1").get_encryption_config()["EncryptionConfig"]["Type"] == "NONE"


def test_other_accounts_things_are_denied_and_gone_things_are_missing(client: Clients) -> None:
    client("s3").create_bucket(Bucket="here")
    client("sqs").create_queue(QueueName="ours")
    foreign = {"QueueName": "ours", "QueueOwnerAWSAccountId": "998877665544"}
    key = "arn:aws:kms:us-east-1:998877665544:key/3f6c2f0e-7d5a-4c1b-9a8e-2b1f4d6c8e90"
    topic = "arn:aws:sns:us-east-1:998877665544:theirs"
    asked: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("AccessDeniedException", lambda: client("kms").describe_key(KeyId=key)),
        ("AccessDeniedException", lambda: client("kms").get_key_rotation_status(KeyId=key)),
        ("NotFoundException", lambda: client("kms").describe_key(KeyId=key.replace("998877665544", "123456789012"))),
        ("AuthorizationError", lambda: client("sns").get_topic_attributes(TopicArn=topic)),
        ("AccessDeniedException", lambda: client("ecr").describe_repositories(registryId="998877665544")),
        ("403", lambda: client("s3").head_bucket(Bucket="here", ExpectedBucketOwner="998877665544")),
        ("404", lambda: client("s3").head_bucket(Bucket="gone")),
        ("AWS.SimpleQueueService.NonExistentQueue", lambda: client("sqs").get_queue_url(QueueName="gone")),
        ("AWS.SimpleQueueService.NonExistentQueue", lambda: client("sqs").get_queue_url(**foreign)),
    )
    for code, ask in asked:
        with pytest.raises(ClientError) as error:
            ask()
        assert error.value.response["Error"]["Code"] == code


def test_log_groups_page_by_fifty_with_key_and_retention(client: Clients) -> None:
    logs = client("logs")
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    for number in range(52):
        logs.create_log_group(logGroupName=f"/aws/lambda/f{number:02}", kmsKeyId=key)
    logs.put_retention_policy(logGroupName="/aws/lambda/f00", retentionInDays=7)
    first = logs.describe_log_groups()
    second = logs.describe_log_groups(nextToken=first["nextToken"])
    assert len(first["logGroups"]) == 50
    assert [group["logGroupName"] for group in second["logGroups"]] == ["/aws/lambda/f50", "/aws/lambda/f51"]
    assert (first["logGroups"][0]["retentionInDays"], first["logGroups"][0]["kmsKeyId"]) == (7, key)
    assert "retentionInDays" not in first["logGroups"][1]


def test_tags_are_told_in_bulk(client: Clients, create: Create) -> None:
    arn = create("tagged", Tags={"team": "shop"})["FunctionArn"]
    told = client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["lambda:function"])
    tags = {row["ResourceARN"]: row["Tags"] for row in told["ResourceTagMappingList"]}
    assert tags[arn] == [{"Key": "team", "Value": "shop"}]


def test_rotation_is_told_once_switched_on(client: Clients) -> None:
    secrets = client("secretsmanager")
    arn = secrets.create_secret(Name="rotated", SecretString="x")["ARN"]
    secrets.create_secret(Name="left", SecretString="x")
    rotator = "arn:aws:lambda:us-east-1:123456789012:function:rotator"
    secrets.rotate_secret(SecretId="rotated", RotationLambdaARN=rotator, RotationRules={"AutomaticallyAfterDays": 30})
    described = secrets.describe_secret(SecretId=arn)
    assert (described["RotationEnabled"], described["RotationLambdaARN"]) == (True, rotator)
    told = {row["Name"]: row.get("RotationEnabled") for row in secrets.list_secrets()["SecretList"]}
    assert told == {"rotated": True, "left": None}


def test_a_running_recorder_has_delivered(client: Clients, role: str) -> None:
    config = client("config")
    client("s3").create_bucket(Bucket="config-logs")
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-logs"})
    (stopped,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    (running,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert stopped["recording"] is False
    assert (running["recording"], running["lastStatus"]) == (True, "SUCCESS")
