"""The contract of a provider: the only code that talks to a cloud, and the pure code that reads its answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol, TypeVar

from auditor.analysis.permissions.account_access import RoleAuthorizer
from auditor.analysis.permissions.decision import Decision
from auditor.answer_shape import AnswerShape
from auditor.enricher import Enricher
from auditor.fleet import Fleet
from auditor.model.capture import Capture, Depth, Envelope, Json
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Scope
from auditor.model.observed import GapReason
from auditor.model.secret import Treatment

_T = TypeVar("_T")


BASE = "base"
"""The tier of calls that every run makes as far as its depth goes; every other tier is opt-in."""
ACTIVITY = "activity"
"""The tier of metrics on how functions ran, where the cloud bills for them; what ``--activity`` asks for."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One declared, read-only call. A call that is not declared cannot be made.

    ``id`` is ``service:Operation`` in the cloud's words; ``permission`` what allows it (printed in the
    least-privilege policy); ``bucket`` the quota it draws on; ``depth`` the least depth that makes it;
    ``tier`` "base" or the name of an opt-in tier; ``absent_codes`` the error codes by which the cloud says
    "there is none"; ``pages`` the result key of a paged list ("" otherwise), ``continuation`` the members by which a
    page says that the list goes on; ``answer`` what a whole answer
    holds; ``per_subject`` whether it is asked once a resource. ``redact`` maps fields of the answer to how they are
    treated before anything is stored. ``makes_call`` False declares a permission that no call of ours
    uses directly (kms:Decrypt, which the service uses on our behalf).
    ``resource``: what of a service the permission is needed on, where it alone would allow more than the call
    (a method of HTTP on every path); "" where the action says it all.
    ``revised``: whatever changes its answer changes the revision of its subject too.
    """

    id: str
    permission: str
    purpose: str
    bucket: str
    depth: Depth = Depth.QUICK
    tier: str = BASE
    pages: str = ""
    continuation: tuple[str, ...] = ()
    answer: AnswerShape = field(default_factory=AnswerShape)
    per_subject: bool = False
    absent_codes: frozenset[str] = frozenset()
    redact: Mapping[str, Treatment] = field(default_factory=dict)
    makes_call: bool = True
    revised: bool = False
    resource: str = ""


class Earlier(Protocol):
    """What an earlier run was answered, from which answers can be carried over.

    ``resuming``: that run was cut off, and this one goes on with it. ``started_at`` is when it began (RFC 3339 UTC).
    """

    resuming: bool

    @property
    def started_at(self) -> str:
        """When it began: of several captures the first."""

    def answers(
        self, cloud: Cloud, operation: Operation, scope: str, location: str, subject: str
    ) -> tuple[Envelope, ...]:
        """The whole answer to a question, each page with when it was asked; nothing where there is none."""

    def pages(self, cloud: Cloud, operation: str, scope: str, location: str, subject: str) -> Iterable[Json]:
        """The pages of a list, as far as there are any."""

    def expired(self, asked_at: str, subject: str) -> bool:
        """Whether an answer is too old to be carried over without proof that it did not change."""


class Recorder(Protocol):
    """Where a gateway puts raw answers, and from which it gets them back redacted.

    Thread-safe. ``location`` is a region or ``global``; ``subject`` "" for account-wide calls.
    """

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        """Records an answer; returns its redacted body."""

    def restore(self, asked: _T) -> _T:
        """The parameters of a call with the names that stand behind marks, which is what the cloud must be sent.

        A name that looks like a credential is marked in redacted bodies. What this returns goes nowhere else.
        """

    def answered_before(
        self, operation: Operation, scope: str, location: str, subject: str, body: Json, asked_at: str, revision: str
    ) -> Json:
        """Records an answer that was given before this run; returns its redacted body.

        ``asked_at`` is when (RFC 3339 UTC), ``revision`` what proves that it still holds.
        """

    def carry(self, envelope: Envelope) -> None:
        """Records an answer of an earlier run as this one's."""

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        """Records the cloud's word that there is none."""

    def gap(
        self,
        operation: Operation,
        scope: str,
        location: str,
        subject: str,
        page: int,
        reason: GapReason,
        message: str,
    ) -> None:
        """Records why there is no answer; ``message`` is redacted here. The permission is the operation's own."""

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        """Declares a scope that was opened and the locations asked; repeat to add locations."""

    def account(self, scope: str, *, name: str = "", unit: str = "", left_out: str = "") -> None:
        """Notes what an organisation says of a scope: its name, the unit it is in, and why it is left out if it is."""

    def error(self, sentence: str) -> None:
        """Notes, in one plain sentence, a scope or cloud that could not be opened."""

    def caller(self, identity: str) -> None:
        """Notes as whom the cloud is asked (an ARN, a user or service account), where that is known."""

    def throttled(self, operation: Operation) -> None:
        """Counts one 'slow down'."""


class Progress(Protocol):
    """What a progress display is told."""

    def expect(self, calls: int) -> None:
        """So many more calls are coming."""

    def done(self, operation: str) -> None:
        """One call is finished."""

    def waiting(self, jobs: int) -> None:
        """So many more jobs, each of a call or more, wait to begin; fewer where the number is below 0."""

    def answered(self, location: str, functions: Collection[str]) -> None:
        """A region answered; ``functions`` names those that it listed, which another answer may list again."""


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """What to collect. ``settings`` are the provider's own options (profile, role_arn, external_id, …).

    ``functions`` are name globs (empty: all), ``tags`` required key=value pairs; ``tiers`` the opt-in tiers whose
    calls are to be made; ``stop`` is set when the run is to end (Ctrl-C or ``--timeout``): what is left becomes
    INTERRUPTED gaps. ``fleet`` says which accounts, where it is not that of the credentials alone;
    ``earlier`` the run whose answers may be carried over;
    ``enricher`` looks into packages, where the run fetches them; ``activity_days`` over how many days the metrics on
    how functions ran are to be read (None: at the depth and over the days that the cloud's own calls have).
    """

    depth: Depth
    regions: tuple[str, ...]
    exclude_regions: tuple[str, ...]
    functions: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    max_workers: int
    ca_bundle: str | None
    settings: Mapping[str, str | None]
    stop: Event
    tiers: tuple[str, ...] = ()
    fleet: Fleet = field(default_factory=Fleet)
    earlier: Earlier | None = None
    enricher: Enricher | None = None
    activity_days: int | None = None

    def close(self) -> None:
        """Ends what looks into packages."""
        if self.enricher is not None:
            self.enricher.close()


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a collection that can be read by itself, elsewhere, because it shares no quota with any other part.

    ``scope`` is the account that it reads; "" where it is all that the options ask for.
    """

    scope: str
    options: CollectOptions


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of the permissions page."""

    permission: str
    operations: tuple[str, ...]
    purpose: str
    depth: Depth
    tier: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One line of ``auditor doctor``: what was tried, whether it works, and what to do if not."""

    subject: str
    ok: bool
    text: str
    permission: str | None = None
    scope: str = ""
    """``<cloud>/<account>`` of the account it was tried in; "" where it is of none."""
    caller: str = ""
    """As whom it was tried, where that is known."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """How the tool's role is to be given to every account of an organisation.

    ``form`` is what deploys it (terraform, cloudformation-stackset); ``trusted`` who may act as it, in the cloud's own
    words; ``role_name`` "" for the usual one.
    """

    form: str
    trusted: str
    external_id: str | None = None
    role_name: str = ""
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """An account, subscription or project that a scan would read, or leave out.

    ``caller`` is as whom; ``left_out`` why it would not be read on purpose, ``missing`` what keeps it from being read.
    """

    scope: str
    name: str = ""
    unit: str = ""
    caller: str = ""
    left_out: str = ""
    missing: str = ""
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class PermissionQuestion:
    """What is asked of a function's identity. ``context`` holds what is known of the request, by context key."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Provider(Protocol):
    """A cloud. Implementations import their SDK lazily: declaring operations and normalising need none."""

    cloud: Cloud
    operations: tuple[Operation, ...]
    listing: frozenset[str]
    """The ids of the operations that list functions: a scope where none of them answered is unreadable."""

    def usable(self, options: CollectOptions) -> str | None:
        """None when credentials are configured, else a sentence saying what is missing.

        Raises NoScopeError where credentials are configured and cannot be used, UsageError for options that are wrong.
        """

    def collect(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> None:
        """Makes the calls. Never raises for a cloud's refusal: every refusal is a recorded gap.

        Raises NoScopeError where not even the caller's identity can be read.
        """

    def portions(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> tuple[Portion, ...]:
        """Parts a collection. What is asked to do that (which accounts an organization has) is recorded here.

        Raises NoScopeError where that cannot be told.
        """

    def normalize(self, capture: Capture) -> Inventory:
        """Reads this cloud's shards; pure, no SDK, never raises for a malformed answer."""

    def decide(self, capture: Capture, inventory: Inventory, function: Function, asked: PermissionQuestion) -> Decision:
        """Whether a function's identity may do something, with the proof; pure, never raises for a malformed answer.

        Raises UsageError where this cloud's permissions cannot be decided, or the question makes no sense there.
        """

    def authorizer(self, capture: Capture, scope: Scope) -> RoleAuthorizer | None:
        """Who may do what among the principals of a scope; None where the cloud grants by roles only."""

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:
        """The least-privilege policy or role document for the operations table."""

    def rollout(self, asked: Rollout) -> tuple[str, str]:
        """What deploys that role, and how to apply it. Raises UsageError for what the cloud has not."""

    def doctor(self, options: CollectOptions) -> Iterable[Probe]:
        """Who am I, what can I see, what is missing."""

    def targets(self, options: CollectOptions) -> Iterable[Target]:
        """What a scan would read, as whom, and what is missing. Raises NoScopeError where that cannot be told."""
