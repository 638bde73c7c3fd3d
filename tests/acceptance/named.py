"""What an emulator cannot hold, by name and with the reason: the only differences between the two that may be."""

from typing import Final

REFUSED: Final[dict[tuple[str, str], str]] = {
    ("PutResourcePolicy", ""): "LocalStack has no Lambda operation of this name",
    ("RotateSecret", ""): "LocalStack rotates by a function that exists; the secrets are made before any function",
    ("UpdateFunctionConfiguration", ""): "LocalStack changes no function that never ran, and runs none without Docker",
    ("CreateEventSourceMapping", "stock-indexer"): "LocalStack wants the table's stream to exist",
    ("AddPermission", "voice-ordering"): "LocalStack does not know Alexa's principal",
    ("PutRuntimeManagementConfig", "tax-rates-pinned"): "LocalStack's core does not emulate it",
    ("UpdateAlias", "ab-test-router"): "LocalStack crashes on the weights of an alias",
    ("PutFunctionEventInvokeConfig", "archive-exporter"): "LocalStack takes no bucket as a destination",
    ("RunInstances", ""): "LocalStack's EC2 does not find the instance profiles of LocalStack's IAM",
    ("CreateAutoScalingGroup", ""): "moto answers for it, and LocalStack holds the launch template",
    ("CreateFunction", "future-runtime"): "LocalStack makes functions of the runtimes it knows",
}
"""Calls of the deployment, as (operation, function or "" for all), that LocalStack refuses."""

_NO_POLICY: Final = "made with PutResourcePolicy, which LocalStack refuses"
_NO_KEY: Final = "LocalStack drops KMSKeyArn, and decrypts variables whatever state their key is in"
_NO_SIGNING: Final = "LocalStack drops CreateFunction's CodeSigningConfigArn, and tells no SigningJobArn"
_NO_MOUNT: Final = "LocalStack drops FileSystemConfigs"
_OF_MOTO: Final = "moto answers for this service, and its own account holds no function"
_NO_METRICS: Final = "the scan of LocalStack asks for no metrics: none of its functions ever ran"
_MEASURED: Final = (
    *("executions-failing", "function-idle", "invocation-spike", "memory-nearly-used", "memory-overprovisioned"),
    *("throttled-unreserved", "timeout-nearly-reached", "timeout-oversized"),
)
_SEALED: Final = ("gift-registry", "loyalty-ledger", "wishlist-sync")

DIFFERENT: Final[dict[tuple[str, str], str]] = {
    ("*", "us-east-1/future-runtime"): "LocalStack refuses to make it",
    ("runtime-pinned", "*"): "LocalStack's core does not emulate GetRuntimeManagementConfig: no setting is offered",
    **{(check, "*"): _NO_METRICS for check in _MEASURED},
    ("codesigning-*", "*"): _NO_SIGNING,
    ("signing-*", "*"): _NO_SIGNING,
    ("env-no-cmk", "*"): _NO_KEY,
    ("env-kms-*", "*"): _NO_KEY,
    **{("*", f"us-east-1/{name}"): _NO_KEY for name in _SEALED},
    ("inspector-blind-cmk", "*"): _NO_KEY,
    ("inspector-coverage-inactive", "*"): _OF_MOTO,
    ("access-analyzer-off-or-findings", "us-east-1"): _OF_MOTO,
    ("efs-*", "us-east-1/customer-export"): _NO_MOUNT,
    ("efs-*", "us-east-1/media-transcoder"): _NO_MOUNT,
    ("ipv6-egress", "us-east-1/cdn-invalidator"): "LocalStack drops Ipv6AllowedForDualStack",
    ("layer-version-deleted", "us-east-1/recommendations"): "LocalStack shows a layer of another account to anyone",
    ("stored-secret-not-rotated", "*"): "LocalStack refuses RotateSecret",
    ("alias-weighted-shadow", "us-east-1/ab-test-router"): "LocalStack refuses the alias's weights",
    ("destination-s3-gone", "us-east-1/archive-exporter"): "LocalStack refuses a bucket as a destination",
    ("concurrency-*", "us-east-1/loyalty-migration"): "LocalStack's GetFunction leaves out a concurrency of nought",
    ("policy-no-condition", "us-east-1/store-hours"): "LocalStack drops AddPermission's InvokedViaFunctionUrl",
    ("policy-no-condition", "us-east-1/tracking-pixel"): "LocalStack drops AddPermission's InvokedViaFunctionUrl",
    **{("policy-*", f"us-east-1/{name}"): _NO_POLICY for name in (
        *("affiliate-clicks", "agency-reports", "gift-finder", "kiosk-heartbeat", "loyalty-lookup", "promo-banner"),
        *("review-import", "shipping-quote", "size-adviser", "staff-directory", "style-quiz"),
    )},
    **{("internet-reachable", f"us-east-1/{name}"): _NO_POLICY for name in (
        "affiliate-clicks", "loyalty-lookup", "promo-banner", "review-import", "shipping-quote",
    )},
}  # fmt: skip
"""Verdicts, as (check, subject) with globs, that differ from those on moto. The first that fits is the reason."""
