"""schema/openapi.json as something that exchanges can be held against."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import unquote

from jsonschema import Draft202012Validator

FILE = Path(__file__).resolve().parents[2] / "schema/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
# Of HTTP itself; every answer may have them.
HTTP_HEADERS = {"date", "content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "vary"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


class Description:
    def __init__(self, file: Path = FILE) -> None:
        self.document: dict[str, Any] = json.loads(file.read_text())
        self._validators: dict[str, Draft202012Validator] = {}

    def path_of(self, target: str) -> str | None:
        """The path of the description that a target is of; one slash at the end makes no difference."""
        sent = target.split("?")[0]
        segments = [unquote(part) for part in (sent[:-1] if sent.endswith("/") else sent).split("/")]
        for path in self.document["paths"]:
            expected = path.split("/")
            if len(expected) == len(segments) and all(
                one == other or (one.startswith("{") and other != "") for one, other in zip(expected, segments)
            ):
                return path
        return None

    def methods_of(self, path: str) -> list[str]:
        return [method for method in METHODS if method in self.document["paths"][path]]

    def operation(self, path: str, method: str) -> dict[str, Any]:
        return self.document["paths"][path][method]

    def operations(self) -> Iterator[dict[str, Any]]:
        for path in self.document["paths"]:
            for method in self.methods_of(path):
                yield self.operation(path, method)

    def parameters_of(self, path: str, method: str) -> list[dict[str, Any]]:
        item = self.document["paths"][path]
        return [self.resolved(one) for one in item.get("parameters", []) + item[method].get("parameters", [])]

    def shared_response(self, name: str) -> dict[str, Any]:
        return self.document["components"]["responses"][name]

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            name = node["$ref"]
            node = self.document
            for part in name.removeprefix("#/").split("/"):
                node = node[part]
        return node

    def schema_findings(self, schema: dict[str, Any], value: Any) -> list[str]:
        """What is wrong with a value, the most telling of it."""
        key = json.dumps(schema)
        if key not in self._validators:
            # References are to the document's root, so its components come along.
            whole = {"allOf": [schema], "components": self.document["components"]}
            self._validators[key] = Draft202012Validator(whole)
        return [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
            for error in self._validators[key].iter_errors(value)
        ]

    def answer_findings(self, response: dict[str, Any], answer: Answer, to_head: bool) -> list[str]:
        """What is wrong with an answer that should be this response."""
        response = self.resolved(response)
        found = self._header_findings(response, answer)
        content = response.get("content")
        if content is None:
            if answer.body or "content-type" in answer.headers:
                found.append("a body that is not described")
            return found
        media_type = answer.headers.get("content-type")
        if media_type is None or media_type not in content:
            return found + [f"content type {media_type} is not described"]
        if to_head:
            return found + (["a body after HEAD"] if answer.body else [])
        compressed = answer.headers.get("content-encoding") == "gzip"
        body = gzip.decompress(answer.body) if compressed else answer.body
        return found + self._body_findings(media_type, content[media_type]["schema"], body)

    def _header_findings(self, response: dict[str, Any], answer: Answer) -> list[str]:
        described = {name.lower(): self.resolved(one) for name, one in response.get("headers", {}).items()}
        found = [f"header {name} is not described" for name in answer.headers.keys() - described - HTTP_HEADERS]
        for name, header in described.items():
            if name not in answer.headers:
                found += [f"header {name} is missing"] if header.get("required") else []
                continue
            wrong = self.schema_findings(header["schema"], typed(header["schema"], answer.headers[name]))
            found += [f"header {name}{one}" for one in wrong]
        return found

    def _body_findings(self, media_type: str, schema: dict[str, Any], body: bytes) -> list[str]:
        try:
            # Of what is no text each byte is taken as a character.
            encoding = "utf-8" if media_type.startswith("text/") else "latin-1"
            value = json.loads(body) if media_type == "application/json" else body.decode(encoding)
        except ValueError as error:
            return [f"the body cannot be read: {error}"]
        return [f"body {one}" for one in self.schema_findings(schema, value)]


def typed(schema: dict[str, Any], text: str) -> Any:
    """A header or parameter as the type that its schema names, when it can be that."""
    if schema.get("type") == "integer" and text.isascii() and text.isdigit():
        return int(text)
    return text.split(",") if schema.get("type") == "array" else text
