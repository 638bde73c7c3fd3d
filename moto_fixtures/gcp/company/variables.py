"""Environment variables: secrets of every shape, at run time and while building, and references to secrets."""

from moto_fixtures.emulation import fake_secrets
from moto_fixtures.gcp.company.blueprint import STANDALONE, Blueprint, building, settings
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.functions import Made
from moto_fixtures.gcp.organization import merged
from moto_fixtures.gcp.policies import account, binding
from moto_fixtures.gcp.services import revision
from moto_fixtures.gcp.wire import Json


def _env(**variables: str) -> Json:
    return settings(environmentVariables={"LOG_LEVEL": "INFO", **variables})


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions with something in their variables."""
    mine = (binding("run.invoker", account(bench.shop.email("storefront-api"))),)
    latest = [bench.secret("SMS_PASSWORD", "sms-gateway", "latest")]
    key = fake_secrets.payment_key("gift-registry")
    return [
        Blueprint(
            "payments-capture",
            "Keys in plain variables, none of them by reference",
            record=_env(
                PAYMENT_API_KEY=fake_secrets.payment_key("payments"), MAPS_KEY=fake_secrets.api_key("payments")
            ),
            invokers=mine,
        ),
        Blueprint(
            "orders-db-sync",
            "A database address with its password",
            record=_env(DATABASE_URL=fake_secrets.database_url("orders", "orders"), POOL_SIZE="4"),
            invokers=mine,
        ),
        Blueprint(
            "warehouse-login",
            "The key of an account in a variable",
            record=_env(GOOGLE_CREDENTIALS=fake_secrets.service_account_key("warehouse")),
            invokers=mine,
        ),
        Blueprint(
            "app-bundle",
            "A token among the variables of its build",
            record=building(
                environmentVariables={"NPM_TOKEN": fake_secrets.package_token("bundle"), "NODE_ENV": "production"}
            ),
            invokers=mine,
        ),
        Blueprint(
            "gift-registry",
            "Known to Cloud Run alone, with a key in its container",
            generation=STANDALONE,
            container={"env": [{"name": "PAYMENT_API_KEY", "value": key}, {"name": "LOG_LEVEL", "value": "INFO"}]},
            invokers=mine,
        ),
        Blueprint(
            "sms-gateway",
            "The newest version of a secret that nobody rotates",
            record=settings(secretEnvironmentVariables=latest),
            invokers=mine,
        ),
        Blueprint(
            "courier-quotes",
            "Its secret was deleted",
            record=settings(secretEnvironmentVariables=[bench.secret("COURIER_API", "courier-api", "2")]),
            invokers=mine,
        ),
        Blueprint(
            "tax-export",
            "An old revision still knows a password",
            invokers=mine,
            after=lambda made: _forgotten(bench, made),
        ),
    ]


def _forgotten(bench: Workbench, made: Made) -> None:
    service = made.service
    if service is None:
        return
    container = service.body["template"]["containers"][0]
    env = [{"name": "EXPORT_PASSWORD", "value": fake_secrets.letters("tax", 20)}]
    revision(bench.shop, service, 2, {"containers": [merged(container, {"env": env})]})
    revision(bench.shop, service, 3)
