"""Answers about signing in and publishing."""

from collections.abc import Mapping
from typing import Any


def login_properties(
    *, required: bool = True, action: str = "Return401", issuer: str, audiences: tuple[str, ...] = (),
    client: str = "", applications: tuple[str, ...] = (), excluded: tuple[str, ...] = (),
    redirects: tuple[str, ...] = (), https: bool = True, runtime: str = "~2", enabled: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """The properties of authsettingsV2 with Entra ID as the one provider, every secret by the name of its setting."""
    validation: dict[str, Any] = {
        "jwtClaimChecks": {},
        "allowedAudiences": list(audiences),
        "defaultAuthorizationPolicy": {"allowedPrincipals": {}, "allowedApplications": list(applications)},
    }
    return {
        "platform": {"enabled": enabled, "runtimeVersion": runtime},
        "globalValidation": {
            "requireAuthentication": required,
            "unauthenticatedClientAction": action,
            "redirectToProvider": "azureactivedirectory",
            "excludedPaths": list(excluded),
        },
        "identityProviders": {
            "azureActiveDirectory": {
                "enabled": True,
                "registration": {
                    "openIdIssuer": issuer,
                    "clientId": client,
                    "clientSecretSettingName": "MICROSOFT_PROVIDER_AUTHENTICATION_SECRET",
                },
                "login": {"disableWWWAuthenticate": False},
                "validation": validation,
            },
            "facebook": {"enabled": True, "registration": {}, "login": {}},
            "gitHub": {"enabled": True, "registration": {}, "login": {}},
            "google": {"enabled": True, "registration": {}, "login": {}, "validation": {}},
            "twitter": {"enabled": True, "registration": {}},
            "legacyMicrosoftAccount": {"enabled": True, "registration": {}, "login": {}, "validation": {}},
            "apple": {"enabled": True, "registration": {}, "login": {}},
        },
        "login": {
            "routes": {},
            "tokenStore": {
                "enabled": True,
                "tokenRefreshExtensionHours": 72.0,
                "fileSystem": {},
                "azureBlobStorage": {},
            },
            "preserveUrlFragmentsForLogins": False,
            "allowedExternalRedirectUrls": list(redirects),
            "cookieExpiration": {"convention": "FixedTime", "timeToExpiration": "08:00:00"},
            "nonce": {"validateNonce": True, "nonceExpirationInterval": "00:05:00"},
        },
        "httpSettings": {
            "requireHttps": https,
            "routes": {"apiPrefix": "/.auth"},
            "forwardProxy": {"convention": "NoProxy"},
        },
    }


def config_document(site: str, name: str, kind: str, location: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A document of ``{site}/config``: the envelope App Service puts around every one of them."""
    return {
        "id": f"{site}/config/{name}",
        "name": name,
        "type": f"Microsoft.Web/{kind}/config",
        "location": location,
        "properties": dict(properties),
    }


def publishing_policy(site: str, kind: str, location: str, name: str, *, allow: bool) -> dict[str, Any]:
    """Whether a password is accepted by ``ftp`` or ``scm``."""
    return {
        "id": f"{site}/basicPublishingCredentialsPolicies/{name}",
        "name": name,
        "type": f"Microsoft.Web/{kind}/basicPublishingCredentialsPolicies",
        "location": location,
        "properties": {"allow": allow},
    }


def logs_properties(*, files: bool = False, blob: str | None = None, errors: bool = False) -> dict[str, Any]:
    """The properties of ``config/logs``; ``blob`` is the signed address of a container."""
    return {
        "applicationLogs": {
            "fileSystem": {"level": "Off"},
            "azureTableStorage": {"level": "Off", "sasUrl": None},
            "azureBlobStorage": {"level": "Off", "sasUrl": None, "retentionInDays": None},
        },
        "httpLogs": {
            "fileSystem": {"retentionInMb": 35, "retentionInDays": 30 if files else None, "enabled": files},
            "azureBlobStorage": {"sasUrl": blob, "retentionInDays": 30 if blob else None, "enabled": blob is not None},
        },
        "failedRequestsTracing": {"enabled": errors},
        "detailedErrorMessages": {"enabled": errors},
    }
