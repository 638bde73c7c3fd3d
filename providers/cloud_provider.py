"""What every provider does the same: opens a session, reads or tries with it, and closes it again."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from auditor.analysis.permissions.account_access import RoleAuthorizer
from auditor.analysis.permissions.decision import Decision
from auditor.errors import NoScopeError, UsageError
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.inventory import Inventory, Scope
from auditor.provider import CollectOptions, PermissionQuestion, Portion, Probe, Progress, Recorder, Target
from providers.calls.gateway import CloudGateway
from providers.doctor import NullProgress, NullRecorder


class Session(Protocol):
    """Credentials and connections. ``caller`` is as whom everything is asked; "" where that is not known at once."""

    @property
    def caller(self) -> str:
        """As whom everything is asked."""

    def close(self) -> None:
        """Closes every connection."""


S = TypeVar("S", bound=Session)
G = TypeVar("G", bound=CloudGateway)  # type: ignore[type-arg]


class CloudProvider(ABC, Generic[S, G]):
    """Two of the methods of :class:`auditor.provider.Provider`, in terms of four that differ by cloud.

    Those import their SDK when they are called, not before.
    """

    @abstractmethod
    def open(self, options: CollectOptions) -> S:
        """The session. Raises NoScopeError where no credentials can be had."""

    @abstractmethod
    def gateway_kind(self) -> type[G]:
        """The class of the gateway that makes all calls of a run: a :class:`providers.calls.gateway.CloudGateway`."""

    @abstractmethod
    def read(self, gateway: G, options: CollectOptions, recorder: Recorder) -> None:
        """Asks everything; whatever has no answer becomes a recorded gap."""

    @abstractmethod
    def examine(self, gateway: G, options: CollectOptions) -> Iterable[Probe]:
        """Tries each kind of call once."""

    @abstractmethod
    def aims(self, gateway: G, options: CollectOptions) -> Iterable[Target]:
        """What a scan would read, as whom, and what is missing."""

    def targets(self, options: CollectOptions) -> Iterable[Target]:
        """What a scan would read, as whom, and what is missing."""
        with closing(self.open(options)) as session:
            for target in self.aims(self._gateway(session, options, NullRecorder(), NullProgress()), options):
                yield replace(target, caller=target.caller or session.caller)

    def decide(
        self,
        capture: Capture,  # noqa: ARG002 - a cloud that decides reads them
        inventory: Inventory,  # noqa: ARG002 - the same
        function: Function,
        asked: PermissionQuestion,  # noqa: ARG002 - the same
    ) -> Decision:
        """Decides nothing unless a cloud says how."""
        raise UsageError(
            f"What the identity of {function.name} may do is not decided: {function.cloud} is not supported."
        )

    def authorizer(self, capture: Capture, scope: Scope) -> RoleAuthorizer | None:  # noqa: ARG002 - AWS uses both
        """None: the cloud grants by roles, which the inventory holds."""
        return None

    def portions(
        self,
        options: CollectOptions,
        recorder: Recorder,  # noqa: ARG002 - a cloud that asks before it parts records there
        progress: Progress,  # noqa: ARG002 - the same
    ) -> tuple[Portion, ...]:
        """One, unless a cloud says how its accounts are independent of one another."""
        return (Portion("", options),)

    def collect(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> None:
        """Reads what the credentials can see, or what the options ask for."""
        with closing(self.open(options)) as session:
            self.read(self._gateway(session, options, recorder, progress), options, recorder)
            if session.caller:
                recorder.caller(session.caller)

    def doctor(self, options: CollectOptions) -> Iterable[Probe]:
        """Who am I, what can I see, what is missing."""
        try:
            session = self.open(options)
        except NoScopeError as missing:
            yield Probe("credentials", ok=False, text=str(missing))
            return
        with closing(session):
            for probe in self.examine(self._gateway(session, options, NullRecorder(), NullProgress()), options):
                yield replace(probe, caller=probe.caller or session.caller)

    def _gateway(self, session: S, options: CollectOptions, recorder: Recorder, progress: Progress) -> G:
        """Keeps the quotas, unless the settings say that there are none."""
        paced = options.settings.get("pacing") != "off"
        told = (recorder, progress, options.stop, options.max_workers)
        return self.gateway_kind()(session, *told, paced=paced, earlier=options.earlier)
