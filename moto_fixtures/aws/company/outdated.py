"""Functions nobody looks after: old runtimes, odd sizes, foreign code, loose signing, loose images."""

from collections.abc import Callable
from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint, LogGroup
from moto_fixtures.aws.company.deploy_context import COMPANY_TAGS, Workbench, allow, archive, policy

_UNSIGNED = {"Code": {"ZipFile": archive("app.py", "def handler(event, context): return 'ok'")}}


def functions(bench: Workbench) -> list[Blueprint]:
    """Neglected functions."""
    return [
        *_runtimes(),
        *_served(bench),
        *_sizes(bench),
        *_layers(bench),
        *_signing(bench),
        *_images(bench),
        *_hostile(),
    ]


def _runtimes() -> list[Blueprint]:
    return [
        Blueprint(
            "gift-card-api",
            "A runtime past its end, no longer creatable",
            {"Runtime": "python3.7", "Architectures": ["x86_64"]},
        ),
        Blueprint(
            "price-import",
            "A runtime blocked from updates too",
            {"Runtime": "nodejs12.x", "Handler": "index.handler", "Architectures": ["x86_64"]},
        ),
        Blueprint("store-locator", "A runtime with months to live", {"Runtime": "ruby3.3", "Handler": "app.call"}),
        Blueprint("newsletter-signup", "A supported runtime, not the newest", {"Runtime": "python3.13"}),
        Blueprint(
            "future-runtime",
            "A runtime newer than any table",
            {"Runtime": "python3.99", "Layers": None},
        ),
        Blueprint("java-invoice-pdf", "Java without SnapStart", {"Runtime": "java25", "Handler": "a.B::c"}),
        Blueprint(
            "price-rules",
            "SnapStart wanted, but no version is published",
            {"Runtime": "java21", "Handler": "a.B::c", "SnapStart": {"ApplyOn": "PublishedVersions"}},
            published=False,
        ),
    ]


def _served(bench: Workbench) -> list[Blueprint]:
    before = bench.role("gift-wrap-2023", managed=(bench.made["policy:baseline"],), own=policy(allow("s3:*", "*")))
    bench.made["role:gift-wrap"] = before

    def mend(client: Any, name: str) -> None:
        now = bench.role("gift-wrap", managed=(bench.made["policy:baseline"],))
        client.update_function_configuration(FunctionName=name, Role=now, Runtime="nodejs24.x")

    return [
        Blueprint(
            "gift-wrap",
            "Mended long ago, yet its alias still serves the version with the wide role and the old runtime",
            {"Runtime": "nodejs18.x", "Handler": "index.handler"},
            role="role:gift-wrap",
            after=mend,
        )
    ]


def _sizes(bench: Workbench) -> list[Blueprint]:
    return [
        Blueprint(
            "sales-report-api",
            "Behind API Gateway, and allowed to run for longer than the gateway waits",
            {"Timeout": 55},
            permissions=({"Principal": "apigateway.amazonaws.com", "SourceAccount": bench.account,
                          "SourceArn": bench.arn("execute-api", "a1b2c3d4e5/*/GET/reports")},),
        ),
        Blueprint(
            "report-builder",
            "Everything at its maximum: 15 minutes, 10 GB of memory, 10 GB of disk",
            {"Timeout": 900, "MemorySize": 10240, "EphemeralStorage": {"Size": 10240}, "Architectures": ["x86_64"]},
        ),
        Blueprint("catalog-reindex", "Five minutes of patience", {"Timeout": 300}),
        Blueprint(
            "hello-world-test",
            "Left over from a tutorial: every default, no tags, no version, no dead-letter queue",
            {"Timeout": 3, "MemorySize": 128, "Layers": None, "DeadLetterConfig": None, "LoggingConfig": None,
             "TracingConfig": {"Mode": "PassThrough"}, "Architectures": ["x86_64"], **_UNSIGNED},
            published=False, reserved=None, signing="", tags={}, log=LogGroup(None, ""),
        ),
        Blueprint("loyalty-migration", "Switched off: reserved concurrency nought", reserved=0),
        Blueprint(
            "batch-cleanup",
            "Excluded from Inspector by tag",
            tags=COMPANY_TAGS | {"InspectorExclusion": "LambdaStandardScanning"},
        ),
    ]  # fmt: skip


def _layers(bench: Workbench) -> list[Blueprint]:
    made = bench.made
    return [
        Blueprint(
            "recommendations",
            "Runs a partner's layer",
            {"Layers": [made["layer:insights"], made["layer:partner"]]},
        ),
        Blueprint(
            "search-suggest",
            "Its layer version has been deleted",
            {"Layers": [made["layer:insights"], made["layer:retired-parsers"]]},
        ),
        Blueprint(
            "search-spelling",
            "Its only layer of our own has been deleted, and so has its sharing",
            {"Layers": [made["layer:retired-parsers"]]},
        ),
        Blueprint(
            "cart-totals",
            "Its own layer is shared with everyone",
            {"Layers": [made["layer:insights"], made["layer:price-tables"]]},
        ),
        Blueprint(
            "cart-merge",
            "A sound layer of our own, and nothing to watch it",
            {"Layers": [made["layer:retail-core"]]},
        ),
    ]


def _signing(bench: Workbench) -> list[Blueprint]:
    def under(config: str) -> Callable[[Any, str], None]:
        def put(client: Any, name: str) -> None:
            arn = bench.made[f"signing:{config}"]
            client.put_function_code_signing_config(FunctionName=name, CodeSigningConfigArn=arn)

        return put

    return [
        Blueprint("stock-alerts", "Untrusted code only raises a warning", signing="warn"),
        Blueprint("supplier-portal", "Trusts a signing profile of another account", signing="foreign"),
        Blueprint("delivery-slots", "Trusts a signing profile that was revoked", signing="revoked"),
        Blueprint(
            "order-status",
            "Signing is enforced, but what runs was deployed unsigned before",
            dict(_UNSIGNED), signing="", after=under("enforced"),
        ),
        Blueprint("size-chart", "No code signing at all", dict(_UNSIGNED), signing=""),
    ]  # fmt: skip


def _images(bench: Workbench) -> list[Blueprint]:
    def image(name: str) -> dict[str, Any]:
        return {
            "Runtime": None,
            "Handler": None,
            "Layers": None,
            "PackageType": "Image",
            "Code": {"ImageUri": bench.made[f"image:{name}"]},
        }

    return [
        Blueprint(
            "image-classifier",
            "An image from a repository with mutable tags and no scanning",
            image("image-classifier") | {"ImageConfig": {"Command": ["app.classify"], "WorkingDirectory": "/srv"}},
            signing="",
        ),
        Blueprint("receipt-reader", "An image anyone may pull", image("receipt-reader"), signing=""),
        Blueprint("label-designer", "Its image repository was deleted", image("label-designer"), signing=""),
    ]


def _hostile() -> list[Blueprint]:
    escape = "\x1b[2J\x1b[31mALL CLEAR\x1b[0m"
    return [
        Blueprint(
            "x" * 40 + "-as-long-as-names-may-be",
            "A name of 64 characters",
        ),
        Blueprint(
            "tag-tester",
            "<script>document.title='owned'</script> \"quoted\" & <b>bold</b>",
            {"Environment": {"Variables": {"BANNER": "<img src=x onerror=alert(1)>", "FORMULA": "=1+cmd|' /c calc'!A0",
                                           "TERMINAL": escape, "GREETING": "日本語 \u202egnirts\u202c ✓"}},
             "KMSKeyArn": None},
            tags=COMPANY_TAGS | {"owner": "<svg onload=alert(1)>", "note": "=cmd|' /c calc'!A0", "terminal": escape,
                                 "cell": "@SUM(1+1)", "url": "javascript:alert(1)"},
        ),
    ]  # fmt: skip
