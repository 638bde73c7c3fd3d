"""Settings: secrets of every shape, references that fail, keys where identities would do."""

from dataclasses import replace

from moto_fixtures.azure.apps import Reference
from moto_fixtures.azure.company.blueprint import Blueprint, secret, sound
from moto_fixtures.azure.company.infrastructure import Infrastructure
from moto_fixtures.azure.response_shapes.access import made_id
from moto_fixtures.emulation import fake_secrets


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Functions with something in their settings."""
    return [*_secrets(estate), *_references(estate), *_accounts(estate)]


def _secrets(estate: Infrastructure) -> list[Blueprint]:
    return [
        sound(
            estate, "payments-capture", "A payment key and a database password in plain settings",
            settings={"PAYMENT_API_KEY": fake_secrets.payment_key("payments"), "STAGE": "production",
                      "HOST_TOKEN": fake_secrets.code_host_token("payments")},
            connections={"Orders": ("SQLAzure", fake_secrets.database_connection("orders"))},
        ),
        sound(
            estate, "crm-connector", "A secret that moves to production when slots are swapped",
            settings={"CRM_PASSWORD": fake_secrets.letters("crm", 20), "STAGE": "production"}, sticky=("STAGE",),
            slots={"staging": {}},
        ),
        sound(
            estate, "release-notifier", "Its package lies behind a signed address, over plain HTTP",
            settings={"WEBSITE_RUN_FROM_PACKAGE":
                      fake_secrets.signed_address("http://builds.supplier.invalid/packages/notifier.zip")},
        ),
    ]  # fmt: skip


def _references(estate: Infrastructure) -> list[Blueprint]:
    broken = sound(
        estate, "coupon-service", "One reference is refused, one names no secret, one is pinned to a version",
        settings={
            "COUPON_DB": secret("coupon-database"), "COUPON_SALT": secret("coupon-salt", "fhw-gone-keys"),
            "COUPON_SIGNER": secret("signer", "fhw-legacy-keys", "4f5e6d7c8b9a4a3b2c1d0e9f8a7b6c5d"),
        },
    )  # fmt: skip
    outcome = {
        "COUPON_DB": ("AccessToKeyVaultDenied", "The site was denied access to the reference's vault."),
        "COUPON_SALT": ("VaultNotFound", "Key Vault was not found."),
    }  # fmt: skip

    def told(found: Reference) -> Reference:
        status, problem = outcome.get(found.setting, ("Resolved", ""))
        return replace(found, status=status, problem=problem)

    references = tuple(told(found) for found in broken.app.references)
    return [
        replace(broken, app=replace(broken.app, references=references)),
        sound(
            estate,
            "search-suggest",
            "A vault without purge protection, open to all networks",
            settings={"SUGGEST_KEY": secret("suggest", "fhw-legacy-keys")},
        ),
    ]


def _accounts(estate: Infrastructure) -> list[Blueprint]:
    keyed = fake_secrets.storage_connection("fhwlegacy")
    mount = {"type": "AzureFiles", "accountName": "fhwlegacy", "shareName": "exports", "mountPath": "/mounts/exports",
             "accessKey": fake_secrets.account_key("fhwlegacy"), "state": "Ok", "protocol": "Smb"}  # fmt: skip
    return [
        sound(
            estate, "customer-export", "Its host, its content and its mount all sign in with the key of an old account",
            store="fhwlegacy", mounts={"exports": mount},
            properties={"storageAccountRequired": False},
            settings={"AzureWebJobsStorage": keyed, "AzureWebJobsStorage__accountName": None,
                      "AzureWebJobsStorage__credential": None, "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING": keyed,
                      "AzureWebJobsSecretStorageType": None, "AzureWebJobsSecretStorageKeyVaultUri": None},
        ),
        sound(
            estate, "gift-registry", "Its host signs in as an identity, and its code is mounted with a key",
            settings={"WEBSITE_CONTENTAZUREFILECONNECTIONSTRING": keyed},
        ),
        sound(
            estate, "session-tracer", "Reports with the retired key to a monitor that takes telemetry from anyone",
            settings={"APPLICATIONINSIGHTS_CONNECTION_STRING": None, "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": None,
                      "APPINSIGHTS_INSTRUMENTATIONKEY": made_id("insights-open")},
            tags={"company": "fernhollow", "environment": "production", "cost-center": "digital", "owner": "shop-platform",
                  "hidden-link: /app-insights-resource-id": estate.made["insights:open"]},
        ),
    ]  # fmt: skip
