"""Writes what the reference's import keeps in the form that the driver reads."""

import gzip
import json

from profiles import Store, fold
from spelled_json import Number, milliseconds, write

FORMS = ("ndjson", "ndjson.gz", "parquet")
FILES = 2
TEXT_COLUMNS = ("primary", "identityMap", "identities", "record")


def ingested(scenario):
    """The store with a scenario's imports, and how many records each accepted and rejected."""
    store = Store()
    return store, [store.ingest(one) for one in scenario["imports"]]


def write_form(place, fragments, events, policies, form="ndjson", spark=None):
    """`fragments` and `events` are documents; in Parquet by a Spark session."""
    for name, documents in (("fragments", fragments), ("events", events)):
        (place / name).mkdir(parents=True, exist_ok=True)
        for number in range(FILES):
            write_file(place / name / f"part-{number}.{form}", documents[number::FILES], form, spark)
    (place / "policies.json").write_text(json.dumps(policies))


def write_file(path, documents, form, spark):
    if form == "parquet":
        if documents:
            write_table(path, documents, spark)
        return
    text = "".join(write(numbered(one)) + "\n" for one in documents).encode()
    path.write_bytes(gzip.compress(text) if form == "ndjson.gz" else text)


def write_table(path, documents, spark):
    rows = [{name: write(numbered(value)) if name in TEXT_COLUMNS else value for name, value in one.items()} for one in documents]
    columns = ", ".join(f"{name} {'bigint' if isinstance(value, int) else 'string'}" for name, value in rows[0].items())
    spark.createDataFrame(rows, columns).coalesce(1).write.parquet(str(path))


def numbered(value):
    """With the integers of Python as the reference spells numbers."""
    if isinstance(value, dict):
        return {name: numbered(member) for name, member in value.items()}
    if isinstance(value, list):
        return [numbered(element) for element in value]
    return Number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def fragments_of(store, tenant):
    for fragment in store.fragments.values():
        attributes = {name: value for name, value in fragment.document.items() if name != "identityMap"}
        yield tenant | members_of(fragment) | {
            "primary": named(fragment.primary),
            "identityMap": identity_map_of(fragment),
            "record": attributes,
        }


def events_of(store, tenant):
    for event in store.events.values():
        spelled = {fold(one.namespace): one.namespace for one in event.identities}
        primary = {"namespace": spelled[fold(event.primary.namespace)], "id": str(event.primary.id)}
        yield tenant | members_of(event) | {
            "eventId": event.document["_id"],
            "timestamp": milliseconds(event.document["timestamp"]),
            "primary": primary,
            "identities": [named(one) for one in event.identities],
            "record": event.document,
        }


def members_of(record):
    when, sequence = record.ingested
    return {"datasetId": record.dataset, "ingestTime": when, "sequence": sequence}


def named(identity):
    return {"namespace": identity.namespace, "id": str(identity.id)}


def identity_map_of(fragment):
    """One spelling of a namespace, one entry of an id, the last."""
    spelled, entries = {}, {}
    for one in fragment.identities:
        spelled[fold(one.namespace)] = one.namespace
        entries.setdefault(fold(one.namespace), {})[one.id] = one.entry
    return {spelled[namespace]: list(of.values()) for namespace, of in entries.items()}
