"""Where the code of Azure apps and Google functions comes from, and who may replace it."""

from typing import Any

import pytest

from auditor.check import Check
from auditor.model.deployment import PackageKind, Source, SourceKind
from auditor.model.exposure import Reach
from auditor.model.finding import Status
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Confidence, Severity
from checks.third_party_dependency.build_shared_pool import build_shared_pool
from checks.third_party_dependency.host_extension_unexpected import host_extension_unexpected
from checks.third_party_dependency.image_not_pinned import image_not_pinned
from checks.third_party_dependency.image_repository_writable import image_repository_writable
from checks.third_party_dependency.package_from_url import package_from_url
from checks.third_party_dependency.registry_admin_user import registry_admin_user
from checks.third_party_dependency.registry_password_in_settings import registry_password_in_settings
from checks.third_party_dependency.source_bucket_writable import source_bucket_writable
from checks.third_party_dependency.source_repository_unexpected import source_repository_unexpected
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import Subject, found, only, settings, unknown, verdicts
from tests.unit.checks.gcp import make_gcp

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE


def app(**deployment: Any) -> Subject:
    return make_azure(deployment=Known(azure.deployment(**deployment), "graph:Sites"))


def service(**build: Any) -> Subject:
    return make_gcp(deployment=Known(gcp.deployment(build=gcp.build(**build)), "functions:ListFunctions"))


def image(**registry: Any) -> Subject:
    return app(registry=Known(azure.registry(**registry), "graph:SiteConfigs"))


def repository(location: str) -> Known[Source]:
    return Known(Source(kind=SourceKind.REPOSITORY, location=location, branch="main"), "web:GetSourceControl")


def writer(reach: Reach = Reach.SCOPED, **changes: Any) -> Any:
    named = {} if reach is not Reach.SCOPED else {"principals": ("user:builder@fernhollow.example",)}
    return gcp.grant(
        reach,
        **({"sid": "roles/storage.objectAdmin", "invokes": False, "modifies": True} | named | changes),  # type: ignore[arg-type]
    )


PIPELINE = writer(principals=("serviceAccount:builder@shop.iam.gserviceaccount.com", "projectEditor:shop"))
ADMINISTRATOR = writer(sid="project:shop/roles/storage.admin")


EXTENDED = azure.hosting(extensions=Known(("Contoso.Profiler",), "web:ListSiteExtensions"))
CASES: list[tuple[Check, str, Subject, Status]] = [
    (package_from_url, "signed", app(package=Known(PackageKind.SIGNED_URL, "s")), FAIL),
    (package_from_url, "plain", app(package=Known(PackageKind.PLAIN_URL, "s")), FAIL),
    (package_from_url, "local", app(), PASS),
    (package_from_url, "settings denied", app(package=unknown("web:ListApplicationSettings")), UNKNOWN),
    (package_from_url, "flex", app(package=not_offered("s", "Flex runs from its deployment storage")), ELSEWHERE),
    (source_repository_unexpected, "connected", app(source=repository("https://github.com/x/y")), FAIL),
    (source_repository_unexpected, "upload", app(), PASS),
    (source_repository_unexpected, "none", app(source=Known(None, "web:GetSourceControl")), PASS),
    (source_repository_unexpected, "unread", app(source=unknown("web:GetSourceControl")), UNKNOWN),
    (image_not_pinned, "latest", image(tag="latest"), FAIL),
    (image_not_pinned, "no tag", image(tag=None), FAIL),
    (image_not_pinned, "digest", image(tag="sha256:" + "ab" * 32), PASS),
    (image_not_pinned, "no container", app(), ELSEWHERE),
    (image_not_pinned, "unread", app(registry=unknown("graph:SiteConfigs")), UNKNOWN),
    (image_not_pinned, "google tag", service(pinned=Known(False, "run:ListServices")), FAIL),
    (image_not_pinned, "google digest", service(), PASS),
    (image_not_pinned, "google unread", service(pinned=unknown("run:ListServices")), UNKNOWN),
    (registry_password_in_settings, "password", image(password=Known(True, "s")), FAIL),
    (registry_password_in_settings, "identity", image(), PASS),
    (registry_password_in_settings, "unread", image(password=unknown("web:ListApplicationSettings")), UNKNOWN),
    (registry_password_in_settings, "no container", app(), ELSEWHERE),
    (registry_admin_user, "admin", image(admin_user=Known(True, "graph:Registries")), FAIL),
    (registry_admin_user, "sound", image(), PASS),
    (registry_admin_user, "unread", image(public=unknown("graph:Registries")), UNKNOWN),
    (registry_admin_user, "no container", app(), ELSEWHERE),
    (host_extension_unexpected, "installed", make_azure(hosting=Known(EXTENDED, "graph:Sites")), FAIL),
    (host_extension_unexpected, "bare", make_azure(), PASS),
    (host_extension_unexpected, "unread", make_azure(hosting=Known(azure.hosting(extensions=unknown()), "s")), UNKNOWN),
    (build_shared_pool, "shared", service(pool=Known(None, "functions:ListFunctions")), FAIL),
    (build_shared_pool, "own", service(), PASS),
    (build_shared_pool, "unread", service(pool=unknown()), UNKNOWN),
    (source_bucket_writable, "everyone", service(source_buckets=gcp.source_buckets(writer(Reach.ANONYMOUS))), FAIL),
    (source_bucket_writable, "readers", service(source_buckets=gcp.source_buckets(gcp.grant(invokes=False))), PASS),
    (source_bucket_writable, "agents", service(source_buckets=gcp.source_buckets(writer(principals=(), services=("robot",)))), PASS),
    (source_bucket_writable, "pipeline", service(source_buckets=gcp.source_buckets(PIPELINE)), PASS),
    (source_bucket_writable, "administrator", service(source_buckets=gcp.source_buckets(ADMINISTRATOR)), PASS),
    (source_bucket_writable, "unread", service(source_buckets=unknown("storage:GetBucketPolicy")), UNKNOWN),
    (image_repository_writable, "builders", service(image_access=Known((writer(),), "artifactregistry:GetRepositoryPolicy")), FAIL),
    (image_repository_writable, "nobody", service(), PASS),
    (image_repository_writable, "unread", service(image_access=unknown("artifactregistry:GetRepositoryPolicy")), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}


def test_a_plain_url_is_told_with_less_certainty_than_a_signed_one() -> None:
    plain = only(package_from_url, app(package=Known(PackageKind.PLAIN_URL, "s")))
    signed = only(package_from_url, app(package=Known(PackageKind.SIGNED_URL, "s")))
    assert (plain.severity, plain.confidence) == (Severity.MEDIUM, Confidence.LOW)
    assert (signed.severity, signed.confidence) == (None, None)


def test_own_repositories_and_extensions_can_be_named() -> None:
    mine = settings(trusted_repositories=("https://github.com/fernhollow/*",), allowed_extensions=("Contoso.*",))
    subject = app(source=repository("https://github.com/fernhollow/orders"))
    assert verdicts(source_repository_unexpected, {"own": subject}, mine) == {"own": PASS}
    assert verdicts(host_extension_unexpected, {"own": make_azure(hosting=Known(EXTENDED, "s"))}, mine) == {"own": PASS}


def test_strangers_rank_above_the_own_project() -> None:
    everyone, own = writer(Reach.ANONYMOUS), writer(index=1)
    hits = found(source_bucket_writable, service(source_buckets=gcp.source_buckets(everyone, own)))
    assert [hit.severity for hit in hits] == [None, Severity.MEDIUM]
    assert (
        hits[0].message
        == "allUsers can replace the source of function orders in gcf-v2-sources-123456789012-europe-west1 (roles/storage.objectAdmin)"
    )


def test_a_registry_that_is_public_fails_though_its_admin_user_is_unread() -> None:
    subject = image(admin_user=unknown("graph:Registries"), public=Known(True, "graph:Registries"))
    assert [hit.locus for hit in found(registry_admin_user, subject)] == ["public-network"]
