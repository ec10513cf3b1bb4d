"""What an import keeps: fragments and events in two dicts, each with its identities."""

import itertools
from dataclasses import dataclass

from spelled_json import (
    Number, depth, milliseconds, parse, split_records, with_escapes_as_text, without_nulls, write,
)

MAX_RECORD_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32


class Rejected(Exception):
    """A record that an import refuses; the text is the category of the reason."""


@dataclass
class Identity:
    namespace: str
    id: str
    entry: dict  # as the identity map shows it

    @property
    def key(self):
        return fold(self.namespace), self.id


@dataclass
class Record:
    """A fragment or an event."""

    dataset: str
    document: dict
    spelling: tuple  # see spelling_of
    identities: list
    primary: Identity
    declared: list  # [(namespace, id)], part of what makes a record the same again
    ingested: tuple  # (milliseconds, order of import)


def fold(namespace):
    """Namespaces compare without the case of A-Z, and of A-Z only."""
    return "".join(c.lower() if "A" <= c <= "Z" else c for c in namespace)


class Store:
    """The profiles of one tenant."""

    def __init__(self):
        self.fragments = {}
        self.events = {}
        self._order = itertools.count()

    def ingest(self, job_import):
        """Takes one import of a scenario; gives the numbers of accepted and rejected records."""
        keep = self._keep_event if job_import["kind"] == "events" else self._keep_fragment
        when = milliseconds(job_import["ingestTime"])
        accepted = rejected = 0
        for text in split_records(job_import["text"]):
            try:
                keep(read_record(text, job_import, (when, next(self._order))))
                accepted += 1
            except Rejected:
                rejected += 1
        return accepted, rejected

    def _keep_fragment(self, record):
        check_memberships(record.document)
        key = record.dataset, record.primary.key
        kept = self.fragments.get(key)
        if kept is None or (not is_same(kept, record) and kept.ingested <= record.ingested):
            self.fragments[key] = record

    def _keep_event(self, record):
        name = record.document.get("_id")
        if not is_text(name) or name == "":
            raise Rejected("event without _id")
        if milliseconds(record.document.get("timestamp")) is None:
            raise Rejected("event without timestamp")
        self.events.setdefault((record.dataset, name), record)


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Number)


def is_same(one, other):
    return one.spelling == other.spelling and one.declared == other.declared


def read_record(text, job_import, ingested):
    document = read_document(text)
    own = own_identities(document)
    declared = declared_identities(document, job_import.get("identities") or [])
    primary = choose_primary(own, declared)
    own_keys = [identity.key for identity in own]
    added = [
        Identity(identity.namespace, identity.id, {"id": identity.id, "primary": identity.key == primary.key})
        for identity, _ in declared
        if identity.key not in own_keys
    ]
    # One that the record's own map has adds nothing to it.
    names = [(identity.namespace, identity.id) for identity, _ in declared if identity.key not in own_keys]
    return Record(job_import["dataset"], document, spelling_of(text), added + own, primary, names, ingested)


def spelling_of(text):
    """What makes a record the same again: its text without nulls and blanks, wherever the identity map stands in it,
    and whatever the order of its entries."""
    document = without_nulls(parse(with_escapes_as_text(text)))
    identity_map = document.pop("identityMap", {})
    entries = [(namespace, write(entry)) for namespace, entries in identity_map.items() for entry in entries]
    return write(document), sorted(entries)


def read_document(text):
    if len(text.encode(errors="surrogateescape")) > MAX_RECORD_BYTES:
        raise Rejected("too long")
    try:
        document = parse(text)
    except ValueError:
        raise Rejected("no JSON") from None
    if not isinstance(document, dict):
        raise Rejected("no object")
    if depth(document) > MAX_DEPTH:
        raise Rejected("too deep")
    return without_nulls(document)


def identity_text(value):
    """The id that a value spells, or None for no identity."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Rejected("identity of the wrong type")
    return str(value)


def own_identities(document):
    """The identities of the identity map, in the order of the document."""
    identity_map = document.get("identityMap", {})
    if not isinstance(identity_map, dict):
        raise Rejected("identityMap of the wrong shape")
    found = []
    for namespace, entries in identity_map.items():
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise Rejected("identityMap of the wrong shape")
        for entry in entries:
            if not isinstance(entry.get("primary", False), bool):
                raise Rejected("identityMap of the wrong shape")
            name = identity_text(entry.get("id"))
            if name is not None:
                found.append(Identity(namespace, name, entry))
    return found


def declared_identities(document, paths):
    """[(identity, marked as primary)] of the declared paths that are present."""
    found = []
    for declared in paths:
        value = document
        for name in declared["path"].split("."):
            value = value.get(name) if isinstance(value, dict) else None
        name = identity_text(value)
        if name is not None:
            found.append((Identity(declared["namespace"], name, {}), declared.get("primary", False)))
    return found


def choose_primary(own, declared):
    by_namespace = sorted(own, key=lambda identity: identity.namespace)  # stable: then by position
    choices = [identity for identity, marked in declared if marked]
    choices += [identity for identity in by_namespace if identity.entry.get("primary")]
    choices += [identity for identity, _ in declared]
    choices += by_namespace
    if not choices:
        raise Rejected("no identity")
    return choices[0]


def check_memberships(document):
    memberships = document.get("segmentMembership")
    if isinstance(memberships, dict):
        if len({fold(namespace) for namespace in memberships}) != len(memberships):
            raise Rejected("two spellings of one namespace in segmentMembership")
