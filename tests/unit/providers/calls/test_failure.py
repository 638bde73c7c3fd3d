"""The line that a failure becomes."""

import pytest

from providers.calls.failure import one_line

PAGE = (
    "An error occurred (502) when calling the ListFunctions operation: <html>\r\n<head><title>502 Bad Gateway</title>"
    "<style>body { color: red }</style></head>\r\n<body>\r\n<center><h1>502 Bad&nbsp;Gateway</h1></center><hr>"
    "<center>proxy.internal</center><script>alert(1)</script>\r\n</body></html>"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PAGE,
            "An error occurred (502) when calling the ListFunctions operation: 502 Bad Gateway proxy.internal",
        ),
        ("<!DOCTYPE html><!-- made by x --><p>No such page<br/>here", "No such page here"),
        ("<html><head><title>504 Gateway Time-out</title></head></html>", "504 Gateway Time-out"),
        ("  two\n lines ", "two lines"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("grant lambda:GetPolicy on <function>", "grant lambda:GetPolicy on <function>"),
        ("Could not parse <Error><Code>X</Code></Error>", "Could not parse <Error><Code>X</Code></Error>"),
    ],
    ids=["proxy-page", "broken-page", "title-alone", "plain", "comparison", "placeholder", "xml"],
)
def test_a13_a_page_becomes_its_text(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_a13_a_long_page_ends_in_time_and_shows_its_beginning() -> None:
    assert one_line("<html>" + "<b>x</b>" * 400_000).startswith("x x x")
    assert one_line("<" * 1_000_000).endswith("…")
