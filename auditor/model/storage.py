"""The storage account a function's host keeps its keys, leases and code in, and the vaults its references lead to."""

from auditor.model.base import frozen
from auditor.model.environment import EncryptionKey
from auditor.model.observed import UNFILLED, Observed


@frozen
class HostStorage:
    """The storage account of a function app's host."""

    id: str
    """Resource id; the account's name where it was not found."""
    open_network: Observed[bool] = UNFILLED
    """All networks may connect."""
    private_endpoint: Observed[bool] = UNFILLED
    """It has an approved private endpoint."""
    shared_key: Observed[bool] = UNFILLED
    """Shared key access is allowed."""
    anonymous: Observed[tuple[str, ...]] = UNFILLED
    """Containers that allow anonymous reads."""
    min_tls: Observed[str] = UNFILLED
    """Minimum TLS version."""
    https_only: Observed[bool] = UNFILLED
    """Plain HTTP is refused."""
    keys_created: Observed[str | None] = UNFILLED
    """ISO date of the oldest account key; null: not told."""
    customer_key: Observed[bool] = UNFILLED
    """Encrypted with a customer-managed key."""
    soft_delete: Observed[bool] = UNFILLED
    """Deleted blobs can be recovered."""
    cross_tenant_copies: Observed[bool] = UNFILLED
    """Copies to other tenants are allowed."""
    sas_policy: Observed[bool] = UNFILLED
    """A policy limits the lifetime of shared access signatures."""


@frozen
class Vault:
    """A vault that settings refer to."""

    id: str
    """Resource id or host name."""
    weaknesses: Observed[tuple[str, ...]]
    """What is weak about it, in a few words each."""


@frozen
class SecretReference:
    """A setting that refers to a stored secret."""

    setting: str
    """Name of the setting."""
    store: str
    """Vault or secret it refers to."""
    version: str | None
    """Version it is pinned to; null: the newest."""
    resolved: Observed[bool]
    """The platform could read it."""
    problem: str
    """Why it could not; empty: it could."""
    rotates: Observed[bool] = UNFILLED
    """The secret has a rotation schedule."""


@frozen
class Storage:
    """Host storage account, vault references and encryption key."""

    host: Observed[HostStorage | None] = UNFILLED
    """The host's storage account; null: none."""
    references: Observed[tuple[SecretReference, ...]] = UNFILLED
    """Settings that refer to stored secrets."""
    vaults: Observed[tuple[Vault, ...]] = UNFILLED
    """Vaults that settings refer to."""
    reference_identity: Observed[str | None] = UNFILLED
    """Id of the attached identity that resolves references; null: the app's own."""
    customer_key: Observed[EncryptionKey | None] = UNFILLED
    """The customer's key that protects the function itself (Known(None): a key that the provider manages)."""
