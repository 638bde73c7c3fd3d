"""Turns values into words a person reads: dates, durations, plurals, and text whose hidden characters show.

Everything here is pure and used by the templates; `assets/js/words.js` says the same things in the browser.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def visible(text: str) -> str:
    """Spell out characters that are invisible or reorder their neighbours: controls, bidi marks, lone surrogates."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def finalize(value: Any) -> Any:
    """Jinja's hook for every printed expression: plain text goes through `visible`, markup is left alone."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def number(value: float) -> str:
    """1234567 → "1,234,567"; fractions keep one digit."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def money(row: Mapping[str, float | None], currency: str) -> str:
    """A range of money: "$1.20", "$1.20 to $3.00", "$1.20 and more" where no limit is known."""
    sign = "$" if currency == "USD" else f"{currency} "
    low, high = (None if end is None else f"{sign}{end:,.2f}" for end in (row["low"], row["high"]))
    if high is None:
        return f"{low} and more"
    return high if low == high else f"{low} to {high}"


def plural(count: int, one: str, many: str = "") -> str:
    """Such as "1 function", "12,000 functions"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """A percentage that never rounds to 0 % or 100 % unless it is exactly that."""
    if whole == 0:
        return "n/a"
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "under 1 %"
    if 99 < percent < 100:
        return "over 99 %"
    return f"{percent:.0f} %"


def instant(text: str) -> datetime | None:
    """Parse an RFC 3339 instant or an ISO date; None where the text is neither (it is then shown as it stands)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day(text: str) -> str:
    """Such as "2026-11-24T04:06:16Z" → "24 November 2026"."""
    moment = instant(text)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}" if moment else text


def day_and_time(text: str) -> str:
    """Such as "2026-11-24T04:06:16Z" → "24 November 2026, 04:06 UTC"."""
    moment = instant(text)
    return f"{day(text)}, {moment.astimezone(UTC):%H:%M} UTC" if moment else text


def age(since: str, until: str) -> str:
    """How old `since` was at `until`, in the largest unit that fits: "3 months old"."""
    first, last = instant(since), instant(until)
    if not first or not last:
        return "age not known"
    days = (_day_of(last) - _day_of(first)).days
    if days < 0:
        return "dated after the scan"
    if days == 0:
        return "same day"
    if days < 60:
        return f"{plural(days, 'day')} old"
    if days < 730:
        return f"{plural(days // 30, 'month')} old"
    return f"{plural(days // 365, 'year')} old"


def _day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def took(start: str, end: str) -> str:
    """The time between two instants: "1 minute 12 seconds"; "not recorded" where one is missing or unreadable."""
    first, last = instant(start), instant(end)
    if not first or not last:
        return "not recorded"
    return duration((last - first).total_seconds())


def duration(seconds: float) -> str:
    """72.3 → "1 minute 12 seconds"; 0.4 → "under a second"."""
    whole = int(seconds)
    if whole < 1:
        return "under a second"
    if whole < 60:
        return plural(whole, "second")
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return plural(minutes, "minute") + (f" {plural(rest, 'second')}" if rest else "")
    hours, minutes = divmod(minutes, 60)
    return plural(hours, "hour") + (f" {plural(minutes, 'minute')}" if minutes else "")


def label(slug: str) -> str:
    """Such as "denial-of-wallet" → "Denial of wallet", "over-privilege" → "Over-privilege", "aws_data" → "AWS data"."""
    parts = slug.replace("-", " ").replace("_", " ").strip().lower().split(" ")
    words = " ".join(_SPELLED.get(part, part) for part in parts)
    for apart, joined in _HYPHENATED:
        words = words.replace(apart, joined)
    return words[:1].upper() + words[1:]


_SPELLED = {"aws": "AWS", "azure": "Azure", "gcp": "GCP", "iam": "IAM", "sdk": "SDK", "api": "API", "url": "URL"}
_HYPHENATED = (("over privilege", "over-privilege"), ("third party", "third-party"), ("cross account", "cross-account"))


def figure(value: float) -> str:
    """58.0 → "58"; 58.25 → "58.2"; 1234 → "1,234"."""
    return f"{value:,.1f}".removesuffix(".0")


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already or is empty."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def unbroken(text: str) -> Markup:
    """A command whose words break over lines only where one alone is wider than the line: not at its hyphens."""
    parts = re.split(r"(\s+)", visible(text))
    return Markup("").join(
        Markup('<span class="word">{}</span>').format(part) if place % 2 == 0 and "-" in part else part
        for place, part in enumerate(parts)
    )
