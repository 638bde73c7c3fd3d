"""Where unencrypted requests may go: to this machine, and nowhere else."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from auditor.errors import UsageError


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine by its very spelling. Looks nothing up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_endpoint(setting: str, url: str) -> bool:
    """Checks the address that a setting names for an endpoint; returns whether it is unencrypted.

    Raises UsageError for what is no http(s) address, for one with credentials or a query in it, and for http:// to
    another machine, which would send tokens and answers in clear text.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.username is not None:
        raise UsageError(
            f"{setting} is not an endpoint: it must be https://host or, on this machine, http://localhost."
        )
    if parts.scheme == "https":
        return False
    if not is_loopback(host):
        raise UsageError(
            f"{setting} is http://{host}, which would send credentials in clear text: use https:// "
            "(http:// is accepted for this machine only)."
        )
    return True
