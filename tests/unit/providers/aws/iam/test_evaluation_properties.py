"""What holds of every decision, on requests from seeds that Hypothesis chooses and shrinks."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysis.permissions.decision import Answer
from auditor.model.exposure import Effect
from providers.aws.iam.evaluation.layers import SCP
from providers.aws.iam.evaluation.policies import PolicyLayer
from providers.aws.iam.evaluation.proof import decide
from tests.aws_decisions import asked, decided
from tests.differential.requests import Requests

ALLOWED = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
EVERYTHING = {"Version": "2012-10-17", "Statement": ALLOWED}
requests = st.integers(0, 2**31).map(lambda seed: next(Requests(seed).rows(1)))
few = settings(max_examples=150, deadline=None)


def denying(row: dict[str, Any], statement: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Effect": "Deny"}]}
    return {**row, "identityPolicies": [*row["identityPolicies"], document]}


def reordered(document: dict[str, Any] | None) -> dict[str, Any] | None:
    return document and {**document, "Statement": document["Statement"][::-1]}


@few
@given(requests, requests)
def test_a_deny_never_adds(row, other):
    statements = [one for document in other["identityPolicies"] for one in document["Statement"]]
    for statement in statements:
        if decided(row).answer is Answer.NO:
            assert decided(denying(row, statement)).answer is Answer.NO


@few
@given(requests)
def test_the_order_of_policies_and_statements_is_irrelevant(row):
    turned = {
        **row,
        "identityPolicies": [reordered(one) for one in row["identityPolicies"][::-1]],
        "boundary": row["boundary"] and [reordered(one) for one in row["boundary"]],
        "session": reordered(row["session"]),
        "resourcePolicy": reordered(row["resourcePolicy"]),
        "scps": [[reordered(one) for one in level[::-1]] for level in row["scps"][::-1]],
    }
    assert decided(turned).answer is decided(row).answer


@few
@given(requests)
def test_widening_a_boundary_or_a_session_never_removes(row):
    wider = {
        **row,
        "boundary": row["boundary"] and [*row["boundary"], EVERYTHING],
        "session": row["session"] and {**row["session"], "Statement": [*row["session"]["Statement"], *ALLOWED]},
    }
    if decided(row).answer is Answer.YES:
        assert decided(wider).answer is Answer.YES
    if row["boundary"] and decided({**row, "boundary": None}).answer is Answer.NO and "NotPrincipal" not in str(row):
        assert decided({**row, "boundary": wider["boundary"]}).answer is Answer.NO


@few
@given(requests)
def test_the_proof_of_a_yes_denies_nothing_and_names_what_allows(row):
    found = decided(row)
    if found.answer is Answer.YES:
        assert {step.effect for step in found.proof} == {Effect.ALLOW}
        assert all(step.text and step.statement and not step.conditions for step in found.proof)
    else:
        assert found.answer is Answer.NO
        assert found.proof


@few
@given(requests, requests)
def test_a_policy_of_the_organisation_never_adds(row, other):
    if decided(row).answer is Answer.NO:
        for level in other["scps"]:
            assert decided({**row, "scps": [*row["scps"], level]}).answer is Answer.NO
        assert decided({**row, "rcps": [*row["rcps"], *other["rcps"]]}).answer is Answer.NO


@few
@given(requests)
def test_a_level_that_was_read_in_part_refuses_nothing_that_the_whole_allows(row):
    request, policies = asked(row)
    partly = replace(policies, scps=tuple(PolicyLayer(SCP, one.policies, denies_only=True) for one in policies.scps))
    if decide(request, policies).answer is Answer.YES:
        assert decide(request, partly).answer is Answer.YES
    denied = any(step.layer == SCP and step.effect is Effect.DENY for step in decide(request, policies).proof)
    if denied:
        assert decide(request, partly).answer is Answer.NO
