"""AWS as the tool sees it. The SDK is imported only when a call is about to be made."""

# ruff: noqa: PLC0415 - the SDK is imported on use, so that declaring and normalising need none

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from auditor.errors import NoScopeError
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.provider import CollectOptions, Operation, Probe, Progress, Recorder
from providers.aws.operations import LISTING, OPERATIONS
from providers.aws.policy import document

if TYPE_CHECKING:
    from providers.aws.session import Session


class AwsProvider:
    """Implements :class:`auditor.provider.Provider`.

    Settings it reads: ``profile``, ``role_arn``, ``external_id`` and ``pacing`` ("off": an emulator without quotas).
    """

    cloud: Final = Cloud.AWS
    operations: tuple[Operation, ...] = OPERATIONS
    listing: frozenset[str] = LISTING

    def usable(self, options: CollectOptions) -> str | None:
        """None when credentials are configured, else what is missing; UsageError for an unknown profile.

        Raises NoScopeError where credentials are configured and cannot be read.
        """
        from providers.aws.session import NO_CREDENTIALS

        try:
            _open(options).close()
        except NoScopeError as missing:
            if str(missing) != NO_CREDENTIALS:
                raise
            return NO_CREDENTIALS
        return None

    def collect(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> None:
        """Reads the account the credentials belong to."""
        from providers.aws.collect.run import read_account
        from providers.aws.gateway import Gateway

        session = _open(options)
        try:
            paced = options.settings.get("pacing") != "off"
            gateway = Gateway(session, recorder, progress, options.stop, options.max_workers, paced=paced)
            read_account(gateway, session, options, recorder)
        finally:
            session.close()

    def normalize(self, capture: Capture) -> Inventory:
        """Reads the AWS shards of a capture."""
        from providers.aws.normalize import normalize

        return normalize(capture)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - an AWS policy names no account
        """The IAM policy document."""
        return document(OPERATIONS, tiers)

    def doctor(self, options: CollectOptions) -> Iterable[Probe]:
        """Identity, regions, then one cheap call of each kind in the first region."""
        from providers.aws.doctor import examine
        from providers.aws.gateway import Gateway
        from providers.doctor import NullProgress, NullRecorder

        try:
            session = _open(options)
        except NoScopeError as missing:
            yield Probe("credentials", ok=False, text=str(missing))
            return
        try:
            gateway = Gateway(session, NullRecorder(), NullProgress(), options.stop, options.max_workers)
            yield from examine(gateway, session, options)
        finally:
            session.close()


def _open(options: CollectOptions) -> "Session":
    from providers.aws.session import Session, Settings

    given = options.settings
    return Session(Settings(given.get("profile"), given.get("role_arn"), given.get("external_id"), options.ca_bundle))
