"""How an event source is set up, as its own service answers."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


class SourceEncryption(StrEnum):
    """With which key a source encrypts what it stores."""

    NONE = "none"
    SERVICE_KEY = "service-key"
    """A key of the service, which it uses for whoever may read the source."""
    CUSTOMER_KEY = "customer-key"
    """A key of the customer, whose policy asks readers for a second permission."""


@frozen
class SourceSettings:
    """What a source's own service says about it."""

    encryption: Observed[SourceEncryption] = UNFILLED
    """Key that it encrypts its content with."""
    tls_required: Observed[bool] = UNFILLED
    """Its policy denies requests over plain HTTP."""
    visibility_seconds: Observed[int] = UNFILLED
    """Seconds for which a message that was read is hidden from other readers."""
    delivers_plain: Observed[bool] = UNFILLED
    """It also sends its messages to subscribers over plain HTTP."""
    waiting: Observed[int] = UNFILLED
    """Messages that wait to be read, about."""
    retention_hours: Observed[int] = UNFILLED
    """Hours for which a record can be read; afterwards it is lost."""
    public: Observed[bool] = UNFILLED
    """Its brokers answer on the internet."""
    anonymous: Observed[bool] = UNFILLED
    """Its brokers take clients that show no credentials."""
    plain_clients: Observed[bool] = UNFILLED
    """Its brokers take connections without TLS."""
    logged: Observed[bool] = UNFILLED
    """Its brokers log what they do, and, where they can, who administers them."""
