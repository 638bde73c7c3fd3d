"""When a runtime's support ends, as the cloud itself says."""

from auditor.model.base import noun


@noun
class Support:
    """ISO dates, None where the cloud gives none. ``ended``: the cloud says outright that support is over.

    After ``deprecated_on`` there are no more patches; after ``decommissioned_on`` functions can no longer be
    changed, or are switched off.
    """

    deprecated_on: str | None
    decommissioned_on: str | None
    ended: bool = False
    preview: bool = False
