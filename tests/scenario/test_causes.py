"""The causes of the demo's findings: two findings are told together exactly when one change closes both."""

from itertools import combinations
from typing import Any

import pytest

TOGETHER = [
    # AWS: a URL with the statements that open it
    ("url-auth-none/store-hours", "policy-public/store-hours/grant-90"),
    ("policy-public/store-hours/grant-90", "policy-public/store-hours/grant-91"),
    ("url-auth-none/tracking-pixel", "url-public-and-cors-any/tracking-pixel"),
    ("url-auth-none/tracking-pixel", "public-and-unreserved/tracking-pixel"),
    ("policy-public/store-hours/grant-90", "access-analyzer-off-or-findings/us-east-1/store-hours"),
    # one statement, seen by several checks
    ("policy-public/affiliate-clicks", "access-analyzer-off-or-findings/us-east-1/affiliate-clicks"),
    ("policy-cross-account/agency-campaigns", "access-analyzer-off-or-findings/us-east-1/agency-campaigns"),
    ("policy-public/affiliate-clicks", "policy-notprincipal/affiliate-clicks"),
    ("policy-public/catalog-archive", "policy-no-condition/catalog-archive"),
    ("policy-public/loyalty-lookup", "policy-source-not-fixed/loyalty-lookup"),
    ("policy-cross-account/supplier-orders@aws", "policy-no-condition/supplier-orders@aws"),
    ("policy-service-no-source/clickstream-ingest", "policy-source-not-fixed/clickstream-ingest"),
    ("policy-service-no-source/feed-import", "policy-no-condition/feed-import"),
    ("role-resource-wildcard/pipeline-trigger", "role-passrole-any/pipeline-trigger"),
    # and by what it opens to the role's own function and to those of others
    ("role-passrole-any/pipeline-trigger", "function-takeover/ops-cleanup/role/pipeline-trigger-role"),
    ("role-admin/data-lake-loader", "function-takeover/ops-cleanup/role/data-lake-loader-role"),
    ("role-admin/data-lake-loader", "escalation-path/data-lake-loader"),
    # a route that asks nothing, and what is there by it alone: REST, HTTP, a load balancer, WebSocket
    ("api-route-unauthenticated/partner-legacy-proxy", "spend-ceiling-high/partner-legacy-proxy"),
    ("api-route-unauthenticated/partner-stock-feed", "spend-ceiling-high/partner-stock-feed"),
    ("api-route-unauthenticated/storefront-render", "spend-ceiling-high/storefront-render"),
    ("api-route-unauthenticated/chat-connect", "spend-ceiling-high/chat-connect"),
    ("api-route-unauthenticated/partner-legacy-proxy", "api-route-unvalidated/partner-legacy-proxy"),
    # one setting of a function
    ("runtime-update-blocked/gift-card-api", "runtime-deprecated/gift-card-api"),
    ("timeout-max/report-builder", "timeout-over-threshold/report-builder"),
    ("vpc-none-sensitive/card-vault-proxy", "vpc-none/card-vault-proxy"),
    ("code-unversioned/price-rules", "snapstart-config/price-rules"),
    # one command replaces the whole list
    ("url-cors-any-origin-credentials/partner-stock-api", "url-cors-any-origin/partner-stock-api"),
    ("vpc-public-subnet/pos-sync/#0", "vpc-public-subnet/pos-sync/#1"),
    ("subnet-ip-exhaustion/flash-sale-queue/#0", "subnet-ip-exhaustion/flash-sale-queue/#1"),
    # one thing that several functions use
    ("role-shared/etl-extract", "role-shared/etl-load"),
    ("sg-egress-any/cdn-invalidator", "sg-egress-any/price-watch"),
    ("stored-secret-unused/checkout-create-order", "stored-secret-unused/feature-hints"),
    ("efs-no-posix-user/media-transcoder", "efs-root-directory/media-transcoder"),
    # one assignment, by which its holder can do several things
    ("role-admin/fhw-access-desk", "keys-readable-by-others/fhw-catalog-patcher/Role Based Access"),
    ("role-takeover/fhw-deploy-helper", "code-writable-by-others/fhw-catalog-patcher/Website Contributor"),
    (
        "role-trust-wide/partner-price-api",
        "identity-usable-by-others/partner-price-api/projects/fernhollow-shop/serviceAccounts",
    ),
    # Azure: the authentication of an app
    ("anonymous-endpoint-effective/fhw-promo-banner", "url-auth-none/fhw-promo-banner"),
    ("anonymous-endpoint-effective/fhw-promo-banner", "authentication-off/fhw-promo-banner"),
    ("anonymous-endpoint-effective/fhw-reviews-api", "http-into-privileged-identity/fhw-reviews-api"),
    ("authentication-redirect-open/fhw-returns-portal/http:", "authentication-redirect-open/fhw-returns-portal/*"),
    (
        "authentication-token-unrestricted/fhw-returns-portal/issuer",
        "authentication-token-unrestricted/fhw-returns-portal/audience",
    ),
    ("front-end-bypass/fhw-gift-finder", "ingress-open/fhw-gift-finder"),
    ("access-rule-admits-everyone/fhw-kiosk-api", "ingress-open/fhw-kiosk-api"),
    ("durable-endpoints-public/fhw-returns-workflow", "ingress-open/fhw-returns-workflow"),
    # a storage account, a vault, a registry, an environment
    ("storage-anonymous-container/fhw-photo-contest", "storage-anonymous-container/fhw-review-import"),
    ("storage-network-open/fhw-photo-contest", "storage-network-open/fhw-customer-export"),
    ("storage-keys-old/fhw-ab-test", "storage-shared-key-allowed/fhw-ab-test"),
    ("storage-keys-old/fhw-hello-world-test", "storage-shared-key-allowed/fhw-ab-test"),
    ("registry-admin-user/fhw-label-printer/admin-user", "registry-admin-user/fhw-label-printer/public-network"),
    ("container-environment-public/fhw-photo-contest", "container-environment-public/fhw-gift-wrap"),
    ("container-host-open/fhw-gift-wrap/external", "container-host-open/fhw-gift-wrap/insecure"),
    ("container-host-open/fhw-gift-wrap/insecure", "https-not-enforced/fhw-gift-wrap"),
    ("container-host-open/fhw-gift-wrap/external", "container-host-authentication-off/fhw-gift-wrap"),
    ("container-host-open/fhw-photo-contest/external", "ingress-open/fhw-photo-contest"),
    ("publishing-password-allowed/fhw-hello-world-test/ftp", "publishing-password-allowed/fhw-hello-world-test/scm"),
    # a setting, and what uses it
    ("env-secret-value/fhw-image-resizer/MediaStore", "trigger-shared-key/fhw-image-resizer"),
    ("env-secret-value/fhw-till-events/TillBus", "trigger-shared-key/fhw-till-events/receipts"),
    ("slot-swap-moves-secrets/fhw-crm-connector", "slot-swap-moves-secrets/fhw-crm-connector/staging"),
    ("diagnostics-absent/fhw-etl-extract", "audit-logs-absent/fhw-etl-extract"),
    ("diagnostics-absent/fhw-etl-extract", "http-logs-off/fhw-etl-extract"),
    ("insights-absent/fhw-silent-worker", "insights-link-absent/fhw-silent-worker"),
    ("url-cors-any-origin-credentials/fhw-wishlist", "cors-local-origin/fhw-wishlist/localhost"),
    ("threat-detection-not-covering/fhw-delivery-slots", "threat-detection-not-covering/fhw-photo-contest"),
    # Google Cloud
    ("anonymous-endpoint-effective/store-locator", "policy-public/store-locator"),
    ("anonymous-endpoint-effective/promo-banner", "url-auth-none/promo-banner"),
    ("anonymous-endpoint-effective/product-render", "gpu-or-large-cpu-public/product-render"),
    ("source-bucket-writable/feed-checks", "source-bucket-writable/warehouse-loader"),
    ("source-bucket-public/lookbook", "source-bucket-writable/lookbook"),
    ("runtime-pinned/tax-rates", "deployment-stale/tax-rates"),
    ("service-drift/basket-api/service account", "service-drift/basket-api/timeout"),
    ("env-secret-value/orders-db-sync/DATABASE_URL@gcp", "secret-reference-absent/orders-db-sync@gcp"),
    ("timeout-max/video-digest", "timeout-over-threshold/video-digest"),
    # one binding, seen from the role, from what it leads to and from whom it opens
    ("custom-role-escalates/release-helper", "role-admin/release-helper"),
    ("role-above-account/warehouse-loader", "role-service-wildcard/warehouse-loader"),
    ("escalation-path/nightly-broker", "role-takeover/nightly-broker"),
]
"""``check/function/part of the locus``; a slot's name follows its app's, a region has the place of a function. Loci that differ by the run
are counted: ``#0``. ``@cloud`` where two clouds have the function."""

APART = [
    # AWS: the URL needs a signature from then on, and still answers every origin
    ("url-auth-none/tracking-pixel", "url-cors-any-origin/tracking-pixel"),
    ("url-auth-none/tracking-pixel", "concurrency-unreserved/tracking-pixel"),
    ("url-auth-none/store-hours", "url-in-use/store-hours"),
    ("access-analyzer-off-or-findings/us-east-1/promo-banner", "access-analyzer-off-or-findings/us-east-1/style-quiz"),
    # the same statement id in two functions, the same managed policy on two roles
    ("policy-public/catalog-archive", "policy-public/gift-wrap-options"),
    ("policy-cross-account/agency-campaigns", "policy-cross-account/supplier-orders@aws"),
    ("role-admin-bounded/bounded-admin", "role-admin/ops-cleanup"),
    ("role-admin/data-lake-loader", "role-aws-managed-broad/data-lake-loader"),
    ("role-trust-wide/cross-team-runner", "role-trust-wide/agency-runner"),
    # two variables, or one variable of two functions
    ("env-secret-value/crm-connector/CRM_PASSWORD", "env-secret-value/crm-connector/SETTINGS"),
    ("env-secret-value/payments-capture/PAYMENT_API_KEY@aws", "env-secret-value/payments-capture/AWS_KEY@aws"),
    ("env-secret-value/payments-capture/PAYMENT_API_KEY@gcp", "env-secret-value/gift-registry/PAYMENT_API_KEY@gcp"),
    # two settings of one repository, log group, secret, file system
    ("ecr-scan-off/image-classifier", "ecr-tag-mutable/image-classifier"),
    ("loggroup-no-cmk/hello-world-test", "loggroup-no-retention/hello-world-test"),
    ("stored-secret-public/erp-bridge", "stored-secret-not-rotated/erp-bridge"),
    ("efs-open-policy/media-transcoder", "efs-not-encrypted/media-transcoder"),
    ("layer-version-deleted/search-spelling", "layer-version-deleted/search-suggest"),
    ("sg-egress-any/cdn-invalidator", "sg-egress-any/pos-sync"),
    # Azure: two switches of one storage account, two accounts
    ("storage-http-allowed/fhw-photo-contest", "storage-min-tls-old/fhw-photo-contest"),
    ("storage-network-open/fhw-photo-contest", "storage-shared-key-allowed/fhw-review-import"),
    ("storage-network-open/fhw-photo-contest", "storage-network-open/fhw-hello-world-test"),
    ("storage-anonymous-container/fhw-customer-export", "mount-shared-key/fhw-customer-export"),
    ("plan-tier-low/fhw-hello-world-test", "plan-single-worker/fhw-hello-world-test"),
    ("insights-local-auth/fhw-session-tracer", "insights-public/fhw-session-tracer"),
    ("env-secret-value/fhw-crm-connector", "env-secret-value/fhw-crm-connector/staging"),
    ("env-secret-value/fhw-till-events/TillBus", "env-secret-value/fhw-till-events/TillHub"),
    ("trigger-source-open/fhw-till-events/clicks", "trigger-source-open/fhw-till-events/receipts"),
    ("trigger-shared-key/fhw-image-resizer", "trigger-source-open/fhw-image-resizer"),
    ("anonymous-endpoint-effective/fhw-promo-banner", "max-instances-unset/fhw-promo-banner"),
    # its path is left out of the authentication that would be asked for
    ("authentication-allows-anonymous/fhw-returns-portal", "key-only-auth-public/fhw-returns-portal"),
    ("front-end-bypass/fhw-brand-pages", "front-end-bypass/fhw-gift-finder"),
    ("custom-hostname-without-tls/fhw-press-room/past", "custom-hostname-without-tls/fhw-press-room/soon"),
    ("secret-reference-broken/fhw-coupon-service/COUPON_DB", "secret-reference-broken/fhw-coupon-service/COUPON_SALT"),
    ("container-host-open/fhw-gift-wrap/external", "container-environment-public/fhw-gift-wrap"),
    # Google Cloud
    ("source-bucket-writable/feed-checks", "source-bucket-writable/regional-report"),
    ("anonymous-endpoint-effective/size-adviser", "anonymous-endpoint-effective/gift-finder@gcp"),
    ("trigger-source-open/partner-webhook", "recursion-allowed/partner-webhook"),
    # without its role the account is still shared
    ("default-identity-editor/store-locator", "default-identity/store-locator"),
    ("connector-not-ready/depot-link", "connector-not-ready/erp-bridge"),
    ("custom-audience-accepted/partner-price-api", "custom-audience-accepted/partner-stock-api"),
    ("env-secret-value/payments-capture/MAPS_KEY@gcp", "env-secret-value/payments-capture/PAYMENT_API_KEY@gcp"),
]

ALIKE = {
    # an inventory: nothing is mended
    "trigger-inventory", "internet-reachable",
    # the command leaves open what is to be made or changed, one for each
    "cloudtrail-no-invoke-events", "ecr-no-cmk", "plan-not-zone-redundant", "trigger-source-open", "event-delivery-forbidden",
    "retry-without-dead-letter",
    # it only shows what is there
    "function-detached", "function-unlisted",
    # one of the two is closed by another change already, which ends the public access
    "concurrency-unreserved", "max-instances-unset", "public-and-unreserved", "authentication-off",
}  # fmt: skip
"""Checks whose findings may have one command and several causes."""


def the(report: dict[str, Any], name: str) -> dict[str, Any]:
    """The finding that a pair names; there must be exactly one."""
    rest, _, cloud = name.partition("@")
    check, function, *locus = rest.split("/", 2)
    found = [
        finding
        for finding in report["findings"]
        if finding["check_id"] == check
        and (not cloud or finding["cloud"] == cloud)
        and (finding["function_name"] or finding["region"]) in (function, "/".join((function, *locus)))
    ]
    slot = [finding for finding in found if finding["function_name"] not in (function, None)]
    if slot and locus:
        found = slot
    elif locus and locus[0].startswith("#"):
        found = sorted(found, key=lambda finding: finding["locus"])[int(locus[0][1:]) :][:1]
    elif locus:
        found = [finding for finding in found if locus[0] in finding["locus"]]
    else:
        found = [finding for finding in found if finding["function_name"] == function]
    assert len(found) == 1, (name, [(each["function_name"], each["locus"], each["cloud"]) for each in found])
    return found[0]


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_one_change_closes_both(report: dict[str, Any], one: str, other: str) -> None:
    assert the(report, one)["cause"] == the(report, other)["cause"]


@pytest.mark.parametrize(("one", "other"), APART)
def test_no_change_of_one_closes_the_other(report: dict[str, Any], one: str, other: str) -> None:
    assert the(report, one)["cause"] != the(report, other)["cause"]


def test_findings_with_one_command_have_one_cause(report: dict[str, Any]) -> None:
    by_command: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        command = finding["remediation"]["command"] or "#"
        if not command.startswith("#") and finding["check_id"] not in ALIKE:
            by_command.setdefault((finding["cloud"], command), []).append(finding)
    parted = {
        (one["check_id"], one["message"], other["message"])
        for alike in by_command.values()
        for one, other in combinations(alike, 2)
        if one["cause"] != other["cause"]
    }
    assert parted == set()


def test_the_pairs_are_of_every_cloud(report: dict[str, Any]) -> None:
    clouds = [the(report, one)["cloud"] for one, _ in (*TOGETHER, *APART)]
    assert all(clouds.count(cloud) >= 10 for cloud in ("aws", "azure", "gcp")), clouds
