"""Who may reach a resource, statement by statement, and the endpoints a function answers on."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.ingress import FrontEnd
from auditor.model.observed import UNFILLED, Observed


class Effect(StrEnum):
    """What a statement does when it matches."""

    ALLOW = "allow"
    DENY = "deny"


class Reach(StrEnum):
    """How far one statement of a resource policy reaches, from everyone to nobody.

    Ordered worst first; :attr:`rank` compares.
    """

    ANONYMOUS = "public-anonymous"
    """Callers who present no credentials at all (through an endpoint), or anyone signed."""
    ANY_PRINCIPAL = "public-signed"
    """Any principal of any account, with signed calls."""
    EVERYONE_BUT = "public-except"
    """NotPrincipal, or a negated condition: everyone but those named."""
    CROSS_ACCOUNT = "cross-account"
    """Named principals of another account, or a service acting for another account."""
    SERVICE_WITHOUT_SOURCE = "service-without-source"
    """A cloud service on anybody's behalf: the confused deputy."""
    SERVICE_WITHOUT_ACCOUNT = "service-without-account"
    """A source is named, but by a name that can change owner and without its account."""
    CONDITIONAL = "conditional"
    """Any principal, narrowed by a condition that is neither proof of safety nor meaningless."""
    ORGANISATION = "organisation"
    """Every principal of one organisation."""
    UNRECOGNISED = "unrecognised"
    """An element newer than our tables: reach unknown, never benign."""
    SCOPED = "scoped"
    """The own account, or a service for a fixed source of a known account."""
    NONE = "none"
    """Grants nothing (a Deny)."""

    @property
    def rank(self) -> int:
        """0 is the widest."""
        return _ORDER[self]

    @property
    def public(self) -> bool:
        """Everyone, or everyone but a few."""
        return self in (Reach.ANONYMOUS, Reach.ANY_PRINCIPAL, Reach.EVERYONE_BUT)


_ORDER = {reach: rank for rank, reach in enumerate(Reach)}


class AuthMode(StrEnum):
    """What an endpoint asks of its callers."""

    NONE = "none"
    IAM = "iam"
    KEY = "key"
    IDENTITY_PROVIDER = "identity-provider"
    UNRECOGNISED = "unrecognised"


@frozen
class AccessGrant:
    """One statement of a resource policy, judged."""

    qualifier: str | None
    """Alias or version whose policy holds it; null: the function's own policy."""
    sid: str
    """Statement id; empty where it has none."""
    index: int
    """Position in the policy, from 0."""
    effect: Effect
    """What the statement does when it matches."""
    reach: Reach
    """How far it reaches."""
    reason: str
    """The sentence that explains the reach."""
    principals: tuple[str, ...]
    """Principals it names."""
    services: tuple[str, ...]
    """Service principals it names."""
    accounts: tuple[str, ...]
    """Accounts of the principals and sources it names."""
    actions: tuple[str, ...]
    """Actions it names."""
    sources: tuple[str, ...]
    """Sources that its conditions name."""
    condition_keys: tuple[str, ...]
    """Condition keys it tests."""
    through_endpoint: AuthMode | None
    """Authentication mode that its own condition names: it counts only through a URL of that mode; null: no such
    condition.
    """
    endpoint_only: bool
    """It counts only through a URL."""
    invokes: bool
    """It lets the caller run the function."""
    modifies: bool
    """It lets the caller change code, configuration or policy."""
    not_principal: bool
    """It names who is left out, not who is admitted."""
    source_wildcard: bool
    """A source condition holds a wildcard, and nothing else in the statement fixes the source."""
    text: str
    """The statement as canonical JSON, secrets swept."""
    unsigned: bool = False
    """Callers without credentials are among those it admits, where a URL asks for none."""
    own_organization: bool = False
    """The organisation it admits is known to be the account's own."""


UNLISTED = "*"
"""As a qualifier: those we could not list, and so whatever policies they have."""


@frozen
class QualifiedPolicy:
    """The resource policy of the function itself, of an alias or of a version."""

    qualifier: str | None
    """Alias or version; null: the function itself; `*`: those that could not be listed."""
    statements: Observed[tuple[AccessGrant, ...]]
    """Known(()) where the cloud says there is no policy."""


@frozen
class Cors:
    """Cross-origin rules of an endpoint."""

    origins: tuple[str, ...]
    """Allowed origins."""
    methods: tuple[str, ...]
    """Allowed methods."""
    headers: tuple[str, ...]
    """Allowed request headers."""
    credentials: bool
    """Browsers may send credentials."""


@frozen
class Endpoint:
    """A URL the function answers on."""

    url: str
    """The URL."""
    qualifier: str | None
    """Alias it belongs to; null: the function itself."""
    auth: AuthMode
    """What it asks of its callers."""
    cors: Cors | None
    """Cross-origin rules; null: none."""
    reach: Observed[Reach]
    """Who can call it: its authentication joined with the policy of its qualifier."""
    reach_reason: str
    """The sentence that explains the reach."""
    source: str
    """Operation whose answer held it."""
    front_ends: Observed[tuple[FrontEnd, ...]] = UNFILLED
    """Front ends that lead to it."""
