"""The end of a line about a denied call: what to grant, or which account has to allow it."""

from auditor.cli.gate import remedy

DENIED = {"reason": "DENIED", "permission": "lambda:GetLayerVersion", "owners": []}


def test_a13_the_line_names_the_permission_or_the_account_that_must_allow() -> None:
    assert remedy(DENIED) == ", grant lambda:GetLayerVersion"
    foreign = remedy({**DENIED, "owners": ["999988887777"]})
    assert "999988887777 must allow it" in foreign
    assert "grant" not in foreign
    assert remedy({**DENIED, "permission": None}) == ""
    assert remedy({**DENIED, "reason": "THROTTLED"}) == ""
