"""A decision in words: the answer, why, and the statements in the order in which AWS asks them."""

from dataclasses import replace
from typing import Final

from auditor.analysis.permissions.decision import RESOURCE_TAGS, Answer, Decision, ProofStep
from auditor.model.exposure import Effect
from providers.aws.iam.evaluation.layers import (
    IDENTITY,
    RCP,
    RESOURCE_POLICY,
    SCP,
    TRUST_POLICY,
    Outcome,
    Policies,
    Weighed,
    evaluate,
)
from providers.aws.iam.evaluation.policies import CompiledStatement
from providers.aws.iam.evaluation.possible_values import settled
from providers.aws.iam.evaluation.request import Request
from providers.aws.iam.evaluation.truth import FALSE, GAP, OPEN, TRUE, Truth

ORGANISATION: Final = "organisation policies"
OF_RESOURCE: Final = "the policy of the resource"
"""Layers that a decision can be before. Only the second can turn a no into a yes."""
_GRANTING: Final = (IDENTITY, RESOURCE_POLICY, TRUST_POLICY)
"""Layers that grant; all others only limit."""
_OF_NAME: Final = "aws:requestedregion"
"""The key whose value is read off the name of the resource (``derived_context``)."""
_ANSWERS = {TRUE: Answer.YES, FALSE: Answer.NO, OPEN: Answer.CONDITIONAL, GAP: Answer.UNKNOWN}


def decide(request: Request, policies: Policies, before: tuple[str, ...] = ()) -> Decision:
    """The decision about one request. ``before`` names kinds of policies that are not among ``policies``."""
    outcome = evaluate(request, policies)
    truth = outcome.truth if outcome.truth is not OPEN else settled(request, policies, outcome)
    answer = _ANSWERS[truth]
    if answer is Answer.NO and outcome.truth is FALSE:
        return _no(request, outcome, tuple(kind for kind in before if kind == OF_RESOURCE))
    steps = tuple(_steps(request, outcome))
    keys = tuple(dict.fromkeys(key for step in steps for key in step.conditions))
    if answer is Answer.NO:
        before = tuple(kind for kind in before if kind == OF_RESOURCE)
        return Decision(answer, f"No value of {', '.join(keys)} makes it allowed.", steps, before=before)
    if answer is Answer.YES:
        return Decision(answer, _granted_by(steps), steps, before=before)
    if answer is Answer.CONDITIONAL:
        why = f"It depends on {', '.join(keys)}."
        return Decision(answer, why, steps, keys, before=before, uniform=_uniform(request, outcome, keys))
    gap = next(one.layer.gap for one in outcome.weighed if one.layer.gap is not None)
    return Decision(answer, "It depends on a policy that could not be read.", steps, keys, gap, before)


def _uniform(request: Request, outcome: Outcome, keys: tuple[str, ...]) -> bool:
    """Whether every statement that has a say means all that is asked for, and no key comes from its name or tags."""
    if any(key.lower() == _OF_NAME or key.lower().startswith(RESOURCE_TAGS) for key in keys):
        return False
    said = (statement for one in outcome.weighed for statement, _ in (*one.denying, *one.allowing))
    return not any(statement.means_a_part(request) for statement in said)


def _no(request: Request, outcome: Outcome, before: tuple[str, ...]) -> Decision:
    for one in outcome.weighed:
        for statement, applies in one.denying:
            if applies is TRUE:
                step = statement.step
                return Decision(Answer.NO, f"{_name(step)} denies it.", (step,))
    steps: list[ProofStep] = []
    silent = [one.layer.name for one in outcome.weighed if one.allow is FALSE and _has_to_allow(one, request)]
    for one in outcome.weighed:
        steps += [_step(request, statement, applies) for statement, applies in one.allowing]
        if one.layer.name in silent:
            steps.append(ProofStep(one.layer.name, None))
    layer = next((name for name in silent if name != IDENTITY), IDENTITY)
    return Decision(Answer.NO, f"No {layer} allows it.", tuple(steps), before=() if SCP in silent else before)


def _has_to_allow(one: Weighed, request: Request) -> bool:
    """Whether nothing is allowed without the layer: of a resource's policy that holds between accounts, and of some."""
    if one.layer.name in (RESOURCE_POLICY, TRUST_POLICY):
        within = request.caller.signed_in and request.same_account
        return not within or request.needs_resource_policy
    return one.layer.name != RCP and not one.layer.denies_only


def _steps(request: Request, outcome: Outcome) -> list[ProofStep]:
    """Of each layer what may deny, then what allows, the certain before the open."""
    made: list[ProofStep] = []
    for one in outcome.weighed:
        made += [_step(request, statement, applies) for statement, applies in one.denying]
        if outcome.granted_by_resource and one.layer.name == IDENTITY:
            continue
        made += _allowing(request, one)
    return made


def _allowing(request: Request, one: Weighed) -> list[ProofStep]:
    certain = [statement.step for statement, applies in one.allowing if applies is TRUE]
    if certain:
        return certain[:1]
    return [_step(request, statement, applies) for statement, applies in one.allowing]


def _step(request: Request, statement: CompiledStatement, applies: Truth) -> ProofStep:
    return statement.step if applies is TRUE else replace(statement.step, conditions=statement.open_keys(request))


def _granted_by(steps: tuple[ProofStep, ...]) -> str:
    allowing = [step for step in steps if step.effect is Effect.ALLOW]
    granting = next((step for step in allowing if step.layer in _GRANTING), allowing[-1])
    return f"{_name(granting)} allows it, and nothing denies it."


def _name(step: ProofStep) -> str:
    where = f" of {step.source}" if step.source else ""
    return f"{step.statement[:1].upper()}{step.statement[1:]}{where} ({step.layer})"
