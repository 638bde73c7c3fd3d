"""What comparisons and checks prove of the values they look at."""

import re
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.charset import banned_text, cleared_by_absence, cleared_by_match
from auditor.code.taint.members import PARENTS, URL, constant_text, is_known
from auditor.code.taint.memory import Arguments
from auditor.code.taint.values import ANY, LOCAL, NO_FACTS, Facts, Shape, Value, checked, deep_taints

TYPEOF: Final = "\0typeof"
INDEX: Final = "\0index"
PATTERN: Final = "\0pattern:"
_MIRROR: Final = {"!=": "==", "not in": "in"}
_FIXED_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\\]*[^/?#@\\:]/", re.IGNORECASE)
_LOCAL_TEXT: Final = frozenset({"*.isdigit", "*.isalnum", "*.isalpha", "*.isdecimal", "*.isnumeric", "*.isidentifier"})
_SAME: Final = frozenset({"hmac.compare_digest", "secrets.compare_digest", "crypto.timingSafeEqual", "bcrypt.checkpw"})
_CHECKERS: Final = re.compile(
    r"(?:validator|validator\.default)\.is(?:Int|UUID|Alphanumeric|Alpha|Numeric|Float|Boolean|Hexadecimal|IP|MongoId|Date|"
    r"ISO8601|Slug|In|Locale|Port|JWT|MD5|Hash|Base64)|Number\.is(?:Integer|SafeInteger|Finite)|"
    r"uuid\.validate|validators\.(?:uuid|slug|ipv4|ipv6)|ObjectId\.isValid|.*\.ObjectId\.is_?[vV]alid|net\.isIP(?:v4|v6)?"
)
_SAME_HOST: Final = frozenset(
    {"django.utils.http.url_has_allowed_host_and_scheme", "django.utils.http.is_safe_url", "werkzeug.urls.url_is_safe"}
)
_OWN_HOST: Final = re.compile(
    r"(?:request\.(?:host|hostname)|.*headers?\.[Hh]ost|requestContext\.domainName)", re.DOTALL
)
PREFIX: Final = "\0prefix"
"""The name of where in a text another begins: 0 where it is a prefix."""
_MEMBERSHIP: Final = frozenset(
    {"Object.hasOwn", "Object.prototype.hasOwnProperty.call", "lodash.includes", "lodash.has"}
)
_POLLUTING: Final = frozenset({"__proto__", "constructor", "prototype"})
_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "string": ("nosql",),
    "str": ("nosql",),
    "number": (ANY,),
    "boolean": (ANY,),
    "bigint": (ANY,),
    "int": (ANY,),
    "float": (ANY,),
    "bool": (ANY,),
}


_NEITHER: Final = (NO_FACTS, NO_FACTS)


def swapped(value: Value) -> Value:
    """The negation of a truth value."""
    const = not value.const if isinstance(value.const, bool) else value.const
    return Value(const=const, true=value.false, false=value.true) if value.const is not None else Value(const=True)


def compared(node: ir.Compare, left: Value, right: Value) -> Value:
    """What a comparison proves where it holds and where it does not."""
    operator = _MIRROR.get(node.operator, node.operator)
    true: Facts = NO_FACTS
    false: Facts = NO_FACTS
    if operator == "==":
        true, false = _equal(left, right)
    elif operator == "in":
        true, false = contained(left, right)
    else:
        true, false = _ordered(node.operator, left, right)
    return Value(true=false, false=true) if operator != node.operator else Value(true=true, false=false)


def _equal(left: Value, right: Value) -> tuple[Facts, Facts]:
    for one, other in ((left, right), (right, left)):
        if one.name == PREFIX:
            return (
                (one.true, NO_FACTS) if other.const == 0 else (one.false, NO_FACTS) if other.const == -1 else _NEITHER
            )
    if left.name in {TYPEOF, INDEX} and is_known(right):
        return _special(left, right)
    if right.name in {TYPEOF, INDEX} and is_known(left):
        return _special(right, left)
    for one, other in ((left, right), (right, left)):
        if deep_taints(one, 1) and not deep_taints(other, 1):
            if one.true and other.const is True:
                return one.true, one.false
            if one.true and other.const is False:
                return one.false, one.true
            polluting = constant_text(other) in _POLLUTING
            return checked(one), checked(one, ("prototype",)) if polluting else NO_FACTS
    for one, other in ((left, right), (right, left)):
        if (one.true or one.false) and other.const in (True, False, None):
            return (one.true, one.false) if other.const is True else (one.false, one.true)
    if left.taints and right.taints and (left.name == "\0mac" or right.name == "\0mac"):
        return checked(left) | checked(right), NO_FACTS
    return NO_FACTS, NO_FACTS


def _special(value: Value, constant: Value) -> tuple[Facts, Facts]:
    if value.name == TYPEOF:
        return checked(value, _TYPES.get(str(constant.const), ())), NO_FACTS
    return (value.false, value.true) if constant.const == -1 else (value.true, NO_FACTS)


def _ordered(operator: str, left: Value, right: Value) -> tuple[Facts, Facts]:
    if left.name not in {INDEX, PREFIX} or right.const not in (0, -1):
        return NO_FACTS, NO_FACTS
    if left.name == PREFIX:
        return (NO_FACTS, left.false) if operator in {">", ">="} else (left.false, NO_FACTS)
    if operator in {">", ">="}:
        return left.true, left.false
    return left.false, left.true


def contained(item: Value, collection: Value) -> tuple[Facts, Facts]:
    """What `item in collection` proves."""
    inside, outside = deep_taints(collection, 2), deep_taints(item, 1)
    if outside and collection.name == PARENTS:
        return NO_FACTS, NO_FACTS
    if inside and collection.name == PARENTS and not outside:
        return _inside(collection), NO_FACTS
    if outside and not inside:
        return checked(item), checked(item, ("prototype",)) if "__proto__" in _texts(collection) else NO_FACTS
    if outside and all(_OWN_HOST.fullmatch(one.source.path) for one in inside):
        return _parents(item, "redirect"), NO_FACTS
    text = constant_text(item)
    if inside and text is not None:
        polluting = ("prototype",) if text in _POLLUTING else ()
        return NO_FACTS, checked(collection, (*banned_text(text), *polluting))
    return NO_FACTS, NO_FACTS


def _texts(collection: Value) -> frozenset[str]:
    """The constant texts in a collection."""
    return frozenset(
        text
        for thing in collection.objs
        if isinstance(thing, Shape)
        for one in thing.members.values()
        if (text := constant_text(one)) is not None
    )


def checking_call(name: str, receiver: Value, args: Arguments) -> tuple[Facts, Facts] | None:
    """What a call that answers a question proves; None where it is no such call."""
    last = name.rsplit(".", 1)[-1]
    first = args.at(0)
    matched = _matched(name, last, receiver, args)
    if matched is not None:
        return matched
    if f"*.{last}" in _LOCAL_TEXT:
        return checked(receiver), NO_FACTS
    if name in _SAME or last == "compare_digest":
        return checked(first) | checked(args.at(1)), NO_FACTS
    if name in _SAME_HOST:
        return checked(first, ("ssrf", "redirect")), NO_FACTS
    if last == "is_absolute" and receiver.name == URL:
        return NO_FACTS, checked(receiver, ("ssrf", "redirect"))
    if _CHECKERS.fullmatch(name):
        return checked(first), NO_FACTS
    if name in _MEMBERSHIP:
        return contained(args.at(1), first) if not first.taints else None
    if last in {"hasOwnProperty", "has", "includes", "contains", "__contains__"} and args.items:
        return contained(first, receiver)
    if last in {"startswith", "startsWith"}:
        if constant_text(first) == "//":
            return NO_FACTS, checked(receiver, (LOCAL[1],))
        return _prefixed(receiver, first), NO_FACTS if last == "startswith" or not _dots(first) else _inside(receiver)
    if last in {"endswith", "endsWith"} and constant_text(first) is not None:
        dotted = str(first.const).startswith(".") and str(first.const).count(".") > 1
        return (_parents(receiver, "ssrf"), NO_FACTS) if dotted else (NO_FACTS, NO_FACTS)
    if last == "is_relative_to":
        return _inside(receiver), NO_FACTS
    if name == "isinstance":
        return _typed(first, args.at(1)), NO_FACTS
    return None


def listed(key: Value, table: Value) -> Facts:
    """What it proves that a table which nobody outside fills has something under a key."""
    return checked(key) if key.taints and not deep_taints(table, 2) and table.name != TYPEOF else NO_FACTS


def begins_with(value: Value, prefix: Value) -> Facts:
    """What it proves that a text begins with another."""
    return _prefixed(value, prefix)


def of_all(facts: Facts) -> Facts:
    """What holds of each element holds of the list or text they are the elements of."""
    whole = {(key.removesuffix("[]"), cls) for key, cls in facts if isinstance(key, str) and key.endswith("[]")}
    return facts | whole


def _typed(value: Value, kind: Value) -> Facts:
    names = {kind.name} | {
        member.name for thing in kind.objs if isinstance(thing, Shape) for member in thing.members.values()
    }
    known = [_TYPES[name] for name in names - {""} if name in _TYPES]
    if len(known) != len(names - {""}) or not known:
        return NO_FACTS
    return checked(value, ("nosql",) if any(one == ("nosql",) for one in known) else (ANY,))


def _dots(value: Value) -> bool:
    return constant_text(value) == ".."


def _parents(value: Value, cls: str) -> Facts:
    """A check of a part: of the host, of the path without `..`."""
    own = [one for one in value.taints if any(found == cls for _, found in one.parents)]
    return frozenset(
        fact for one in own for fact in (*((key, cls) for key in one.own), *(p for p in one.parents if p[1] == cls))
    )


def _inside(value: Value) -> Facts:
    return _parents(value, "path")


def _prefixed(value: Value, prefix: Value) -> Facts:
    text = constant_text(prefix)
    if text == "/":
        return checked(value, (LOCAL[0],)) | _inside(value)
    if text is not None and _FIXED_ADDRESS.match(text):
        return checked(value, ("ssrf", "redirect"))
    if prefix.taints:
        return NO_FACTS
    for thing in prefix.objs:
        if isinstance(thing, Shape) and thing.members:
            texts = [constant_text(one) for one in thing.members.values()]
            if all(one is not None and _FIXED_ADDRESS.match(one) for one in texts):
                return checked(value, ("ssrf", "redirect"))
    return _inside(value)


def _matched(name: str, last: str, receiver: Value, args: Arguments) -> tuple[Facts, Facts] | None:
    """Regular expressions, in either language."""
    if name in {"re.fullmatch", "re.match", "re.search", "regex.fullmatch", "regex.match"}:
        text = constant_text(args.at(0))
        pattern = (
            text if text is not None else args.at(0).name.removeprefix(PATTERN) if _is_pattern(args.at(0)) else None
        )
        subject = args.at(1)
    elif _is_pattern(receiver) and last in {"test", "exec", "fullmatch", "match", "search", "findall"}:
        pattern, subject = receiver.name.removeprefix(PATTERN), args.at(0)
    elif last in {"match", "search"} and _is_pattern(args.at(0)):
        pattern, subject = args.at(0).name.removeprefix(PATTERN), receiver
    else:
        return None
    if pattern is None:
        return NO_FACTS, NO_FACTS
    flags, _, text = pattern.rpartition("\0")
    how = "search" if flags.startswith("js") else {"fullmatch": "full", "match": "match"}.get(last, "search")
    true = checked(subject, tuple(cleared_by_match(text, flags.removeprefix("js"), how)))
    absent = tuple(cleared_by_absence(text)) if how == "search" else ()
    return true, checked(subject, absent) if absent else NO_FACTS


def _is_pattern(value: Value) -> bool:
    return value.name.startswith(PATTERN)


def pattern_value(text: str, flags: str, *, javascript: bool) -> Value:
    """A compiled regular expression."""
    return Value(name=f"{PATTERN}{'js' + flags if javascript else flags}\0{text}")
