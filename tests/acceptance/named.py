"""What an emulator cannot hold, by name and with the reason: the only differences between the two that may be."""

from typing import Final, NamedTuple


class Refusal(NamedTuple):
    """``said`` is in LocalStack's own message: a call that it refuses with other words ends the run."""

    said: str
    reason: str


REFUSED: Final[dict[tuple[str, str], Refusal]] = {
    ("PutResourcePolicy", ""): Refusal(
        "Unable to find operation for request to service lambda", "LocalStack has no Lambda operation of this name"
    ),
    ("RotateSecret", ""): Refusal(
        "Lambda does not exist or could not be accessed",
        "LocalStack rotates by a function that exists; some secrets are rotated before any function is made",
    ),
    ("RunInstances", ""): Refusal(
        "Instance profile platform-worker not found",
        "LocalStack's EC2 does not find the instance profiles of LocalStack's IAM",
    ),
    ("UpdateFunctionConfiguration", ""): Refusal(
        "cannot be updated if an old one is not running",
        "LocalStack changes no function that never ran, and runs none without Docker",
    ),
    ("CreateFunction", "future-runtime"): Refusal(
        "Value python3.99 at 'runtime' failed to satisfy constraint",
        "LocalStack makes functions of the runtimes it knows",
    ),
    ("CreateEventSourceMapping", "stock-indexer"): Refusal(
        "Stream not found", "LocalStack wants the table's stream to exist"
    ),
    ("CreateEventSourceMapping", "marketplace-bridge"): Refusal(
        "Unsupported event source mapping source service", "LocalStack maps neither Kafka nor Amazon MQ"
    ),
    ("AddPermission", "voice-ordering"): Refusal(
        "The provided principal was invalid", "LocalStack does not know Alexa's principal"
    ),
    ("PutRuntimeManagementConfig", "tax-rates-pinned"): Refusal(
        "not yet been emulated by LocalStack", "LocalStack's core does not emulate it"
    ),
    ("UpdateAlias", "ab-test-router"): Refusal(
        "missing 1 required positional argument: 'function_version'", "LocalStack crashes on the weights of an alias"
    ),
    ("PutFunctionEventInvokeConfig", "archive-exporter"): Refusal(
        "The provided destination config DestinationConfig", "LocalStack takes no bucket as a destination"
    ),
    ("PutBucketNotificationConfiguration", ""): Refusal(
        "Unable to validate the following destination configurations",
        "LocalStack's S3 calls the function first, and none answers without Docker",
    ),
    ("PutConfigRule", ""): Refusal(
        "function:operations-inbox cannot be invoked",
        "LocalStack's AWS Config is moto's own and does not find the functions of LocalStack's Lambda",
    ),
}
"""Calls of the deployment, as (operation, function or "" for all), that LocalStack refuses, and in which words."""

_NO_POLICY: Final = "made with PutResourcePolicy, which LocalStack refuses"
_NO_KEY: Final = "LocalStack drops KMSKeyArn, and decrypts variables whatever state their key is in"
_NO_SIGNING: Final = "LocalStack tells no SigningJobArn"
_NO_MOUNT: Final = "LocalStack drops FileSystemConfigs"
_SEALED: Final = ("gift-registry", "loyalty-ledger", "wishlist-sync")

DIFFERENT: Final[dict[tuple[str, str], str]] = {
    ("*", "us-east-1/future-runtime"): "LocalStack refuses to make it",
    ("runtime-pinned", "*"): "LocalStack's core does not emulate GetRuntimeManagementConfig: no setting is offered",
    ("signing-*", "*"): _NO_SIGNING,
    ("function-idle", "eu-west-1/eu-consent-log"): "LocalStack's functions are as old as the run",
    ("front-end-bypass", "us-east-1/store-hours"): "LocalStack's URLs have its own host and port, which no origin names",
    **{("no-firewall-in-front", f"us-east-1/{name}"): "LocalStack's stages do not tell the web ACL, which moto holds"
       for name in ("basket-api", "catalog-search", "gift-registry-api", "sales-report-api")},
    ("queue-backlog", "us-east-1/feedback-intake"): "LocalStack's mapping takes the waiting messages out of the queue",
    ("topic-delivers-plain", "us-east-1/order-announcer"): "LocalStack waits until somebody confirms plain HTTP",
    ("workflow-no-cmk", "us-east-1/price-engine"): "LocalStack drops a state machine's encryptionConfiguration",
    ("workflow-tracing-off", "us-east-1/price-engine"): "LocalStack tells no tracingConfiguration of a state machine",
    **{(check, "us-east-1/stock-indexer"): "LocalStack refuses its event source mapping" for check in (
        "iterator-age-alarm-absent", "mapping-filter-no-cmk", "partial-batch-off",
    )},
    ("env-no-cmk", "*"): _NO_KEY,
    ("env-kms-*", "*"): _NO_KEY,
    **{("*", f"us-east-1/{name}"): _NO_KEY for name in _SEALED},
    ("inspector-blind-cmk", "*"): _NO_KEY,
    ("efs-*", "us-east-1/customer-export"): _NO_MOUNT,
    ("efs-*", "us-east-1/media-transcoder"): _NO_MOUNT,
    ("ipv6-egress", "us-east-1/cdn-invalidator"): "LocalStack drops Ipv6AllowedForDualStack",
    ("layer-version-deleted", "us-east-1/recommendations"): "LocalStack shows a layer of another account to anyone",
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
