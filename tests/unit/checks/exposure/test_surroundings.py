from dataclasses import replace
from typing import Any

from auditor.model.exposure import AccessGrant, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.inventory import Location
from auditor.model.network import SecurityGroup, Subnet
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.exposure.access_analyzer_off_or_findings import access_analyzer_off_or_findings
from checks.exposure.ecr_repo_public import ecr_repo_public
from checks.exposure.layer_shared_publicly import layer_shared_publicly
from checks.exposure.loggroup_public import loggroup_public
from checks.exposure.role_trust_wide import role_trust_wide
from checks.exposure.sg_ingress_any import sg_ingress_any
from checks.exposure.vpc_public_subnet import vpc_public_subnet
from tests.unit.checks.build import (
    FOREIGN,
    LISTED,
    arn,
    code,
    found,
    identity,
    image,
    image_code,
    layer,
    location,
    make,
    make_image,
    network,
    only,
    repository,
    rule,
    security_group,
    settings,
    statement,
    subnet,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

OPEN = statement(Reach.ANY_PRINCIPAL, sid="Open", principals=("*",), accounts=(), reason="any principal")
PARTNER = statement(Reach.CROSS_ACCOUNT, sid="Partner", accounts=(FOREIGN,), reason="another account")
NEWER = statement(Reach.UNRECOGNISED, sid="Newer", reason="an element we do not know")


def with_layer(*shared: AccessGrant, **changes: Any) -> Function:
    sharing: dict[str, Any] = {"sharing": Known(shared, "lambda:GetLayerVersionPolicy")}
    return make(code=code(layers=Known((layer(**(sharing | changes)),), LISTED)))


def test_layer_shared_publicly_judges_own_layers() -> None:
    hidden = layer("hidden", sharing=unknown("lambda:GetLayerVersionPolicy"))
    shared = layer(sharing=Known((OPEN,), "lambda:GetLayerVersionPolicy"))
    subjects = {
        "shared-with-everyone": with_layer(OPEN),
        "shared-with-partner": with_layer(PARTNER),
        "shared-with-organisation": with_layer(statement(Reach.ORGANISATION)),
        "not-shared": with_layer(),
        "no-layers": make(),
        "vendor-layer": with_layer(
            account="580247275435", vendor=True, sharing=unknown("lambda:GetLayerVersionPolicy")
        ),
        "deleted": with_layer(exists=Known(False, "lambda:GetLayerVersion"), sharing=unknown()),
        "deleted-beside-shared": make(
            code=code(layers=Known((layer("old", exists=Known(False, "lambda:GetLayerVersion")), shared), LISTED))
        ),
        "sharing-denied": make(code=code(layers=Known((hidden,), LISTED))),
        "newer-element": with_layer(NEWER),
        "denied-beside-shared": make(code=code(layers=Known((hidden, shared), LISTED))),
    }
    assert verdicts(layer_shared_publicly, subjects) == {
        "shared-with-everyone": Status.FAIL,
        "shared-with-partner": Status.FAIL,
        "shared-with-organisation": Status.PASS,
        "not-shared": Status.PASS,
        "no-layers": Status.PASS,
        "vendor-layer": Status.PASS,
        "deleted": Status.NOT_APPLICABLE,
        "deleted-beside-shared": Status.FAIL,
        "sharing-denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
        "denied-beside-shared": Status.FAIL,
    }
    hit = only(layer_shared_publicly, subjects["shared-with-everyone"])
    assert hit.message == "Layer shared-models version 3 is shared with everyone. any principal."
    assert hit.evidence[0].source == "lambda:GetLayerVersionPolicy"
    trusting = settings(trusted_accounts=(FOREIGN,))
    assert verdicts(layer_shared_publicly, {"partner": subjects["shared-with-partner"]}, trusting) == {
        "partner": Status.PASS
    }
    assert any(
        "--layer-name shared-models --version-number 3" in f
        for f in repairs(layer_shared_publicly, subjects["shared-with-everyone"])
    )


def from_repository(**changes: Any) -> Function:
    return make_image(code=image_code(image=image(repository=Known(repository(**changes), "ecr:DescribeRepositories"))))


def test_ecr_repo_public_judges_the_repository_in_use() -> None:
    def policy(*statements: AccessGrant) -> Known[tuple[AccessGrant, ...]]:
        return Known(statements, "ecr:GetRepositoryPolicy")

    subjects = {
        "open": from_repository(policy=policy(OPEN)),
        "partner": from_repository(policy=policy(PARTNER)),
        "lambda-pulls": from_repository(policy=policy(statement(Reach.SERVICE_WITHOUT_SOURCE))),
        "no-policy": from_repository(),
        "policy-denied": from_repository(policy=unknown("ecr:GetRepositoryPolicy")),
        "newer-element": from_repository(policy=policy(NEWER)),
        "repository-denied": make_image(code=image_code(image=image(repository=unknown("ecr:DescribeRepositories")))),
        "archive": make(),
        "other-registry": make_image(code=image_code(image=image(repository=Known(None, "lambda:GetFunction")))),
    }
    assert verdicts(ecr_repo_public, subjects) == {
        "open": Status.FAIL,
        "partner": Status.FAIL,
        "lambda-pulls": Status.PASS,
        "no-policy": Status.PASS,
        "policy-denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
        "repository-denied": Status.UNKNOWN,
        "archive": Status.NOT_APPLICABLE,
        "other-registry": Status.NOT_APPLICABLE,
    }
    assert only(ecr_repo_public, subjects["open"]).severity is Severity.CRITICAL
    assert "image repository orders allows everyone to call" in only(ecr_repo_public, subjects["open"]).message
    assert repairs(ecr_repo_public, subjects["open"])


def trusted_by(*statements: AccessGrant) -> Function:
    return make(identity=Known(identity(trust=(Known(statements, "iam:GetAccountAuthorizationDetails"),)), LISTED))


def test_role_trust_wide_counts_second_fences() -> None:
    fenced = replace(PARTNER, condition_keys=("sts:ExternalId",))
    subjects = {
        "everyone": trusted_by(OPEN),
        "partner": trusted_by(PARTNER),
        "partner-with-external-id": trusted_by(fenced),
        "everyone-from-one-address": trusted_by(
            replace(OPEN, reach=Reach.CONDITIONAL, condition_keys=("aws:SourceIp",))
        ),
        "lambda-only": make(),
        "trust-denied": make(identity=Known(identity(trust=(unknown("iam:GetAccountAuthorizationDetails"),)), LISTED)),
        "newer-element": trusted_by(NEWER),
        "role-denied": make(identity=unknown()),
        "no-role": make(identity=Known(None, LISTED)),
        "role-gone": make(identity=Known(identity(exists=Known(False, "iam")), LISTED)),
    }
    assert verdicts(role_trust_wide, subjects) == {
        "everyone": Status.FAIL,
        "partner": Status.FAIL,
        "partner-with-external-id": Status.PASS,
        "everyone-from-one-address": Status.FAIL,
        "lambda-only": Status.PASS,
        "trust-denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
        "role-denied": Status.UNKNOWN,
        "no-role": Status.NOT_APPLICABLE,
        "role-gone": Status.NOT_APPLICABLE,
    }
    assert (
        only(role_trust_wide, subjects["everyone"]).message
        == "Role orders-role can be assumed by any AWS principal. any principal."
    )
    assert only(role_trust_wide, subjects["partner"]).severity is Severity.HIGH
    assert repairs(role_trust_wide, subjects["everyone"])


def test_a10_every_principal_of_an_organisation_may_assume_the_role() -> None:
    whole = replace(OPEN, reach=Reach.ORGANISATION, condition_keys=("aws:PrincipalOrgID",))
    member = replace(PARTNER, reach=Reach.ORGANISATION, condition_keys=("aws:PrincipalOrgID",))
    foreign = replace(OPEN, reach=Reach.CROSS_ACCOUNT, accounts=(), condition_keys=("aws:PrincipalOrgID",))
    assert only(role_trust_wide, trusted_by(whole)).severity is Severity.MEDIUM
    assert only(role_trust_wide, trusted_by(replace(whole, own_organization=True))).severity is Severity.LOW
    assert only(role_trust_wide, trusted_by(foreign)).severity is Severity.HIGH
    assert verdicts(role_trust_wide, {"member": trusted_by(member)}) == {"member": Status.PASS}


def test_access_analyzer_off_or_findings_reports_absence_and_findings_about_functions() -> None:
    function = arn("lambda", "function:orders")

    def analysed(*resources: str) -> Location:
        return location(access_analysis=Known(resources, "access-analyzer:ListFindings"))

    subjects = {
        "no-analyser": location(access_analysis=Known(None, "access-analyzer:ListAnalyzers")),
        "finding": analysed(function),
        "finding-about-a-bucket": analysed("arn:aws:s3:::public-site"),
        "quiet": location(),
        "denied": location(access_analysis=unknown("access-analyzer:ListAnalyzers")),
    }
    assert verdicts(access_analyzer_off_or_findings, subjects) == {
        "no-analyser": Status.FAIL,
        "finding": Status.FAIL,
        "finding-about-a-bucket": Status.PASS,
        "quiet": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(access_analyzer_off_or_findings, subjects["finding"]).locus == function
    assert only(access_analyzer_off_or_findings, subjects["no-analyser"]).severity is Severity.LOW
    assert repairs(access_analyzer_off_or_findings, subjects["no-analyser"])


def in_subnets(*subnets: Subnet) -> Function:
    return make(network=Known(network(subnets=subnets), LISTED))


def test_vpc_public_subnet_reads_each_subnet() -> None:
    public = subnet(public=Known(True, "ec2:DescribeRouteTables"))
    hidden = subnet("us-east-1b", public=unknown("ec2:DescribeRouteTables"))
    gone = subnet("us-east-1c", exists=Known(False, "ec2:DescribeSubnets"), public=unknown("ec2:DescribeRouteTables"))
    subjects = {
        "public": in_subnets(public),
        "private": make(),
        "routes-denied": in_subnets(hidden),
        "public-beside-denied": in_subnets(hidden, public),
        "private-and-a-ghost": in_subnets(subnet(), gone),
        "no-vpc": make(network=Known(None, LISTED)),
        "network-denied": make(network=unknown()),
    }
    assert verdicts(vpc_public_subnet, subjects) == {
        "public": Status.FAIL,
        "private": Status.PASS,
        "routes-denied": Status.UNKNOWN,
        "public-beside-denied": Status.FAIL,
        "private-and-a-ghost": Status.PASS,
        "no-vpc": Status.NOT_APPLICABLE,
        "network-denied": Status.UNKNOWN,
    }
    assert only(vpc_public_subnet, subjects["public"]).evidence[0].source == "ec2:DescribeRouteTables"
    assert repairs(vpc_public_subnet, subjects["public"])


def behind(*groups: SecurityGroup) -> Function:
    return make(network=Known(network(security_groups=groups), LISTED))


def test_sg_ingress_any_names_ports_and_peers() -> None:
    wide = security_group(ingress=(rule("0.0.0.0/0", "::/0"), rule("10.0.0.0/8", from_port=22, to_port=22)))
    everything = security_group(ingress=(rule("0.0.0.0/0", protocol="-1", from_port=None, to_port=None),) * 2)
    subjects = {
        "wide": behind(wide),
        "everything": behind(everything),
        "closed": make(),
        "inside-only": behind(security_group(ingress=(rule("10.0.0.0/8"),))),
        "group-denied": behind(replace(security_group(), ingress=unknown("ec2:DescribeSecurityGroups"))),
        "no-vpc": make(network=Known(None, LISTED)),
    }
    assert verdicts(sg_ingress_any, subjects) == {
        "wide": Status.FAIL,
        "everything": Status.FAIL,
        "closed": Status.PASS,
        "inside-only": Status.PASS,
        "group-denied": Status.UNKNOWN,
        "no-vpc": Status.NOT_APPLICABLE,
    }
    assert [hit.message for hit in found(sg_ingress_any, subjects["wide"])] == [
        "Security group sg-0a1b2c3d of orders allows ingress from 0.0.0.0/0 to tcp 443",
        "Security group sg-0a1b2c3d of orders allows ingress from ::/0 to tcp 443",
    ]
    assert only(sg_ingress_any, subjects["everything"]).locus == "sg-0a1b2c3d/every port/0.0.0.0/0"
    assert repairs(sg_ingress_any, subjects["wide"])


def test_loggroup_public_judges_the_log_resource_policies() -> None:
    def logged(*statements: AccessGrant) -> Location:
        return location(log_policies=Known(statements, "logs:DescribeResourcePolicies"))

    subjects = {
        "everyone": logged(replace(OPEN, actions=("logs:PutLogEvents",), invokes=False)),
        "partner": logged(PARTNER),
        "delivery-service": logged(statement(Reach.SERVICE_WITHOUT_SOURCE)),
        "none": location(),
        "denied": location(log_policies=unknown("logs:DescribeResourcePolicies")),
        "newer-element": logged(NEWER),
    }
    assert verdicts(loggroup_public, subjects) == {
        "everyone": Status.FAIL,
        "partner": Status.FAIL,
        "delivery-service": Status.PASS,
        "none": Status.PASS,
        "denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
    }
    assert "allows everyone to call logs:PutLogEvents" in only(loggroup_public, subjects["everyone"]).message
    assert only(loggroup_public, subjects["everyone"]).evidence[0].source == "logs:DescribeResourcePolicies"
    assert repairs(loggroup_public, subjects["everyone"])
