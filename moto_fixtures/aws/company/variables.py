"""Environment variables: secrets of every shape, references that fail, keys in every state."""

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import COMPANY_TAGS, Workbench
from moto_fixtures.emulation import fake_secrets


def _env(key: str | None = None, **variables: str) -> dict[str, object]:
    settings: dict[str, object] = {"Environment": {"Variables": variables}}
    return settings | ({"KMSKeyArn": key} if key else {})


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions with something in their environment."""
    return [*_secrets(), *_references(bench), *_keys(bench), *_loaders()]


def _secrets() -> list[Blueprint]:
    webhook = "https://hooks.chat.example/services/" + fake_secrets.letters("hook", 24)
    return [
        Blueprint(
            "payments-capture",
            "Cloud credentials and a payment key in plain variables",
            _env(
                AWS_KEY=fake_secrets.access_key_id("payments"),
                AWS_SECRET=fake_secrets.secret_access_key("payments"),
                PAYMENT_API_KEY=fake_secrets.payment_key("payments"),
            ),
        ),
        Blueprint(
            "orders-db-sync",
            "A database address with its password",
            _env(DATABASE_URL=fake_secrets.database_url("orders", "orders"), POOL_SIZE="4"),
        ),
        Blueprint(
            "crm-connector",
            "A secret by name, and one under base64",
            _env(
                CRM_PASSWORD=fake_secrets.letters("crm", 16),
                SETTINGS=fake_secrets.hidden(fake_secrets.database_url("crm", "crm")),
                STAGE="prod",
            ),
        ),
        Blueprint(
            "release-notifier",
            "A code host's token, a private key, a signed token, a chat webhook",
            _env(
                HOST_TOKEN=fake_secrets.code_host_token("release"),
                DEPLOY_KEY=fake_secrets.private_key("release"),
                SERVICE_JWT=fake_secrets.signed_token("release"),
                CHAT_WEBHOOK=webhook,
            ),
        ),
    ]


def _references(bench: Workbench) -> list[Blueprint]:
    return [
        Blueprint(
            "coupon-service",
            "Reads a parameter that is stored in clear",
            _env(bench.made["key:env"], COUPON_KEY_PARAMETER="/fernhollow/coupons/api-key"),
            access=(
                {"Effect": "Allow", "Action": "ssm:GetParameter",
                 "Resource": bench.arn("ssm", "parameter/fernhollow/coupons/api-key")},
            ),
        ),
        Blueprint(
            "erp-bridge",
            "Refers to a badly kept secret its role may not read",
            _env(bench.made["key:env"], ERP_TOKEN_ARN=bench.made["secret:erp"]),
        ),
        Blueprint(
            "price-sync",
            "Refers to a secret that was deleted, which its role may still read",
            _env(bench.made["key:env"], PRICE_TOKEN_ARN=bench.made["secret:retired"]),
            access=(
                {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": bench.made["secret:retired"]},
            ),
        ),
        Blueprint(
            "price-sync-fallback",
            "Refers to a deleted secret and a deleted parameter, neither of which its role may read",
            _env(bench.made["key:env"], PRICE_TOKEN_ARN=bench.made["secret:retired"],
                 PRICE_KEY_PARAMETER="/fernhollow/prices/api-key"),
        ),
        Blueprint(
            "feature-flags",
            "Twenty-four variables",
            _env(bench.made["key:env"], **{f"FLAG_{number:02}": "on" for number in range(24)}),
        ),
    ]  # fmt: skip


def _keys(bench: Workbench) -> list[Blueprint]:
    cases = (
        ("address-validator", "unrotated", "Its key is not rotated"),
        ("gift-registry", "disabled", "Its key is disabled"),
        ("wishlist-sync", "dying", "Its key is about to be deleted"),
        ("marketplace-feed", "foreign", "Its key belongs to another account"),
        ("loyalty-ledger", "closed", "Its key lets nobody else decrypt: the variables cannot be read"),
    )
    return [
        Blueprint(name, text, _env(bench.made[f"key:{key}"], MODE="live", QUEUE="standard"))
        for name, key, text in cases
    ] + [Blueprint("brand-pages", "Variables under no customer key", _env(MODE="live", THEME="autumn"))]


def _loaders() -> list[Blueprint]:
    return [
        Blueprint(
            "session-tracer",
            "Variables that make the runtime load other code first",
            _env(AWS_LAMBDA_EXEC_WRAPPER="/opt/wrap", NODE_OPTIONS="--require /opt/hook.js", LD_PRELOAD="/opt/audit.so")
            | {"Runtime": "nodejs24.x"},
        ),
        Blueprint(
            "card-vault-proxy",
            "Handles card data outside any private network",
            _env(MODE="live"),
            tags=COMPANY_TAGS | {"data-classification": "restricted", "pci": "true"},
        ),
    ]
