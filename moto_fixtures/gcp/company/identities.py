"""What functions run as: default accounts, administrators, shared, disabled and missing ones."""

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.company.blueprint import Blueprint
from moto_fixtures.gcp.company.deploy_context import SECOND, Workbench
from moto_fixtures.gcp.policies import Binding, account, binding


def accounts(bench: Workbench) -> None:
    """Accounts that no function owns alone."""
    shop = bench.shop
    bench.made["account:shared"] = resource_builders.service_account(
        shop, "loyalty", title="Runs what concerns loyalty"
    )
    bench.made["account:disabled"] = resource_builders.service_account(shop, "coupons", disabled=True)
    bench.made["account:elsewhere"] = bench.data.email("loader")
    shop.bind(binding("datastore.user", account(bench.made["account:shared"])))
    bench.made["role:deployer"] = resource_builders.custom_role(
        shop,
        "deployHelper",
        "cloudfunctions.functions.create",
        "cloudfunctions.functions.update",
        "iam.serviceAccounts.actAs",
        "resourcemanager.projects.setIamPolicy",
        title="Deploy helper",
    )
    janitor = account(shop.email("seasonal-cleaner"))
    shop.bind(binding("owner", janitor, title="season", expression='request.time < timestamp("2026-02-01T00:00:00Z")'))
    resource_builders.account_key(shop, bench.made["account:shared"], 400)
    resource_builders.account_key(shop, shop.email("token-broker"), 20)
    resource_builders.account_key(shop, shop.email("price-lookup"), 300, disabled=True)
    resource_builders.account_key(shop, shop.email("price-lookup"), 30, ends=7)
    bench.made["role:reader"] = resource_builders.custom_role(
        shop, "priceReader", "datastore.entities.get", title="Price reader"
    )


def _releasers(bench: Workbench) -> tuple[Binding, ...]:
    """Who may act as the account of the release helper, and who may under a condition obtain its tokens."""
    return (
        binding("iam.serviceAccountUser", account(bench.shop.email("release-runner"))),
        binding(
            "iam.serviceAccountTokenCreator",
            account(bench.shop.email("nightly-broker")),
            title="at night",
            expression='request.time.getHours("Europe/Amsterdam") < 5',
        ),
    )


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions whose identity is the matter."""
    mine = (binding("run.invoker", account(bench.shop.email("storefront-api"))),)
    shared = bench.made["account:shared"]
    return [
        Blueprint(
            "newsletter-signup", "Runs as the default account", account=bench.shop.compute_account, invokers=mine
        ),
        Blueprint(
            "inventory-admin-sync",
            "Owns the project it runs in",
            project="data",
            location=SECOND,
            roles=("roles/owner",),
            invokers=(binding("run.invoker", account(bench.data.email("loader"))),),
        ),
        Blueprint("bucket-janitor", "Administers every bucket", roles=("roles/storage.admin",), invokers=mine),
        Blueprint(
            "token-broker",
            "Obtains credentials of every service account; somebody has a key of its own",
            roles=("roles/iam.serviceAccountTokenCreator",),
            invokers=mine,
        ),
        Blueprint("seasonal-cleaner", "Owned the project until its season was over", invokers=mine),
        Blueprint(
            "release-helper",
            "A custom role amounts to administration",
            roles=(bench.made["role:deployer"],),
            impersonators=_releasers(bench),
            invokers=mine,
        ),
        Blueprint(
            "release-runner",
            "Deploys code of its own as the account of the release helper",
            roles=("roles/cloudfunctions.developer",),
            invokers=mine,
        ),
        Blueprint(
            "release-checker",
            "May deploy functions, but act as no account",
            roles=("roles/cloudfunctions.developer",),
            invokers=mine,
        ),
        Blueprint("nightly-broker", "Obtains tokens of the release helper under a condition", invokers=mine),
        Blueprint(
            "price-lookup", "A custom role with one permission", roles=(bench.made["role:reader"],), invokers=mine
        ),
        Blueprint("loyalty-sync", "Shares an account that has an old key", account=shared, invokers=mine),
        Blueprint("loyalty-report", "Shares an account", account=shared, invokers=mine),
        Blueprint("coupon-cleaner", "Its account is disabled", account=bench.made["account:disabled"], invokers=mine),
        Blueprint("warehouse-bridge", "Its account is gone", account=bench.shop.email("bridge"), invokers=mine),
        Blueprint(
            "stock-export",
            "Runs as an account of another project",
            account=bench.made["account:elsewhere"],
            invokers=mine,
        ),
    ]
