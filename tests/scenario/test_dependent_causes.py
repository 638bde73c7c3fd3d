"""What becomes of the demo's findings once the cause of another is mended: as a scan after the change showed it."""

from typing import Any

import pytest

from auditor.engine.causes import Cause, group
from auditor.engine.evaluate import Results
from auditor.engine.score import Scorer
from auditor.model.ids import Cloud
from tests.scenario.replaying import Replay
from tests.scenario.test_causes import the

GONE = "gone"
ROLES = "Role Based Access Control Administrator"

AZURE = [
    # the network in front of an app, its authentication, and what is there by both alone
    ("ingress-open/fhw-promo-banner", "anonymous-endpoint-effective/fhw-promo-banner", GONE),
    ("ingress-open/fhw-promo-banner", "url-auth-none/fhw-promo-banner", "low"),
    ("ingress-open/fhw-promo-banner", "exposure-path/fhw-promo-banner", GONE),
    ("ingress-open/fhw-promo-banner", "public-and-unreserved/fhw-promo-banner", GONE),
    ("ingress-open/fhw-promo-banner", "spend-ceiling-high/fhw-promo-banner", GONE),
    ("ingress-open/fhw-promo-banner", "daily-quota-unset/fhw-promo-banner", GONE),
    ("ingress-open/fhw-promo-banner", "no-firewall-in-front/fhw-promo-banner", GONE),
    ("ingress-open/fhw-promo-banner", "max-instances-unset/fhw-promo-banner", "as it was"),
    ("anonymous-endpoint-effective/fhw-promo-banner", "ingress-open/fhw-promo-banner", "low"),
    ("anonymous-endpoint-effective/fhw-promo-banner", "daily-quota-unset/fhw-promo-banner", "as it was"),
    ("durable-endpoints-public/fhw-returns-workflow", "key-only-auth-public/fhw-returns-workflow", GONE),
    ("access-rule-admits-everyone/fhw-kiosk-api", "no-firewall-in-front/fhw-kiosk-api", GONE),
    ("authentication-allows-anonymous/fhw-returns-portal", "key-only-auth-public/fhw-returns-portal", "as it was"),
    ("container-environment-public/fhw-photo-contest", "ingress-open/fhw-photo-contest", GONE),
    # one switch that makes another matter less
    ("ftp-plain-allowed/fhw-pos-sync", "publishing-password-allowed/fhw-pos-sync/ftp", "low"),
    ("ftp-plain-allowed/fhw-pos-sync", "publishing-password-allowed/fhw-pos-sync/scm", "as it was"),
    ("publishing-password-allowed/fhw-pos-sync/scm", "ftp-plain-allowed/fhw-pos-sync", "low"),
    ("publishing-password-allowed/fhw-hello-world-test/scm", "management-site-open/fhw-hello-world-test", "low"),
    ("storage-shared-key-allowed/fhw-ab-test", "storage-network-open/fhw-hello-world-test", "low"),
    ("storage-shared-key-allowed/fhw-ab-test", "storage-network-open/fhw-photo-contest", "as it was"),
    ("insights-absent/fhw-silent-worker", "diagnostics-absent/fhw-silent-worker", "low"),
    ("env-secret-value/fhw-crm-connector/CRM_PASSWORD", "slot-swap-moves-secrets/fhw-crm-connector", GONE),
    ("https-not-enforced/fhw-returns-portal", "authentication-accepts-http/fhw-returns-portal", GONE),
    # what an identity may decides how grave it is that others become it
    (
        "role-admin/fhw-catalog-patcher",
        "code-writable-by-others/fhw-catalog-patcher/Website Contributor",
        "informational",
    ),
    ("role-admin/fhw-catalog-patcher", f"keys-readable-by-others/fhw-catalog-patcher/{ROLES}", "informational"),
    ("role-admin/fhw-access-desk", "code-writable-by-others/fhw-catalog-patcher/Website Contributor", "as it was"),
    ("role-wide-scope/fhw-data-lake-loader", "keys-readable-by-others/fhw-data-lake-loader/Reader", "informational"),
    ("role-wide-scope/fhw-photo-contest", "escalation-path/fhw-customer-export", GONE),
    ("role-wide-scope/fhw-data-lake-loader", "escalation-path/fhw-customer-export", "as it was"),
]
GOOGLE = [
    ("ingress-open/promo-banner", "anonymous-endpoint-effective/promo-banner", GONE),
    ("ingress-open/promo-banner", "url-auth-none/promo-banner", "low"),
    ("ingress-open/promo-banner", "iap-off/promo-banner", GONE),
    ("ingress-open/size-adviser", "policy-public/size-adviser", "low"),
    ("ingress-open/size-adviser", "spend-ceiling-high/size-adviser", GONE),
    ("anonymous-endpoint-effective/size-adviser", "ingress-open/size-adviser", "low"),
    ("trigger-source-open/price-updates", "spend-ceiling-high/price-updates", GONE),
    ("trigger-source-open/feed-import", "spend-ceiling-high/feed-import", GONE),
    ("runtime-pinned/tax-rates", "deployment-stale/tax-rates", GONE),
    ("env-secret-value/payments-capture/MAPS_KEY", "secret-reference-absent/payments-capture", GONE),
    ("default-identity-editor/store-locator", "exposure-path/store-locator", GONE),
    ("default-identity-editor/store-locator", "http-into-privileged-identity/store-locator", GONE),
    ("default-identity-editor/store-locator", "default-identity/store-locator", "as it was"),
    ("default-identity/store-locator", "default-identity-editor/store-locator", GONE),
    ("role-admin/release-helper", "escalation-path/release-runner", GONE),
    ("role-admin/release-helper", "escalation-path/token-broker", "high"),
    ("role-admin/release-helper", "escalation-path/nightly-broker", GONE),
    ("role-admin/release-helper", "code-writable-by-others/release-helper", "informational"),
    ("escalation-path/release-runner", "code-writable-by-others/release-helper", GONE),
    ("role-takeover/release-runner/cloudfunctions.developer", "escalation-path/release-runner", GONE),
    ("escalation-path/token-broker", "service-account-key-exists/token-broker", "medium"),
    ("role-service-wildcard/bucket-janitor", "identity-usable-by-others/bucket-janitor", "informational"),
]


class After:
    """The findings of a cloud, each as it is once the cause of another is mended."""

    def __init__(self, replay: Replay, results: Results) -> None:
        causes = group(results.findings)
        self._scorer = Scorer(replay.inventory(), results, causes)
        self._causes = {finding.fingerprint: cause for cause in causes for finding in cause.findings}

    def of(self, change: str, other: str) -> str:
        """How grave ``other`` is with the cause of ``change`` mended."""
        cause, its = self._causes[change], self._causes[other]
        was = self._left(its)[other]
        self._scorer.close(cause)
        now = self._left(its).get(other)
        self._scorer.reopen(cause)
        if now is was:
            return "as it was"
        return GONE if now is None else now.value

    def _left(self, cause: Cause) -> dict[str, Any]:
        return self._scorer.left(cause)


@pytest.mark.parametrize(("cloud", "pairs"), [(Cloud.AZURE, AZURE), (Cloud.GCP, GOOGLE)])
def test_a_finding_becomes_what_a_scan_after_the_change_shows(
    cloud: Cloud,
    pairs: list[tuple[str, str, str]],
    report: dict[str, Any],
    replays: dict[Cloud, Replay],
    wholes: dict[tuple[Cloud, bool], Results],
) -> None:
    after = After(replays[cloud], wholes[cloud, False])
    found = {}
    for change, other, _ in pairs:
        one, two = the(report, f"{change}@{cloud}"), the(report, f"{other}@{cloud}")
        found[change, other] = after.of(one["fingerprint"], two["fingerprint"])
    assert found == {(change, other): then for change, other, then in pairs}
