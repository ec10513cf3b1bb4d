"""The service that one would write in an afternoon: FastAPI on uvicorn, a job and its filters in SQLite, durable.

`peer.py serve 0 DIRECTORY` says its port and serves until SIGTERM; every other operation is not one of its own: {}.
"""

import json
import socket
import sqlite3
import sys
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

SCHEMA = """
create table jobs (id integer primary key, fields text, merge_policy text, filter text, event_list text,
                   dataset_id text not null, segment_per_batch integer not null, schema_name text not null,
                   status text not null, created integer not null, updated integer not null);
create index jobs_by_time on jobs (created desc, id desc);
create table segments (job_id integer not null references jobs, position integer not null, segment_id text not null,
                       segment_ns text not null, primary key (job_id, position)) without rowid;
create table statuses (job_id integer not null, position integer not null, status text not null,
                       primary key (job_id, position, status)) without rowid;
"""


class Segment(BaseModel):
    segmentId: str
    segmentNs: str = "ups"
    status: list[str] = ["realized", "existing"]


class Filter(BaseModel):
    segments: list[Segment] = []
    segmentQualificationTime: dict[str, str] | None = None
    fromIngestTimestamp: str | None = None
    emptyProfiles: bool | None = None


class Destination(BaseModel):
    datasetId: str
    segmentPerBatch: bool = False


class Schema(BaseModel):
    name: str


class NewJob(BaseModel):
    fields: str | None = None
    mergePolicy: dict[str, str | int] | None = None
    filter: Filter | None = None
    additionalFields: dict[str, object] | None = None
    destination: Destination
    schema_: Schema | None = None


def opened(file: Path) -> sqlite3.Connection:
    store = sqlite3.connect(file, isolation_level=None)
    store.execute("pragma journal_mode = wal")
    store.execute("pragma synchronous = full")
    store.executescript(SCHEMA)
    return store


def application(store: sqlite3.Connection) -> FastAPI:
    app = FastAPI()

    @app.post("/data/core/ups/export/jobs")
    async def create(job: NewJob) -> dict[str, object]:
        now = time.time_ns() // 1_000_000
        segments = job.filter.segments if job.filter else []
        store.execute("begin immediate")
        made = store.execute(
            "insert into jobs (fields, merge_policy, filter, event_list, dataset_id, segment_per_batch, schema_name,"
            " status, created, updated) values (?,?,?,?,?,?,?,'NEW',?,?)",
            (job.fields, json.dumps(job.mergePolicy), job.filter.model_dump_json() if job.filter else None,
             json.dumps(job.additionalFields), job.destination.datasetId, job.destination.segmentPerBatch, "", now, now))
        for position, one in enumerate(segments):
            store.execute("insert into segments values (?,?,?,?)", (made.lastrowid, position, one.segmentId, one.segmentNs))
            store.executemany("insert into statuses values (?,?,?)", [(made.lastrowid, position, text) for text in one.status])
        store.execute("commit")
        return {**job.model_dump(exclude_none=True), "id": made.lastrowid, "status": "NEW", "creationTime": now}

    return app


def serve(directory: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print("listening on", listener.getsockname()[1], flush=True)
    config = uvicorn.Config(application(opened(directory / "peer.db")), log_level="error", access_log=False,
                            loop="uvloop", http="httptools")
    uvicorn.Server(config).run(sockets=[listener])


if sys.argv[1] == "serve":
    serve(Path(sys.argv[3]))
else:
    print("{}")
