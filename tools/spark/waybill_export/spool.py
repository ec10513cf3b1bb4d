"""How host and driver talk: small files in a directory of the attempt's own, each written whole and synced."""

import json
import os
import re
import socket

from waybill_export.durable import replace
from waybill_export.moments import now

OF_A_CLUSTER = re.compile(r"driver-\d{14}-\d{4,}")


class Spool:
    def __init__(self, request):
        self._folder = request["spool"]

    def is_cancelled(self):
        """Also when the host has removed the spool: it forgot the attempt, maybe before its cancel was seen."""
        return os.path.exists(os.path.join(self._folder, "cancel")) or self._is_gone()

    def _is_gone(self):
        """Not when it only cannot be looked at."""
        try:
            os.stat(self._folder)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False

    def claim(self, application_id):
        told = {"submissionId": submission_id(), "applicationId": application_id}
        self._write("claim.json", told | {"host": socket.gethostname(), "at": now()})

    def progress(self, told):
        self._write("progress.json", told)

    def result(self, told):
        self._write("result.json", told)

    def _write(self, name, told):
        replace(os.path.join(self._folder, name), (json.dumps(told, ensure_ascii=False) + "\n").encode(errors="replace"))


def read_request(path):
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    if request.get("schemaVersion") != 1:
        raise ValueError(f"{path}: the schemaVersion is not 1")
    return request | {"profiles": settled(request["profiles"])}


def settled(location):
    """Where a local path leads now: who turns a link while a job reads must not have it mix two exports."""
    path = re.sub(r"^file:(//)?(?=/)", "", location)
    return location if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path) else os.path.realpath(path)


def submission_id():
    """A standalone cluster runs a driver in a directory that has its id."""
    name = os.path.basename(os.getcwd())
    return name if OF_A_CLUSTER.fullmatch(name) else None
