"""Who is asked to sign in before the code runs: the platform's own authentication in front of a function."""

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


@noun
class Login:
    """Platform authentication (Easy Auth, Identity-Aware Proxy).

    ``required``: callers who have not signed in are turned away; meaningful only where ``enabled``.
    ``excluded_paths`` skip it. ``any_tenant``: tokens of any tenant are accepted. ``audience_restricted``: the
    token's audience or client is checked. ``redirects`` are external URLs allowed after login. ``legacy``: the
    first version of the configuration. ``requires_https``: tokens are not accepted over plain HTTP.
    """

    enabled: Observed[bool] = UNFILLED
    required: Observed[bool] = UNFILLED
    excluded_paths: Observed[tuple[str, ...]] = UNFILLED
    any_tenant: Observed[bool] = UNFILLED
    audience_restricted: Observed[bool] = UNFILLED
    redirects: Observed[tuple[str, ...]] = UNFILLED
    legacy: Observed[bool] = UNFILLED
    requires_https: Observed[bool] = UNFILLED
