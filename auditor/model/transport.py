"""How traffic to a function is encrypted, on its own address and on its management address."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


class FileTransfer(StrEnum):
    """Whether code can be uploaded by FTP."""

    PLAIN = "plain"
    TLS_ONLY = "tls-only"
    DISABLED = "disabled"


class ClientCertificates(StrEnum):
    """Whether callers must present a certificate."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


@noun
class Hostname:
    """A host name the function answers on. ``default``: the cloud's own name. ``tls``: bound to a certificate.

    ``certificate_expires`` is an ISO date, Known(None) where the cloud manages the certificate or there is none.
    """

    name: str
    default: bool
    tls: bool
    certificate_expires: Observed[str | None]


@noun
class Transport:
    """TLS versions are "1.0" to "1.3". ``cipher_suite`` Known(None): not restricted.

    ``end_to_end``: the hop from the cloud's front end to the worker is encrypted too. ``certificate_exclusions``
    are paths on which no client certificate is asked for.
    """

    https_only: Observed[bool] = UNFILLED
    min_tls: Observed[str] = UNFILLED
    management_min_tls: Observed[str] = UNFILLED
    cipher_suite: Observed[str | None] = UNFILLED
    end_to_end: Observed[bool] = UNFILLED
    http2: Observed[bool] = UNFILLED
    file_transfer: Observed[FileTransfer] = UNFILLED
    client_certificates: Observed[ClientCertificates] = UNFILLED
    certificate_exclusions: Observed[tuple[str, ...]] = UNFILLED
    hostnames: Observed[tuple[Hostname, ...]] = UNFILLED
