"""The sign-in endpoints the SDK asks for tokens: Entra ID's, and a managed identity's. Every secret is right."""

import base64
import itertools
import json
import time
from urllib.parse import parse_qs

from moto_fixtures.azure.wire import Call, said
from moto_fixtures.emulation.wire import Answer

LIFETIME = 3599
_count = itertools.count(1)


def sign_in(call: Call) -> Answer | None:
    """The answer of a sign-in endpoint; None when the call is to none of them."""
    if call.path.endswith("/.well-known/openid-configuration"):
        return said(_configuration(call))
    if call.path.endswith("/oauth2/v2.0/token") and call.method == "POST":
        return _token(call)
    if call.path == "/common/discovery/instance":
        return said({"tenant_discovery_endpoint": call.query.get("authorization_endpoint", ""), "metadata": []})
    if call.path in ("/msi/token", "/metadata/identity/oauth2/token"):
        return _managed(call)
    return None


def _configuration(call: Call) -> dict[str, object]:
    tenant = call.sent.strip("/").partition("/")[0]
    base = f"{call.base}/{tenant}"
    return {
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "tenant_region_scope": "EU",
    }


def _token(call: Call) -> Answer:
    form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    if not form.get("scope"):
        return said({"error": "invalid_request", "error_description": "AADSTS90014: The required field 'scope' is "
                     "missing from the credential.", "error_codes": [90014]}, 400)  # fmt: skip
    token = _made_up(form["scope"].removesuffix("/.default"))
    body = {"token_type": "Bearer", "expires_in": LIFETIME, "ext_expires_in": LIFETIME, "access_token": token}
    return said(body)


def _managed(call: Call) -> Answer:
    if not ({"x-identity-header", "metadata", "secret"} & set(call.headers)):
        return said({"statusCode": 400, "message": "Required header was not present"}, 400)
    resource = call.query.get("resource", "")
    expires = str(int(time.time()) + LIFETIME)
    return said(
        {
            "access_token": _made_up(resource),
            "expires_on": expires,
            "expires_in": str(LIFETIME),
            "resource": resource,
            "token_type": "Bearer",
        }
    )


def _made_up(audience: str) -> str:
    """The shape of a signed token; nobody signed it."""
    now = int(time.time())
    claims = {"aud": audience, "iat": now, "nbf": now, "exp": now + LIFETIME, "jti": str(next(_count))}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"unsigned"))
