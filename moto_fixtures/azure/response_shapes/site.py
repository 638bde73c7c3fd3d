"""The site object of a list or GET, every member of it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

_OUTBOUND = "20.76.210.248,20.76.213.13,20.76.214.132"


def host_name(name: str, host_type: str = "Standard", **changes: Any) -> dict[str, Any]:
    """The TLS state of one host name; a custom one without binding unless changes say more."""
    return {
        "name": name, "sslState": "Disabled", "ipBasedSslResult": None, "virtualIP": None, "virtualIPv6": None,
        "thumbprint": None, "certificateResourceId": None, "toUpdate": None, "toUpdateIpBasedSsl": None,
        "ipBasedSslState": "NotConfigured", "hostType": host_type, **changes,
    }  # fmt: skip


def bound(name: str, thumbprint: str) -> dict[str, Any]:
    """A custom host name with a certificate bound to it."""
    return host_name(name, sslState="SniEnabled", thumbprint=thumbprint)


def endpoint(id: str, status: str = "Approved") -> dict[str, Any]:
    """A private endpoint connection in the members of a site or a storage account."""
    return {
        "id": id,
        "properties": {
            "privateEndpoint": {"id": id},
            "groupIds": ["sites"],
            "privateLinkServiceConnectionState": {"status": status, "description": "", "actionsRequired": "None"},
            "provisioningState": "Succeeded",
        },
    }


def routing(**changes: bool) -> dict[str, bool]:
    """Which traffic leaves through the network: all, but for the changes."""
    kinds = ("allTraffic", "applicationTraffic", "contentShareTraffic", "imagePullTraffic", "backupRestoreTraffic")
    return dict.fromkeys(kinds, True) | changes


def site_properties(
    name: str, *, slot: str, group: str, subscription: str, location: str, kind: str, sku: str, plan: str | None,
    site_config: Mapping[str, Any], hosts: tuple[Mapping[str, Any], ...], changes: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The properties of an app or, with ``slot``, of one of its slots; a new one, with changes over it."""
    host = f"{name}-{slot}" if slot else name
    deployment = f"{name}__{slot}" if slot else name
    web_space = f"{group}-{location.replace(' ', '')}webspace"
    main, scm = f"{host}.azurewebsites.net", f"{host}.scm.azurewebsites.net"
    custom = [str(entry["name"]) for entry in hosts]
    linux = "linux" in kind
    return {
        "name": f"{name}({slot})" if slot else name, "state": "Running", "hostNames": [*custom, main],
        "webSpace": web_space,
        "selfLink": f"https://waws-prod-am2-669.api.azurewebsites.windows.net:454/subscriptions/{subscription}"
                    f"/webspaces/{web_space}/sites/{name}",
        "repositorySiteName": name, "owner": None, "usageState": "Normal", "enabled": True, "adminEnabled": True,
        "siteScopedCertificatesEnabled": False, "afdEnabled": False, "enabledHostNames": [*custom, main, scm],
        "siteProperties": {"metadata": None, "appSettings": None, "properties": [
            {"name": "LinuxFxVersion", "value": site_config.get("linuxFxVersion")},
            {"name": "WindowsFxVersion", "value": None}]},
        "availabilityState": "Normal", "sslCertificates": None, "csrs": [], "cers": None, "siteMode": None,
        "hostNameSslStates": [*map(dict, hosts), host_name(main), host_name(scm, "Repository")],
        "computeMode": "Dynamic" if sku == "Dynamic" else None, "serverFarm": None, "serverFarmId": plan,
        "reserved": linux, "isXenon": False, "hyperV": False, "lastModifiedTimeUtc": "2026-11-02T09:02:00.8930000",
        "storageRecoveryDefaultState": "Running", "contentAvailabilityState": "Normal",
        "runtimeAvailabilityState": "Normal", "dnsConfiguration": {}, "vnetRouteAllEnabled": False,
        "containerAllocationSubnet": None, "useContainerLocalhostBindings": None, "vnetImagePullEnabled": False,
        "vnetContentShareEnabled": False, "outboundVnetRouting": None, "siteConfig": dict(site_config),
        "functionAppConfig": None, "daprConfig": None, "deploymentId": deployment, "slotName": slot or None,
        "trafficManagerHostNames": None, "sku": sku, "scmSiteAlsoStopped": False, "targetSwapSlot": None,
        "hostingEnvironment": None, "hostingEnvironmentProfile": None, "clientAffinityEnabled": False,
        "clientAffinityProxyEnabled": False, "blockPathTraversal": False, "clientCertEnabled": False,
        "clientCertMode": "Required", "clientCertExclusionPaths": None, "hostNamesDisabled": False, "ipMode": "IPv4",
        "vnetBackupRestoreEnabled": False, "domainVerificationIdentifiers": None,
        "customDomainVerificationId": sha256(subscription.encode()).hexdigest().upper(), "kind": kind,
        "managedEnvironmentId": None, "workloadProfileName": None, "resourceConfig": None,
        "inboundIpAddress": "20.105.216.28", "possibleInboundIpAddresses": "20.105.216.28",
        "ftpUsername": f"{deployment}\\${deployment}",
        "ftpsHostName": "ftps://waws-prod-am2-669.ftp.azurewebsites.windows.net/site/wwwroot",
        "outboundIpAddresses": _OUTBOUND, "possibleOutboundIpAddresses": f"{_OUTBOUND},20.76.215.60",
        "containerSize": 1536, "dailyMemoryTimeQuota": 0, "suspendedTill": None, "siteDisabledReason": 0,
        "functionExecutionUnitsCache": None, "maxNumberOfWorkers": None, "homeStamp": "waws-prod-am2-669",
        "cloningInfo": None, "hostingEnvironmentId": None, "tags": None, "resourceGroup": group,
        "defaultHostName": main, "slotSwapStatus": None, "httpsOnly": False, "endToEndEncryptionEnabled": False,
        "functionsRuntimeAdminIsolationEnabled": False, "redundancyMode": "None", "inProgressOperationId": None,
        "geoDistributions": None, "privateEndpointConnections": [], "publicNetworkAccess": None,
        "buildVersion": None, "targetBuildVersion": None, "migrationState": None,
        "eligibleLogCategories": "FunctionAppLogs,AppServiceAuthenticationLogs", "inFlightFeatures": [],
        "storageAccountRequired": False, "virtualNetworkSubnetId": None,
        "keyVaultReferenceIdentity": "SystemAssigned", "autoGeneratedDomainNameLabelScope": None,
        "defaultHostNameScope": "Global", "privateLinkIdentifiers": None, "sshEnabled": None,
        **changes,
    }  # fmt: skip
