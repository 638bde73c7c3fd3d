"""Packages of apps: fetched from where their settings say, analysed, recorded without address, token or code.

The files of an app come from Kudu's ``/api/zip/site/wwwroot/``, which takes Resource Manager's tokens of who holds
``Microsoft.Web/sites/publish/Action``; those of a Flex Consumption app lie as ``released-package.zip`` in the container
that its ``functionAppConfig`` names.
"""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from auditor.code.enrichment import PackageEnricher
from auditor.model.observed import Known, Unknown
from auditor.provider import CollectOptions
from providers.answers.code_analysis import SHAPE
from providers.azure.collect import run
from providers.azure.collect.packages import DEPLOYING, PACKAGE_CODE
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID
from tests.unit.providers.azure.collector.conftest import FIRST, Asked, Cloudlet, Endpoint, Kept, refused, site
from tests.unit.providers.azure.normalize.capture import ORDERS, THUMBS, ok
from tests.unit.providers.azure.normalize.reading import read
from tests.unit.providers.scripted import Told

SECRET_LINE = "the line of code that nobody may keep"
SIGNATURE = "s" + "ig=0123456789abcdef"
SETTINGS = "web:ListApplicationSettings"
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"


def package() -> Told:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        code = f"# {SECRET_LINE}\nimport os\nimport azure.functions as func\n"
        code += "def main(req: func.HttpRequest) -> str:\n    os.system(req.params['x'])\n"
        archive.writestr("Go/__init__.py", code)
    return Told(raw=out.getvalue())


def app(name: str, **properties: Any) -> dict[str, Any]:
    states = [
        {"name": f"{name}.azurewebsites.net", "hostType": "Standard"},
        {"name": f"{name}.scm.azurewebsites.net", "hostType": "Repository"},
    ]
    return site(FIRST, name, properties={"hostNameSslStates": states, **properties})


def settings(cloud: Cloudlet, name: str, package: str | None) -> None:
    given = {"FUNCTIONS_WORKER_RUNTIME": "python", **({"WEBSITE_RUN_FROM_PACKAGE": package} if package else {})}
    cloud.answers[f"/sites/{name}/config/appsettings/list"] = Told({"properties": given})


Make = Callable[..., CollectOptions]


def collected(gateway: Gateway, options: Make, kept: Kept, enricher: PackageEnricher | None, *tiers: str) -> None:
    run.read_subscriptions(gateway, options(tiers=tiers, enricher=enricher), kept)


def test_packages_are_read_from_where_each_app_says_they_lie(
    cloud: Cloudlet, endpoint: Endpoint, gateway: Gateway, options: Make, kept: Kept, enricher: PackageEnricher
) -> None:
    flex = {"functionAppConfig": {"deployment": {"storage": {"value": "https://acct.blob.core.windows.net/app"}}}}
    cloud.rows = [app("signed"), app("plain"), app("own"), app("flex", **flex)]
    settings(cloud, "signed", f"{endpoint.url}/pkg/signed.zip?sv=2021&{SIGNATURE}")
    settings(cloud, "plain", "https://acct.blob.core.windows.net/pkg/plain.zip")
    settings(cloud, "own", "1")
    heads: dict[str, str | None] = {}

    def told(asked: Asked) -> Told:
        heads[asked.path] = {name.lower(): value for name, value in asked.headers.items()}.get("authorization")
        return package()

    blob, files = "/hosts/acct.blob.core.windows.net", "/hosts/own.scm.azurewebsites.net/api/zip/site/wwwroot/"
    paths = ("/pkg/signed.zip", f"{blob}/pkg/plain.zip", files, f"{blob}/app/released-package.zip")
    cloud.answers.update(dict.fromkeys(paths, told))
    collected(gateway, options, kept, enricher, "packages")
    assert kept.told(PACKAGE_CODE) == dict.fromkeys(("signed", "plain", "own", "flex"), "ok")
    for envelope in kept.of(PACKAGE_CODE):
        assert SHAPE.breach(envelope.body) is None
        found = [(one["file"], one["rule"]) for one in envelope.body["Findings"]]
        assert found == [("Go/__init__.py", "command-injection")]
    signs_in = {path: heads[path] is not None for path in paths}
    assert signs_in == dict(zip(paths, (False, True, True, True), strict=True)), "a signed address gets no token"
    said = json.dumps([envelope.body for envelope in kept.envelopes if envelope.operation != SETTINGS])
    assert SECRET_LINE not in said
    assert "0123456789abcdef" not in said


def test_what_cannot_be_read_is_a_gap_that_names_what_it_takes(
    cloud: Cloudlet, endpoint: Endpoint, gateway: Gateway, options: Make, kept: Kept, enricher: PackageEnricher
) -> None:
    image = {**app("image"), "kind": "functionapp,linux,container"}
    nowhere = site(
        FIRST, "nowhere", properties={"hostNameSslStates": [{"name": "evil.example", "hostType": "Repository"}]}
    )
    cloud.rows = [app("vault"), app("own"), app("plain"), app("hidden"), app("clear"), image, nowhere]
    settings(cloud, "vault", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/p)")
    settings(cloud, "own", None)
    settings(cloud, "plain", "https://acct.blob.core.windows.net/pkg/plain.zip")
    settings(cloud, "clear", f"http://packages.example/app.zip?{SIGNATURE}")
    settings(cloud, "nowhere", "1")
    cloud.answers["/sites/hidden/config/appsettings/list"] = refused("AuthorizationFailed")
    denied = refused("AuthorizationPermissionMismatch")
    cloud.answers["/pkg/plain.zip"] = cloud.answers["/api/zip/site/wwwroot/"] = denied
    cloud.answers["/app.zip"] = refused("NotFound", status=404)
    collected(gateway, options, kept, enricher, "packages")
    listing = BY_ID[SETTINGS].permission
    told = {e.subject.rsplit("/", 1)[-1]: (str(e.reason), e.permission) for e in kept.of(PACKAGE_CODE)}
    assert told == {
        "vault": ("NOT_COLLECTED", BLOBS),
        "own": ("DENIED", DEPLOYING),
        "plain": ("DENIED", BLOBS),
        "hidden": ("DENIED", listing),
        "clear": ("SERVICE_ERROR", BLOBS),
        "image": ("NOT_IN_TIER", BLOBS),
        "nowhere": ("NOT_COLLECTED", DEPLOYING),
    }
    assert "0123456789abcdef" not in "".join(e.message or "" for e in kept.envelopes)
    assert not endpoint.paths("evil.example/api/zip/site/wwwroot/")


def test_no_package_is_asked_for_unless_the_run_says_so(
    cloud: Cloudlet, endpoint: Endpoint, gateway: Gateway, options: Make, kept: Kept
) -> None:
    cloud.rows = [app("own")]
    settings(cloud, "own", "1")
    collected(gateway, options, kept, None)
    assert kept.of(PACKAGE_CODE) == []
    assert not [path for path in endpoint.paths() if "/hosts/" in path]


def test_a_recorded_analysis_is_the_fact_and_what_was_not_asked_for_says_why() -> None:
    body = {"Components": [], "Vulnerabilities": [], "Findings": [], "Incomplete": [], "Judged": True}
    damaged = {**body, "Components": [{"purl": 1}]}
    told = (ok(PACKAGE_CODE, body, ORDERS), ok(PACKAGE_CODE, damaged, THUMBS))
    inside = {one.name: one.code.analysis for one in read(*told).functions}
    assert isinstance(inside["orders"], Known)
    assert isinstance(inside["thumbs"], Unknown)
    assert inside["thumbs"].gap.reason == "MALFORMED"
    unasked = {one.name: one.code.analysis for one in read().functions}["orders"]
    assert isinstance(unasked, Unknown)
    assert (unasked.gap.reason, unasked.gap.message) == ("NOT_IN_TIER", "asked only with --tier packages")
