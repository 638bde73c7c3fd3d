"""The storage account a function's host keeps its keys, leases and code in, and the vaults its references lead to."""

from auditor.model.base import noun
from auditor.model.environment import EncryptionKey
from auditor.model.observed import UNFILLED, Observed


@noun
class HostStorage:
    """The host's storage account. ``id`` its resource id, or its name where the account itself was not found.

    ``open_network``: all networks may connect. ``anonymous`` names containers that anyone may read.
    ``keys_created`` the oldest key's ISO date (Known(None): not told). ``soft_delete``: blobs can be recovered.
    """

    id: str
    open_network: Observed[bool] = UNFILLED
    private_endpoint: Observed[bool] = UNFILLED
    shared_key: Observed[bool] = UNFILLED
    anonymous: Observed[tuple[str, ...]] = UNFILLED
    min_tls: Observed[str] = UNFILLED
    https_only: Observed[bool] = UNFILLED
    keys_created: Observed[str | None] = UNFILLED
    customer_key: Observed[bool] = UNFILLED
    soft_delete: Observed[bool] = UNFILLED
    cross_tenant_copies: Observed[bool] = UNFILLED
    sas_policy: Observed[bool] = UNFILLED


@noun
class Vault:
    """A vault that settings refer to. ``weaknesses`` in a few words each ("no purge protection")."""

    id: str
    weaknesses: Observed[tuple[str, ...]]


@noun
class SecretReference:
    """A setting that refers to a stored secret. ``resolved``: the platform could read it; ``problem`` why not.

    ``version`` the version it is pinned to (None: the newest). ``rotates``: the secret has a rotation schedule.
    """

    setting: str
    store: str
    version: str | None
    resolved: Observed[bool]
    problem: str
    rotates: Observed[bool] = UNFILLED


@noun
class Keeping:
    """What the function keeps elsewhere. ``references`` are told even where settings cannot be read."""

    host: Observed[HostStorage | None] = UNFILLED
    references: Observed[tuple[SecretReference, ...]] = UNFILLED
    vaults: Observed[tuple[Vault, ...]] = UNFILLED
    customer_key: Observed[EncryptionKey | None] = UNFILLED
    """The customer's key that protects the function itself (Known(None): the cloud's own)."""
