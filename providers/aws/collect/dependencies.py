"""What functions refer to: keys, layers, images, targets, file systems, secrets, signing profiles. Each asked once."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from auditor.model.capture import Depth, Outcome
from providers.answers.json_paths import rows, text
from providers.aws.arn import Repository, image_repository, parse_arn, parse_layer
from providers.aws.collect.packages import Packages
from providers.aws.collect.references import secrets_of
from providers.aws.collect.region_context import RegionContext
from providers.aws.operations.declaration import CODE


class Dependencies:
    """Queues the calls about a region's referred-to resources; nothing below standard depth."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context

    def function(self, function: Mapping[str, Any]) -> None:
        """Everything one function's configuration refers to, but for its network and parameters (asked in batches)."""
        self.key(text(function, "KMSKeyArn"))
        self.target(text(function, "DeadLetterConfig", "TargetArn"))
        for layer in rows(function, "Layers"):
            self.layer(text(layer, "Arn"))
        for mount in rows(function, "FileSystemConfigs"):
            self.mount(text(mount, "Arn"))
        for secret in secrets_of(function):
            self._once("secret", secret, self._secret)

    def key(self, reference: str) -> None:
        """A KMS key, as it is referred to."""
        self._once("key", reference, self._key)

    def target(self, reference: str) -> None:
        """A dead-letter or destination target; functions need no call, the list tells whether they exist."""
        arn = parse_arn(reference)
        if arn is None:
            return
        if arn.service == "sqs":
            self._queues(arn.account, arn.region)
        elif arn.service == "sns":
            self._exists("sns:GetTopicAttributes", reference, {"TopicArn": reference})
        elif arn.service == "events":
            self._exists("events:DescribeEventBus", reference, {"Name": reference})
        elif arn.service == "s3":
            bucket = {"Bucket": arn.resource.split("/")[0]}
            self._once("target", reference, lambda asked: self._context.call_global("s3:HeadBucket", asked, **bucket))

    def layer(self, reference: str) -> None:
        """A layer version; its policy too where the layer is the account's own."""
        if parse_layer(reference) is not None:
            self._once("layer", reference, self._layer)

    def mount(self, reference: str) -> None:
        """An EFS access point and the file system behind it."""
        arn = parse_arn(reference)
        if arn is not None and arn.service == "elasticfilesystem":
            self._once("mount", reference, self._mount)

    def image(self, uri: str) -> None:
        """The repository of a container image."""
        repository = image_repository(uri, self._context.account.partition)
        if repository is not None and repository.region == self._context.region:
            self._once("repository", repository.arn, partial(self._repository, repository))
            self._once("registry", self._context.region, self._registry)

    def publisher(self, reference: str) -> None:
        """A signing profile version."""
        self._once("profile", reference, self._profile)

    def _once(self, kind: str, subject: str, job: Callable[[str], object]) -> None:
        if subject and self._context.at_least(Depth.STANDARD) and self._context.asked.first(kind, subject):
            lane = "lambda" if kind in ("layer", "own layer") else "bulk"
            self._context.work.add(lane, partial(job, subject))

    def _exists(self, operation: str, reference: str, parameters: Mapping[str, Any]) -> None:
        self._once("target", reference, lambda asked: self._context.call(operation, asked, **parameters))

    def _key(self, reference: str) -> None:
        described = self._context.call("kms:DescribeKey", reference, KeyId=reference)
        if described.outcome is not Outcome.ABSENT:
            key = text(described.body, "KeyMetadata", "Arn") or reference
            self._context.call("kms:GetKeyRotationStatus", reference, KeyId=key)

    def _queues(self, account: str, region: str) -> None:
        """The region's queues, all at once: most functions with a dead-letter queue have one of their own."""
        if (account, region) == (self._context.account.id, self._context.region):
            self._once("queues", region, lambda _region: self._context.listing("sqs:ListQueues", MaxResults=1000))

    def _layer(self, reference: str) -> None:
        layer = parse_layer(reference)
        if layer is None:
            return
        if layer.account == self._context.account.id:
            self._once("own layer", layer.layer, self._layer_versions)
            self._context.call(
                "lambda:GetLayerVersionPolicy", reference, LayerName=layer.layer, VersionNumber=layer.version
            )
        packages = Packages(self._context)
        if packages.wanted:
            answer = self._context.ask("lambda:GetLayerVersion", Arn=reference)
            self._context.record("lambda:GetLayerVersion", reference, answer)
            packages.layer(reference, answer)
        elif layer.account != self._context.account.id and CODE in self._context.options.tiers:
            self._context.call("lambda:GetLayerVersion", reference, Arn=reference)

    def _layer_versions(self, layer: str) -> None:
        self._context.listing("lambda:ListLayerVersions", layer, LayerName=layer.rpartition(":")[2])

    def _mount(self, reference: str) -> None:
        systems: list[str] = []

        def each(page: Any) -> None:
            systems.extend(text(row, "FileSystemId") for row in rows(page, "AccessPoints"))

        arn = parse_arn(reference)
        if arn is None:
            return
        self._context.listing("elasticfilesystem:DescribeAccessPoints", reference, each=each, AccessPointId=arn.name)
        for system in systems:
            if system and self._context.asked.first("file system", system):
                self._context.listing("elasticfilesystem:DescribeFileSystems", system, FileSystemId=system)
                self._context.call("elasticfilesystem:DescribeFileSystemPolicy", system, FileSystemId=system)

    def _repository(self, repository: Repository, arn: str) -> None:
        where: dict[str, Any] = {"registryId": repository.account}

        def each(page: Any) -> None:
            for row in rows(page, "repositories"):
                self.key(text(row, "encryptionConfiguration", "kmsKey"))  # the customer's, or the registry's own

        named = [repository.name]
        self._context.listing("ecr:DescribeRepositories", arn, each=each, repositoryNames=named, **where)
        self._context.call("ecr:GetRepositoryPolicy", arn, repositoryName=repository.name, **where)
        self._context.call("ecr:GetLifecyclePolicy", arn, repositoryName=repository.name, **where)

    def _registry(self, _region: str) -> None:
        self._context.call("ecr:GetRegistryScanningConfiguration")

    def _secret(self, reference: str) -> None:
        self._context.call("secretsmanager:DescribeSecret", reference, SecretId=reference)
        self._context.call("secretsmanager:GetResourcePolicy", reference, SecretId=reference)

    def _profile(self, reference: str) -> None:
        arn = parse_arn(reference)
        parts = arn.resource.strip("/").split("/") if arn else []
        if arn is not None and len(parts) > 1:
            self._context.call("signer:GetSigningProfile", reference, profileName=parts[1], profileOwner=arn.account)
