"""Who may reach a resource, statement by statement, and the endpoints a function answers on."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import Observed


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


@noun
class ResourceGrant:
    """One statement of a resource policy, judged.

    ``reach`` is the verdict and ``reason`` the sentence that explains it; ``text`` is the statement as
    canonical JSON, secrets swept. ``through_endpoint`` is the AuthMode that the statement's own condition
    names (a grant that only counts through a URL), ``endpoint_only`` says it counts only through one.
    ``invokes`` says whether it lets the caller run the function; ``modifies`` whether it lets the caller
    change code, configuration or policy.
    """

    qualifier: str | None
    sid: str
    index: int
    effect: Effect
    reach: Reach
    reason: str
    principals: tuple[str, ...]
    services: tuple[str, ...]
    accounts: tuple[str, ...]
    actions: tuple[str, ...]
    sources: tuple[str, ...]
    condition_keys: tuple[str, ...]
    through_endpoint: AuthMode | None
    endpoint_only: bool
    invokes: bool
    modifies: bool
    not_principal: bool
    source_wildcard: bool
    text: str


UNLISTED = "*"
"""As a qualifier: those we could not list, and so whatever policies they have."""


@noun
class QualifiedPolicy:
    """The resource policy of the function itself (``qualifier`` None), of an alias or of a version.

    One under :data:`UNLISTED` is always unknown: which qualifiers there are could not be read.
    """

    qualifier: str | None
    statements: Observed[tuple[ResourceGrant, ...]]
    """Known(()) where the cloud says there is no policy."""


@noun
class Cors:
    """Cross-origin rules of an endpoint."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    credentials: bool


@noun
class Endpoint:
    """A URL the function answers on.

    ``reach`` joins the endpoint's own authentication with the policy of its qualifier: who can really call it.
    """

    url: str
    qualifier: str | None
    auth: AuthMode
    cors: Cors | None
    reach: Observed[Reach]
    reach_reason: str
    source: str
