"""Whose resource a policy guards, and of which kind."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ResourceKind(StrEnum):
    """Kinds of resource whose policy is judged."""

    FUNCTION = "function"
    ALIAS = "alias"
    LAYER = "layer"
    QUEUE = "queue"
    TOPIC = "topic"
    EVENT_BUS = "event-bus"
    API = "API"
    BUCKET = "bucket"
    STREAM = "stream"
    TABLE = "table"
    REPOSITORY = "repository"
    KEY = "key"
    SECRET = "secret"  # noqa: S105 - a kind of resource
    LOG = "log"
    FILE_SYSTEM = "file-system"
    ROLE_TRUST = "role-trust"

    @property
    def noun(self) -> str:
        """How a sentence names it."""
        return _NOUNS.get(self, self.value)

    @property
    def service(self) -> str:
        """The prefix of the actions that can apply to it."""
        return _SERVICES[self]

    @property
    def invokable(self) -> bool:
        """Whether its policy decides who runs a function."""
        return self in (ResourceKind.FUNCTION, ResourceKind.ALIAS)

    @property
    def takes_unsigned(self) -> bool:
        """Whether its service answers calls that nobody signed (KMS, ECR, STS and others never do)."""
        return self.invokable or self in _UNSIGNED


_NOUNS = {
    ResourceKind.ALIAS: "function through this qualifier",
    ResourceKind.LAYER: "layer version",
    ResourceKind.EVENT_BUS: "event bus",
    ResourceKind.LOG: "log resources",
    ResourceKind.FILE_SYSTEM: "file system",
    ResourceKind.ROLE_TRUST: "role",
}
_SERVICES = {
    ResourceKind.FUNCTION: "lambda",
    ResourceKind.ALIAS: "lambda",
    ResourceKind.LAYER: "lambda",
    ResourceKind.QUEUE: "sqs",
    ResourceKind.TOPIC: "sns",
    ResourceKind.EVENT_BUS: "events",
    ResourceKind.API: "execute-api",
    ResourceKind.BUCKET: "s3",
    ResourceKind.STREAM: "kinesis",
    ResourceKind.TABLE: "dynamodb",
    ResourceKind.REPOSITORY: "ecr",
    ResourceKind.KEY: "kms",
    ResourceKind.SECRET: "secretsmanager",
    ResourceKind.LOG: "logs",
    ResourceKind.FILE_SYSTEM: "elasticfilesystem",
    ResourceKind.ROLE_TRUST: "sts",
}
_UNSIGNED = frozenset(
    {ResourceKind.QUEUE, ResourceKind.TOPIC, ResourceKind.BUCKET, ResourceKind.FILE_SYSTEM, ResourceKind.API}
)


@dataclass(frozen=True, slots=True)
class PolicyOwner:
    """The account and partition a policy is judged for.

    ``today`` is the day its answer is of, None for any. ``organization`` is the id of the account's organisation, ""
    where it is in none, None where that was not read.
    """

    account: str
    partition: str
    kind: ResourceKind
    trusted_services: frozenset[str] = frozenset()
    today: date | None = None
    organization: str | None = None

    def owns(self, account: str, partition: str = "") -> bool:
        """Whether an account id, in the partition an ARN names, is the own account."""
        return account == self.account and partition in ("", "*", self.partition)
