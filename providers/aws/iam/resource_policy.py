"""The one evaluator of resource policies.

It reads those of functions, aliases, layers, queues, repositories, keys, secrets, and the trust of roles. Every
statement is judged by itself and, for an Allow, together with the Deny statements of its document. What it answers
is how far the grant reaches, and why, in a sentence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from auditor.model.exposure import AccessGrant, AuthMode, Effect, Reach
from providers.aws.iam import actions
from providers.aws.iam.condition_scope import REACHES, ConditionScope, Width
from providers.aws.iam.conditions import judge_conditions
from providers.aws.iam.contradictions import contradiction
from providers.aws.iam.deny_statements import Request, narrowings_of
from providers.aws.iam.document import Condition, PolicyMalformedError, Statement, parse_document
from providers.aws.iam.explanations import Verdict, sentence
from providers.aws.iam.federated import judge_federated
from providers.aws.iam.keys import Subject, subject_of
from providers.aws.iam.operators import read_operator
from providers.aws.iam.patterns import is_account
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.iam.principals import Atom, Who, read_principals, service_name
from providers.aws.iam.sources import read_arn

ROLE_SERVICES = frozenset({"lambda", "edgelambda", "ec2", "ecs-tasks"})
"""Services that take a role only for a resource of the role's own account: iam:PassRole does not cross accounts."""

_ACCOUNT_KEYS = (Subject.CALLER_ACCOUNT, Subject.SOURCE_ACCOUNT)
_ARN_KEYS = (Subject.CALLER_ARN, Subject.SOURCE_ARN)


UNSIGNED = (Reach.ANONYMOUS, Reach.EVERYONE_BUT, Reach.CONDITIONAL, Reach.UNRECOGNISED)
"""Reaches that a caller without credentials can belong to."""
_OPEN = (
    *(Reach.ANONYMOUS, Reach.ANY_PRINCIPAL, Reach.EVERYONE_BUT, Reach.SERVICE_WITHOUT_SOURCE),
    *(Reach.SERVICE_WITHOUT_ACCOUNT, Reach.UNRECOGNISED),
)
"""Reaches in which nothing fixes who calls: an open value matters only there."""


def judge_policy(
    document: str | Mapping[str, Any],
    *,
    account: str,
    partition: str,
    qualifier: str | None = None,
    kind: ResourceKind = ResourceKind.FUNCTION,
    trusted_services: Iterable[str] = (),
    today: date | None = None,
    organization: str | None = None,
    asked: tuple[str, ...] = (),
) -> tuple[AccessGrant, ...]:
    """Judges a resource policy, statement by statement, in the document's order.

    ``account`` (12 digits) and ``partition`` are the resource's own. ``trusted_services`` are short names of
    services ("s3") whose calls need no source; role trust policies trust :data:`ROLE_SERVICES` besides. ``today`` is
    the day of the answer: a grant that ended before grants nothing. ``organization`` is the account's own, "" where it
    is in none, None where that was not read. ``asked`` are the only actions of interest: then each Allow is judged for
    those of them that it grants, and a statement that grants none of them is left out.

    Raises:
        PolicyMalformedError: the document cannot be read; nothing was judged.
    """
    trusted = frozenset(trusted_services)
    if kind is ResourceKind.ROLE_TRUST:
        trusted |= ROLE_SERVICES
    home = PolicyOwner(account, partition, kind, trusted, today, organization)
    statements = parse_document(document)
    denials = tuple(statement for statement in statements if statement.effect is Effect.DENY)
    if asked:
        statements = tuple(_about(asked, statements))
    return tuple(_judge(statement, denials, home, qualifier) for statement in statements)


def _about(asked: tuple[str, ...], statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """The Allow statements that grant any of the actions, as if they named these alone."""
    for statement in statements:
        granted = tuple(action for action in asked if actions.grants(statement, action))
        if statement.effect is Effect.ALLOW and granted:
            yield replace(statement, actions=granted, not_actions=())


def _judge(
    statement: Statement, denials: tuple[Statement, ...], home: PolicyOwner, qualifier: str | None
) -> AccessGrant:
    if statement.principals is None and statement.not_principals is None:
        raise PolicyMalformedError(f"Statement {statement.index + 1} names no Principal, which a resource policy must.")
    narrowings = judge_conditions(statement.conditions, home)
    pairs = statement.principals if statement.principals is not None else statement.not_principals or ()
    atoms = read_principals(pairs, home)
    if statement.effect is Effect.DENY:
        verdict = Verdict(Reach.NONE, atoms[0], ())
        reason = f"Denies {_listed(statement.actions or statement.not_actions)}: it grants nothing."
        return _grant(statement, atoms, narrowings, verdict, reason, qualifier, home)
    why = _dead(statement, home)
    if why:
        verdict = Verdict(Reach.NONE, atoms[0], (why,))
    else:
        verdict = _widest(_verdicts(statement, atoms, narrowings, denials, home))
    unsigned = home.kind.invokable and verdict.reach in UNSIGNED
    if verdict.reach is Reach.ANONYMOUS and not _open_to_unsigned(statement, narrowings, home):
        verdict = replace(verdict, reach=Reach.ANY_PRINCIPAL, signed=True)
    reason = sentence(verdict, actions.phrase(statement, home), home)
    made = _grant(statement, atoms, narrowings, verdict, reason, qualifier, home)
    own = any(part.own_organization for part in narrowings)
    return replace(made, unsigned=unsigned, own_organization=own and verdict.reach is Reach.ORGANISATION)


def _dead(statement: Statement, home: PolicyOwner) -> str:
    """Why the statement can grant nothing, whoever calls; "" where it may."""
    if not actions.applies(statement, home):
        return f"{_listed(statement.actions)} cannot be done to a {home.kind.noun}"
    return contradiction(statement.conditions, home.today)


def _open_to_unsigned(statement: Statement, narrowings: tuple[ConditionScope, ...], home: PolicyOwner) -> bool:
    return actions.takes_unsigned(statement, home) or any(part.through_door for part in narrowings)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"


def _widest(verdicts: list[Verdict]) -> Verdict:
    return min(verdicts, key=lambda verdict: verdict.reach.rank)


def _verdicts(
    statement: Statement,
    atoms: tuple[Atom, ...],
    narrowings: tuple[ConditionScope, ...],
    denials: tuple[Statement, ...],
    home: PolicyOwner,
) -> list[Verdict]:
    """One verdict a principal and, where a Deny may tell them apart, an action."""
    if statement.not_principals is not None:
        atoms = (Atom(Who.ANYONE, "everyone but " + _listed(tuple(atom.text for atom in atoms))),)
        narrowings = (
            ConditionScope(Width.EXCEPT, "NotPrincipal with Allow admits everyone who is not named"),
            *narrowings,
        )
    named = statement.actions or ("*",)
    made: list[Verdict] = []
    for atom in atoms:
        if home.kind is ResourceKind.ROLE_TRUST and not actions.hands_out_credentials(statement, atom):
            words = ", ".join(statement.actions) or "what it allows"
            made.append(Verdict(Reach.NONE, atom, (f"{words} hands out no credentials to such a caller",)))
            continue
        alone = _settle(statement, atom, narrowings, home)
        if not denials:
            made.append(alone)
        for action in named if denials else ():
            taken = narrowings_of(denials, Request(action, statement.resources, atom), home)
            # Each Deny bounds the grant by itself; the tightest bound holds, so one more can never widen it.
            bounds = (_settle(statement, atom, (*narrowings, deny), home) for deny in taken)
            made.append(max((alone, *bounds), key=lambda verdict: verdict.reach.rank))
    return made


def _settle(statement: Statement, atom: Atom, narrowings: tuple[ConditionScope, ...], home: PolicyOwner) -> Verdict:
    """How far one principal gets under all the narrowings together."""
    base, applying = _applying(statement, atom, narrowings, home)
    clauses = tuple(part.why for part in (base, *applying) if part.why)
    chosen = max((base, *applying), key=lambda part: part.width)
    doors = {part.door for part in applying if part.door is not None}
    if doors == {AuthMode.NONE, AuthMode.IAM}:
        return Verdict(Reach.NONE, atom, (*clauses, "the two can never hold together"))
    puzzled = atom.who is Who.UNRECOGNISED or statement.unknown_elements or base.unrecognised
    if statement.unknown_elements:
        clauses += (f"the element {_listed(statement.unknown_elements)} is not known to us",)
    unclear = any(part.unrecognised for part in applying) and chosen.width <= Width.EXCEPT
    if chosen.width is not Width.NOBODY and (puzzled or unclear):
        return Verdict(Reach.UNRECOGNISED, atom, clauses)
    if chosen.width >= Width.ORGANISATION:
        clauses = tuple(part.why for part in applying if part.width is chosen.width)
    decisive = (chosen.why, *(clause for clause in clauses if clause != chosen.why))
    return Verdict(REACHES[chosen.width], atom, tuple(clause for clause in decisive if clause))


def _applying(
    statement: Statement, atom: Atom, narrowings: tuple[ConditionScope, ...], home: PolicyOwner
) -> tuple[ConditionScope, tuple[ConditionScope, ...]]:
    """Where the principal starts, and the narrowings its requests can be held to."""
    if atom.who is Who.ANYONE:
        unsigned = home.kind.takes_unsigned and (not home.kind.invokable or actions.invokes(statement, home))
        return ConditionScope(Width.EVERYBODY if unsigned else Width.SIGNED, ""), narrowings
    gone = tuple(part for part in narrowings if part.width is Width.NOBODY)
    if atom.who is Who.SERVICE:
        if service_name(atom.text) in home.trusted_services:
            why = f"{atom.text} acts only for resources of the same account"
            return ConditionScope(Width.OWN, why), gone
        return ConditionScope(Width.SERVICES, ""), _of_source(narrowings) + gone
    if atom.who is Who.FOREIGN:
        pinned = tuple(part for part in narrowings if part.of_caller and part.width >= Width.ORGANISATION)
        told = tuple(replace(part, width=Width.FOREIGN) for part in narrowings if part.width is Width.CONDITION)
        return ConditionScope(Width.FOREIGN, ""), pinned + told + gone
    if atom.who is Who.FEDERATED:
        return judge_federated(atom.text, statement.conditions, home), gone
    if atom.who is Who.NOBODY:
        return ConditionScope(Width.NOBODY, "its principal is empty and matches nobody"), ()
    if atom.who is Who.GONE:
        return ConditionScope(Width.NOBODY, f"{atom.text} is the id of an identity that was deleted"), ()
    return ConditionScope(Width.OWN, ""), gone


def _of_source(narrowings: tuple[ConditionScope, ...]) -> tuple[ConditionScope, ...]:
    """Narrowings that requests of a service can meet; a fixed event source token stands for its one source.

    Those that do not count are kept for the sentence, with the width the service starts from.
    """
    made: list[ConditionScope] = []
    for part in narrowings:
        if part.width is Width.NOBODY or not (part.of_source or part.unrecognised):
            continue
        width = Width.SERVICES
        if part.of_source and part.width is Width.CONDITION:
            width = Width.OWN
        elif part.of_source and part.width > Width.CONDITION:
            width = part.width
        made.append(replace(part, width=width, unrecognised=False))
    return tuple(made)


def _grant(
    statement: Statement,
    atoms: tuple[Atom, ...],
    narrowings: tuple[ConditionScope, ...],
    verdict: Verdict,
    reason: str,
    qualifier: str | None,
    home: PolicyOwner,
) -> AccessGrant:
    door = next((part.door for part in narrowings if part.through_door and part.door), None)
    through = any(part.through_door for part in narrowings) or actions.only_through_url(statement, home)
    alive = statement.effect is Effect.DENY or verdict.reach is not Reach.NONE
    return AccessGrant(
        qualifier=qualifier,
        sid=statement.sid,
        index=statement.index,
        effect=statement.effect,
        reach=verdict.reach,
        reason=reason,
        principals=tuple(atom.text for atom in atoms),
        services=tuple(atom.text for atom in atoms if atom.who is Who.SERVICE),
        accounts=_accounts(atoms, statement.conditions),
        actions=statement.actions or tuple(actions.EXCEPTION + action for action in statement.not_actions),
        sources=_values(statement.conditions, (Subject.SOURCE_ARN,)),
        condition_keys=tuple(dict.fromkeys(condition.key for condition in statement.conditions)),
        through_endpoint=door,
        endpoint_only=through,
        invokes=alive and actions.invokes(statement, home),
        modifies=alive and actions.modifies(statement, home),
        not_principal=statement.not_principals is not None,
        source_wildcard=verdict.reach in _OPEN and any(part.open_value for part in narrowings),
        text=statement.text,
    )


def _values(conditions: tuple[Condition, ...], subjects: tuple[Subject, ...]) -> tuple[str, ...]:
    """Values that conditions demand (not those they exclude) of keys about the subjects."""
    return tuple(
        dict.fromkeys(
            value
            for condition in conditions
            if subject_of(condition.key) in subjects
            for value in condition.values
            if not (operator := read_operator(condition.operator)).negated and operator.base != "null"
        )
    )


def _accounts(atoms: tuple[Atom, ...], conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    found = [atom.account for atom in atoms if atom.account]
    found += [value for value in _values(conditions, _ACCOUNT_KEYS) if is_account(value)]
    arns = (read_arn(value) for value in _values(conditions, _ARN_KEYS))
    found += [arn.account for arn in arns if arn is not None and is_account(arn.account)]
    return tuple(dict.fromkeys(found))
