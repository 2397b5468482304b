"""Client of an OpenAI-compatible server of the user's own: one question, answered as JSON of a given schema."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from xisuan.errors import Problem, ScenarioError

KEY = "XISUAN_READER_KEY"
"""Environment variable with the key of the server, for one that asks for a key."""
PATIENCE = 300.0
"""Timeout of one answer, in seconds."""
LARGEST = 8 * 2**20
"""Bytes of an answer that are read."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: a text goes to the address that the user gave and to no other."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Return no request."""


class ModelServer:
    """Server at `address` (such as http://127.0.0.1:8080/v1), with `model` or, if blank, the only model that it has."""

    def __init__(self, address: str, model: str = "") -> None:
        """Find the model. Raises ScenarioError if the address is not valid, or the server does not answer."""
        self.address = address.rstrip("/")
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            self._refuse("reader-address")
        self._open = urllib.request.build_opener(_NoRedirects()).open
        self.model = model or self._only_model()

    def _only_model(self) -> str:
        found = self._ask("/models", None).get("data")
        names = [str(one["id"]) for one in found if isinstance(one, dict) and "id" in one] if found else []
        if len(names) != 1:
            self._refuse("reader-model-unclear", ", ".join(names) or "–")
        return names[0]

    def answer(self, task: str, text: str, schema: Mapping[str, Any]) -> Any:
        """Return the parsed JSON answer to a task on a text. Raises ScenarioError if it is no JSON."""
        question = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": task}, {"role": "user", "content": text}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "figures", "strict": True, "schema": schema},
            },
        }
        found = self._ask("/chat/completions", question)
        try:
            return json.loads(found["choices"][0]["message"]["content"])
        except (KeyError, IndexError, TypeError, ValueError):
            self._refuse("reader-answer")

    def _ask(self, path: str, question: Mapping[str, Any] | None) -> Mapping[str, Any]:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY, ""):
            headers["Authorization"] = f"Bearer {key}"
        body = None if question is None else json.dumps(question, ensure_ascii=False).encode()
        try:
            with self._open(urllib.request.Request(self.address + path, body, headers), timeout=PATIENCE) as answer:
                found = json.loads(answer.read(LARGEST))
        except urllib.error.HTTPError as refused:
            self._refuse("reader-refused", f"{refused.code} {refused.reason}")
        except (OSError, TimeoutError) as problem:
            self._refuse("reader-unreachable", str(getattr(problem, "reason", problem)))
        except ValueError:
            self._refuse("reader-answer")
        if not isinstance(found, dict):
            self._refuse("reader-answer")
        return found

    def _refuse(self, code: str, reason: str = "") -> NoReturn:
        raise ScenarioError([Problem(code, table="--reader", value=self.address, reason=reason)])
