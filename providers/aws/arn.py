"""ARNs taken apart, without knowing any partition by name."""

from dataclasses import dataclass
from typing import Final

_PARTS: Final = 6
_QUALIFIED: Final = 8
_HOST_LABELS: Final = 3


@dataclass(frozen=True, slots=True)
class Arn:
    """``arn:partition:service:region:account:resource``; ``resource`` keeps its own colons and slashes."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def text(self) -> str:
        """The ARN as one string."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def name(self) -> str:
        """What follows the last slash or colon of the resource: a queue's, topic's, bucket's or key's name."""
        return self.resource.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def parse_arn(text: object) -> Arn | None:
    """Reads an ARN; None for anything else."""
    if not isinstance(text, str) or not text.startswith("arn:"):
        return None
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or not all((parts[1], parts[2], parts[5])):
        return None
    return Arn(*parts[1:])


def split_function(text: object) -> tuple[str, str] | None:
    """Splits a function's ARN into the unqualified ARN and the qualifier ("" where there is none)."""
    if not isinstance(text, str) or parse_arn(text) is None:
        return None
    parts = text.split(":")
    if len(parts) == _QUALIFIED:
        return ":".join(parts[:-1]), parts[-1]
    return (text, "") if len(parts) == _QUALIFIED - 1 else None


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """A layer version's ARN: the layer's ARN, the account that owns it, and the number."""

    layer: str
    account: str
    version: int


def parse_layer(text: object) -> LayerVersion | None:
    """Reads ``arn:…:layer:name:7``; None for anything else."""
    arn = parse_arn(text)
    if arn is None or not arn.resource.startswith("layer:"):
        return None
    layer, _, number = arn.text.rpartition(":")
    return LayerVersion(layer, arn.account, int(number)) if number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a container image lives: the registry's account and region, and the repository's name."""

    account: str
    region: str
    name: str
    arn: str


def image_repository(image: object, partition: str) -> Repository | None:
    """The repository of an image URI; None for an image of another registry.

    ``account.dkr.ecr.region.<suffix>/name:tag``, or ``account.dkr-ecr.region.<suffix>/name:tag`` (dual-stack).
    """
    if not isinstance(image, str) or "/" not in image:
        return None
    host, _, path = image.partition("/")
    account, *labels = host.split(".")
    if labels[:2] == ["dkr", "ecr"]:
        labels = labels[1:]
    elif labels[:1] != ["dkr-ecr"]:
        return None
    if not account.isdecimal() or len(labels) < _HOST_LABELS:
        return None
    name, region = path.partition("@")[0].partition(":")[0], labels[1]
    return Repository(account, region, name, f"arn:{partition}:ecr:{region}:{account}:repository/{name}")
