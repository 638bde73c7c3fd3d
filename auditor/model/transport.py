"""How traffic to a function is encrypted, on its own address and on its management address."""

from enum import StrEnum

from auditor.model.base import frozen
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


@frozen
class Hostname:
    """A host name the function answers on."""

    name: str
    """The host name."""
    default: bool
    """The default name of the platform."""
    tls: bool
    """It is bound to a certificate."""
    certificate_expires: Observed[str | None]
    """ISO date; null: the cloud manages the certificate, or there is none."""


@frozen
class Transport:
    """How traffic to the function is encrypted."""

    https_only: Observed[bool] = UNFILLED
    """Plain HTTP is refused or redirected."""
    min_tls: Observed[str] = UNFILLED
    """Minimum TLS version, 1.0 to 1.3."""
    management_min_tls: Observed[str] = UNFILLED
    """Minimum TLS version of the management site."""
    cipher_suite: Observed[str | None] = UNFILLED
    """Weakest cipher suite allowed; null: not restricted."""
    end_to_end: Observed[bool] = UNFILLED
    """Traffic from the cloud's front end to the worker is encrypted."""
    http2: Observed[bool] = UNFILLED
    """HTTP/2 is enabled."""
    file_transfer: Observed[FileTransfer] = UNFILLED
    """Whether code can be uploaded by FTP."""
    client_certificates: Observed[ClientCertificates] = UNFILLED
    """Whether callers must present a certificate."""
    certificate_exclusions: Observed[tuple[str, ...]] = UNFILLED
    """Paths on which no client certificate is asked for."""
    hostnames: Observed[tuple[Hostname, ...]] = UNFILLED
    """Host names it answers on."""
