"""What a function runs: package, layers, image, signing, patching."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.code_analysis import CodeAnalysis
from auditor.model.environment import EncryptionKey
from auditor.model.exposure import AccessGrant
from auditor.model.observed import UNFILLED, Gap, GapReason, Observed, Unknown

NOT_READ = Unknown(
    Gap(GapReason.NOT_IN_TIER, "", None, "the package was not looked into: --with-code reads it, --import takes a scan")
)
"""The default of what is inside a package: nobody asked for it."""


class Package(StrEnum):
    """How code is delivered."""

    ARCHIVE = "zip"
    IMAGE = "image"


class Patching(StrEnum):
    """When the platform replaces the runtime under the code."""

    AUTOMATIC = "automatic"
    ON_UPDATE = "on-update"
    MANUAL = "manual"


@frozen
class Layer:
    """A shared code layer."""

    id: str
    """ARN of the layer version."""
    name: str
    """Name of the layer."""
    version: str
    """Number of the version."""
    account: str | None
    """Account that owns it; null where its id names none."""
    vendor: bool
    """Published by the cloud provider itself."""
    exists: Observed[bool]
    """False: the version was deleted."""
    sharing: Observed[tuple[AccessGrant, ...]]
    """Statements that let others use this version."""
    analysis: Observed[CodeAnalysis] = NOT_READ
    """What is inside it."""


@frozen
class Publisher:
    """A signing profile that a code-signing configuration trusts."""

    id: str
    """ARN of the profile version."""
    account: str | None
    """Account that owns the profile; null where its id names none."""
    status: Observed[str]
    """Status as AWS Signer gives it: Active, Canceled or Revoked."""


@frozen
class Signing:
    """A code-signing configuration."""

    id: str
    """ARN of the configuration."""
    enforced: bool
    """False: untrusted code is deployed with a warning."""
    publishers: tuple[Publisher, ...]
    """The signing profiles it trusts."""


@frozen
class Repository:
    """The registry repository of a container image."""

    id: str
    """Resource id of the repository."""
    name: str
    """Name of the repository."""
    account: str
    """Account or project that owns it."""
    scan_on_push: Observed[bool]
    """Images are scanned when they are pushed."""
    immutable_tags: Observed[bool]
    """A tag cannot be moved to another image."""
    customer_key: Observed[bool]
    """Encrypted with a customer-managed key."""
    lifecycle: Observed[bool]
    """Old images expire."""
    policy: Observed[tuple[AccessGrant, ...]]
    """Statements of its resource policy."""


@frozen
class Image:
    """The container image in use."""

    uri: Observed[str]
    """Reference as it was deployed."""
    digest: Observed[str | None]
    """Digest that runs, whatever the tag says now; null: not resolved."""
    repository: Observed[Repository | None]
    """Its repository; null where it lies outside the registries that were read."""


@frozen
class SnapStart:
    """Start from a snapshot of an initialised environment."""

    configured: bool
    """Switched on for published versions."""
    active: bool
    """In effect for this version."""


@frozen
class ScanCoverage:
    """Whether the cloud's vulnerability scanner covers the function."""

    active: bool
    """It is scanned."""
    reason: str
    """Why it is not."""
    scanned_at: str | None
    """ISO date-time of the last scan; null: never."""


@frozen
class Code:
    """What the function runs."""

    package: Package
    """How the code is delivered."""
    sha256: Observed[str]
    """SHA-256 of the deployed package, base64."""
    layers: Observed[tuple[Layer, ...]]
    """Layers in order of loading."""
    signing: Observed[Signing | None]
    """Code-signing configuration; null: none."""
    artifact_signed: Observed[str | None]
    """ARN of the signing job of the deployed package; null: no signing job is recorded."""
    image: Image | None
    """The container image; null for a zip package."""
    patching: Observed[Patching | None]
    """When the platform replaces the runtime; null where it does not."""
    snapstart: Observed[SnapStart]
    """Start from a snapshot."""
    source_key: Observed[EncryptionKey | None]
    """Customer-managed key of the code package; null: the provider-managed key."""
    scan: Observed[ScanCoverage | None]
    """Coverage by the vulnerability scanner; null: the scanner does not list the function."""
    analysis: Observed[CodeAnalysis] = NOT_READ
    """What is inside its package, without its layers."""
    unused_permissions: Observed[tuple[str, ...]] = UNFILLED
    """Actions that policies of its role allow and no code of the role's functions calls."""
