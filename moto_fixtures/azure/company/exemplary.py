"""A sound app with no more than what Microsoft's own quickstart of Flex Consumption sets up."""

from moto_fixtures.azure.company.blueprint import (
    LINK,
    Blueprint,
    api,
    insights_connection,
    public,
    sound,
    unrestricted,
    user_assigned,
)
from moto_fixtures.azure.company.compliant import NOT_ON_FLEX, flexible
from moto_fixtures.azure.company.infrastructure import TAGS, Infrastructure
from moto_fixtures.azure.response_shapes.access import BLOB_OWNER, METRICS_PUBLISHER, QUEUE_CONTRIBUTOR, made_id
from moto_fixtures.azure.traffic import Traffic

_NAME, _STORE = "gift-wrapping", "fhwgiftwrapping"


def foundations(estate: Infrastructure) -> None:
    """Its plan, its identity, and its storage: no shared keys, no public blobs, roles for its identity only."""
    made, shop = estate.made, estate.production
    made[f"plan:{_NAME}"] = shop.plan(_NAME, "FC1", apps=1)
    made[f"identity:{_NAME}"] = shop.identity(_NAME)
    made[f"store:{_STORE}"] = shop.storage(
        _STORE, recoverable=True, containers={"packages": "None"}, allowSharedKeyAccess=False,
        allowBlobPublicAccess=False, minimumTlsVersion="TLS1_2", supportsHttpsTrafficOnly=True,
    )  # fmt: skip
    for role, scope in ((BLOB_OWNER, _STORE), (QUEUE_CONTRIBUTOR, _STORE)):
        shop.assign(role, made_id(_NAME), made[f"store:{scope}"])
    shop.assign(METRICS_PUBLISHER, made_id(_NAME), made["insights:shop"])


def functions(estate: Infrastructure) -> list[Blueprint]:
    """The app: function keys, HTTPS only, no basic publishing, Application Insights through its identity."""
    identity = estate.made[f"identity:{_NAME}"]
    deployed = flexible(_STORE, "UserAssignedIdentity", identity=identity)
    client = made_id(f"{_NAME}/client")
    return [
        sound(
            estate, _NAME, "Microsoft's quickstart of Flex Consumption, and no more", store=_STORE,
            plan=estate.made[f"plan:{_NAME}"], sku="FlexConsumption", identity=user_assigned(identity, _NAME),
            properties=public(
                functionAppConfig=deployed, endToEndEncryptionEnabled=False, virtualNetworkSubnetId=None,
                outboundVnetRouting=None, vnetRouteAllEnabled=False, vnetImagePullEnabled=False,
                vnetContentShareEnabled=False, vnetBackupRestoreEnabled=False, storageAccountRequired=False,
                dailyMemoryTimeQuota=0, keyVaultReferenceIdentity=identity,
            ),
            config=unrestricted(
                linuxFxVersion="", functionAppScaleLimit=0, minimumElasticInstanceCount=0, preWarmedInstanceCount=0,
                vnetRouteAllEnabled=False, vnetName="", minTlsCipherSuite=None, healthCheckPath=None,
                autoHealEnabled=False,
            ),
            settings={
                "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": f"ClientId={client};Authorization=AAD",
                "APPLICATIONINSIGHTS_CONNECTION_STRING": insights_connection("shop"),
                "AzureWebJobsStorage__clientId": client,
                "AzureWebJobsSecretStorageType": None,
                "AzureWebJobsSecretStorageKeyVaultUri": None,
                **dict.fromkeys(NOT_ON_FLEX),
            },
            tags=TAGS | {"purpose": "Microsoft's quickstart", LINK: estate.made["insights:shop"]},
            functions=(api(),), auth=None, sticky=None, backups=(), traffic=Traffic(per_day=300),
        )
    ]  # fmt: skip
