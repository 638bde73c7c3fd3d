"""From recorded answers to the model."""

from typing import Any

from auditor.model.capture import Capture, Json
from auditor.model.exposure import AccessGrant, Effect, QualifiedPolicy, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud, place_id, scope_id
from auditor.model.inventory import Inventory, Location, Scope
from auditor.model.observed import UNFILLED, Unknown
from providers.answers.answers import Answers
from providers.answers.fields import Fields
from providers.answers.listing import known
from providers.answers.unread import unread, unread_function
from tests.unit.providers.toy.operations import BY_ID, LIST, POLICY

CLOUD = Cloud.GCP
"""Borrowed: a cloud that is audited has a value of its own in :class:`auditor.model.ids.Cloud`."""

_FIELDS = Fields()
_EVERYBODY = "*"


class ToyAnswers(Answers):
    """The recorded answers of one scope."""

    cloud = CLOUD
    operations = BY_ID


def normalize(capture: Capture) -> Inventory:
    """Reads this cloud's shards."""
    answers = [ToyAnswers(capture, name) for cloud, name, _ in capture.facts.scopes if cloud is CLOUD]
    parts = [_scope(each) for each in answers]
    return Inventory(
        scopes=tuple(scope for scope, _, _ in parts),
        locations=tuple(location for _, locations, _ in parts for location in locations),
        functions=tuple(function for _, _, functions in parts for function in functions),
    )


def _scope(answers: ToyAnswers) -> tuple[Scope, list[Location], list[Function]]:
    scope = scope_id(CLOUD, answers.scope)
    pages = answers.subjects(LIST.id, lambda body: _FIELDS.items(body, "functions")).all()
    listed = answers.readable(answers.flat(pages, list), _entry)
    policies = answers.subjects(POLICY.id, _statements)
    functions = [_function(scope, entry, policies.one(entry["name"])) for entry in listed.items]
    regions = sorted({entry["region"] for entry in listed.items}) or ["here"]
    locations = [_location(scope, region, listed.complete(), functions) for region in regions]
    return Scope(id=scope, cloud=CLOUD, name=answers.scope, locations=tuple(regions)), locations, functions


def _entry(row: Json) -> dict[str, str]:
    return {name: _FIELDS.text(row, name) for name in ("name", "region", "runtime")}


def _location(scope: str, region: str, listed: Any, functions: list[Function]) -> Location:
    count = sum(function.location == region for function in functions)
    return unread(
        Location,
        UNFILLED,
        id=place_id(scope, region),
        cloud=CLOUD,
        scope=scope,
        location=region,
        functions=listed.map(lambda _: count),
    )


def _function(scope: str, entry: dict[str, str], statements: Any) -> Function:
    own = statements if isinstance(statements, Unknown) else statements.map(lambda found: found or ())
    return unread_function(
        UNFILLED,
        id=f"{scope}/{entry['name']}",
        name=entry["name"],
        cloud=CLOUD,
        scope=scope,
        location=entry["region"],
        source=LIST.id,
        runtime=known(entry["runtime"], LIST.id),
        policies=known((QualifiedPolicy(qualifier=None, statements=own),), LIST.id),
    )


def _statements(body: Json) -> tuple[AccessGrant, ...]:
    return tuple(_grant(index, caller) for index, caller in enumerate(_FIELDS.texts(body, "callers")))


def _grant(index: int, caller: str) -> AccessGrant:
    everybody = caller == _EVERYBODY
    nothing = ("services", "accounts", "sources", "condition_keys")
    return AccessGrant(
        qualifier=None,
        sid="",
        index=index,
        effect=Effect.ALLOW,
        reach=Reach.ANONYMOUS if everybody else Reach.SCOPED,
        reason="Everybody may call it." if everybody else f"{caller} may call it.",
        principals=(caller,),
        actions=("call",),
        through_endpoint=None,
        text=f'"{caller}"',
        invokes=True,
        **dict.fromkeys(nothing, ()),  # type: ignore[arg-type]
        **dict.fromkeys(("endpoint_only", "modifies", "not_principal", "source_wildcard"), False),  # type: ignore[arg-type]
    )
