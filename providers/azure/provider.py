"""Azure as the tool sees it. The SDK is imported only when a call is about to be made."""

# ruff: noqa: PLC0415 - the SDK is imported on use, so that declaring and normalising need none

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from auditor.analysis.permissions.decision import Decision
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.provider import CollectOptions, Operation, PermissionQuestion, Probe, Recorder, Rollout, Target
from providers.azure.endpoint import NO_CREDENTIALS, configured, endpoint
from providers.azure.operations import LISTING, OPERATIONS
from providers.azure.policy import document
from providers.azure.rollout import rollout
from providers.cloud_provider import CloudProvider
from providers.doctor import aimed_at

if TYPE_CHECKING:
    from providers.azure.gateway import Gateway
    from providers.azure.session import Session


class AzureProvider(CloudProvider["Session", "Gateway"]):
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

    def open(self, options: CollectOptions) -> "Session":
        """Credentials and connections."""
        from providers.azure.session import Session, Settings

        return Session(Settings(options.settings.get("tenant_id"), options.ca_bundle, options.max_workers))

    def gateway_kind(self) -> "type[Gateway]":
        """Sends calls by azure-core."""
        from providers.azure.gateway import Gateway

        return Gateway

    def read(self, gateway: "Gateway", options: CollectOptions, recorder: Recorder) -> None:
        """Reads the subscriptions the credentials can see, or those asked for."""
        from providers.azure.collect.run import read_subscriptions

        read_subscriptions(gateway, options, recorder)

    def aims(self, gateway: "Gateway", options: CollectOptions) -> Iterable[Target]:
        """The subscriptions that the credentials see, or that were asked for."""
        from providers.azure.collect.scopes import open_scopes

        return aimed_at(lambda recorder: open_scopes(gateway, options, recorder))

    def examine(self, gateway: "Gateway", options: CollectOptions) -> Iterable[Probe]:
        """The subscriptions, then one call of each kind about the first function app."""
        from providers.azure.doctor import examine

        return examine(gateway, options)

    def normalize(self, capture: Capture) -> Inventory:
        """Reads the Azure shards of a capture."""
        from providers.azure.normalize import normalize

        return normalize(capture)

    def decide(
        self,
        capture: Capture,
        inventory: Inventory,  # noqa: ARG002 - roles are read from the capture
        function: Function,
        asked: PermissionQuestion,
    ) -> Decision:
        """Decides by the roles assigned to the function's identities at every scope."""
        from providers.azure.normalize.permissions import decide

        return decide(capture, function, asked)

    def rollout(self, asked: Rollout) -> tuple[str, str]:
        """What gives the role to every account."""
        return rollout(OPERATIONS, asked)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:
        """The custom role, assignable in the subscription ``scope``."""
        return document(OPERATIONS, tiers, scope)

    def doctor(self, options: CollectOptions) -> Iterable[Probe]:
        """As for every cloud; but where nothing configures credentials, the SDK's chain is not tried in vain."""
        missing = self.usable(options)
        return (Probe("credentials", ok=False, text=missing),) if missing else super().doctor(options)
