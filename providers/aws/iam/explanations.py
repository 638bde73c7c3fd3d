"""The sentence that explains a verdict to a person."""

from dataclasses import dataclass

from auditor.model.exposure import Reach
from providers.aws.iam.policy_owner import PolicyOwner
from providers.aws.iam.principals import Atom, Who, service_name

_WITHOUT_ARN = {
    "alexa-appkit": "Alexa sends no source ARN; fix the skill's id as lambda:EventSourceToken",
    "alexa-connectedhome": "Alexa sends no source ARN; fix the skill's id as lambda:EventSourceToken",
    "config": "AWS Config sends aws:SourceAccount, not an ARN",
    "ses": "Amazon SES sends aws:SourceAccount with the receipt rule's ARN",
    "lexv2": "Amazon Lex sends the bot alias as aws:SourceArn",
}
"""What to fix instead, for services documented to identify themselves in their own way (as of 2026-10)."""

UNNARROWED = "nothing narrows whom it admits"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far one principal of a statement gets, and the clauses that explain it. ``signed``: its calls must be signed,
    because the statement lacks what an unsigned one needs.
    """

    reach: Reach
    atom: Atom
    clauses: tuple[str, ...]
    signed: bool = False


def sentence(verdict: Verdict, may: str, home: PolicyOwner) -> str:
    """One sentence: who may do what, then the clauses that decide it."""
    details = "; ".join(dict.fromkeys(_details(verdict, home)))
    head = _head(verdict.reach, verdict.atom, may, home)
    return f"{head}: {details}." if details else f"{head}."


def _details(verdict: Verdict, home: PolicyOwner) -> list[str]:
    reach, atom, made = verdict.reach, verdict.atom, list(verdict.clauses)
    if reach.public and atom.who is Who.ANYONE and not verdict.clauses:
        made.append(f'Principal is "{atom.text}" and {UNNARROWED}')
        if reach is Reach.ANONYMOUS and home.kind.invokable:
            made.append("signed calls come from any account, unsigned ones only through a URL with AuthType NONE")
    if verdict.signed:
        made.append("calls must be signed, because an unsigned one needs lambda:InvokeFunctionUrl too")
    if reach is Reach.SERVICE_WITHOUT_SOURCE and atom.who is Who.SERVICE:
        made.append("no condition fixes aws:SourceArn or aws:SourceAccount")
        hint = _WITHOUT_ARN.get(service_name(atom.text))
        if hint:
            made.append(hint)
    if reach is Reach.UNRECOGNISED and atom.who is Who.UNRECOGNISED:
        made.append(f'the principal "{atom.text}" is of no form known to us')
    return made


def _head(reach: Reach, atom: Atom, may: str, home: PolicyOwner) -> str:
    who = atom.text or "an empty principal"
    service = atom.who is Who.SERVICE
    actor = who if service else "A service"
    heads = {
        Reach.ANONYMOUS: f"Anyone may {may}, {'through a URL ' if home.kind.invokable else ''}even without credentials",
        Reach.ANY_PRINCIPAL: f"Anyone with credentials of their own may {may}",
        Reach.EVERYONE_BUT: f"Everyone but those excluded may {may}",
        Reach.CROSS_ACCOUNT: _across(atom, may),
        Reach.SERVICE_WITHOUT_SOURCE: f"{actor} may {may} on behalf of any AWS customer (confused deputy)",
        Reach.SERVICE_WITHOUT_ACCOUNT: f"{actor} may {may} for a source without its account",
        Reach.CONDITIONAL: f"Any principal that meets a condition may {may}",
        Reach.ORGANISATION: f"Every principal of one organisation may {may}",
        Reach.UNRECOGNISED: f"Who may {may} cannot be told",
        Reach.NONE: f"No principal may {may} through this statement",
    }
    if reach is not Reach.SCOPED:
        return heads[reach]
    if service:
        return f"{who} may {may} for a known source"
    if atom.who is Who.OWN:
        return f"Only {who}, of this account, may {may}"
    return f"Only those named may {may}"


def _across(atom: Atom, may: str) -> str:
    if atom.who is Who.SERVICE:
        return f"{atom.text} may {may} for another account"
    if atom.who is Who.FOREIGN:
        account = f" ({atom.account})" if atom.account else ""
        return f"{atom.text} of another account{account} may {may}"
    return f"Another account may {may}"
