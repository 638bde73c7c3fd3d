"""What stands between callers and a function: gateways with their routes, stages and names."""

from auditor.model.base import frozen
from auditor.model.exposure import AuthMode, Cors
from auditor.model.observed import UNFILLED, Observed


@frozen
class Route:
    """One way through a gateway that ends at the function."""

    method: str
    """HTTP method, `ANY` for all; of a WebSocket or GraphQL API the word it is called by."""
    path: str
    """Path or route key, as the gateway spells it."""
    auth: AuthMode
    """What the gateway asks of its callers on this route."""
    authorizer: str | None
    """How it asks: the kind or id of the authorizer; null: none."""
    validated: Observed[bool] = UNFILLED
    """The gateway checks requests against a declared form before it passes them on."""
    qualifier: str | None = None
    """Alias or version it starts; null: the function itself."""
    narrowed: bool = False
    """Only requests from some addresses, or with a certain header, take it."""

    @property
    def catch_all(self) -> bool:
        """Whether the rest of the path is anything."""
        return self.path == "$default" or self.path.endswith("+}")


@frozen
class Stage:
    """A stage of a gateway: what callers reach."""

    name: str
    """Name of the stage."""
    rate: float | None
    """Requests a second at most, on routes without a limit of their own; null: the account's limit."""
    burst: int | None
    """Requests at once at most; null: the account's limit."""
    firewall: Observed[bool] = UNFILLED
    """A web application firewall protects it."""
    access_log: Observed[bool] = UNFILLED
    """Requests are logged."""
    encrypted: Observed[bool] = UNFILLED
    """Callers connect over TLS alone."""


@frozen
class DomainName:
    """A name of one's own in front of a gateway."""

    name: str
    """The name."""
    tls_policy: str | None
    """Security policy of the connection, as the cloud names it; null: it names none."""
    mutual_tls: bool
    """Callers show a certificate."""


@frozen
class Gateway:
    """A gateway in front of the function, with those of its routes that end there."""

    id: str
    """Resource id."""
    name: str
    """Its name."""
    kind: str
    """`rest`, `http`, `websocket`, `graphql` or `load-balancer`."""
    public: Observed[bool]
    """It answers on the internet."""
    routes: tuple[Route, ...]
    """Its routes that end at the function."""
    stages: Observed[tuple[Stage, ...]] = UNFILLED
    """Its stages."""
    domains: Observed[tuple[DomainName, ...]] = UNFILLED
    """Names of one's own that lead to it."""
    default_address: Observed[bool] = UNFILLED
    """The address that the cloud gave it answers too."""
    cors: Observed[Cors | None] = UNFILLED
    """Cross-origin rules; null: none."""
