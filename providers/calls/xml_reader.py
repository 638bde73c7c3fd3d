"""Reads the XML of an answer within the limits of any answer. Documents that declare entities are refused unread."""

from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from providers.calls import limits
from providers.calls.reply import AnswerError

_DECLARATIONS: Final = b"<!DOCTYPE"


def read_xml(content: bytes) -> Element:
    """The root of a document in UTF-8. Raises AnswerError, as a sentence, for what is no XML or exceeds the limits."""
    if b"\0" in content:  # as in UTF-16, which the parser would recognise, and in which nothing below is found
        raise AnswerError("The answer is not XML.")
    if _DECLARATIONS in content:
        raise AnswerError("The answer is XML with a document type, which no service sends.")
    if content.count(b"<") > 2 * limits.MAX_VALUES:
        raise AnswerError(f"The answer holds more than {limits.MAX_VALUES:,} values.", final=True)
    parser = XMLParser(target=TreeBuilder(), encoding="utf-8")  # noqa: S314 - no entities: see above
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ParseError, ValueError):
        raise AnswerError("The answer is not XML.") from None
    if _depth_exceeds(root, limits.MAX_DEPTH):
        raise AnswerError(f"The answer is nested more than {limits.MAX_DEPTH} deep.")
    return root


def _depth_exceeds(root: Element, depth: int) -> bool:
    level = [root]
    for _ in range(depth):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True
