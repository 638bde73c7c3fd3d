"""``config/web`` of an app, whole, and the siteConfig of a list, in which nearly everything is null."""

from collections.abc import Mapping
from typing import Any, Final

_AUTH_MEMBERS: Final = (
    "enabled", "unauthenticatedClientAction", "tokenStoreEnabled", "allowedExternalRedirectUrls", "defaultProvider",
    "clientId", "clientSecret", "clientSecretSettingName", "clientSecretCertificateThumbprint", "issuer",
    "allowedAudiences", "additionalLoginParams", "aadClaimsAuthorization", "googleClientId", "googleClientSecret",
    "googleClientSecretSettingName", "googleOAuthScopes", "facebookAppId", "facebookAppSecret",
    "facebookAppSecretSettingName", "facebookOAuthScopes", "gitHubClientId", "gitHubClientSecret",
    "gitHubClientSecretSettingName", "gitHubOAuthScopes", "twitterConsumerKey", "twitterConsumerSecret",
    "twitterConsumerSecretSettingName", "microsoftAccountClientId", "microsoftAccountClientSecret",
    "microsoftAccountClientSecretSettingName", "microsoftAccountOAuthScopes", "configVersion",
)  # fmt: skip
_TOLD_IN_LISTS: Final = (
    "numberOfWorkers", "linuxFxVersion", "acrUseManagedIdentityCreds", "alwaysOn", "http20Enabled",
    "functionAppScaleLimit", "minimumElasticInstanceCount", "clusteringEnabled",
)  # fmt: skip


def open_to_all() -> list[dict[str, Any]]:
    """The rule shown where no access restriction was made."""
    return [restriction("Any", name="Allow all", priority=2147483647, description="Allow all access")]


def closed_but_for(*rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Some rules, and the one that turns everybody else away."""
    last = restriction("Any", "Deny", "Deny all", 2147483647, description="Deny all access")
    return [*map(dict, rules), last]


def restriction(source: str, action: str = "Allow", name: str = "", priority: int = 100, **more: Any) -> dict[str, Any]:
    """One access restriction: an address range, or with ``tag="ServiceTag"`` the name of one."""
    return {"ipAddress": source, "action": action, "priority": priority, "name": name or source, **more}


def from_subnet(subnet: str, name: str = "subnet") -> dict[str, Any]:
    """An access restriction to one subnet."""
    return {"vnetSubnetResourceId": subnet, "action": "Allow", "tag": "Default", "priority": 100, "name": name}


def from_front_door(profile: str) -> dict[str, Any]:
    """An access restriction to one Front Door profile, by its id in a header."""
    headers = {"x-azure-fdid": [profile]}
    return restriction("AzureFrontDoor.Backend", name="front-door", tag="ServiceTag", headers=headers)


def configuration(name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Every member of ``config/web``, as of a new Windows app, with changes over it."""
    return {
        "numberOfWorkers": 1,
        "defaultDocuments": ["Default.htm", "Default.html", "Default.asp", "index.htm", "index.html", "iisstart.htm",
                             "default.aspx", "index.php"],
        "netFrameworkVersion": "v4.0", "phpVersion": "", "pythonVersion": "", "nodeVersion": "",
        "powerShellVersion": "", "linuxFxVersion": "", "windowsFxVersion": None, "windowsConfiguredStacks": [],
        "requestTracingEnabled": False, "remoteDebuggingEnabled": False, "remoteDebuggingVersion": None,
        "httpLoggingEnabled": False, "azureMonitorLogCategories": None, "acrUseManagedIdentityCreds": False,
        "acrUserManagedIdentityID": None, "logsDirectorySizeLimit": 35, "detailedErrorLoggingEnabled": False,
        "publishingUsername": f"${name}", "publishingPassword": None, "appSettings": None, "metadata": None,
        "connectionStrings": None, "machineKey": None, "handlerMappings": None, "documentRoot": None,
        "scmType": "None", "use32BitWorkerProcess": False, "webSocketsEnabled": False, "alwaysOn": False,
        "javaVersion": None, "javaContainer": None, "javaContainerVersion": None, "appCommandLine": "",
        "managedPipelineMode": "Integrated",
        "virtualApplications": [{"virtualPath": "/", "physicalPath": "site\\wwwroot", "preloadEnabled": False,
                                 "virtualDirectories": None}],
        "winAuthAdminState": 0, "winAuthTenantState": 0, "customAppPoolIdentityAdminState": False,
        "customAppPoolIdentityTenantState": False, "runtimeADUser": None, "runtimeADUserPassword": None,
        "loadBalancing": "LeastRequests", "routingRules": [], "experiments": {"rampUpRules": []}, "limits": None,
        "autoHealEnabled": False, "autoHealRules": None, "tracingOptions": None, "vnetName": "",
        "vnetRouteAllEnabled": False, "vnetPrivatePortsCount": 0, "publicNetworkAccess": None,
        "siteAuthEnabled": False,
        "siteAuthSettings": {**dict.fromkeys(_AUTH_MEMBERS), "isAadAutoProvisioned": False},
        "cors": None, "push": None, "apiDefinition": None, "apiManagementConfig": None, "autoSwapSlotName": None,
        "localMySqlEnabled": False, "managedServiceIdentityId": None, "xManagedServiceIdentityId": None,
        "keyVaultReferenceIdentity": None, "ipSecurityRestrictions": open_to_all(),
        "ipSecurityRestrictionsDefaultAction": None, "scmIpSecurityRestrictions": open_to_all(),
        "scmIpSecurityRestrictionsDefaultAction": None, "scmIpSecurityRestrictionsUseMain": False,
        "http20Enabled": True, "minTlsVersion": "1.2", "minTlsCipherSuite": None, "scmMinTlsCipherSuite": None,
        "supportedTlsCipherSuites": None, "scmSupportedTlsCipherSuites": None, "scmMinTlsVersion": "1.2",
        "ftpsState": "FtpsOnly", "preWarmedInstanceCount": 0, "functionAppScaleLimit": 0,
        "elasticWebAppScaleLimit": None, "healthCheckPath": None, "fileChangeAuditEnabled": False,
        "functionsRuntimeScaleMonitoringEnabled": False, "websiteTimeZone": None, "minimumElasticInstanceCount": 0,
        "azureStorageAccounts": {}, "http20ProxyFlag": 0, "sitePort": None, "antivirusScanEnabled": False,
        "storageType": "StorageVolume", "sitePrivateLinkHostEnabled": False, "clusteringEnabled": False,
        **changes,
    }  # fmt: skip


def in_lists(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The siteConfig of a list: all members, null but for the few a list tells."""
    hidden = {"siteAuthEnabled", "siteAuthSettings"}
    return {name: value if name in _TOLD_IN_LISTS else None for name, value in whole.items() if name not in hidden}
