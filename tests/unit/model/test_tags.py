"""Tags are asked by key, cannot be changed, and where they could not be read no question about them has an answer."""

import pytest

from auditor.engine.audit import narrowed
from auditor.model.function import Function
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unanswered, Unknown
from auditor.model.tags import Tags
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import make

DENIED = Unknown(Gap(GapReason.DENIED, "tag:GetResources", "tag:GetResources", "", None))
TAGGED: Function = make(tags=Known(Tags({"owner": "payments", "env": "prod"}), "tag:GetResources"))


def test_a_check_asks_by_key() -> None:
    assert TAGGED.tags.get("owner") == "payments"
    assert "env" in TAGGED.tags
    assert TAGGED.tags.get("team") is None
    assert TAGGED.tags.get("team", "none") == "none"
    assert "Owner" not in TAGGED.tags


def test_azure_compares_keys_without_case() -> None:
    tags = Known(Tags({"Owner": "payments"}, ignore_case=True))
    assert tags.get("owner") == "payments"
    assert "OWNER" in tags
    assert list(tags.value) == ["Owner"]


def test_what_could_not_be_read_answers_no_question() -> None:
    unread = make(tags=DENIED)
    with pytest.raises(Unanswered):
        unread.tags.get("owner")
    with pytest.raises(Unanswered):
        "owner" in unread.tags  # noqa: B015 - the question is what is tested


def test_tags_are_frozen() -> None:
    given = {"b": "2", "a": "1"}
    tags = Tags(given)
    given["c"] = "3"
    assert dict(tags) == {"a": "1", "b": "2"}
    assert list(tags) == ["a", "b"]
    assert hash(tags) == hash(Tags([("a", "1"), ("b", "2")]))
    with pytest.raises(TypeError):
        tags["a"] = "9"  # type: ignore[index]
    with pytest.raises(AttributeError):
        tags.more = "9"  # type: ignore[attr-defined]


def names(tag: str, **functions: Function) -> list[str]:
    inventory = Inventory(scopes=(), locations=(), functions=tuple(functions.values()))
    kept = narrowed(inventory, [("tag", tag)]).functions
    return [name for name, function in functions.items() if function in kept]


def test_tag_selects_by_key_and_value_and_keeps_what_is_unknown() -> None:
    labelled = make_azure(tags=Known(Tags({"Owner": "payments"}, ignore_case=True)))
    found = names(
        "owner=payments", tagged=TAGGED, other=make(tags=Known(Tags())), unread=make(tags=DENIED), app=labelled
    )
    assert found == ["tagged", "unread", "app"]
