"""Azure as the tool sees it. The SDK is imported only when a call is about to be made."""

# ruff: noqa: PLC0415 - the SDK is imported on use, so that declaring and normalising need none

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.provider import CollectOptions, Operation, Probe, Progress, Recorder
from providers.azure.endpoint import NO_CREDENTIALS, configured, endpoint
from providers.azure.operations import LISTING, OPERATIONS
from providers.azure.policy import document

if TYPE_CHECKING:
    from providers.azure.session import Session


class AzureProvider:
    """Implements :class:`auditor.provider.Provider`.

    Settings it reads: ``subscription_id`` (several by commas), ``tenant_id``, ``management_group`` and ``pacing``
    ("off": an emulator without quotas). The endpoint comes from AUDITOR_AZURE_ENDPOINT or AZURE_CLOUD.
    """

    cloud: Final = Cloud.AZURE
    operations: tuple[Operation, ...] = OPERATIONS
    listing: frozenset[str] = LISTING

    def usable(self, options: CollectOptions) -> str | None:  # noqa: ARG002 - no option names credentials
        """None when credentials are configured, else what is missing. Raises UsageError for an unusable endpoint."""
        return None if endpoint().own or configured() else NO_CREDENTIALS

    def collect(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> None:
        """Reads the subscriptions the credentials can see, or those asked for."""
        from providers.azure.collect.run import read_subscriptions
        from providers.azure.gateway import Gateway

        session = _open(options)
        try:
            paced = options.settings.get("pacing") != "off"
            gateway = Gateway(session, recorder, progress, options.stop, options.max_workers, paced=paced)
            read_subscriptions(gateway, options, recorder)
            if session.caller:
                recorder.caller(session.caller)
        finally:
            session.close()

    def normalize(self, capture: Capture) -> Inventory:
        """Reads the Azure shards of a capture."""
        from providers.azure.normalize import normalize

        return normalize(capture)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:
        """The custom role, assignable in the subscription ``scope``."""
        return document(OPERATIONS, tiers, scope)

    def doctor(self, options: CollectOptions) -> Iterable[Probe]:
        """The subscriptions, then one call of each kind about the first function app."""
        from providers.azure.doctor import examine
        from providers.azure.gateway import Gateway
        from providers.doctor import NullProgress, NullRecorder

        missing = self.usable(options)
        if missing:
            yield Probe("credentials", ok=False, text=missing)
            return
        session = _open(options)
        try:
            gateway = Gateway(session, NullRecorder(), NullProgress(), options.stop, options.max_workers)
            yield from examine(gateway, options)
        finally:
            session.close()


def _open(options: CollectOptions) -> "Session":
    from providers.azure.session import Session, Settings

    return Session(Settings(options.settings.get("tenant_id"), options.ca_bundle, options.max_workers))
