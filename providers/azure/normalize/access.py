"""Who may connect: the public switch of a resource, the access restrictions of an app and its management site."""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from auditor.model.capture import Json
from auditor.model.ingress import AccessRule, AccessRules
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import (
    UnreadableError,
    choice,
    filled_text,
    given,
    items,
    number,
    optional_member,
    optional_text,
    record,
    string,
    unrecognised,
)

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_ACTIONS = {"allow": True, "deny": False}
_HALF = 0.5
"""The share of the internet from which on what is allowed is as good as everyone."""
_ANY = ("any", "0.0.0.0")  # noqa: S104 - what to look for, not to bind to
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
"""Where the addresses of IPv6's internet are."""

_UNMATCHED = 2147483647
"""The priority under which the list shows what happens to a caller whom no rule matches."""
_SHOWN = {("allow all", "allow all access"), ("deny all", "deny all access")}
"""Name and description of that row; older versions of the API show it with priority 1."""


def public_network(body: dict[str, Any]) -> bool:
    """Whether the public network may reach a resource; one where nobody ever set it, may."""
    access = (optional_text(body, "publicNetworkAccess") or "enabled").lower()
    if access not in ("enabled", "disabled", "securedbyperimeter"):
        raise unrecognised("publicNetworkAccess", access)
    return access == "enabled"


def rules_of(config: dict[str, Any]) -> AccessRules:
    """The restrictions of the app."""
    return _rules(config, "ipSecurityRestrictions")


def management_rules_of(config: dict[str, Any]) -> AccessRules:
    """The restrictions of the management site, which may share the app's."""
    if switch(config, "scmIpSecurityRestrictionsUseMain"):
        return rules_of(config)
    return _rules(config, "scmIpSecurityRestrictions")


def _rules(config: dict[str, Any], key: str) -> AccessRules:
    """The list without the row that only shows what happens to callers whom no rule matches.

    That row is no rule: it cannot be deleted, and is there where nothing was ever restricted. Where it is missing and
    the action was never set either, a list of rules denies, and no list allows (App Service, "Unmatched rule").
    """
    default = f"{key}DefaultAction"
    if not given(config, key) and (key in config or (given(config, default) and choice(config, default, _ACTIONS))):
        listed: list[Json] = []
    else:
        listed = items(config, key)
    bodies = [record(item, "a restriction") for item in listed]
    shown = [body for body in bodies if _shows_unmatched(body)]
    ordered = sorted((_rule(body) for body in bodies if body not in shown), key=lambda pair: pair[0])
    if shown:
        default_allow = choice(shown[0], "action", _ACTIONS)
    else:
        default_allow = choice(config, default, _ACTIONS) if given(config, default) else not ordered
    return AccessRules(rules=tuple(_together(rule for _, rule in ordered)), default_allow=default_allow)


def _together(ordered: Iterable[AccessRule]) -> Iterator[AccessRule]:
    """The rules in order; the one with which what was allowed so far comes to half of the internet admits everyone."""
    allowed: list[_Network] = []
    for rule in ordered:
        if rule.allow and not (rule.any_source or rule.service_tag or rule.headers or "/subnets/" in rule.source):
            allowed.extend(_networks(rule.source))
            yield replace(rule, any_source=_share(allowed) >= _HALF)
        else:
            yield rule


def _shows_unmatched(body: dict[str, Any]) -> bool:
    if (optional_text(body, "ipAddress") or "").lower() != "any" or optional_member(body, "headers"):
        return False
    named = ((optional_text(body, "name") or "").lower(), (optional_text(body, "description") or "").lower())
    return number(body, "priority") == _UNMATCHED or named in _SHOWN


def _rule(body: dict[str, Any]) -> tuple[int, AccessRule]:
    allow = choice(body, "action", _ACTIONS)
    source, tag, anyone = _source(body, allow=allow)
    rule = AccessRule(
        name=optional_text(body, "name") or "",
        allow=allow,
        source=source,
        any_source=anyone,
        service_tag=tag,
        headers=_headers(body),
    )
    return (number(body, "priority"), rule)


def _source(body: dict[str, Any], *, allow: bool) -> tuple[str, bool, bool]:
    """What a rule matches, whether that is a service tag, and whether it is the whole internet."""
    subnet = filled_text(body, "vnetSubnetResourceId")
    if subnet is not None:
        return subnet.lower(), False, False
    address = filled_text(body, "ipAddress")
    if address is None:
        raise UnreadableError("a restriction names no source")
    if (optional_text(body, "tag") or "").lower() == "servicetag":
        return address, True, any(tag.strip().lower() == "internet" for tag in address.split(","))
    if address.lower() == "anyvnets":  # every network in Azure that has a service endpoint, of whatever owner
        return address, True, False
    return address, False, _anyone(address, allow=allow)


def _anyone(address: str, *, allow: bool) -> bool:
    if address.lower() == "any":
        return True
    networks = _networks(address)
    if allow:
        return _share(networks) >= _HALF
    return any(network.prefixlen == 0 and network.version == 4 for network in networks)


def mostly_everyone(addresses: Iterable[str]) -> bool:
    """Whether ranges together are half of the internet or more. Raises UnreadableError for one that is no range."""
    addresses = tuple(addresses)
    if any(address.lower() in _ANY for address in addresses):
        return True
    return _share(network for address in addresses for network in _networks(address)) >= _HALF


def _networks(address: str) -> list[_Network]:
    return [_network(part.strip()) for part in address.split(",")]


def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UnreadableError(f"{text[:64]!r} is not a network") from error


def _share(networks: Iterable[_Network]) -> float:
    """How much of the internet networks are together: of that of IPv4 or of IPv6, whichever is more."""
    listed = list(networks)
    older = ipaddress.collapse_addresses(each for each in listed if isinstance(each, ipaddress.IPv4Network))
    newer = ipaddress.collapse_addresses(each for each in listed if isinstance(each, ipaddress.IPv6Network))
    return max(
        sum(2.0**-each.prefixlen for each in older),
        sum(min(1.0, 2.0 ** (_GLOBAL_V6.prefixlen - each.prefixlen)) for each in newer if each.overlaps(_GLOBAL_V6)),
    )


def _headers(body: dict[str, Any]) -> tuple[str, ...]:
    """The headers a rule asks for. One without values asks for nothing."""
    headers = optional_member(body, "headers")
    return tuple(sorted(string(name, "a header").lower() for name, values in headers.items() if values))


def header_values(config: dict[str, Any], header: str) -> frozenset[str]:
    """The values of a header that allowing rules ask for."""
    found: set[str] = set()
    for item in items(config, "ipSecurityRestrictions"):
        body = record(item, "a restriction")
        if choice(body, "action", _ACTIONS):
            for name, values in optional_member(body, "headers").items():
                if name.lower() == header and isinstance(values, list):
                    found.update(value.lower() for value in values if isinstance(value, str))
    return frozenset(found)
