"""What a function stores and reads back: items of a table of DynamoDB, files that it downloads.

Source: the members of requests and answers in boto3's reference of DynamoDB (put_item, update_item, get_item, query,
scan; client and Table), 2026-12-01.
"""

from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import Arguments, facts_of, freed
from auditor.code.taint.sinks import Sinks, member
from auditor.code.taint.values import NO_FACTS, Shape, Source, Taint, Value, deep_taints, join

_TABLE: Final = "aws.dynamodb.Table"
_OF: Final = ("aws.dynamodb.", "aws.dynamodb.Table().")
_WRITTEN: Final = {"put_item": "Item", "update_item": "ExpressionAttributeValues"}
_READ: Final = {"get_item": "Item", "query": "Items", "scan": "Items"}
_DEEPEST: Final = 4
_DOWNLOADS: Final = {
    "download_file": (2, "Filename"),
    "download_to_filename": (0, "filename"),
    "urlretrieve": (1, "filename"),
    "fget_object": (2, "file_path"),
    "download": (0, "destination"),
}
"""Calls that write an object to a file: the place and name of the argument that names the file."""
_OPENING: Final = frozenset({
    "open", "io.open", "gzip.open", "tarfile.open", "zipfile.ZipFile", "tarfile.TarFile", "fs.readFileSync",
    "fs.promises.readFile", "fs.createReadStream", "adm-zip", "pathlib.Path().read_text", "pathlib.Path().read_bytes",
    "fs.readFile", "yauzl.open",
})  # fmt: skip
_LOADING: Final = frozenset({"shutil.unpack_archive", "pandas.read_pickle", "joblib.load", "torch.load", "numpy.load"})
"""Calls that open a file and do with its content what may do harm."""


class StoredItems(Sinks):
    """Follows items through tables, within one entry."""

    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        found = self._of_file(target, receiver, name, given, node)
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

    def _of_file(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        """A call that downloads a file, or that opens one which was downloaded."""
        called = target.name or name
        opened = called in _OPENING | _LOADING and bool(self.downloads)
        content = self._downloaded(receiver if called.startswith("pathlib.") else given.at(0)) if opened else ()
        if content and called in _LOADING:
            given = given._replace(items=(given.at(0)._replace(taints=content), *given.items[1:]))
        found = super().outside_call(target, receiver, name, given, node)
        last = called.rsplit(".", 1)[-1]
        if last in _DOWNLOADS and not given.rest:
            place, word = _DOWNLOADS[last]
            where = (
                member(given, word) or given.at(min(place, len(given.items) - 1))
                if given.items
                else member(given, word)
            )
            if where is not None:
                self.downloads.append((where, self._content(receiver, given, where)))
        return found._replace(taints=(*found.taints, *content)) if content else found

    def _content(self, receiver: Value, given: Arguments, where: Value) -> Taint:
        """What is in the file: from whoever stored the object, which an event of S3 names."""
        named = [one for value in (receiver, *given.all()) if value is not where for one in deep_taints(value)]
        from_event = any(one.source.event and "s3" in one.source.kinds for one in named)
        path = "content of the S3 object" if from_event else "content of the downloaded file"
        key = frozenset({f"stored:{path}"})
        source = Source(path, ("s3",) if from_event else ("stored",), stored=not from_event)
        return Taint(source, key, key, NO_FACTS, frozenset(), (), 0)

    def _downloaded(self, where: Value) -> tuple[Taint, ...]:
        """What is in a file, where it is one that was downloaded."""
        return tuple(content for other, content in self.downloads if _same_place(where, other))[-1:]

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


def _same_place(one: Value, other: Value) -> bool:
    """Whether two values may be the same path, as far as they are known."""
    first, second = constant_text(one), constant_text(other)
    if first is not None or second is not None:
        return first == second
    if one.taints or other.taints:
        return bool(
            {key for taint in one.taints for key in taint.own} & {key for taint in other.taints for key in taint.own}
        )
    return one.lead == other.lead
