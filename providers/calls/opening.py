"""What is said when a cloud cannot be opened: what is wrong, and what to do about it, in one sentence."""

from dataclasses import dataclass

from auditor.errors import NoScopeError
from auditor.model.observed import GapReason
from providers.calls.reply import Refusal


@dataclass(frozen=True, slots=True)
class Opening:
    """The first question to a cloud, in words.

    ``failed`` says that it has no answer ("The projects cannot be listed"), ``sign_in`` what to do about credentials
    that are not accepted. ``permission`` is what allows it, and ``grant`` what to do where that is missing.
    ``address`` is where it was asked, and ``setting`` what names that address ("" for the cloud's own).
    """

    cloud: str
    failed: str
    sign_in: str
    permission: str
    grant: str
    address: str
    setting: str = ""


def unopened(opening: Opening, refusal: Refusal) -> NoScopeError:
    """The error for a refusal that leaves nothing to read."""
    said = refusal.message.rstrip(".")
    if refusal.reason is GapReason.EXPIRED:
        return NoScopeError(
            f"The {opening.cloud} credentials have expired or give no access ({said}): {opening.sign_in}."
        )
    if refusal.reason is GapReason.DENIED:
        return NoScopeError(f"{opening.failed} ({said}): {opening.permission} is missing, {opening.grant}.")
    if refusal.reason is GapReason.UNREACHABLE:
        return NoScopeError(_unreachable(opening, said))
    return NoScopeError(f"{opening.failed} ({said}).")


def _unreachable(opening: Opening, said: str) -> str:
    failed = f"{opening.cloud} cannot be reached at {opening.address} ({said})"
    if "certificate" in said:
        return f"{failed}: if that certificate is your own proxy's, name its authority with --ca-bundle."
    if opening.setting:
        return f"{failed}: that address comes from {opening.setting}; start what serves it, or unset it."
    return f"{failed}: check the network connection, and the proxy settings (HTTPS_PROXY, NO_PROXY)."
