"""Google Cloud as the tool sees it. The SDK is imported only when a call is about to be made."""

# ruff: noqa: PLC0415 - the SDK is imported on use, so that declaring and normalising need none

from collections.abc import Iterable, Mapping
from typing import Any, Final

from auditor.errors import NoScopeError
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.provider import CollectOptions, Operation, Probe, Progress, Recorder
from providers.gcp.operations import LISTING, OPERATIONS
from providers.gcp.policy import document
from providers.gcp.session import Session, Settings, missing


class GcpProvider:
    """Implements :class:`auditor.provider.Provider`.

    Settings it reads: ``project_id`` (several, with commas), ``folder_id``, ``organization_id``,
    ``impersonate_service_account`` and ``pacing`` ("off": an emulator without quotas).
    """

    cloud: Final = Cloud.GCP
    operations: tuple[Operation, ...] = OPERATIONS
    listing: frozenset[str] = LISTING

    def usable(self, options: CollectOptions) -> str | None:
        """None when credentials are configured, else what is missing. Looks at this machine only.

        Raises UsageError for an endpoint that may not be used, NoScopeError for a named file that is not there.
        """
        return missing(_settings(options))

    def collect(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> None:
        """Reads the projects the credentials see, or those that were named."""
        from providers.gcp.collect.run import read_projects
        from providers.gcp.gateway import Gateway

        session = Session(_settings(options))
        try:
            paced = options.settings.get("pacing") != "off"
            gateway = Gateway(session, recorder, progress, options.stop, options.max_workers, paced=paced)
            read_projects(gateway, options, recorder)
            if session.caller:
                recorder.caller(session.caller)
        finally:
            session.close()

    def normalize(self, capture: Capture) -> Inventory:
        """Reads the Google Cloud shards of a capture."""
        from providers.gcp.normalize import normalize

        return normalize(capture)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - a role's definition names no project
        """The definitions of the custom roles."""
        return document(OPERATIONS, tiers)

    def doctor(self, options: CollectOptions) -> Iterable[Probe]:
        """Projects, then one small call of each kind in the first of them."""
        from providers.doctor import NullProgress, NullRecorder
        from providers.gcp.doctor import examine
        from providers.gcp.gateway import Gateway

        try:
            session = Session(_settings(options))
        except NoScopeError as missing_credentials:
            yield Probe("credentials", ok=False, text=str(missing_credentials))
            return
        try:
            paced = options.settings.get("pacing") != "off"
            gateway = Gateway(session, NullRecorder(), NullProgress(), options.stop, options.max_workers, paced=paced)
            yield from examine(gateway, options)
        finally:
            session.close()


def _settings(options: CollectOptions) -> Settings:
    return Settings(options.settings.get("impersonate_service_account"), options.ca_bundle, options.max_workers)
