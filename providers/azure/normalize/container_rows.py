"""What a row of a list of container apps says of it, whatever else of the row is damaged."""

from typing import Any


def managed_by_site(body: dict[str, Any]) -> bool:
    """Whether a site of App Service manages a container app: then the site is the function."""
    owner = body.get("managedBy")
    return isinstance(owner, str) and "/providers/microsoft.web/sites/" in owner.lower()


def environment_of(body: dict[str, Any]) -> str:
    """The environment a container app runs in, in lower case; "" where it is not told."""
    properties = body.get("properties")
    named = properties if isinstance(properties, dict) else {}
    home = named.get("managedEnvironmentId") or named.get("environmentId")
    return home.lower() if isinstance(home, str) else ""


def ingress_names(body: dict[str, Any]) -> set[str]:
    """The names a container app answers on, whatever else of the row is damaged."""
    at: Any = body
    for step in ("properties", "configuration", "ingress"):
        at = at.get(step) if isinstance(at, dict) else None
    if not isinstance(at, dict):
        return set()
    domains = at.get("customDomains")
    named = [domain.get("name") for domain in domains if isinstance(domain, dict)] if isinstance(domains, list) else []
    return {name.lower() for name in (at.get("fqdn"), *named) if isinstance(name, str) and name}
