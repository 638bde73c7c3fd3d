"""What the functions refer to: keys, queues, topics, buckets, secrets, parameters, layers, repositories, signing."""

import json
from typing import Any

from moto_fixtures.aws.company.deploy_context import ABROAD, FOREIGN, HOME, Workbench, archive, policy
from moto_fixtures.emulation.fake_secrets import letters, payment_key


def keys(bench: Workbench) -> None:
    """Customer keys: sound, for logs, unrotated, disabled, about to be deleted, closed to the auditor, foreign."""
    kms = bench.client("kms")
    for name, purpose in (
        ("env", "environment variables"),
        ("logs", "log groups"),
        ("unrotated", "address validation"),
        ("disabled", "gift registry"),
        ("dying", "wishlists, to be deleted"),
        ("closed", "loyalty ledger, nobody but the ledger decrypts"),
    ):
        made = kms.create_key(Description=f"Fernhollow: {purpose}")["KeyMetadata"]
        bench.made[f"key:{name}"] = made["Arn"]
        if name in ("env", "logs", "closed"):
            kms.enable_key_rotation(KeyId=made["KeyId"])
        if name == "disabled":
            kms.disable_key(KeyId=made["KeyId"])
        if name == "dying":
            kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
        if name == "closed":
            closed = {
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": ["kms:Decrypt"],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalArn": bench.arn("iam", "role/loyalty-ledger-role")}},
            }
            owner = {
                "Effect": "Allow",
                "Principal": {"AWS": bench.arn("iam", "root")},
                "Action": "kms:*",
                "Resource": "*",
            }
            kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=policy(owner, closed))
    bench.made["key:foreign"] = bench.arn("kms", "key/3f6c2f0e-7d5a-4c1b-9a8e-2b1f4d6c8e90", account=FOREIGN)
    abroad = bench.client("kms", ABROAD)
    made = abroad.create_key(Description="Fernhollow: European functions")["KeyMetadata"]
    abroad.enable_key_rotation(KeyId=made["KeyId"])
    bench.made["key:env:eu"] = bench.made["key:logs:eu"] = made["Arn"]


def messaging(bench: Workbench) -> None:
    """Queues and topics that stand, and one dead-letter queue that is deleted after the functions are made."""
    for region in (HOME, ABROAD):
        sqs = bench.client("sqs", region)
        for name in ("dead-letters", "orders", "returns-dead-letters") if region == HOME else ("dead-letters",):
            queue = sqs.create_queue(QueueName=name, Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]
            bench.made[f"queue-url:{name}:{region}"] = queue
            bench.made[f"queue:{name}:{region}"] = bench.arn("sqs", name, region)
    _careful_queue(bench)
    sealed = {"KmsMasterKeyId": bench.made["key:env"]}
    bench.made["topic:orders"] = bench.client("sns").create_topic(Name="orders", Attributes=sealed)["TopicArn"]
    bench.made["topic:late"] = bench.client("sns").create_topic(Name="late-parcels")["TopicArn"]


def _careful_queue(bench: Workbench) -> None:
    """The queue of orders: hidden long enough, set aside after five tries, under the own key, never over plain HTTP."""
    queue, letters = bench.made[f"queue:orders:{HOME}"], bench.made[f"queue:dead-letters:{HOME}"]
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    deny = {"Sid": "tls", "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": queue, "Condition": plain}
    attributes = {
        "VisibilityTimeout": "120",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": letters, "maxReceiveCount": 5}),
        "KmsMasterKeyId": bench.made["key:env"],
        "Policy": policy(deny),
    }
    url = bench.made[f"queue-url:orders:{HOME}"]
    bench.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)


def buckets(bench: Workbench) -> None:
    """Buckets for images, artifacts, audit logs and archives; the archive bucket goes again later."""
    s3 = bench.client("s3")
    for name in ("product-images", "build-artifacts", "audit-logs", "order-archive", "parcel-labels"):
        bucket = f"fernhollow-{name}"
        s3.create_bucket(Bucket=bucket)
        bench.made[f"bucket:{name}"] = f"arn:aws:s3:::{bucket}"


def secrets(bench: Workbench) -> None:
    """Secrets and parameters: kept well, kept badly (public policy, never rotated, plain String), and to be deleted."""
    secret, ssm = bench.client("secretsmanager"), bench.client("ssm")
    good = secret.create_secret(
        Name="fernhollow/checkout/database", SecretString=letters("checkout", 24), KmsKeyId=bench.made["key:env"]
    )["ARN"]
    bench.made["secret:checkout"] = good
    rotator = bench.arn("lambda", "function:secret-rotator")
    secret.rotate_secret(SecretId=good, RotationLambdaARN=rotator, RotationRules={"AutomaticallyAfterDays": 30})
    bench.made["secret:erp"] = secret.create_secret(Name="fernhollow/erp/token", SecretString=letters("erp", 24))["ARN"]
    bench.made["secret:retired"] = secret.create_secret(
        Name="fernhollow/prices/token", SecretString=letters("prices", 24)
    )["ARN"]
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    secret.put_resource_policy(SecretId=bench.made["secret:erp"], ResourcePolicy=policy(anyone))
    ssm.put_parameter(Name="/fernhollow/search/api-key", Value=letters("search", 24), Type="SecureString")
    ssm.put_parameter(Name="/fernhollow/coupons/api-key", Value=payment_key("coupons"), Type="String")


def layers(bench: Workbench) -> None:
    """A sound layer, one shared with everyone, one deleted after use, and a partner's."""
    client = bench.client("lambda")
    for name in ("retail-core", "price-tables", "retired-parsers"):
        made = client.publish_layer_version(
            LayerName=name, Content={"ZipFile": archive("layer.txt", name)}, CompatibleRuntimes=["python3.14"]
        )
        bench.made[f"layer:{name}"] = made["LayerVersionArn"]
    client.add_layer_version_permission(
        LayerName="price-tables",
        VersionNumber=1,
        StatementId="everyone",
        Principal="*",
        Action="lambda:GetLayerVersion",
    )
    bench.made["layer:partner"] = bench.arn("lambda", "layer:partner-telemetry:12", account=FOREIGN)
    bench.made["layer:insights"] = bench.arn("lambda", "layer:LambdaInsightsExtension-Arm64:31", account="580247275435")
    bench.made["layer:insights:eu"] = bench.made["layer:insights"].replace(HOME, ABROAD)


def repositories(bench: Workbench) -> None:
    """Image repositories: a sound one, one with mutable unscanned tags, one readable by everyone, one to be deleted."""
    ecr = bench.client("ecr")
    rules = [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 5}, "action": {"type": "expire"}}]  # fmt: skip
    for name in ("fraud-score", "image-classifier", "receipt-reader", "label-designer"):
        sound = name == "fraud-score"
        repository = f"fernhollow/{name}"
        made = ecr.create_repository(
            repositoryName=repository,
            imageTagMutability="IMMUTABLE" if sound else "MUTABLE",
            imageScanningConfiguration={"scanOnPush": sound},
            encryptionConfiguration=(
                {"encryptionType": "KMS", "kmsKey": bench.made["key:env"]} if sound else {"encryptionType": "AES256"}
            ),
        )["repository"]["repositoryUri"]
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {"digest": f"sha256:{letters(name, 64, '0123456789abcdef')}", "size": 7023},
            "layers": [],
        }
        ecr.put_image(repositoryName=repository, imageTag="2026-11", imageManifest=json.dumps(manifest))
        if sound:
            ecr.put_lifecycle_policy(repositoryName=repository, lifecyclePolicyText=json.dumps({"rules": rules}))
        bench.made[f"image:{name}"] = f"{made}:2026-11"
    anyone = {"Sid": "any", "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}  # fmt: skip
    ecr.set_repository_policy(repositoryName="fernhollow/receipt-reader", policyText=policy(anyone))


def signing(bench: Workbench) -> None:
    """Code signing: enforced, warning only, by a foreign profile, by a revoked profile; and one signed artifact."""
    for region in (HOME, ABROAD):
        suffix = "" if region == HOME else ":eu"
        signer, client = bench.client("signer", region), bench.client("lambda", region)
        profile = signer.put_signing_profile(profileName="fernhollow_release", platformId="AWSLambda-SHA384-ECDSA")
        job = signer.start_signing_job(
            source={"s3": {"bucketName": "fernhollow-build-artifacts", "key": "release.zip", "version": "1"}},
            destination={"s3": {"bucketName": "fernhollow-build-artifacts", "prefix": "signed/"}},
            profileName="fernhollow_release",
            clientRequestToken="release",
        )
        bench.made[f"signed-key{suffix}"] = f"signed/{job['jobId']}.zip"
        enforce = {"UntrustedArtifactOnDeployment": "Enforce"}
        bench.made[f"signing:enforced{suffix}"] = _config(client, profile["profileVersionArn"], enforce)
    signer, client = bench.client("signer"), bench.client("lambda")
    ours = signer.put_signing_profile(profileName="fernhollow_hotfix", platformId="AWSLambda-SHA384-ECDSA")
    old = signer.put_signing_profile(profileName="fernhollow_2023", platformId="AWSLambda-SHA384-ECDSA")
    enforce, warn = {"UntrustedArtifactOnDeployment": "Enforce"}, {"UntrustedArtifactOnDeployment": "Warn"}
    bench.made["signing:warn"] = _config(client, ours["profileVersionArn"], warn)
    bench.made["signing:revoked"] = _config(client, old["profileVersionArn"], enforce)
    theirs = bench.arn("signer", "/signing-profiles/agency_release/4kd83hs0pq", account=FOREIGN)
    bench.made["signing:foreign"] = _config(client, theirs, enforce)
    signer.revoke_signing_profile(
        profileName="fernhollow_2023",
        profileVersion=old["profileVersion"],
        reason="key material of the old build host",
        effectiveTime="2026-03-01T00:00:00Z",
    )


def _config(client: Any, profile: str, policies: dict[str, str]) -> str:
    made = client.create_code_signing_config(
        AllowedPublishers={"SigningProfileVersionArns": [profile]}, CodeSigningPolicies=policies
    )
    return str(made["CodeSigningConfig"]["CodeSigningConfigArn"])
