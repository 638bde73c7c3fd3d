"""Reads nodes of the parser's trees: places, text, literals, names."""

from typing import Final

from tree_sitter import Node

from auditor.code.taint import ir

_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def line_of(node: Node) -> int:
    """The line a node begins on, from one."""
    return node.start_point[0] + 1


def text_of(node: Node) -> str:
    """A node's source."""
    return (node.text or b"").decode(errors="replace")


def string_value(node: Node) -> str:
    """What a string literal holds."""
    parts: list[str] = []
    for one in node.named_children:
        text = text_of(one)
        if one.type == "escape_sequence":
            text = unescaped(text)
        parts.append(text)
    return "".join(parts)


def member_name(node: Node) -> str:
    """The name of a member: an identifier, a string or a private name."""
    if node.type == "string":
        return string_value(node)
    if node.type == "computed_property_name":
        inner = node.named_children[0] if node.named_children else None
        return string_value(inner) if inner is not None and inner.type == "string" else ir.UNKNOWN
    return text_of(node)


def unescaped(text: str) -> str:
    """What a simple escape stands for."""
    return _ESCAPES.get(text[1:2], text[1:2]) if len(text) == 2 else text
