"""The graph in forms that other tools read: rows of JSON, and GraphML."""

from typing import Any, Final
from xml.etree.ElementTree import Element, ElementTree, SubElement

from auditor.analysis.graph.model import Edge, Graph, Node, Unread

Row = dict[str, Any]


def rows(graph: Graph) -> Row:
    """``nodes``, ``edges`` and ``unread`` as report.json holds them."""
    return {
        "nodes": [_node(node) for node in graph.nodes],
        "edges": [_edge(edge) for edge in graph.edges],
        "unread": [_unread(unread) for unread in graph.unread],
    }


def _node(node: Node) -> Row:
    return {
        "id": node.id,
        "kind": node.kind.value,
        "name": node.name,
        "service": node.service,
        "account": node.account,
        "unnamed": node.unnamed,
    }


def _edge(edge: Edge) -> Row:
    return {
        "from": edge.source,
        "to": edge.target,
        "kind": edge.kind.value,
        "certainty": edge.certainty.value,
        "via": edge.via,
        "detail": edge.detail,
        "enabled": edge.enabled,
        "asynchronous": edge.asynchronous,
        "filters": list(edge.filters),
    }


def _unread(unread: Unread) -> Row:
    gap = unread.gap
    return {
        "subject": unread.subject,
        "direction": unread.direction,
        "reason": gap.reason.value,
        "operation": gap.operation,
        "permission": gap.permission,
        "message": gap.message,
    }


_NODE_KEYS: Final = ("kind", "name", "service", "account", "unnamed")
_EDGE_KEYS: Final = ("kind", "certainty", "via", "detail", "enabled", "asynchronous", "filters")
_FLAGS: Final = frozenset({"unnamed", "enabled", "asynchronous"})


def graphml(found: Row) -> ElementTree:
    """GraphML (http://graphml.graphdrawing.org) of the rows of a graph, with every attribute typed."""
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for owner, names in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name in names:
            kind = "boolean" if name in _FLAGS else "string"
            SubElement(root, "key", {"id": f"{owner}-{name}", "for": owner, "attr.name": name, "attr.type": kind})
    graph = SubElement(root, "graph", id="triggers", edgedefault="directed")
    for node in found["nodes"]:
        _data(SubElement(graph, "node", id=_legal(node["id"])), "node", _NODE_KEYS, node)
    for edge in found["edges"]:
        ends = {"source": _legal(edge["from"]), "target": _legal(edge["to"])}
        _data(SubElement(graph, "edge", ends), "edge", _EDGE_KEYS, edge)
    return ElementTree(root)


def _data(element: Element, owner: str, names: tuple[str, ...], row: Row) -> None:
    for name in names:
        value = row[name]
        if value is None:
            continue
        text = str(value).lower() if isinstance(value, bool) else _joined(value)
        SubElement(element, "data", key=f"{owner}-{name}").text = _legal(text)


def _joined(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _legal(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return "".join(
        letter
        if letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"
        else "\ufffd"
        for letter in text
    )
