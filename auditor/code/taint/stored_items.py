"""Items that a function stores in a table of DynamoDB and reads back: what came from outside still did.

Source: the members of requests and answers in boto3's reference of DynamoDB (put_item, update_item, get_item, query,
scan; client and Table), 2026-12-01.
"""

from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import Arguments, facts_of, freed
from auditor.code.taint.sinks import Sinks, member
from auditor.code.taint.values import Shape, Value, deep_taints, join

_TABLE: Final = "aws.dynamodb.Table"
_OF: Final = ("aws.dynamodb.", "aws.dynamodb.Table().")
_WRITTEN: Final = {"put_item": "Item", "update_item": "ExpressionAttributeValues"}
_READ: Final = {"get_item": "Item", "query": "Items", "scan": "Items"}
_DEEPEST: Final = 4


class StoredItems(Sinks):
    """Follows items through tables, within one entry."""

    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        found = super().outside_call(target, receiver, name, given, node)
        if not target.name.startswith(_TABLE.rpartition(".")[0]):
            return found
        if target.name == _TABLE:
            return found._replace(lead=constant_text(given.at(0)) or "")
        called = target.name.rpartition(".")[2]
        if target.name not in {of + called for of in _OF}:
            return found
        table = constant_text(member(given, "TableName") or Value()) or receiver.lead
        if called in _WRITTEN:
            self._store_item(table, member(given, _WRITTEN[called]), whole=called == "put_item")
        elif called in _READ and table in self.items:
            return self._read_item(found, _READ[called], self.items[table])
        return found

    def _store_item(self, table: str, item: Value | None, *, whole: bool) -> None:
        if item is None or not deep_taints(item):
            return
        kept = self._kept(item, 0)
        if not whole:
            kept = Value(taints=deep_taints(kept))
        old = self.items.get(table)
        self.items[table] = kept if old is None else join(old, kept)

    def _kept(self, value: Value, depth: int) -> Value:
        """A copy, as it was when it was stored; less sure, since another item may be read."""
        safe = freed(value, facts_of(self.cleared, {}))
        objs = []
        for thing in value.objs:
            if isinstance(thing, Shape) and depth < _DEEPEST:
                made = Shape(thing.kind)
                made.members = {name: self._kept(one, depth + 1) for name, one in thing.members.items()}
                made.elem = self._kept(thing.elem, depth + 1) if thing.elem is not None else None
                objs.append(made)
        taints = tuple(one._replace(doubt=one.doubt + 1) for one in safe.taints)
        return safe._replace(taints=taints, objs=tuple(objs))

    @staticmethod
    def _read_item(found: Value, under: str, item: Value) -> Value:
        """The answer of a call: what the function itself stored, beside what anyone did."""
        whole = item._replace(taints=(*item.taints, *found.taints))
        answer = Shape("record")
        if under == "Items":
            rows = Shape("list")
            rows.elem = whole
            whole = Value(objs=(rows,))
        answer.members[under] = whole
        return found._replace(objs=(answer,))
