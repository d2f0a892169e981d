"""The errors of AnkiConnect as DeckErrors. Each says what is wrong and what to do."""

from deckgen.problems import DeckError

_ADD_ON = "2055492159"  # the code of the add-on on AnkiWeb
# Texts of the add-on's errors. A part of the text is compared, in lower case.
_KEY = "api key"
_NO_ACTION = ("unsupported action", "unknown action", "unexpected keyword argument")
# The window of Anki has no collection while it shows the list of profiles, and during a full sync.
_NO_COLLECTION = ("collection is not available", "collectionnotopen", "collection not open", "'nonetype' object has no")
_LOCKED = "database is locked"


def unreachable(url: str, reason: str) -> DeckError:
    """Nothing answers at the address."""
    return DeckError.at(
        url,
        f"Anki does not answer: {reason}",
        code="anki-unreachable",
        hint=f"start Anki; its add-on AnkiConnect must be installed (Tools, Add-ons, Get Add-ons: {_ADD_ON})",
    )


def no_answer(url: str, action: str, seconds: float) -> DeckError:
    """Anki accepted the request and did not answer in time."""
    return DeckError.at(
        url,
        f"Anki did not answer {action} in {seconds:g} seconds",
        code="anki-busy",
        hint="Anki may be syncing, or a dialog may be open: look at its window, then try again",
    )


def other_server(url: str, reason: str) -> DeckError:
    """Something that is not AnkiConnect answers."""
    return DeckError.at(
        url,
        f"the answer is not one of AnkiConnect: {reason}",
        code="ankiconnect-other",
        hint="another program uses this port, or --url is wrong",
    )


def wrong_url(url: str, reason: str) -> DeckError:
    """The address cannot be used."""
    return DeckError.at(url, reason, code="ankiconnect-url", hint="for example --url http://127.0.0.1:8765")


def too_old(url: str, what: str) -> DeckError:
    """The add-on lacks something that deckgen needs."""
    return DeckError.at(
        url,
        f"AnkiConnect is too old: {what}",
        code="ankiconnect-old",
        hint="update the add-on (Tools, Add-ons, Check for Updates)",
    )


def other_profile(url: str, wanted: str, loaded: str) -> DeckError:
    """Another profile than the wanted one is open in Anki."""
    return DeckError.at(
        url,
        f"the profile that is open in Anki is “{loaded}”, not “{wanted}”",
        code="anki-profile",
        hint="open the other profile (File, Switch Profile)",
    )


def refused(url: str, action: str, message: str, key_variable: str) -> DeckError:
    """The error that the add-on answers. `message` is its text."""
    lower = message.lower()
    if _KEY in lower:
        return DeckError.at(
            url,
            "AnkiConnect needs another key",
            code="ankiconnect-key",
            hint=f"{key_variable} must be the apiKey in the configuration of the add-on",
        )
    if any(text in lower for text in _NO_ACTION):
        return too_old(url, f"it does not know {action} as deckgen uses it")
    if any(text in lower for text in _NO_COLLECTION):
        return DeckError.at(
            url,
            "no collection is open in Anki",
            code="anki-no-collection",
            hint="choose a profile in Anki, or wait until its sync is done",
        )
    if _LOCKED in lower:
        return DeckError.at(
            url,
            "another program uses the collection of Anki",
            code="anki-busy",
            hint="close the other program, then try again",
        )
    return DeckError.at(
        url,
        f"Anki refuses {action}: {message}",
        code="anki-refused",
        hint="Tools, Check Database in Anki repairs a damaged collection",
    )
