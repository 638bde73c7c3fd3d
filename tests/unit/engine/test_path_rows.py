"""Paths of identities as rows of the report: severities, ends, and no row twice."""

from dataclasses import replace
from itertools import pairwise

from auditor.check import Evidence, ExposurePath, Hit, Hop
from auditor.engine.evaluate import Finding
from auditor.engine.path_rows import capability_rows, path_rows
from auditor.model.access import AccessPath, Capability, CapabilityKind, CapabilityScope, PathStep, PermissionProof
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.exposure.exposure_path import exposure_path
from tests.unit.checks.build import ROLES, effective_permissions, make, unknown

PROOF = PermissionProof(layer="identity policy", policy="deploy", statement="0", text='{"Effect":"Allow"}')


def path(
    *stops: str, administrator: bool = False, gains: tuple[str, ...] = (), when: tuple[str, ...] = ()
) -> AccessPath:
    steps = tuple(
        PathStep(
            source=source,
            target=target,
            object=target,
            technique="assume-role",
            sentence=f"assumes {target}",
            actions=("sts:AssumeRole",),
            conditions=(),
            proof=(PROOF,),
        )
        for source, target in pairwise(stops)
    )
    return AccessPath(
        source=stops[0], target=stops[-1], administrator=administrator, gains=gains, steps=steps, conditions=when
    )


def allowed(escalation: tuple[AccessPath, ...] = (), takeover: tuple[AccessPath, ...] = ()) -> Function:
    found = effective_permissions(escalation=escalation, takeover=takeover)
    return replace(make(), effective_permissions=Known(found, ROLES))


def test_each_kind_has_its_severity_and_its_end() -> None:
    function = allowed(
        escalation=(
            path("own", "admin", administrator=True),
            path("own", "reader", gains=("read-data on *",), when=("x",)),
        ),
        takeover=(
            path("ci", "own", gains=("read-secrets on *",)),
            path("peer", "own"),
            path("dev", "own", administrator=True),
        ),
    )
    rows = list(path_rows(function, ()))
    assert [(row["kind"], row["severity"], row["reaches"]) for row in rows] == [
        ("escalation", "critical", "admin"),
        ("escalation", "medium", "reader"),
        ("takeover", "medium", "own"),
        ("takeover", "informational", "own"),
        ("takeover", "high", "own"),
    ]
    assert {row["function_id"] for row in rows} == {function.id}
    assert len({row["id"] for row in rows}) == len(rows)


def test_a_step_says_who_does_what_and_which_answer_proves_it() -> None:
    (row,) = path_rows(allowed(escalation=(path("own", "admin", administrator=True),)), ())
    assert row["steps"] == [
        {
            "from": "own",
            "to": "admin",
            "by": "assumes admin",
            "proof": [{"source": ROLES, "detail": 'deploy: {"Effect":"Allow"}'}],
            "technique": "assume-role",
            "object": "admin",
            "actions": ["sts:AssumeRole"],
            "conditions": [],
        }
    ]


def test_the_same_steps_are_one_path() -> None:
    one = path("own", "admin", administrator=True)
    assert len(list(path_rows(allowed(escalation=(one, one)), ()))) == 1


def test_an_exposure_is_as_grave_as_its_finding_and_keeps_its_conditions() -> None:
    hops = (
        Hop("internet", "web", "calls it", (Evidence("lambda:GetPolicy", "public"),)),
        Hop("web", "own", "runs as"),
        Hop("own", "table/*", "can read-data", (), ("aws:SourceIp",)),
    )
    hit = Hit("public", (), severity=Severity.HIGH, path=ExposurePath(hops, administrator=False))
    (row,) = path_rows(make(effective_permissions=unknown(ROLES)), [Finding(exposure_path, make(), hit, "0" * 16)])
    assert (row["kind"], row["severity"], row["reaches"], row["conditions"]) == (
        "exposure",
        "high",
        "table/*",
        ["aws:SourceIp"],
    )
    assert [(step["from"], step["to"]) for step in row["steps"]] == [
        ("internet", "web"),
        ("web", "own"),
        ("own", "table/*"),
    ]


def test_a_capability_says_whether_it_depends_on_something() -> None:
    always = Capability(
        kind=CapabilityKind.SPEND,
        scope=CapabilityScope.SET,
        resources=("*",),
        actions=("ec2:RunInstances",),
        conditions=(),
        proof=(PROOF,),
    )
    found = effective_permissions(capabilities=(always, replace(always, conditions=("aws:SourceIp",))))
    assert [(row["capability"], row["conditional"]) for row in capability_rows(found)] == [
        ("spend", False),
        ("spend", True),
    ]
