"""What binds an account from above, from recorded answers to decisions: never less than was read, never more."""

from dataclasses import replace
from typing import Any

from auditor.analysis.permissions.decision import Answer, Decision
from auditor.model.capture import Envelope
from auditor.model.observed import GapReason
from auditor.provider import PermissionQuestion
from providers.aws.iam.evaluation.proof import ORGANISATION
from providers.aws.normalize import normalize
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.organization_policies import read_organization
from providers.aws.normalize.permissions import decide
from tests.unit.providers.aws.normalize.capture import ACCOUNT, GLOBAL, ORDERS, SECRET, absent, capture, denied
from tests.unit.providers.aws.normalize.organization import (
    DESCRIBE,
    DOCUMENT,
    EVERYTHING,
    FULL,
    LEVELS,
    LIST,
    PARENTS,
    RCP,
    ROOT,
    SCP,
    TARGETS,
    UNIT,
    belongs,
    organization,
    told,
)
from tests.unit.providers.aws.normalize.test_permissions import allow, details

NO_TABLES = {"Sid": "NoTables", "Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}
OPEN = {FULL: (LEVELS, [EVERYTHING])}
GUARDED = {**OPEN, "p-guard": ((UNIT,), [NO_TABLES])}
SHUT = {"p-shut": ((ROOT,), [{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}])}
TABLE = f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/orders"


def ask(*answers: Envelope, action: str = "dynamodb:GetItem", resource: str = TABLE, **more: Any) -> Decision:
    held = capture(*answers, details(allow("*")), **more)
    inventory = normalize(held)
    asked = next(one for one in inventory.functions if one.id == ORDERS)
    return decide(held, inventory, asked, PermissionQuestion(action, resource, {}))


def without(answers: list[Envelope], operation: str, subject: str) -> list[Envelope]:
    """The answers with one of them refused."""
    kept = [one for one in answers if (one.operation, one.subject) != (operation, subject)]
    return [*kept, denied(operation, subject, location=GLOBAL)]


def test_policies_of_every_level_bind_the_account() -> None:
    read = "secretsmanager:GetSecretValue"
    cases = {
        "open": ask(*organization(OPEN)),
        "denied on the unit": ask(*organization(GUARDED)),
        "on another unit": ask(*organization({**OPEN, "p-guard": (("ou-ab12-bbbbbbbb",), [NO_TABLES])})),
        "nothing allows on the unit": ask(
            *organization({FULL: ((ROOT, ACCOUNT), [EVERYTHING]), "p-few": ((UNIT,), [allow("s3:*")])})
        ),
        "listed on the unit": ask(
            *organization({FULL: ((ROOT, ACCOUNT), [EVERYTHING]), "p-few": ((UNIT,), [allow("dynamodb:*")])})
        ),
        "resources shut": ask(*organization(OPEN, SHUT), action=read, resource=SECRET),
        "resources of another service": ask(*organization(OPEN, SHUT)),
        "management account": ask(*organization(GUARDED, own=belongs(ACCOUNT))),
        "billing alone": ask(*organization(GUARDED, own=belongs(features="CONSOLIDATED_BILLING"))),
        "in no organization": ask(*organization(GUARDED, own=absent(DESCRIBE, location=GLOBAL))),
    }
    assert {name: (found.answer, found.before) for name, found in cases.items()} == {
        "open": (Answer.YES, ("the policy of the resource",)),
        "denied on the unit": (Answer.NO, ()),
        "on another unit": (Answer.YES, ("the policy of the resource",)),
        "nothing allows on the unit": (Answer.NO, ()),
        "listed on the unit": (Answer.YES, ("the policy of the resource",)),
        "resources shut": (Answer.NO, ()),
        "resources of another service": (Answer.YES, ("the policy of the resource",)),
        "management account": (Answer.YES, ("the policy of the resource",)),
        "billing alone": (Answer.YES, ("the policy of the resource",)),
        "in no organization": (Answer.YES, ("the policy of the resource",)),
    }
    assert cases["denied on the unit"].why == (
        f"NoTables of P-Guard (p-guard) on {UNIT} (service control policy) denies it."
    )
    assert cases["nothing allows on the unit"].why == "No service control policy allows it."
    assert cases["resources shut"].why.startswith("Statement 1 of P-Shut (p-shut) on r-ab12 (resource control policy)")


def test_whatever_could_not_be_read_leaves_the_decision_before_it_and_passes_nothing() -> None:
    listed = {**GUARDED, "p-few": ((ACCOUNT,), [allow("s3:*")]), FULL: ((ROOT, UNIT), [EVERYTHING])}
    whole = organization(listed)
    for operation, subject in sorted({(one.operation, one.subject) for one in whole}):
        refused = without(whole, operation, subject)
        gap = read_organization(Answers(capture(*refused), ACCOUNT, GLOBAL)).gap
        if subject == "p-RCPFullAWSAccess":  # is attached everywhere and follows from nothing
            assert gap is None
            continue
        assert gap is not None, (operation, subject)
        assert (gap.operation, gap.reason) == (operation, GapReason.DENIED)
        found = ask(*refused, action="s3:GetObject", resource="arn:aws:s3:::b/x")
        assert found.answer is Answer.YES
        assert ORGANISATION in found.before
        lambdas = ask(*refused, action="lambda:ListFunctions", resource="*")  # nothing allows it on the account
        assert lambdas.answer is Answer.YES, "what is allowed elsewhere is not known"
        assert ORGANISATION in lambdas.before


def test_a_deny_that_was_read_holds_whatever_else_was_not() -> None:
    whole = organization(GUARDED)
    kept = {
        (LIST, RCP): Answer.NO,
        (DOCUMENT, FULL): Answer.NO,
        (TARGETS, FULL): Answer.NO,
        (PARENTS, UNIT): Answer.NO,  # the unit itself is known
        (PARENTS, ACCOUNT): Answer.YES,
        (DOCUMENT, "p-guard"): Answer.YES,
        (TARGETS, "p-guard"): Answer.YES,
        (LIST, SCP): Answer.YES,
        (DESCRIBE, ""): Answer.YES,  # it might be the management account
    }
    assert {asked: ask(*without(whole, *asked)).answer for asked in kept} == kept


def test_answers_that_cannot_be_are_no_answers() -> None:
    def gap(*changes: Envelope, scps: Any = None) -> Any:
        whole = {(one.operation, one.subject): one for one in organization(scps or GUARDED)}
        whole |= {(one.operation, one.subject): one for one in changes}
        return read_organization(Answers(capture(*whole.values()), ACCOUNT, GLOBAL)).gap

    cases = {
        "no policy at all": gap(told(LIST, {"Policies": []}, SCP)),
        "a level without one": gap(scps={FULL: ((ROOT, ACCOUNT), [EVERYTHING])}),
        "two parents": gap(told(PARENTS, {"Parents": [{"Id": UNIT}, {"Id": ROOT}]}, ACCOUNT)),
        "its own parent": gap(told(PARENTS, {"Parents": [{"Id": ACCOUNT}]}, ACCOUNT)),
        "a target without id": gap(told(TARGETS, {"Targets": [{"Name": "x"}]}, FULL)),
        "no document": gap(told(DOCUMENT, {"Policy": {"Content": "{"}}, FULL)),
        "no text": gap(told(DOCUMENT, {"Policy": {}}, FULL)),
        "management account unnamed": gap(belongs("hub")),
    }
    assert {name: found and found.reason for name, found in cases.items()} == dict.fromkeys(cases, GapReason.MALFORMED)
    assert gap(scps={FULL: ((), [EVERYTHING])}) is None  # such policies are not in use


def test_levels_come_from_the_list_of_accounts_where_it_tells_them() -> None:
    whole = [one for one in organization(GUARDED) if one.operation != PARENTS]
    row = {"Id": ACCOUNT, "Paths": [f"o-aaaaaaaaaa/{ROOT}/{UNIT}/{ACCOUNT}/"]}
    listed = told("organizations:ListAccounts", {"Accounts": [row]})
    assert ask(*whole, listed).answer is Answer.NO
    elsewhere = replace(listed, body={"Accounts": [{**row, "Paths": [f"o-aaaaaaaaaa/{ROOT}/{ACCOUNT}/"]}]})
    assert ask(*whole, elsewhere).answer is Answer.YES
    assert ORGANISATION in ask(*whole, replace(listed, body={"Accounts": [{"Id": ACCOUNT}]})).before


def test_what_was_not_asked_says_with_what_it_is() -> None:
    gap = read_organization(Answers(capture(belongs()), ACCOUNT, GLOBAL)).gap
    assert gap is not None
    assert (gap.reason, gap.message) == (GapReason.NOT_IN_TIER, "asked only with --tier organization")
