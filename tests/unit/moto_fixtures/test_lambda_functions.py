"""What moto loses of a function comes back as AWS would tell it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil

Clients = Callable[..., Any]
Create = Callable[..., dict[str, Any]]


def _code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_members_moto_drops_are_read_back(client: Clients, create: Create) -> None:
    partner = "arn:aws:lambda:us-east-1:998877665544:layer:telemetry:3"
    written = {
        "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:gone"},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/shared", "ApplicationLogLevel": "FATAL"},
        "FileSystemConfigs": [
            {
                "Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0",
                "LocalMountPath": "/mnt/a",
            }
        ],
        "SnapStart": {"ApplyOn": "PublishedVersions"},
        "TracingConfig": {"Mode": "Active"},
        "EphemeralStorage": {"Size": 2048},
        "Architectures": ["arm64"],
        "Layers": [partner],
    }
    create("kept", **written)
    listed = next(f for f in client("lambda").list_functions()["Functions"] if f["FunctionName"] == "kept")
    got = client("lambda").get_function(FunctionName="kept")["Configuration"]
    for answer in (listed, got):
        assert answer["DeadLetterConfig"] == written["DeadLetterConfig"]
        assert answer["LoggingConfig"] == {"SystemLogLevel": "INFO", **written["LoggingConfig"]}  # type: ignore[dict-item]
        assert answer["FileSystemConfigs"] == written["FileSystemConfigs"]
        assert answer["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}
        assert answer["TracingConfig"] == {"Mode": "Active"}
        assert answer["EphemeralStorage"] == {"Size": 2048}
        assert answer["Architectures"] == ["arm64"]
        assert [layer["Arn"] for layer in answer["Layers"]] == [partner]
    assert "State" not in listed
    assert "RuntimeVersionConfig" not in listed
    assert got["State"] == "Active"


def test_a_version_keeps_the_configuration_it_froze(client: Clients, create: Create) -> None:
    create("frozen", Timeout=5, SnapStart={"ApplyOn": "PublishedVersions"})
    lam = client("lambda")
    assert lam.publish_version(FunctionName="frozen")["Version"] == "1"
    lam.update_function_configuration(FunctionName="frozen", Timeout=60)
    version = lam.get_function_configuration(FunctionName="frozen", Qualifier="1")
    assert version["Timeout"] == 5
    assert version["SnapStart"]["OptimizationStatus"] == "On"
    assert lam.get_function_configuration(FunctionName="frozen")["Timeout"] == 60
    arns = [row["FunctionArn"] for row in lam.list_versions_by_function(FunctionName="frozen")["Versions"]]
    assert [arn.rpartition(":")[2] for arn in arns] == ["$LATEST", "1"]


def test_functions_come_in_pages_of_fifty_in_their_own_region(client: Clients, role: str) -> None:
    abroad = client("lambda", "eu-central-1")
    for number in range(53):
        abroad.create_function(
            FunctionName=f"f{number:02}", Runtime="python3.14", Handler="a.b", Role=role, Code={"ZipFile": b"x"}
        )
    first = abroad.list_functions(MaxItems=1000)
    second = abroad.list_functions(Marker=first["NextMarker"])
    assert [f["FunctionName"] for f in first["Functions"]] == [f"f{n:02}" for n in range(50)]
    assert [f["FunctionName"] for f in second["Functions"]] == ["f50", "f51", "f52"]
    assert "NextMarker" not in second
    with pytest.raises(ClientError) as error:
        abroad.list_functions(Marker="made-up")
    assert _code(error) == "InvalidParameterValueException"


def test_get_function_tells_code_tags_and_a_reservation_of_nought(client: Clients, create: Create) -> None:
    create("off", Tags={"team": "shop"})
    client("lambda").put_function_concurrency(FunctionName="off", ReservedConcurrentExecutions=0)
    answer = client("lambda").get_function(FunctionName="off")
    assert answer["Concurrency"] == {"ReservedConcurrentExecutions": 0}
    assert answer["Tags"] == {"team": "shop"}
    assert answer["Code"]["RepositoryType"] == "S3"
    assert "X-Amz-Signature=" in answer["Code"]["Location"]


def test_an_image_is_told_with_the_digest_it_runs(client: Clients, create: Create) -> None:
    ecr = client("ecr")
    uri = ecr.create_repository(repositoryName="shop/scorer")["repository"]["repositoryUri"]
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"digest": "sha256:" + "a" * 64, "size": 3},
        "layers": [],
    }
    put = ecr.put_image(repositoryName="shop/scorer", imageTag="9", imageManifest=json.dumps(manifest))
    create("image", PackageType="Image", Code={"ImageUri": f"{uri}:9"}, Runtime="python3.14", Handler="a.b")
    code = client("lambda").get_function(FunctionName="image")["Code"]
    assert code["ImageUri"] == f"{uri}:9"
    assert code["ResolvedImageUri"] == f"{uri}@{put['image']['imageId']['imageDigest']}"


def test_a_function_in_a_network_tells_the_network(client: Clients, create: Create) -> None:
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    config = {"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"], "Ipv6AllowedForDualStack": True}
    create("inside", VpcConfig=config)
    assert client("lambda").get_function_configuration(FunctionName="inside")["VpcConfig"] == {"VpcId": vpc, **config}


def test_variables_under_an_unusable_or_closed_key_are_an_error_not_an_absence(client: Clients, create: Create) -> None:
    kms = client("kms")
    keys = {state: kms.create_key()["KeyMetadata"] for state in ("open", "disabled", "closed")}
    kms.disable_key(KeyId=keys["disabled"]["KeyId"])
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["kms:Decrypt"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    kms.put_key_policy(KeyId=keys["closed"]["KeyId"], PolicyName="default", Policy=policy)
    for state, key in keys.items():
        create(f"env-{state}", KMSKeyArn=key["Arn"], Environment={"Variables": {"A": "b"}})
    told = {f["FunctionName"]: f.get("Environment") for f in client("lambda").list_functions()["Functions"]}
    assert told["env-open"] == {"Variables": {"A": "b"}}
    assert told["env-disabled"]["Error"]["ErrorCode"] == "KMSDisabledException"
    assert told["env-closed"]["Error"]["ErrorCode"] == "AccessDeniedException"
    assert "Variables" not in told["env-closed"]


def test_a_caller_without_decrypt_gets_the_error_for_customer_keys_only(
    server: Server, client: Clients, create: Create
) -> None:
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    create("under-key", KMSKeyArn=key, Environment={"Variables": {"A": "b"}})
    create("under-none", Environment={"Variables": {"A": "b"}})
    server.faults.add(Fault(Spoil.KMS_DENIED, "lambda"))
    told = {f["FunctionName"]: f.get("Environment") for f in client("lambda").list_functions()["Functions"]}
    assert told["under-key"]["Error"]["ErrorCode"] == "AccessDeniedException"
    assert told["under-none"] == {"Variables": {"A": "b"}}


def test_signed_code_carries_its_job_and_unsigned_code_does_not(client: Clients, create: Create) -> None:
    signer, lam = client("signer"), client("lambda")
    profile = signer.put_signing_profile(profileName="release", platformId="AWSLambda-SHA384-ECDSA")
    job = signer.start_signing_job(
        source={"s3": {"bucketName": "art", "key": "a.zip", "version": "1"}},
        destination={"s3": {"bucketName": "art", "prefix": "signed/"}},
        profileName="release",
        clientRequestToken="t",
    )["jobId"]
    signed = create("signed", Code={"S3Bucket": "art", "S3Key": f"signed/{job}.zip"})
    assert signed["SigningProfileVersionArn"] == profile["profileVersionArn"]
    assert signed["SigningJobArn"].endswith(f":/signing-jobs/{job}")
    assert "SigningJobArn" not in create("unsigned", Code={"S3Bucket": "art", "S3Key": "a.zip"})
    config = lam.create_code_signing_config(
        AllowedPublishers={"SigningProfileVersionArns": [profile["profileVersionArn"]]}
    )["CodeSigningConfig"]
    assert config["CodeSigningPolicies"] == {"UntrustedArtifactOnDeployment": "Warn"}
    lam.put_function_code_signing_config(FunctionName="signed", CodeSigningConfigArn=config["CodeSigningConfigArn"])
    under = lam.list_functions_by_code_signing_config(CodeSigningConfigArn=config["CodeSigningConfigArn"])
    assert under["FunctionArns"] == [signed["FunctionArn"]]
    assert [c["CodeSigningConfigArn"] for c in lam.list_code_signing_configs()["CodeSigningConfigs"]] == [
        config["CodeSigningConfigArn"]
    ]
    signer.revoke_signing_profile(
        profileName="release", profileVersion=profile["profileVersion"], reason="test", effectiveTime=0
    )
    assert signer.get_signing_profile(profileName="release")["status"] == "Revoked"


def test_what_is_not_there_is_answered_as_aws_answers(client: Clients, create: Create) -> None:
    create("bare")
    lam = client("lambda")
    bare = {"FunctionName": "bare"}
    asked: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("ResourceNotFoundException", lambda: lam.get_function(FunctionName="nobody")),
        ("ResourceNotFoundException", lambda: lam.get_policy(**bare)),
        ("ResourceNotFoundException", lambda: lam.get_policy(**bare, Qualifier="nowhere")),
        ("ResourceNotFoundException", lambda: lam.get_function_url_config(**bare)),
        ("ResourceNotFoundException", lambda: lam.get_function_event_invoke_config(**bare)),
    )
    for code, ask in asked:
        with pytest.raises(ClientError) as error:
            ask()
        assert _code(error) == code
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert lam.list_function_url_configs(**bare)["FunctionUrlConfigs"] == []
    assert lam.list_aliases(**bare)["Aliases"] == []
    assert lam.get_function_recursion_config(**bare)["RecursiveLoop"] == "Terminate"
    assert lam.get_runtime_management_config(**bare)["UpdateRuntimeOn"] == "Auto"
    assert "CodeSigningConfigArn" not in lam.get_function_code_signing_config(**bare)
