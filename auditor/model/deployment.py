"""How code reaches a function: publishing, package, source, build, image registry, revisions."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.environment import Environment
from auditor.model.exposure import ResourceGrant
from auditor.model.observed import UNFILLED, Observed


class SourceKind(StrEnum):
    """Where the code was built from."""

    UPLOAD = "upload"
    REPOSITORY = "repository"
    STORAGE = "storage"
    IMAGE = "image"
    PACKAGE_URL = "package-url"


@noun
class Source:
    """Where code comes from. ``location`` is the repository or bucket where it can be told (never a signed URL)."""

    kind: SourceKind
    location: str
    branch: str | None


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


class StorageLogin(StrEnum):
    """How the host signs in at a storage account."""

    KEY = "key"
    IDENTITY = "identity"
    REFERENCE = "reference"
    """A key kept in a vault."""


@noun
class Publishing:
    """The ways to publish code with a password. Each True: the password works there."""

    management_password: Observed[bool] = UNFILLED
    ftp_password: Observed[bool] = UNFILLED


@noun
class Build:
    """How the platform builds the function.

    ``identity`` the account that builds (Known(None): the platform's default); ``pool`` a private worker pool
    (Known(None): the shared one); ``environment`` its build-time variables; ``own_repository``: a registry
    repository of the customer's receives the image (Known(None): the platform's); ``legacy_registry``: the image
    lies in the withdrawn registry; ``image`` the reference deployed and ``pinned`` whether by digest;
    ``automatic_updates``: the platform patches the base image; ``deployed_at`` an ISO date-time.
    ``source_access`` / ``image_access``: who may read or write the bucket and the repository.
    """

    identity: Observed[str | None] = UNFILLED
    pool: Observed[str | None] = UNFILLED
    environment: Observed[Environment] = UNFILLED
    own_repository: Observed[str | None] = UNFILLED
    legacy_registry: Observed[bool] = UNFILLED
    image: Observed[str | None] = UNFILLED
    pinned: Observed[bool] = UNFILLED
    automatic_updates: Observed[bool] = UNFILLED
    deployed_at: Observed[str] = UNFILLED
    source_access: Observed[tuple[ResourceGrant, ...]] = UNFILLED
    image_access: Observed[tuple[ResourceGrant, ...]] = UNFILLED


@noun
class Registry:
    """The registry of a custom image. ``password``: pulled with a registry password kept in the settings.

    ``known``: it is one of the audited account's registries; ``admin_user``/``public`` are known only then.
    """

    host: str
    image: str
    tag: str | None
    password: Observed[bool]
    admin_user: Observed[bool]
    public: Observed[bool]


@noun
class Revisions:
    """``receiving``: revisions or tags besides the latest that answer requests. ``secrets``: of revisions that no
    longer serve, those whose plain variables were judged credentials, as ``revision/variable``.
    """

    receiving: Observed[tuple[str, ...]] = UNFILLED
    secrets: Observed[tuple[str, ...]] = UNFILLED


@noun
class Deployment:
    """``drift`` names the settings on which the function's record and the service behind it disagree, as
    ``setting: record → service``. ``detached``: the service lost its function record. ``sticky`` are the names of
    settings that stay with their slot; ``unsticky_secrets`` those that hold secrets and move on a swap.
    ``host_storage`` / ``content_storage`` / ``deployment_storage``: how the host signs in there.
    ``mounts_with_key`` names file shares mounted with an account key. ``binary_authorization``: images need
    attestation; ``break_glass`` a justification that skipped it (Known(None): none).
    """

    publishing: Publishing = Publishing()
    source: Observed[Source | None] = UNFILLED
    package: Observed[PackageKind] = UNFILLED
    key_store: Observed[KeyStore] = UNFILLED
    host_storage: Observed[StorageLogin] = UNFILLED
    content_storage: Observed[StorageLogin | None] = UNFILLED
    deployment_storage: Observed[StorageLogin] = UNFILLED
    storage_required: Observed[bool] = UNFILLED
    mounts_with_key: Observed[tuple[str, ...]] = UNFILLED
    sticky: Observed[tuple[str, ...]] = UNFILLED
    unsticky_secrets: Observed[tuple[str, ...]] = UNFILLED
    registry: Observed[Registry | None] = UNFILLED
    build: Build = Build()
    revisions: Revisions = Revisions()
    drift: Observed[tuple[str, ...]] = UNFILLED
    detached: Observed[bool] = UNFILLED
    unlisted: Observed[bool] = UNFILLED
    """The functions API does not list it: only the service API does."""
    binary_authorization: Observed[bool] = UNFILLED
    break_glass: Observed[str | None] = UNFILLED
