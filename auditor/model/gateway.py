"""What stands between callers and a function: gateways with their routes, stages and names."""

from auditor.model.base import frozen
from auditor.model.environment import Variable
from auditor.model.exposure import AccessGrant, AuthMode, Cors
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
    key: Observed[bool] = UNFILLED
    """Callers must send an API key, whatever else is asked of them."""
    scopes: Observed[tuple[str, ...]] = UNFILLED
    """Scopes of which a token must hold one; empty: any token will do."""
    id: str = ""
    """Id of the path's resource (REST), of the route (HTTP, WebSocket) or of the rule; empty: not told."""

    @property
    def catch_all(self) -> bool:
        """Whether the rest of the path is anything."""
        return self.path == "$default" or self.path.endswith("+}")


@frozen
class MethodSettings:
    """What a stage does with the requests to some of its methods."""

    methods: str
    """The methods it holds for, as the gateway spells them; `*/*`: all without settings of their own."""
    logged: str
    """What the execution log holds: `OFF`, `ERROR` or `INFO`."""
    data_trace: bool
    """Whole requests and responses are written to the execution log."""
    metrics: bool
    """Metrics of each method are kept."""
    cached: bool
    """Responses are cached, where the stage has a cache."""
    cache_encrypted: bool
    """Cached responses are encrypted."""


@frozen
class UsagePlan:
    """Limits for callers with an API key."""

    id: str
    """Its id."""
    name: str
    """Its name."""
    rate: float | None
    """Requests a second with one key at most; null: no limit."""
    quota: int | None
    """Requests with one key in a day, week or month at most; null: no limit."""


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
    log_format: Observed[str | None] = UNFILLED
    """Format of the request log; null: no log."""
    settings: Observed[tuple[MethodSettings, ...]] = UNFILLED
    """What it does with requests, by method."""
    traced: Observed[bool] = UNFILLED
    """Requests are traced."""
    cache: Observed[bool] = UNFILLED
    """It has a cache for responses."""
    client_certificate: Observed[str | None] = UNFILLED
    """Certificate it shows to backends that it calls over HTTP; null: none."""
    variables: Observed[tuple[Variable, ...]] = UNFILLED
    """Its variables, as verdicts."""
    plans: Observed[tuple[UsagePlan, ...]] = UNFILLED
    """Usage plans that it belongs to."""
    canary: Observed[bool] = UNFILLED
    """A part of the requests goes to a newer deployment first."""
    auto_deploy: Observed[bool] = UNFILLED
    """Each change of the API is deployed at once."""


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
class Authorizer:
    """What decides for a gateway who may call."""

    id: str
    """Its id in the gateway."""
    name: str
    """Its name."""
    kind: str
    """`TOKEN`, `REQUEST`, `COGNITO_USER_POOLS` or `JWT`."""
    seconds: int | None
    """How long an answer of its function is used again; null: it asks none, or the gateway names no time."""
    issuer: str | None
    """Address of the service that signs the tokens; null: its kind has none."""
    audience: tuple[str, ...]
    """For whom a token must be made out; empty: for anyone."""
    asked: bool
    """A route of the gateway asks it."""


@frozen
class Backend:
    """A route of a gateway that ends at an HTTP endpoint instead of a function."""

    route: str
    """Method and path, or the integration's id."""
    address: str
    """Scheme and host that it calls."""
    encrypted: bool
    """It calls over TLS."""
    verified: bool
    """The certificate of the endpoint is verified."""
    internal: bool
    """It is reached through a private connection into a virtual network."""
    id: str = ""
    """Id of the path's resource (REST) or of the integration; empty: not told."""


@frozen
class SourceRoute:
    """A route of an API that writes to an event source by itself, without a function."""

    gateway: str
    """Resource id of the API."""
    name: str
    """Its name."""
    kind: str
    """`rest`, `http` or `websocket`."""
    public: Observed[bool]
    """The API answers on the internet."""
    route: Route
    """The route."""


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
    private: Observed[bool] = UNFILLED
    """It answers only inside virtual networks."""
    grants: Observed[tuple[AccessGrant, ...] | None] = UNFILLED
    """Statements of its own policy, judged; null: it has none."""
    compression: Observed[bool] = UNFILLED
    """Large responses are compressed."""
    authorizers: Observed[tuple[Authorizer, ...]] = UNFILLED
    """What decides who may call, where a route asks one."""
    backends: Observed[tuple[Backend, ...]] = UNFILLED
    """Its routes that end at HTTP endpoints."""
