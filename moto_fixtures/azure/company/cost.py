"""What costs and what is not seen: idle apps, storms, failures, no bounds, logs that go nowhere or not for long."""

from moto_fixtures.azure.company.blueprint import Blueprint, api, diagnostics, public, sound, unrestricted
from moto_fixtures.azure.company.compliant import NOT_ON_FLEX, flexible
from moto_fixtures.azure.company.infrastructure import TAGS, Infrastructure
from moto_fixtures.azure.response_shapes.authentication import logs_properties
from moto_fixtures.azure.traffic import Traffic

_NO_MONITOR = dict.fromkeys(("APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"))


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Functions told by what they use, what bounds them and what they report."""
    return [*_used(estate), *_bounded(estate)]


def _bounded(estate: Infrastructure) -> list[Blueprint]:
    def on_flex(name: str, stands_for: str, plan: str, most: int = 40, memory: int = 2048) -> Blueprint:
        return sound(
            estate, name, stands_for, store="fhwflexhost", plan=estate.made[f"plan:{plan}"], sku="FlexConsumption",
            properties={"functionAppConfig": flexible("fhwflexhost", most=most, memory=memory)},
            config={"linuxFxVersion": "", "functionAppScaleLimit": 0, "minimumElasticInstanceCount": 0,
                    "preWarmedInstanceCount": 0},
            settings=dict.fromkeys(NOT_ON_FLEX), functions=(api(),), backups=(),
        )  # fmt: skip

    return [
        on_flex("ticket-drop", "A thousand instances, should anybody ask for them", "flex-tickets", most=1000),
        on_flex("photo-books", "The largest instances there are", "flex-photos", memory=4096),
        sound(
            estate, "price-archive", "May run for twenty-five minutes",
            settings={"AzureFunctionsJobHost__functionTimeout": "00:25:00"},
        ),
        sound(
            estate, "year-end-report", "May run for ever", settings={"AzureFunctionsJobHost__functionTimeout": "-1"},
        ),
    ]  # fmt: skip


def _used(estate: Infrastructure) -> list[Blueprint]:
    return [
        sound(estate, "abandoned-cart", "Nothing has called it for three months", traffic=Traffic()),
        sound(
            estate, "campaign-pages", "Ten workers always ready, hardly a call",
            plan=estate.made["plan:elastic-idle"], traffic=Traffic(per_day=1),
            config={"minimumElasticInstanceCount": 10, "preWarmedInstanceCount": 5},
        ),
        sound(
            estate, "coupon-hunt", "Fifty times its usual calls this week",
            properties=public(clientCertEnabled=True, dailyMemoryTimeQuota=0), config=unrestricted(functionAppScaleLimit=0),
            traffic=Traffic(per_day=300, recent=15_000),
        ),
        sound(estate, "erp-bridge", "Four calls in ten fail", traffic=Traffic(per_day=900, failing=0.4)),
        sound(
            estate, "silent-worker", "No monitor, no diagnostic setting, no log of requests",
            settings=_NO_MONITOR, tags=TAGS, diagnostics=(), logs=logs_properties(),
        ),
        sound(
            estate, "audit-tail", "Logs kept for thirty days, without those of the audit",
            diagnostics=diagnostics(estate, "brief", ("FunctionAppLogs",)),
        ),
    ]  # fmt: skip
