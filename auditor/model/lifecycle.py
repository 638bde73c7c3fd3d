"""When a runtime's support ends, as the cloud itself says."""

from auditor.model.base import frozen


@frozen
class Support:
    """Support dates of a runtime, as the cloud gives them."""

    deprecated_on: str | None
    """ISO date after which there are no more patches; null: not announced."""
    decommissioned_on: str | None
    """ISO date after which functions cannot be changed or are switched off; null: not announced."""
    ended: bool = False
    """The cloud says that support is over."""
    preview: bool = False
    """The runtime is a preview."""
