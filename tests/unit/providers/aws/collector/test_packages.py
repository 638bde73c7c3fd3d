"""Packages of functions and layers: fetched by the signed address, analysed, recorded without address or code."""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.code.advisories.choosing import AdvisorySource
from auditor.code.enrichment import PackageEnricher
from auditor.code.findings import RULES
from auditor.enricher import PackageSource
from auditor.model.capture import Depth, Envelope
from auditor.model.observed import Known
from auditor.provider import CollectOptions
from providers.answers.code_analysis import SHAPE, analysis_of
from providers.aws.collect.packages import FUNCTION_CODE, Packages
from providers.aws.collect.region_context import Account, RegionContext
from providers.aws.gateway import Gateway
from providers.calls.work_queue import WorkQueue
from tests.unit.providers.aws.collector.conftest import ACCOUNT, REGION, Endpoint, Kept, Told
from tests.unit.providers.aws.normalize.capture import ORDERS, capture, ok

SIGNATURE = "X-Amz-" + "Signature=0123456789abcdef"
SECRET_LINE = "the line of code that nobody may keep"
RECORD = {
    "id": "GHSA-1",
    "aliases": ["CVE-2024-1"],
    "summary": "bad",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "requests"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.32.0"}]}],
        }
    ],
}


def package(version: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("app.py", f"# {SECRET_LINE}\n")
        archive.writestr(f"requests-{version}.dist-info/METADATA", f"Name: requests\nVersion: {version}\n")
    return out.getvalue()


PACKAGE = package("2.31.0")


def arn_of(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def answer(endpoint: Endpoint, path: str, content: bytes) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    location = f"{endpoint.url}{path}?{SIGNATURE}"
    configuration = {"FunctionName": "orders", "Handler": "app.handler", "CodeSha256": digest}
    return {"Configuration": configuration, "Code": {"RepositoryType": "S3", "Location": location}}


class Looking:
    """The packages of a region, looked into through a scripted endpoint."""

    def __init__(self, gateway: Gateway, options: CollectOptions, kept: Kept) -> None:
        self._context = RegionContext(
            gateway, Account(ACCOUNT, "aws"), REGION, options, WorkQueue("test", 1, kept.error)
        )
        self.packages = Packages(self._context)
        self._kept = kept

    def function(self, name: str) -> Envelope:
        asked = self._context.ask("lambda:GetFunction", FunctionName=name)
        self.packages.function(arn_of(name), asked)
        return self._kept.of(FUNCTION_CODE)[-1]


@pytest.fixture
def looking(gateway: Gateway, kept: Kept, options: Callable[..., CollectOptions], tmp_path: Path):
    (tmp_path / "records.jsonl.gz").write_bytes(gzip.compress(json.dumps(RECORD).encode()))
    enricher = PackageEnricher(AdvisorySource(str(tmp_path)), tmp_path / "cache")
    yield Looking(gateway, options(Depth.STANDARD, tiers=("packages",), enricher=enricher), kept)
    enricher.close()


def script(endpoint: Endpoint, answers: dict[str, Any]) -> None:
    def told(_method: str, path: str) -> Told:
        for part, said in answers.items():
            if part in path:
                return said if isinstance(said, Told) else Told(raw=said) if isinstance(said, bytes) else Told(said)
        return Told({"message": path}, 404)

    endpoint.script = told


def test_what_is_inside_a_package_is_recorded_and_neither_its_code_nor_its_address(looking, endpoint, kept) -> None:
    script(endpoint, {"/functions/": answer(endpoint, "/code.zip", PACKAGE), "/code.zip": PACKAGE})
    found = looking.function("orders")
    assert SHAPE.breach(found.body) is None
    assert [each["purl"] for each in found.body["Components"]] == ["pkg:pypi/requests@2.31.0"]
    (known,) = found.body["Vulnerabilities"]
    assert (known["id"], known["upgrade"], known["severity"]) == ("GHSA-1", "2.32.0", "medium")
    assert found.body["Incomplete"] == []
    said = json.dumps([envelope.body for envelope in kept.envelopes])
    assert SECRET_LINE not in said
    assert "Signature" not in said


def test_one_package_of_two_functions_is_fetched_once_and_kept_for_the_next_run(looking, endpoint, tmp_path) -> None:
    script(endpoint, {"/functions/": answer(endpoint, "/code.zip", PACKAGE), "/code.zip": PACKAGE})
    assert looking.function("orders").body == looking.function("billing").body
    assert sum("/code.zip" in asked for asked in endpoint.asked) == 1
    later = PackageEnricher(AdvisorySource(str(tmp_path)), tmp_path / "cache")
    (kept_file,) = (tmp_path / "cache").iterdir()
    assert SECRET_LINE not in kept_file.read_text()
    assert looking.function("shipping").body["Rules"] == list(RULES)
    kept_file.write_text(json.dumps({**json.loads(kept_file.read_text()), "Rules": ["sql-injection"]}))
    source = PackageSource("orders", hashlib.sha256(PACKAGE).hexdigest(), "app.handler", fetch)
    assert later.package(source)["Rules"] == list(RULES), "an analysis by fewer rules is made anew"
    later.close()


def fetch(path: Path, _most: int) -> None:
    path.write_bytes(PACKAGE)


CASES: dict[str, tuple[Any, str]] = {
    "denied": (Told({}, 403), "DENIED"),
    "gone": (Told({}, 404), "SERVICE_ERROR"),
    "another package": (package("1.0"), "MALFORMED"),
    "cut off": (Told(raw=PACKAGE, cut=20), "UNREACHABLE"),
    "no archive": (b"<Error><Code>ExpiredToken</Code></Error>", "MALFORMED"),
    "elsewhere": (Told({}, 302, {"Location": "http://169.254.169.254/"}), "SERVICE_ERROR"),
}


def test_a_package_that_cannot_be_read_is_a_gap_with_its_reason(looking, endpoint) -> None:
    told = {}
    for case, (said, _) in CASES.items():
        asked = answer(endpoint, "/code.zip", said if case == "no archive" else PACKAGE)
        script(endpoint, {"/functions/": asked, "/code.zip": said})
        envelope = looking.function(case.replace(" ", "-"))
        told[case] = str(envelope.reason)
        assert SIGNATURE not in envelope.message
        assert envelope.permission == "lambda:GetFunction"
    assert told == {case: reason for case, (_, reason) in CASES.items()}


def test_a_refused_get_function_is_a_gap_of_the_code_too(looking, endpoint) -> None:
    denied = Told({"message": "no"}, 403, {"x-amzn-errortype": "AccessDeniedException"})
    script(endpoint, {"/functions/": denied})
    assert str(looking.function("orders").reason) == "DENIED"


def test_the_layers_of_a_container_image_are_left_out_on_purpose(looking, endpoint) -> None:
    image = {"Configuration": {"FunctionName": "render"}, "Code": {"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/a:b"}}
    script(endpoint, {"/functions/": image})
    envelope = looking.function("render")
    assert (str(envelope.reason), envelope.message) == (
        "NOT_IN_TIER",
        "the package is a container image, whose layers are not read",
    )


def test_only_https_is_fetched_from_elsewhere(looking, endpoint) -> None:
    asked = answer(endpoint, "/code.zip", PACKAGE)
    asked["Code"]["Location"] = f"http://198.51.100.7/code.zip?{SIGNATURE}"
    script(endpoint, {"/functions/": asked})
    assert looking.function("orders").message == "the cloud gave an address of the package that is not https"


def test_a_recorded_analysis_is_the_fact_and_a_damaged_one_is_unknown() -> None:
    from providers.aws.normalize import normalize

    component = {"purl": "pkg:pypi/a@1", "ecosystem": "PyPI", "name": "a", "version": "1", "path": "x"}
    body = {
        "Components": [{**component, "evidence": "installed"}],
        "Vulnerabilities": [],
        "Findings": [],
        "Incomplete": [],
        "Judged": True,
        "Advisories": "OSV dumps of 2026-11-01",
    }
    sound, damaged = (
        next(f for f in normalize(capture(ok(FUNCTION_CODE, each, ORDERS))).functions if f.id == ORDERS).code.analysis
        for each in (body, {**body, "Components": [component]})
    )
    assert sound == Known(analysis_of(body), FUNCTION_CODE)
    assert [each.name for each in sound.value.components] == ["a"]
    assert not damaged.known
    assert str(damaged.gap.reason) == "MALFORMED"
