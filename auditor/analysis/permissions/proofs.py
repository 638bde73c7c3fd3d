"""The statements behind a decision, as reports show them."""

import json
from collections.abc import Iterable
from functools import lru_cache

from auditor.analysis.permissions.decision import Decision
from auditor.model.access import PermissionProof
from auditor.model.exposure import Effect
from auditor.model.identity import PolicyStatement


def statement_proof(grant: PolicyStatement) -> PermissionProof:
    """A statement of an identity's own policy."""
    return PermissionProof(layer="identity policy", policy=grant.policy, statement=grant.statement, text=grant.text)


def decision_proof(decisions: Iterable[Decision]) -> tuple[PermissionProof, ...]:
    """The statements by which the decisions allow, in order and each once."""
    steps = (step for decision in decisions for step in decision.proof)
    shown = (
        PermissionProof(layer=step.layer, policy=step.source, statement=step.statement, text=step.text)
        for step in steps
        if step.effect is Effect.ALLOW and step.text
    )
    return tuple(dict.fromkeys(shown))


def stated_resource(decisions: Iterable[Decision]) -> str:
    """What the statement names that allows first; ``*`` for several, "" where it names none, as in a trust policy."""
    proof = decision_proof(decisions)
    return _stated(proof[0].text) if proof else ""


@lru_cache(maxsize=65536)
def _stated(statement: str) -> str:
    stated = json.loads(statement)
    if "NotResource" in stated:
        return "*"
    found = stated.get("Resource", ())
    listed = (found,) if isinstance(found, str) else tuple(found)
    return listed[0] if len(listed) == 1 else "*" if listed else ""
