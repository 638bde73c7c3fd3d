"""Policies of aliases and published versions: read, or said to be left out; never passed over (S1)."""

from typing import Any

import pytest

from auditor.model.capture import Depth, Envelope
from auditor.model.exposure import UNLISTED, QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known, Unknown
from checks.exposure.policy_public import policy_public
from providers.aws.versions import AT_LEAST, asked_for
from tests.unit.checks.build import only, verdicts
from tests.unit.providers.aws.normalize.capture import (
    ORDERS,
    ROLE,
    absent,
    denied,
    ok,
    policy,
    published,
    statement,
    variable,
)
from tests.unit.providers.aws.normalize.test_function import function, gap

ALL, EACH, ALIASES = "lambda:ListPublishedVersions", "lambda:ListVersionsByFunction", "lambda:ListAliases"
POLICY = "lambda:GetPolicy"


def named(*versions: str) -> list[dict[str, Any]]:
    return [published(version) for version in versions]


def policies(found: Function) -> dict[str | None, QualifiedPolicy]:
    return {part.qualifier: part for part in found.policies.need()}


def public(version: str) -> Envelope:
    return ok(POLICY, {"Policy": policy(statement("Open", "*"))}, f"{ORDERS}#{version}")


def verdict(found: Function) -> Status:
    return verdicts(policy_public, {"orders": found})["orders"]


@pytest.mark.parametrize("version", ["7", "8"], ids=["behind-the-alias", "takes-a-share-of-its-traffic"])
def test_s1_a_public_policy_on_a_version_is_found(version: str) -> None:
    found = function("orders", public(version))
    (grant,) = policies(found)[version].statements.need()
    assert (grant.reach, grant.qualifier) == (Reach.ANY_PRINCIPAL, version)
    hit = only(policy_public, found)
    assert (hit.locus, hit.values["target"]) == (f"{version}/Open", f"orders:{version}")
    assert f"of version {version} in the policy of" in hit.message


def test_s1_at_standard_the_versions_behind_aliases_are_proved_and_others_not_claimed() -> None:
    others = ok(ALL, {"Functions": named("6", "7", "8")})
    found = function("orders", others, without=[EACH], depth=Depth.STANDARD)
    assert list(policies(found)) == [None, "live", "7", "8"]
    assert verdict(found) is Status.PASS
    assert verdict(function("orders", public("7"), depth=Depth.STANDARD)) is Status.FAIL


def test_s1_a_version_behind_an_alias_whose_policy_was_not_read_is_no_pass() -> None:
    for depth in (Depth.STANDARD, Depth.FULL):
        found = function("orders", denied(POLICY, f"{ORDERS}#7"), depth=depth)
        assert gap(policies(found)["7"].statements) == (GapReason.DENIED, POLICY, POLICY)
        assert verdict(found) is Status.UNKNOWN


def test_s1_at_full_versions_that_could_not_be_listed_are_no_pass() -> None:
    for lost in (denied(EACH, ORDERS), ok(EACH, {"Versions": named("8"), "NextMarker": "more"}, ORDERS)):
        found = function("orders", lost, denied(ALL))
        assert gap(policies(found)[UNLISTED].statements)[1] == EACH
        assert verdict(found) is Status.UNKNOWN


def test_s1_either_list_of_versions_is_enough() -> None:
    for lost in (denied(EACH, ORDERS), denied(ALL)):
        found = function("orders", lost)
        assert list(policies(found)) == [None, "live", "7", "8"]
        assert verdict(found) is Status.PASS


def test_s1_a_version_that_is_listed_and_was_not_asked_is_no_pass() -> None:
    found = function("orders", ok(ALL, {"Functions": named("7", "8", "9")}), ok(EACH, {"Versions": named("9")}, ORDERS))
    assert gap(policies(found)["9"].statements)[0] is GapReason.NOT_COLLECTED
    assert verdict(found) is Status.UNKNOWN


def test_s1_the_published_latest_is_a_qualifier_of_its_own() -> None:
    managed = ok(ALL, {"Functions": named("$LATEST.PUBLISHED", "7", "8")})
    found = function("orders", managed, denied(EACH, ORDERS), public("$LATEST.PUBLISHED"))
    assert policies(found)["$LATEST.PUBLISHED"].statements.need()[0].reach is Reach.ANY_PRINCIPAL


def test_s1_what_was_left_out_of_very_many_versions_is_said_and_no_pass() -> None:
    many = [str(number) for number in range(1, 51)]
    asked = asked_for(many, functions=3000)
    read = [absent(POLICY, f"{ORDERS}#{version}") for version in asked]
    listed = (ok(ALL, {"Functions": named(*many)}), ok(EACH, {"Versions": named(*many)}, ORDERS))
    found = function("orders", *listed, *read)
    left = policies(found)[UNLISTED].statements
    assert gap(left)[:2] == (GapReason.NOT_AT_DEPTH, POLICY)
    assert "the policies of 38 of 50 published versions were not asked" in left.gap.message  # 7 and 8 are in use
    assert verdict(found) is Status.NOT_EXAMINED
    assert verdict(function("orders", *listed, *read[1:], public("50"))) is Status.FAIL


def test_s1_of_very_many_versions_the_newest_must_have_been_asked() -> None:
    many = [str(number) for number in range(1, 51)]
    read = [absent(POLICY, f"{ORDERS}#{version}") for version in asked_for(many, functions=3000)[1:]]
    found = function(
        "orders", ok(ALL, {"Functions": named(*many)}), ok(EACH, {"Versions": named(*many)}, ORDERS), *read
    )
    assert gap(policies(found)["50"].statements)[0] is GapReason.NOT_COLLECTED
    assert verdict(found) is Status.UNKNOWN


def test_s1_at_standard_aliases_that_were_not_asked_are_left_out_on_purpose_only_without_a_version() -> None:
    none = ok(ALL, {"Functions": []})
    found = function("orders", none, without=[ALIASES, EACH], depth=Depth.STANDARD)
    assert gap(found.aliases)[0] is GapReason.NOT_AT_DEPTH
    assert verdict(found) is Status.PASS
    for broken in (denied(ALL), ok(ALL, {"Functions": [], "NextMarker": "more"}), ok(ALL, {"Functions": named("7")})):
        unasked = function("orders", broken, without=[ALIASES, EACH], depth=Depth.STANDARD)
        assert gap(unasked.aliases)[0] is GapReason.NOT_COLLECTED
        assert verdict(unasked) is Status.UNKNOWN


def test_s1_a_function_without_versions_has_no_policy_but_its_own() -> None:
    render = function("render")
    assert [part.qualifier for part in render.policies.need()] == [None]
    assert render.aliases == Known((), ALIASES)


@pytest.mark.parametrize(("functions", "read"), [(1, 3000), (3, 1000), (50, 60), (300, AT_LEAST), (10_000, AT_LEAST)])
def test_s1_the_share_of_versions_that_are_read_shrinks_with_the_region(functions: int, read: int) -> None:
    many = [str(number) for number in range(1, 5001)]
    asked = asked_for(many, functions)
    assert len(asked) == read
    assert asked[0] == "5000"
    assert asked_for(["2", "10", "$LATEST.PUBLISHED"], functions) == ("$LATEST.PUBLISHED", "10", "2")


def credentials(name: str, digest: str) -> dict[str, Any]:
    return {"Variables": {name: variable("secret", digest=digest)}}


def kept(*versions: dict[str, Any]) -> Any:
    """What published versions of ``orders`` still hold."""
    return function("orders", ok(EACH, {"Versions": list(versions)}, ORDERS)).deployment.need().revisions.secrets


def test_a_credential_that_only_a_published_version_holds() -> None:
    assert kept(published("7", Environment=credentials("OLD_KEY", "aaaa"))) == Known(("7/OLD_KEY",), EACH)
    assert kept(published("7", Environment={"Variables": {"STAGE": variable()}})) == Known((), EACH)


def test_a_version_whose_variables_could_not_be_decrypted_is_unknown() -> None:
    error = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "no kms:Decrypt"}}
    fact = kept(published("7", Environment=error))
    assert isinstance(fact, Unknown)
    assert fact.gap.message == "the variables of version 7 could not be read"
    both = kept(published("8", Environment=error), published("7", Environment=credentials("OLD_KEY", "aaaa")))
    assert both == Known(("7/OLD_KEY",), EACH)


def test_variables_of_versions_are_not_asked_below_full_depth() -> None:
    found = function("orders", without=(EACH,), depth=Depth.STANDARD)
    fact = found.deployment.need().revisions.secrets
    assert isinstance(fact, Unknown)
    assert fact.gap.reason is GapReason.NOT_AT_DEPTH


def served(found: Function) -> dict[str, tuple[tuple[str, ...], Any, Any]]:
    return {
        one.version: (
            one.through,
            one.runtime.value if isinstance(one.runtime, Known) else one.runtime.gap.reason,
            one.identity.value.name if isinstance(one.identity, Known) else one.identity.gap.reason,
        )
        for one in found.served.need()
    }


@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.FULL])
def test_s1_what_the_versions_behind_aliases_were_published_with_is_known(depth: Depth) -> None:
    old = [published("7", Role=ROLE.replace("orders-role", "gone"), Runtime="nodejs16.x"), *named("8", "9")]
    lists = [ok(ALL, {"Functions": old}), ok(EACH, {"Versions": [published("$LATEST"), *old]}, ORDERS)]
    found = function("orders", *lists, depth=depth)
    assert served(found) == {
        "7": (("live",), "nodejs16.x", "gone"),
        "8": (("live",), "python3.13", "orders-role"),
    }
    image = [published("7", Runtime=None, PackageType="Image"), *named("8")]
    lists = [ok(ALL, {"Functions": image}), ok(EACH, {"Versions": image}, ORDERS)]
    assert served(function("orders", *lists, depth=depth))["7"] == (("live",), None, "orders-role")


def test_s1_versions_that_could_not_be_read_are_unknown_one_by_one() -> None:
    both = function("orders", denied(ALL), denied(EACH, ORDERS))
    assert served(both) == dict.fromkeys(("7", "8"), (("live",), GapReason.DENIED, GapReason.DENIED))
    odd = [published("7", Role=7, Runtime=["python3.13"]), *named("8")]
    found = function("orders", ok(EACH, {"Versions": odd}, ORDERS))
    assert served(found)["7"] == (("live",), GapReason.MALFORMED, GapReason.MALFORMED)
    assert served(found)["8"] == (("live",), "python3.13", "orders-role")
    names = [{"FunctionArn": f"{ORDERS}:{each}", "Version": each} for each in ("7", "8")]
    found = function("orders", ok(ALL, {"Functions": names}), without=[EACH], depth=Depth.STANDARD)
    assert served(found)["7"] == (("live",), GapReason.NOT_COLLECTED, GapReason.NOT_COLLECTED)


def test_s1_nothing_is_served_where_no_version_was_published() -> None:
    found = function("orders", ok(ALL, {"Functions": []}), without=[EACH, ALIASES], depth=Depth.STANDARD)
    assert found.served.need() == ()
    unread = function("orders", denied(ALIASES, ORDERS))
    assert gap(unread.served)[1] == ALIASES
