"""The public Python client aepp against a real host. Nothing of it is changed: it is told the address, and given a ready
token instead of fetching one."""

import aepp
import requests
from aepp.segmentation import Segmentation

from running_host import MEMBERS, SANDBOX, SEGMENT, RunningHost


def client_of(host: RunningHost) -> Segmentation:
    # "support" is the environment of aepp that takes an address.
    connection = aepp.configure(
        org_id=host.login.org,
        client_id=host.login.key,
        secret="unused",
        scopes="unused",
        sandbox=SANDBOX,
        environment="support",
        endpoint=host.url,
        accesstoken=host.login.token,
        connectInstance=True,
    )
    # With a ready token aepp 0.6.0 reads this, which only its own login sets.
    connection.getConfigObject()["connectionType"] = "oauthV2"
    return Segmentation(config=connection)


def request_for(dataset: str, a_batch_each: bool = False) -> dict[str, object]:
    """As the public page of the endpoint shows it."""
    return {
        "fields": "identities.id,personalEmail.address",
        "mergePolicy": {"id": "timestampOrdered-none-mp", "version": 1},
        "filter": {"segments": [{"segmentId": SEGMENT, "segmentNs": "ups", "status": ["realized"]}]},
        "destination": {"datasetId": dataset, "segmentPerBatch": a_batch_each},
        "schema": {"name": "_xdm.context.profile"},
    }


def wait_until_final(host: RunningHost, job: int) -> None:
    """The stream of events ends when the job is final."""
    address = f"{host.url}/data/core/ups/export/jobs/{job}/events"
    requests.get(address, headers=host.login.headers(), timeout=60).raise_for_status()


def expect(what: str, seen: object, wanted: object) -> None:
    if seen != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {seen!r}")
    print(f"ok: {what}")


def create_and_get(client: Segmentation, host: RunningHost) -> int:
    made = client.createExport(request_for("everybody"))
    expect("a created job is NEW", made.get("status"), "NEW")
    expect("it has the batch that it will write", len(made["destination"]["batchId"]), 32)
    wait_until_final(host, made["id"])
    job = client.getExport(made["id"])
    expect("it succeeds", job["status"], "SUCCEEDED")
    expect("it has exported the members", job["metrics"]["totalExportedProfileCounter"], MEMBERS)
    expect("it is the one that was asked for", job["filter"], request_for("everybody")["filter"])
    return made["id"]


def a_batch_each(client: Segmentation, host: RunningHost) -> int:
    made = client.createExport(request_for("each", a_batch_each=True))
    expect("a batch a segment", [one["segmentId"] for one in made["destination"]["batches"]], [SEGMENT])
    wait_until_final(host, made["id"])
    expect("such a job succeeds", client.getExport(made["id"])["status"], "SUCCEEDED")
    return made["id"]


def list_them(client: Segmentation, jobs: list[int]) -> None:
    expect("a list in one page", [job["id"] for job in client.getExportJobs()], jobs)
    expect("a list page by page", [job["id"] for job in client.getExportJobs(limit=1)], jobs)
    expect("a list of the failed ones", client.getExportJobs(status="FAILED"), [])


def delete(client: Segmentation, job: int) -> None:
    expect("a delete is granted", client.deleteExport(job), 200)
    expect("and the job is gone", client.getExport(job)["status"], 404)
    expect("a second delete is refused", client.deleteExport(job)["status"], 404)


def definition(name: str, expression: str, **more: object) -> dict[str, object]:
    """As the public page of segment definitions shows it, with what aepp asks for."""
    return {
        "name": name,
        "description": f"{name}, by their country",
        "expression": {"type": "PQL", "format": "pql/text", "value": expression},
        "schema": {"name": "_xdm.context.profile"},
        "ttlInDays": 30,
        **more,
    }


def define_segments(client: Segmentation) -> None:
    expect("there are no segments yet", client.getSegments(), [])
    sent = definition("Americans", 'homeAddress.countryCode = "US"')
    made = client.createSegment(sent)
    expect("a segment is defined as it was sent", {name: made[name] for name in sent}, sent)
    expect("it is the one that is got", client.getSegment(made["id"]), made)
    again = client.createSegment(sent)
    expect("a name is there once", again["status"], 422)
    changed = client.updateSegment(made["id"], {**made, "name": "Canadians", "expression": {**sent["expression"], "value": 'a = "CA"'}})
    expect("a whole definition that was got can be sent back changed", changed["name"], "Canadians")
    expect("its version grows", changed["version"], made["version"] + 1)
    several = client.getMultipleSegments([made["id"], "nobody's"])
    expect("several are got at once", several[made["id"]], changed)
    expect("one that is not there is told in its place", list(several["nobody's"]["errors"]), ["404"])
    wrong = client.createSegment(definition("Wrong", "a = 1 AND b = 2"))
    expect("an expression that is none is refused at its byte", wrong["errors"]["400"][0]["position"], 6)


def list_segments(client: Segmentation) -> None:
    for number in range(120):
        client.createSegment(definition(f"n{number:03}", f"n = {number}"))
    names = [one["name"] for one in client.getSegments()]
    expect("more segments than a page has are all listed once", sorted(names), ["Canadians", *(f"n{number:03}" for number in range(120))])


def delete_segments(client: Segmentation) -> None:
    segment = client.getSegments()[-1]
    asking = client.createSegment(definition("Asking", f'inSegment("{segment["id"]}")'))
    expect("a segment that another one asks for stays", client.deleteSegment(segment["id"])["status"], 409)
    for one in (asking, segment):
        client.deleteSegment(one["id"])
        expect("a deleted segment is gone", client.getSegment(one["id"])["status"], 404)


def refused(client: Segmentation) -> None:
    answer = client.createExport({"destination": {}, "schema": {"name": "x"}})
    expect("a create without a dataset is refused", answer["errors"]["400"][0]["path"], "/destination/datasetId")


def run(host: RunningHost) -> None:
    client = client_of(host)
    expect("the list of a new store is empty", client.getExportJobs(), [])
    first = create_and_get(client, host)
    second = a_batch_each(client, host)
    list_them(client, [second, first])
    delete(client, first)
    list_them(client, [second])
    refused(client)
    define_segments(client)
    list_segments(client)
    delete_segments(client)
