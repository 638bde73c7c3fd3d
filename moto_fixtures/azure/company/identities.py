"""Identities that may do too much, identities that are shared, and functions without one."""

from moto_fixtures.azure.company.blueprint import (
    WARMUP,
    Blueprint,
    api,
    public,
    sound,
    system_assigned,
    unrestricted,
    user_assigned,
)  # fmt: skip
from moto_fixtures.azure.company.infrastructure import Infrastructure
from moto_fixtures.azure.response_shapes.access import (
    BLOB_CONTRIBUTOR,
    CONTRIBUTOR,
    OWNER,
    READER,
    SECRETS_OFFICER,
    WEBSITE_CONTRIBUTOR,
    Role,
    made_id,
)  # fmt: skip

PATCHER = Role(
    "c0a8d3e1-6b74-4f59-9e2c-7d1f5a3b8e60",
    "Catalog Patcher",
    ("Microsoft.Web/sites/read", "Microsoft.Authorization/roleAssignments/write"),
    custom=True,
)


def identities(estate: Infrastructure) -> None:
    """The user-assigned identities, and a role the company wrote."""
    for name in ("image-puller", "media-worker", "agency-runner", "delivery-slots"):
        estate.made[f"identity:{name}"] = estate.production.identity(name)
    github = "https://token.actions.githubusercontent.com"
    estate.production.federate(
        estate.made["identity:agency-runner"],
        campaigns=(github, "claims['sub'] matches 'repo:fernhollow-agency/*:environment:campaigns'"),
        reports=(github, "repo:fernhollow/agency-reports:environment:production"),
    )
    estate.production.federate(
        estate.made["identity:media-worker"],
        previews=(github, "repo:fernhollow/media:pull_request"),
        cluster=("https://oidc.prod-aks.azure.com/5d1c0b6a/", "system:serviceaccount:media:worker"),
        releases=(github, "repo:fernhollow/media:ref:refs/tags/*"),
    )
    estate.production.deny(
        "Deny assignment of deployment stack fhw-network", ["*/delete"],
        scope=f"{estate.production.at}/resourceGroups/fhw-network", excluded={made_id("release-crew"): "Group"},
    )  # fmt: skip
    estate.made["bus:orders"] = estate.production.resource(
        "Microsoft.ServiceBus/namespaces", "fhw-orders", {"disableLocalAuth": True, "publicNetworkAccess": "Disabled"},
        sku={"name": "Premium"},
    )  # fmt: skip
    for kind, name in (("Microsoft.ServiceBus", "fhw-tills"), ("Microsoft.EventHub", "fhw-till-hub")):
        properties = {"disableLocalAuth": False, "publicNetworkAccess": "Enabled"}
        estate.production.resource(f"{kind}/namespaces", name, properties, sku={"name": "Standard"})
    role = Role(PATCHER.id, PATCHER.name, PATCHER.actions, scopes=(estate.production.at,), custom=True)
    estate.production.role(role)
    shop, group = estate.production, estate.made["management:fernhollow"]
    for place in (shop, estate.labs):  # what holds above a subscription is in the list of each
        place.assign(CONTRIBUTOR, made_id("media-worker"), group)
        place.assign(READER, made_id("auditors"), group, kind="Group")
    shop.assign(OWNER, made_id("platform-team"), kind="Group")
    shop.assign(CONTRIBUTOR, made_id("release-crew"), f"{shop.at}/resourceGroups/{shop.group}", kind="Group")
    estate.tenant.groups |= {
        made_id("fhw-crew-rota"): {made_id("rota-bots")},
        made_id("rota-bots"): {made_id("release-crew")},
    }
    estate.labs.assign(OWNER, made_id("interns"), kind="Group")


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Functions told by what their identity may do."""
    shared = user_assigned(estate.made["identity:agency-runner"], "agency-runner")
    media = user_assigned(
        estate.made["identity:media-worker"], "media-worker", system_assigned(estate, "fhw-media-transcoder")
    )
    return [
        sound(estate, "ops-cleanup", "Owner of the whole subscription", grants=((OWNER, ""),)),
        sound(
            estate, "media-transcoder", "Its user-assigned identity is Contributor of everything, and any pull request may use it",
            identity=media,
        ),
        sound(estate, "data-lake-loader", "Writes every blob of the subscription", grants=((BLOB_CONTRIBUTOR, ""),)),
        sound(estate, "catalog-patcher", "A custom role that may hand out roles", grants=((PATCHER, ""),)),
        sound(estate, "crew-rota", "Contributor of the shop's group, through a group that is in another"),
        sound(estate, "deploy-helper", "May publish code to every other function", grants=((WEBSITE_CONTRIBUTOR, ""),)),
        sound(estate, "agency-reports", "Shares its identity with a function of other trust, and with every repository of the agency", identity=shared),
        sound(
            estate, "agency-campaigns", "Public, and runs as the same identity as the agency's reports", identity=shared,
            properties=public(clientCertEnabled=True), config=unrestricted(),
        ),
        sound(estate, "tag-tester", "Runs as nobody, so everything it does takes a key", identity=None),
        sound(estate, "size-chart", "Its identity was switched off: the type says None", identity={"type": "None"}),
        sound(
            estate, "reviews-api", "Anybody may call it, and it may read and write every secret",
            auth=None, properties=public(), config=unrestricted(), functions=(api("anonymous"), WARMUP),
            grants=((SECRETS_OFFICER, "vault:fhw-keys"),),
        ),
    ]  # fmt: skip
