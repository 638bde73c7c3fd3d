"""What comes back from a call of a library, by its effect in the catalogue."""

from contextlib import suppress
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.containers import Collections
from auditor.code.taint.members import PIECES, URL
from auditor.code.taint.memory import EVERYTHING, Arguments, Unreachable
from auditor.code.taint.values import (
    MISSING,
    NO_FACTS,
    NOTHING,
    Closure,
    Partial,
    Shape,
    Source,
    Taint,
    Value,
    checked,
    deep_taints,
    join,
    merged,
)

_MAKES_TEXT: Final = frozenset({"str()", "String()", "repr()"})


class Effects(Collections):
    """Effects of calls."""

    def effect(
        self, called: str, target: Value, receiver: Value, given: Arguments, node: ir.Call, *, struck: bool
    ) -> Value:
        """What comes back."""
        effect = self.known.effect(called)
        kind = effect.kind
        closures = [one for value in given.all() for one in value.objs if isinstance(one, Closure)]
        taints = merged(receiver.taints, target.taints)
        for value in given.all():
            taints = merged(taints, deep_taints(value))
        name = self.sources.canonical(f"{called}()") if called and not called.startswith("?.?") else ""
        if kind == "stops":
            raise Unreachable
        if kind == "number":
            self._numbered(given)
            return Value(name=name)
        for value in given.all():
            self._called_later(value, node)
        back = self._called_back(closures, taints, node, struck=struck or kind == "none")
        if kind == "none":
            return Value(name=name if "." in called and not called.startswith("?") else "")
        if kind == "stored":
            return Value(taints=(self._stored(called, given),), name=name)
        if struck and not target.taints and kind not in {"keep", "url", "text"}:
            return Value(name=name, taints=back.taints)
        return self._passed_on(kind, effect.cleared, name, taints, (receiver, given), node, back)

    def _passed_on(
        self, kind: str, cleared: frozenset[str], name: str, taints: tuple[Taint, ...],
        of: tuple[Value, Arguments], node: ir.Call, back: Value,
    ) -> Value:  # fmt: skip
        receiver, given = of
        same = receiver if receiver.taints or receiver.objs else given.at(0)
        if kind == "keep":
            made = self.derive(taints, node, keep=True, cleared=cleared)
            text = name in _MAKES_TEXT or name.endswith(".toString()") or (same.text and not called_parser(name))
            return Value(
                taints=made,
                objs=same.objs if not given.items or same is not receiver else (),
                name=name,
                lead=same.lead,
                text=text,
                const=same.const if isinstance(same.const, str) and not taints else MISSING,
            )
        if kind == "hash":
            made = self.derive(taints, node, keep=True, cleared=EVERYTHING)
            return Value(taints=made, name="\0mac" if taints else "", text=True)
        if kind == "resolve":
            parents = frozenset(
                fact
                for one in taints
                for fact in (*((key, "path") for key in one.own), *(fact for fact in one.parents if fact[1] == "path"))
            )
            path = receiver.name if receiver.name.startswith("pathlib.") else ""
            return Value(taints=self.derive(taints, node, parents=parents), text=True, lead=same.lead, name=path)
        if kind == "url":
            return Value(taints=taints, name=URL, text=same.text, lead=same.lead)
        if kind == "text":
            clears = cleared | ({"nosql"} if not cleared else set())
            return Value(
                taints=self.derive(taints, node, cleared=clears),
                text=True,
                lead=self._lead(name, receiver, given),
                name=_pieces(name, given),
            )
        closures = tuple(one for value in given.all() for one in value.objs if isinstance(one, Closure))
        made = self.derive(taints, node, doubt=1)
        return Value(
            taints=merged(made, back.taints), name=name, objs=closures if len(closures) == 1 and not made else ()
        )

    @staticmethod
    def _lead(name: str, receiver: Value, given: Arguments) -> str:
        """The text in front of the first part from outside, where parts are joined."""
        if not name.endswith("join()"):
            return receiver.lead if receiver.taints else ""
        items = list(given.items)
        for thing in given.at(0).objs:
            if isinstance(thing, Shape) and len(given.items) == 1:
                items = list(thing.members.values())
        lead = ""
        for value in items:
            if deep_taints(value, 1):
                return lead + value.lead
            lead += (str(value.const) if isinstance(value.const, str) else "\1") + "/"
        return lead

    def _numbered(self, given: Arguments) -> None:
        """What is no number would have raised here."""
        for value in given.all():
            self.assume(checked(value))

    def _called_later(self, value: Value, node: ir.Call) -> None:
        """A function outside the package that is handed over with its arguments."""
        for thing in value.objs:
            if isinstance(thing, Partial):
                with suppress(Unreachable):
                    self.apply(value, NOTHING, "", Arguments(), node)

    def _called_back(self, closures: list[Closure], taints: tuple[Taint, ...], node: ir.Call, *, struck: bool) -> Value:
        """Functions that are handed to a library are called with what else it was given."""
        found = NOTHING
        for one in closures[:4]:
            handed = Value(taints=self.derive(taints, one, doubt=1)) if taints and not struck else NOTHING
            try:
                got = self.invoke(one, Arguments((handed, handed, handed)), node)
            except Unreachable:
                continue
            found = join(found, got) if found is not NOTHING else got
        return found if closures else NOTHING

    def _stored(self, called: str, given: Arguments) -> Taint:
        """What was stored before and is read back. The object that an event names belongs to the event."""
        from_event = called.endswith(("get_object", "GetObjectCommand", "getObject")) and any(
            taint.source.event and "s3" in taint.source.kinds for value in given.all() for taint in deep_taints(value)
        )
        kinds = ("s3",) if from_event else ("stored",)
        path = "content of the S3 object" if from_event else f"stored value ({called.lstrip('?.')})"
        key = frozenset({f"stored:{path}"})
        source = Source(path, kinds, stored=not from_event)
        return Taint(source, key, key, NO_FACTS, frozenset(), (), 0)


def _pieces(name: str, given: Arguments) -> str:
    """The name of what a path is split into, with the places that hold one name; "" for any other call."""
    last = name.removesuffix("()").rsplit(".", 1)[-1]
    if name in {"os.path.split()", "posixpath.split()"}:
        return f"{PIECES} 1 -1 "
    if last not in {"split", "rsplit", "rpartition"} or given.at(0).const not in {"/", "\\"}:
        return ""
    if last == "split":
        return PIECES if len(given.items) == 1 and not given.named else f"{PIECES} 0 "
    return f"{PIECES} 2 -1 " if last == "rpartition" else f"{PIECES} -1 "


def called_parser(name: str) -> bool:
    """Whether text goes in and structure comes out."""
    return name.endswith(("loads()", "load()", "parse()", "json()", "get_json()", "literal_eval()", "unmarshall()"))
