"""How code reaches a function: publishing, package, source, build, image registry, revisions."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.environment import Environment
from auditor.model.exposure import AccessGrant
from auditor.model.observed import UNFILLED, Observed


class SourceKind(StrEnum):
    """Where the code was built from."""

    UPLOAD = "upload"
    REPOSITORY = "repository"
    STORAGE = "storage"
    IMAGE = "image"
    PACKAGE_URL = "package-url"


@frozen
class Source:
    """Where the code comes from."""

    kind: SourceKind
    """Kind of source."""
    location: str
    """Repository, bucket or host; never a signed URL."""
    branch: str | None
    """Branch; null where none is set."""


class PackageKind(StrEnum):
    """What a package reference is, as far as it can be told without keeping it."""

    LOCAL = "local"
    PLAIN_URL = "plain-url"
    SIGNED_URL = "signed-url"


class KeyStore(StrEnum):
    """Where the host keeps its access keys."""

    VAULT = "vault"
    STORAGE = "storage"
    FILES = "files"
    OTHER = "other"


class StorageAuthentication(StrEnum):
    """How the host signs in at a storage account."""

    KEY = "key"
    IDENTITY = "identity"
    REFERENCE = "reference"
    """A key kept in a vault."""


@frozen
class Publishing:
    """Ways to publish code with a password."""

    management_password: Observed[bool] = UNFILLED
    """The management site (SCM) accepts basic publishing credentials."""
    ftp_password: Observed[bool] = UNFILLED
    """FTP accepts basic publishing credentials."""


@frozen
class SourceBucket:
    """A storage bucket that a function's source is built from, and who may use it."""

    name: str
    """Name of the bucket."""
    access: tuple[Observed[tuple[AccessGrant, ...]], ...]
    """One group for each place that grants something on it: its own policy, what is above it, its objects' lists."""


@frozen
class Build:
    """How the platform builds the function."""

    identity: Observed[str | None] = UNFILLED
    """Service account that builds; null: the platform's default."""
    pool: Observed[str | None] = UNFILLED
    """Private worker pool; null: the shared pool."""
    environment: Observed[Environment] = UNFILLED
    """Build-time variables."""
    own_repository: Observed[str | None] = UNFILLED
    """The customer's registry repository that receives the image; null: the platform's."""
    legacy_registry: Observed[bool] = UNFILLED
    """The image is stored in a withdrawn registry."""
    image: Observed[str | None] = UNFILLED
    """Image reference that was deployed; null: none is recorded."""
    pinned: Observed[bool] = UNFILLED
    """The image is referred to by digest."""
    automatic_updates: Observed[bool] = UNFILLED
    """The platform patches the base image."""
    deployed_at: Observed[str] = UNFILLED
    """ISO date-time of the deployment."""
    created_at: Observed[str] = UNFILLED
    """ISO date-time when the function was created."""
    source_buckets: Observed[tuple[SourceBucket, ...]] = UNFILLED
    """Where the source lies: the customer\'s own buckets, and the platform\'s copy."""
    image_access: Observed[tuple[AccessGrant, ...]] = UNFILLED
    """Who may read or write the image repository."""


@frozen
class Registry:
    """The registry of a custom image."""

    host: str
    """Host name of the registry."""
    image: str
    """Image path."""
    tag: str | None
    """Tag; null: pulled by digest or the default tag."""
    password: Observed[bool]
    """Pulled with a registry password kept in the settings."""
    admin_user: Observed[bool]
    """The registry's admin user is enabled; known only for registries that were read."""
    public: Observed[bool]
    """The registry admits all networks; known only for registries that were read."""


@frozen
class Revisions:
    """Revisions besides the newest."""

    receiving: Observed[tuple[str, ...]] = UNFILLED
    """Revisions or tags besides the newest that answer requests."""
    secrets: Observed[tuple[str, ...]] = UNFILLED
    """Credentials in plain variables of revisions that no longer serve, as `revision/variable`."""


@frozen
class Deployment:
    """How code reaches the function."""

    publishing: Publishing = Publishing()
    """Publishing with a password."""
    source: Observed[Source | None] = UNFILLED
    """Where the code comes from; null: not told by the platform."""
    package: Observed[PackageKind] = UNFILLED
    """Kind of the package reference."""
    key_store: Observed[KeyStore] = UNFILLED
    """Where the host keeps its access keys."""
    host_storage: Observed[StorageAuthentication] = UNFILLED
    """How the host authenticates at its storage account."""
    content_storage: Observed[StorageAuthentication | None] = UNFILLED
    """How the host authenticates at the content share; null: it has none."""
    deployment_storage: Observed[StorageAuthentication] = UNFILLED
    """How the host authenticates at the deployment container."""
    storage_required: Observed[bool] = UNFILLED
    """`storageAccountRequired`: the platform insists on a customer's storage account."""
    mounts_with_key: Observed[tuple[str, ...]] = UNFILLED
    """File shares mounted with an account key."""
    sticky: Observed[tuple[str, ...]] = UNFILLED
    """Names of settings that stay with their slot."""
    unsticky_secrets: Observed[tuple[str, ...]] = UNFILLED
    """Names of settings that hold credentials and move on a swap."""
    registry: Observed[Registry | None] = UNFILLED
    """Registry of a custom image; null: none."""
    build: Build = Build()
    """How the platform builds it."""
    revisions: Revisions = Revisions()
    """Revisions besides the newest."""
    drift: Observed[tuple[str, ...]] = UNFILLED
    """Settings on which the function's record and the service behind it disagree, as `setting: record → service`."""
    detached: Observed[bool] = UNFILLED
    """The service lost its function record."""
    unlisted: Observed[bool] = UNFILLED
    """The functions API does not list it: only the service API does."""
    binary_authorization: Observed[bool] = UNFILLED
    """Images need an attestation."""
    break_glass: Observed[str | None] = UNFILLED
    """Justification that skipped the attestation; null: none."""
