"""Kinds of credentials that a name tells apart, where their values are made like any other."""

import re
from typing import Final

from auditor.analysis.secrets.by_name import DETECTOR
from auditor.analysis.secrets.names import NameView
from auditor.analysis.secrets.vocabulary import word_set
from auditor.model.secret import Judgement, SecretVerdict

FIREBASE_KEY: Final = "firebase-web-key"
"""The key of a Firebase web configuration: it names the project and authorises nothing by itself."""
TELEMETRY_KEY: Final = "telemetry-write-key"
"""A key that sends events to an analytics service and reads none. Such services put it into web pages."""

_TELEMETRY: Final = word_set("segment rudderstack rudder mixpanel amplitude heap posthog bugsnag logrocket fullstory")
_MORE_THAN_WRITING: Final = word_set("secret admin personal private service management access auth oauth webhook read")
_FIREBASE: Final = re.compile(r"authDomain|firebaseapp\.com|messagingSenderId|storageBucket|measurementId")


def is_firebase(view: NameView, value: str) -> bool:
    """Say whether a Google API key is that of a Firebase web configuration, by its name or what stands beside it."""
    return "firebase" in view.words or _FIREBASE.search(value) is not None


def refined(view: NameView, judged: Judgement) -> Judgement:
    """The same verdict, under the detector of its kind where the name tells which it is."""
    if judged.verdict is not SecretVerdict.SECRET or judged.detector != DETECTOR:
        return judged
    if not _TELEMETRY.isdisjoint(view.words) and _MORE_THAN_WRITING.isdisjoint(view.words):
        return Judgement(SecretVerdict.SECRET, judged.confidence, TELEMETRY_KEY)
    return judged
