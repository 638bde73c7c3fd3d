from dataclasses import replace
from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from checks.third_party_dependency.codesigning_absent import codesigning_absent
from checks.third_party_dependency.codesigning_warn_only import codesigning_warn_only
from checks.third_party_dependency.ecr_scan_off import ecr_scan_off
from checks.third_party_dependency.ecr_tag_mutable import ecr_tag_mutable
from checks.third_party_dependency.layer_other_account import layer_other_account
from checks.third_party_dependency.layer_version_deleted import layer_version_deleted
from checks.third_party_dependency.signing_not_on_artifact import signing_not_on_artifact
from checks.third_party_dependency.signing_publishers import signing_publishers
from tests.unit.checks.build import (
    FOREIGN,
    LISTED,
    code,
    found,
    image,
    image_code,
    layer,
    make,
    make_image,
    only,
    repository,
    settings,
    signing,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

SIGNING = "lambda:ListFunctionsByCodeSigningConfig"
PROFILE = "signer:GetSigningProfile"
REPOSITORIES = "ecr:DescribeRepositories"
LAYER = "lambda:GetLayerVersion"


def layered(*layers: Any) -> Function:
    return make(code=code(layers=Known(layers, LISTED)))


def signed(**changes: Any) -> Function:
    return make(code=code(**changes))


def in_repository(**changes: Any) -> Function:
    stored = Known(repository(**changes), REPOSITORIES)
    return make_image(code=image_code(image=image(repository=stored)))


UNSIGNED = Known(None, SIGNING)


def test_layer_other_account() -> None:
    foreign = layer("insights-agent", "7", FOREIGN)
    subjects = {
        "foreign": layered(layer(), foreign),
        "vendor": layered(layer("LambdaInsightsExtension", "53", "580247275435", vendor=True)),
        "own": layered(layer()),
        "none": make(),
        "of-nobody": layered(replace(layer(), account=None)),
        "foreign-beside-nobody": layered(replace(layer(), account=None), foreign),
        "denied": make(code=code(layers=unknown())),
    }

    assert verdicts(layer_other_account, subjects) == {
        "foreign": Status.FAIL,
        "vendor": Status.PASS,
        "own": Status.PASS,
        "none": Status.PASS,
        "of-nobody": Status.UNKNOWN,
        "foreign-beside-nobody": Status.FAIL,
        "denied": Status.UNKNOWN,
    }
    hit = only(layer_other_account, subjects["foreign"])
    assert hit.message == f"Layer insights-agent version 7 of function orders is owned by account {FOREIGN}"
    assert (hit.evidence[0].source, hit.locus) == (LISTED, foreign.id)
    for trusting in (settings(trusted_accounts=(FOREIGN,)), settings(trusted_layer_accounts=(FOREIGN,))):
        assert verdicts(layer_other_account, {"foreign": subjects["foreign"]}, trusting) == {"foreign": Status.PASS}


def test_layer_version_deleted() -> None:
    gone = layer("old-models", "1", exists=Known(False, LAYER))
    hidden = layer("hidden", "2", exists=unknown(LAYER))
    subjects = {
        "gone": layered(layer(), gone),
        "gone-beside-hidden": layered(hidden, gone),
        "there": layered(layer()),
        "none": make(),
        "hidden": layered(layer(), hidden),
        "denied": make(code=code(layers=unknown())),
    }
    assert verdicts(layer_version_deleted, subjects) == {
        "gone": Status.FAIL,
        "gone-beside-hidden": Status.FAIL,
        "there": Status.PASS,
        "none": Status.PASS,
        "hidden": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(layer_version_deleted, subjects["gone"])
    assert hit.message == "Layer old-models version 1 of function orders is deleted"
    assert hit.evidence[0].source == LAYER


def test_codesigning_absent() -> None:
    subjects = {
        "unsigned": signed(signing=UNSIGNED),
        "signed": make(),
        "image": make_image(),
        "denied": signed(signing=unknown(SIGNING)),
    }
    assert verdicts(codesigning_absent, subjects) == {
        "unsigned": Status.FAIL,
        "signed": Status.PASS,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(codesigning_absent, subjects["unsigned"])
    assert "has no code signing configuration" in hit.message
    assert hit.evidence[0].source == SIGNING


def test_codesigning_warn_only() -> None:
    subjects = {
        "warns": signed(signing=Known(signing(enforced=False), SIGNING)),
        "enforces": make(),
        "unsigned": signed(signing=UNSIGNED),
        "denied": signed(signing=unknown(SIGNING)),
    }
    assert verdicts(codesigning_warn_only, subjects) == {
        "warns": Status.FAIL,
        "enforces": Status.PASS,
        "unsigned": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(codesigning_warn_only, subjects["warns"])
    assert hit.evidence[0].detail == "UntrustedArtifactOnDeployment = Warn"
    assert signing().id in "\n".join(repairs(codesigning_warn_only, subjects["warns"]))


def test_signing_publishers() -> None:
    (publisher,) = signing().publishers
    foreign = replace(signing(), publishers=(replace(publisher, account=FOREIGN),))
    hidden = replace(signing(), publishers=(replace(publisher, status=unknown(PROFILE)),))
    hidden_foreign = replace(hidden, publishers=(replace(hidden.publishers[0], account=FOREIGN),))
    subjects = {
        "revoked": signed(signing=Known(signing(releases="Revoked", nightly="Active"), SIGNING)),
        "foreign": signed(signing=Known(foreign, SIGNING)),
        "foreign-of-hidden-state": signed(signing=Known(hidden_foreign, SIGNING)),
        "active": make(),
        "unsigned": signed(signing=UNSIGNED),
        "hidden": signed(signing=Known(hidden, SIGNING)),
        "denied": signed(signing=unknown(SIGNING)),
    }
    assert verdicts(signing_publishers, subjects) == {
        "revoked": Status.FAIL,
        "foreign": Status.FAIL,
        "foreign-of-hidden-state": Status.FAIL,
        "active": Status.PASS,
        "unsigned": Status.NOT_APPLICABLE,
        "hidden": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(signing_publishers, subjects["revoked"])
    assert "is revoked" in hit.message
    assert hit.evidence[0].source == PROFILE
    assert FOREIGN in only(signing_publishers, subjects["foreign"]).message
    assert found(signing_publishers, subjects["foreign"], settings(trusted_accounts=(FOREIGN,))) == ()


def test_signing_not_on_artifact() -> None:
    subjects = {
        "deployed-before-signing": signed(artifact_signed=Known(None, LISTED)),
        "signed": make(),
        "unsigned-by-choice": signed(signing=UNSIGNED, artifact_signed=Known(None, LISTED)),
        "artifact-denied": signed(artifact_signed=unknown()),
        "denied": signed(signing=unknown(SIGNING)),
    }
    assert verdicts(signing_not_on_artifact, subjects) == {
        "deployed-before-signing": Status.FAIL,
        "signed": Status.PASS,
        "unsigned-by-choice": Status.NOT_APPLICABLE,
        "artifact-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(signing_not_on_artifact, subjects["deployed-before-signing"])
    assert "is unsigned" in hit.message
    assert [evidence.source for evidence in hit.evidence] == [LISTED, SIGNING]


def test_ecr_scan_off() -> None:
    subjects = {
        "unscanned": in_repository(scan_on_push=Known(False, REPOSITORIES)),
        "scanned": make_image(),
        "archive": make(),
        "repository-gone": make_image(code=image_code(image=image(repository=Known(None, REPOSITORIES)))),
        "setting-denied": in_repository(scan_on_push=unknown(REPOSITORIES)),
        "denied": make_image(code=image_code(image=image(repository=unknown(REPOSITORIES)))),
    }
    assert verdicts(ecr_scan_off, subjects) == {
        "unscanned": Status.FAIL,
        "scanned": Status.PASS,
        "archive": Status.NOT_APPLICABLE,
        "repository-gone": Status.NOT_APPLICABLE,
        "setting-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(ecr_scan_off, subjects["unscanned"])
    assert hit.message == "Repository orders of function orders does not scan images on push, nor does a registry rule"
    assert hit.evidence[0].source == REPOSITORIES
    assert any("--repository-name orders" in form for form in repairs(ecr_scan_off, subjects["unscanned"]))


def test_ecr_tag_mutable() -> None:
    subjects = {
        "mutable": in_repository(immutable_tags=Known(False, REPOSITORIES)),
        "immutable": make_image(),
        "archive": make(),
        "denied": in_repository(immutable_tags=unknown(REPOSITORIES)),
    }
    assert verdicts(ecr_tag_mutable, subjects) == {
        "mutable": Status.FAIL,
        "immutable": Status.PASS,
        "archive": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert "are mutable" in only(ecr_tag_mutable, subjects["mutable"]).message
