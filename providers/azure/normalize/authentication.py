"""Platform authentication in front of an app, from its second-generation settings without their secrets."""

from collections.abc import Iterator
from typing import Any

from auditor.model.authentication import Authentication
from auditor.model.capture import Json
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from providers.azure.normalize.answers import Answers, Part, known
from providers.azure.normalize.fields import (
    UnreadableError,
    choice,
    flag,
    given,
    member,
    optional_flag,
    optional_member,
    optional_text,
    optional_texts,
    record,
)
from providers.azure.normalize.sites import Site

SETTINGS = "web:GetAuthSettings"

_TURNED_AWAY = {
    "redirecttologinpage": True,
    "return401": True,
    "return403": True,
    "allowanonymous": False,
}
_ANY_TENANT = ("/common", "/organizations", "/consumers")


class AuthenticationSettings:
    """The authentication settings of one subscription's apps, by the app's id."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._found = answers.subjects(SETTINGS, record)

    def of(self, site: Site) -> Observed[Authentication]:
        """Who is asked to sign in before the app's code runs."""
        body = self._found.one(site.id)
        if isinstance(body, Unknown):
            return body
        if body.value is None:
            return Unknown(self._answers.gap(SETTINGS, GapReason.NOT_FOUND, "the app has no settings", site.id))
        part = Part(self._answers, site.id, Known(body.value, SETTINGS)).inner(
            lambda whole: member(whole, "properties")
        )
        return Known(_authentication(part, site), SETTINGS)


def _authentication(part: Part, site: Site) -> Authentication:
    enabled = part.read(enabled_in)
    off = isinstance(enabled, Known) and not enabled.value
    directory = part.read(lambda body: _directory(body) is not None)
    without = isinstance(directory, Known) and not directory.value
    no_directory = not_offered(SETTINGS, "it does not sign callers in with Entra ID")
    return Authentication(
        enabled=enabled,
        required=known(False, SETTINGS) if off else part.read(required_in),
        excluded_paths=part.read(lambda body: optional_texts(_validation(body), "excludedPaths")),
        any_tenant=no_directory if without else part.read(_any_tenant),
        audience_restricted=no_directory if without else part.read(_audience),
        redirects=part.read(lambda body: optional_texts(optional_member(body, "login"), "allowedExternalRedirectUrls")),
        legacy=known(False, SETTINGS) if off else _legacy(site),
        requires_https=not_offered(SETTINGS, "platform authentication is off")
        if off
        else part.read(lambda body: flag(member(body, "httpSettings"), "requireHttps")),
    )


def enabled_in(body: dict[str, Any]) -> bool:
    """Whether authentication is on; settings never written say it is off."""
    platform = optional_member(body, "platform")
    if optional_text(platform, "configFilePath"):
        raise UnreadableError("the settings lie in a file of the app", GapReason.NOT_COLLECTED)
    return optional_flag(platform, "enabled")


def required_in(body: dict[str, Any]) -> bool:
    """Whether callers who have not signed in are turned away."""
    enabled_in(body)
    validation = _validation(body)
    action = "unauthenticatedClientAction"
    turns_away = choice(validation, action, _TURNED_AWAY) if given(validation, action) else True
    return optional_flag(validation, "requireAuthentication") and turns_away


def _validation(body: dict[str, Any]) -> dict[str, Any]:
    return optional_member(body, "globalValidation")


def _directory(body: dict[str, Any]) -> dict[str, Any] | None:
    """The Entra ID provider, if it is set up."""
    provider = optional_member(optional_member(body, "identityProviders"), "azureActiveDirectory")
    registration = optional_member(provider, "registration")
    used = given(registration, "clientId") or given(registration, "openIdIssuer")
    on = flag(provider, "enabled") if given(provider, "enabled") else True
    return provider if used and on else None


def _any_tenant(body: dict[str, Any]) -> bool:
    registration = member(_directory(body), "registration")
    issuer = (optional_text(registration, "openIdIssuer") or "").lower().rstrip("/").removesuffix("/v2.0")
    return not issuer or issuer.endswith(_ANY_TENANT)


def _audience(body: dict[str, Any]) -> bool:
    validation = optional_member(_directory(body), "validation")
    return any(bool(named) for named in _restrictions(validation))


def _restrictions(validation: dict[str, Any]) -> Iterator[Json]:
    policy = optional_member(validation, "defaultAuthorizationPolicy")
    principals = optional_member(policy, "allowedPrincipals")
    yield optional_texts(validation, "allowedAudiences")
    yield optional_texts(policy, "allowedApplications")
    yield optional_texts(principals, "identities")
    yield optional_texts(principals, "groups")
    yield optional_texts(optional_member(validation, "jwtClaimChecks"), "allowedClientApplications")


def _legacy(site: Site) -> Observed[bool]:
    """The site configuration says which generation of settings is in use; the version of the runtime does not."""
    told = site.config.read(lambda body: optional_text(member(body, "siteAuthSettings"), "configVersion"))
    if isinstance(told, Unknown):
        return told
    if (told.value or "").lower() in ("v1", "v2"):
        return known((told.value or "").lower() == "v1", told.source)
    message = "the configuration does not tell which version of the settings is in use"
    return Unknown(site.answers.gap(told.source, GapReason.NOT_COLLECTED, message, site.id))
