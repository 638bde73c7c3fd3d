"""What a function runs: package, layers, image, signing, patching."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.environment import EncryptionKey
from auditor.model.exposure import ResourceGrant
from auditor.model.observed import Observed


class Package(StrEnum):
    """How code is delivered."""

    ARCHIVE = "zip"
    IMAGE = "image"


class Patching(StrEnum):
    """When the platform replaces the runtime under the code."""

    AUTOMATIC = "automatic"
    ON_UPDATE = "on-update"
    MANUAL = "manual"


@noun
class Layer:
    """A shared code layer. ``vendor``: published by the cloud itself. ``sharing``: who else may use this version."""

    id: str
    name: str
    version: str
    account: str | None
    vendor: bool
    exists: Observed[bool]
    sharing: Observed[tuple[ResourceGrant, ...]]


@noun
class Publisher:
    """A signing profile that a signing configuration trusts; ``status`` such as Active, Canceled, Revoked."""

    id: str
    account: str | None
    status: Observed[str]


@noun
class Signing:
    """A code-signing configuration: ``enforced`` False means untrusted code is let through with a warning."""

    id: str
    enforced: bool
    publishers: tuple[Publisher, ...]


@noun
class Repository:
    """The registry repository of an image."""

    id: str
    name: str
    account: str
    scan_on_push: Observed[bool]
    immutable_tags: Observed[bool]
    customer_key: Observed[bool]
    lifecycle: Observed[bool]
    policy: Observed[tuple[ResourceGrant, ...]]


@noun
class Image:
    """The container image in use: ``digest`` is what runs, whatever the tag says."""

    uri: Observed[str]
    digest: Observed[str | None]
    repository: Observed[Repository | None]


@noun
class SnapStart:
    """Start from a snapshot. ``on_published`` True where configured, ``active`` where it is in effect."""

    configured: bool
    active: bool


@noun
class ScanCoverage:
    """Whether the cloud's vulnerability scanner covers the function: ``reason`` explains an inactive one."""

    active: bool
    reason: str
    scanned_at: str | None


@noun
class Code:
    """``scan`` Known(None): the scanner does not list it. ``artifact_signed`` Known(None): no signing job recorded."""

    package: Package
    sha256: Observed[str]
    layers: Observed[tuple[Layer, ...]]
    signing: Observed[Signing | None]
    artifact_signed: Observed[str | None]
    image: Image | None
    patching: Observed[Patching | None]
    snapstart: Observed[SnapStart]
    source_key: Observed[EncryptionKey | None]
    scan: Observed[ScanCoverage | None]
