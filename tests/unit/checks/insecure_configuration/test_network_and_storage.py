from dataclasses import replace
from typing import Any

import pytest

from auditor.check import Check
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.tags import Tags
from checks.insecure_configuration.ecr_no_cmk import ecr_no_cmk
from checks.insecure_configuration.ecr_no_lifecycle import ecr_no_lifecycle
from checks.insecure_configuration.efs_no_posix_user import efs_no_posix_user
from checks.insecure_configuration.efs_not_encrypted import efs_not_encrypted
from checks.insecure_configuration.efs_open_policy import efs_open_policy
from checks.insecure_configuration.efs_root_directory import efs_root_directory
from checks.insecure_configuration.ipv6_egress import ipv6_egress
from checks.insecure_configuration.sg_egress_any import sg_egress_any
from checks.insecure_configuration.vpc_none import vpc_none
from checks.insecure_configuration.vpc_none_sensitive import vpc_none_sensitive
from checks.transport.vpc_no_endpoints import vpc_no_endpoints
from tests.unit.checks.build import (
    LISTED,
    ROLES,
    grant,
    identity,
    image,
    image_code,
    make,
    make_image,
    mount,
    network,
    only,
    repository,
    rule,
    security_group,
    settings,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

GROUPS = "ec2:DescribeSecurityGroups"
ENDPOINTS = "ec2:DescribeVpcEndpoints"
TAGS = "tag:GetResources"
POINTS = "elasticfilesystem:DescribeAccessPoints"
OUTSIDE = make(network=Known(None, LISTED))
DENIED = make(network=unknown())
EVERYTHING = rule("0.0.0.0/0", protocol="-1", from_port=None, to_port=None)
CONFIDENTIAL = Known(Tags({"Data-Classification": "Confidential"}), TAGS)


def inside(**changes: Any) -> Function:
    return make(network=Known(network(**changes), LISTED))


def mounting(**changes: Any) -> Function:
    return make(mounts=Known((mount(**changes),), LISTED))


def test_vpc_none() -> None:
    subjects = {"outside": OUTSIDE, "inside": make(), "denied": DENIED}
    assert verdicts(vpc_none, subjects) == {
        "outside": Status.FAIL,
        "inside": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(vpc_none, OUTSIDE).evidence[0].detail == "VpcConfig.VpcId is empty"


def test_vpc_none_sensitive() -> None:
    outside: Known[Any] = Known(None, LISTED)
    subjects = {
        "sensitive-outside": make(tags=CONFIDENTIAL, network=outside),
        "sensitive-inside": make(tags=CONFIDENTIAL),
        "dull-outside": OUTSIDE,
        "tags-denied-inside": make(tags=unknown(TAGS)),
        "tags-denied-outside": make(tags=unknown(TAGS), network=outside),
        "sensitive-network-denied": make(tags=CONFIDENTIAL, network=unknown()),
        "dull-network-denied": DENIED,
    }
    assert verdicts(vpc_none_sensitive, subjects) == {
        "sensitive-outside": Status.FAIL,
        "sensitive-inside": Status.PASS,
        "dull-outside": Status.NOT_APPLICABLE,
        "tags-denied-inside": Status.PASS,
        "tags-denied-outside": Status.UNKNOWN,
        "sensitive-network-denied": Status.UNKNOWN,
        "dull-network-denied": Status.NOT_APPLICABLE,
    }
    hit = only(vpc_none_sensitive, subjects["sensitive-outside"])
    assert "tagged Data-Classification=Confidential" in hit.message
    assert [evidence.source for evidence in hit.evidence] == [TAGS, LISTED]
    own = settings(sensitive_tags=("owner=payments",))
    assert verdicts(vpc_none_sensitive, {"own-tag": OUTSIDE}, own) == {"own-tag": Status.FAIL}


def test_sg_egress_any() -> None:
    open_group = security_group(egress=(EVERYTHING,))
    hidden = replace(security_group(), id="sg-hidden", egress=unknown(GROUPS))
    gone = replace(hidden, exists=Known(False, GROUPS))
    subjects = {
        "everything": inside(security_groups=(open_group,)),
        "every-port": inside(security_groups=(security_group(egress=(rule("::/0", from_port=0, to_port=65535),)),)),
        "https-to-anywhere": inside(security_groups=(security_group(egress=(rule("0.0.0.0/0"),)),)),
        "narrow": make(),
        "group-denied": inside(security_groups=(hidden,)),
        "everything-beside-denied": inside(security_groups=(hidden, open_group)),
        "group-gone": inside(security_groups=(gone,)),
        "outside": OUTSIDE,
        "denied": DENIED,
    }
    assert verdicts(sg_egress_any, subjects) == {
        "everything": Status.FAIL,
        "every-port": Status.FAIL,
        "https-to-anywhere": Status.PASS,
        "narrow": Status.PASS,
        "group-denied": Status.UNKNOWN,
        "everything-beside-denied": Status.FAIL,
        "group-gone": Status.PASS,
        "outside": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(sg_egress_any, subjects["everything"])
    assert hit.message == "Security group sg-0a1b2c3d of function orders allows egress to 0.0.0.0/0 on every port"
    assert (hit.evidence[0].source, hit.locus) == (GROUPS, "sg-0a1b2c3d")
    assert any(
        """--group-id sg-0a1b2c3d --ip-permissions '[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]'"""
        in form
        for form in repairs(sg_egress_any, subjects["everything"])
    )


def test_ipv6_egress() -> None:
    six = (security_group(egress=(rule("::/0"),)),)
    subjects = {
        "dual-stack": inside(dual_stack=True, security_groups=six),
        "dual-stack-narrow": inside(dual_stack=True),
        "single-stack": inside(security_groups=six),
        "outside": OUTSIDE,
        "denied": DENIED,
    }
    assert verdicts(ipv6_egress, subjects) == {
        "dual-stack": Status.FAIL,
        "dual-stack-narrow": Status.PASS,
        "single-stack": Status.NOT_APPLICABLE,
        "outside": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(ipv6_egress, subjects["dual-stack"])
    assert "of dual-stack function orders allows egress on tcp 443 to ::/0" in hit.message
    narrow = '[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]'
    assert any(narrow in form for form in repairs(ipv6_egress, subjects["dual-stack"]))
    assert [evidence.source for evidence in hit.evidence] == [GROUPS, LISTED]


def test_vpc_no_endpoints() -> None:
    none: Known[Any] = Known((), ENDPOINTS)
    secret_reader = identity(grant(("secretsmanager:getsecretvalue", "s3:getobject")))
    readable = Known((grant(("s3:getobject",)),), ROLES)
    subjects = {
        "reads-a-table": inside(endpoints=none),
        "reads-secrets-and-objects": make(
            network=Known(network(endpoints=none), LISTED), identity=Known(secret_reader, LISTED)
        ),
        "a-document-denied": make(
            network=Known(network(endpoints=none), LISTED),
            identity=Known(identity(statements=(unknown(ROLES), readable)), LISTED),
        ),
        "has-them": make(),
        "has-them-role-denied": make(identity=unknown(ROLES)),
        "role-denied": make(network=Known(network(endpoints=none), LISTED), identity=unknown(ROLES)),
        "endpoints-denied": inside(endpoints=unknown(ENDPOINTS)),
        "outside": OUTSIDE,
    }
    assert verdicts(vpc_no_endpoints, subjects) == {
        "reads-a-table": Status.FAIL,
        "reads-secrets-and-objects": Status.FAIL,
        "a-document-denied": Status.FAIL,
        "has-them": Status.PASS,
        "has-them-role-denied": Status.PASS,
        "role-denied": Status.UNKNOWN,
        "endpoints-denied": Status.UNKNOWN,
        "outside": Status.NOT_APPLICABLE,
    }
    hit = only(vpc_no_endpoints, subjects["reads-a-table"])
    missing = "VPC vpc-0a1b2c3d of function orders has no endpoint for dynamodb"
    assert hit.message == f"{missing}, which role orders-role may call"
    assert hit.evidence[0].source == ENDPOINTS
    forms = repairs(vpc_no_endpoints, subjects["reads-secrets-and-objects"])
    assert any("Interface --service-name com.amazonaws.us-east-1.secretsmanager" in form for form in forms)
    assert any("Gateway --service-name com.amazonaws.us-east-1.s3" in form for form in forms)


@pytest.mark.parametrize(
    ("check", "field", "bad", "phrase"),
    [
        (efs_root_directory, "root_directory", "/", "of function orders exposes the root directory of the file system"),
        (efs_no_posix_user, "posix_user", False, "uses an access point that enforces no POSIX user"),
        (efs_not_encrypted, "encrypted", False, "is not encrypted at rest"),
        (efs_open_policy, "open_policy", True, "grants access to any principal"),
    ],
    ids=["root-directory", "posix-user", "encryption", "policy"],
)
def test_shared_file_systems(check: Check, field: str, bad: object, phrase: str) -> None:
    source = getattr(mount(), field).source
    subjects = {
        "bad": mounting(**{field: Known(bad, source)}),
        "sound": mounting(),
        "no-mount": make(),
        "mount-point-gone": mounting(exists=Known(False, POINTS), **{field: unknown(POINTS)}),
        "field-denied": mounting(**{field: unknown(source)}),
        "denied": make(mounts=unknown()),
    }
    assert verdicts(check, subjects) == {
        "bad": Status.FAIL,
        "sound": Status.PASS,
        "no-mount": Status.NOT_APPLICABLE,
        "mount-point-gone": Status.NOT_APPLICABLE,
        "field-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(check, subjects["bad"])
    assert phrase in hit.message
    assert (hit.evidence[0].source, hit.locus) == (source, "/mnt/data")


@pytest.mark.parametrize(
    ("check", "field", "phrase"),
    [
        (ecr_no_cmk, "customer_key", "of function orders is not encrypted with a customer-managed key"),
        (ecr_no_lifecycle, "lifecycle", "has no lifecycle policy"),
    ],
    ids=["key", "lifecycle"],
)
def test_image_repositories(check: Check, field: str, phrase: str) -> None:
    source = getattr(repository(), field).source

    def stored(fact: Any) -> Function:
        kept = Known(repository(**{field: fact}), "ecr:DescribeRepositories")
        return make_image(code=image_code(image=image(repository=kept)))

    subjects = {
        "lacks-it": stored(Known(False, source)),
        "has-it": make_image(),
        "archive": make(),
        "denied": stored(unknown(source)),
    }
    assert verdicts(check, subjects) == {
        "lacks-it": Status.FAIL,
        "has-it": Status.PASS,
        "archive": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(check, subjects["lacks-it"])
    assert phrase in hit.message
    assert hit.evidence[0].source == source
