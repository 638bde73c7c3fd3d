"""Who is asked to sign in before the code runs: the platform's own authentication in front of a function."""

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


@frozen
class Authentication:
    """The platform's authentication in front of a function (App Service authentication, Identity-Aware Proxy)."""

    enabled: Observed[bool] = UNFILLED
    """It is enabled."""
    required: Observed[bool] = UNFILLED
    """Unauthenticated callers are turned away; meaningful only where it is enabled."""
    excluded_paths: Observed[tuple[str, ...]] = UNFILLED
    """Paths that it does not cover."""
    any_tenant: Observed[bool] = UNFILLED
    """Tokens of any tenant are accepted."""
    audience_restricted: Observed[bool] = UNFILLED
    """The token's audience or client is validated."""
    redirects: Observed[tuple[str, ...]] = UNFILLED
    """External URLs allowed after signing in."""
    legacy: Observed[bool] = UNFILLED
    """It is configured with the first version of the settings."""
    requires_https: Observed[bool] = UNFILLED
    """Tokens are not accepted over plain HTTP."""
