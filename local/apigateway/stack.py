"""The template's APIs and functions, put together; again when template.yaml was edited."""

import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from blueprint.errors import Refusal
from blueprint.page.headers import page_headers
from blueprint.template import rules
from blueprint.template.source import located
from blueprint.template.translation import load
from local.apigateway import deployment
from local.apigateway.gateway import Gateway, Log
from local.dynamodb.moto_server import Moto
from local.dynamodb.streams import Streams
from local.dynamodb.tables import create_tables
from local.http.messages import Headers, text

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from local.functions.function import Function
    from local.logs.access_log import AccessLog


class Apis:
    """Every REST API of a template as a WSGI application.

    `parameters` are the template's; `dynamodb` is the endpoint that functions get, and the tables
    that the template names are made there. `data` is the folder for translations and logs. With
    `moto` its tables have the streams of the template, which bring functions their records.
    """

    def __init__(
        self,
        template: Path,
        parameters: Mapping[str, str],
        dynamodb: str,
        data: Path,
        log: Log,
        moto: Moto | None = None,
    ) -> None:
        self._template = template
        self._parameters = parameters
        self._dynamodb = dynamodb
        self._data = data
        self._log = log
        self._moto = moto
        self._streams = Streams()
        self._lock = threading.Lock()
        self._functions: dict[str, Function] = {}
        self._access_logs: dict[str, AccessLog] = {}
        self._gateways: dict[str, Gateway] = {}
        self._refused: str | None = None
        self._page_headers: Headers = []
        self._load()

    def serve(
        self, api: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answers a request to the API with this logical id."""
        with self._lock:
            self._look()
            gateway, refused = self._gateways.get(api), self._refused
        if refused or gateway is None:
            answer = text(500, f"{refused or f'the template has no API called {api}'}\n")
            return answer.send(environ["REQUEST_METHOD"], start_response)
        return gateway(environ, start_response)

    def page_headers(self) -> Headers:
        """The headers that the template gives the dashboard's pages."""
        with self._lock:
            self._look()
            return self._page_headers

    def stop(self) -> None:
        """Ends the functions' processes, after what they are still to be told and brought."""
        self._streams.stop()
        self._end_functions()

    def _end_functions(self) -> None:
        # First, for it is functions that are told of each request.
        for log in self._access_logs.values():
            log.stop()
        for function in self._functions.values():
            function.stop()

    def _look(self) -> None:
        """Begins again with an edited template."""
        if self._template.stat().st_mtime_ns != self._loaded:
            self._reload()

    def _reload(self) -> None:
        self._end_functions()
        try:
            self._load()
        except Refusal as refused:
            self._refused = str(refused)
            print(refused, file=sys.stderr, flush=True)

    def _load(self) -> None:
        self._loaded = self._template.stat().st_mtime_ns
        rules.check_source(self._template)
        with located(self._template):
            self._deploy()
        self._refused = None

    def _deploy(self) -> None:
        resources = load(self._template, self._parameters, self._data / "cache")
        rules.check_translation(self._template, resources)
        self._functions = deployment.functions(
            self._template, resources, self._dynamodb, self._data
        )
        invoke = {name: function.invoke for name, function in self._functions.items()}
        self._access_logs = deployment.access_logs(resources, invoke, self._data)
        self._gateways = deployment.gateways(resources, invoke, self._log, self._access_logs)
        create_tables(self._dynamodb, resources)
        self._page_headers = page_headers(resources)
        self._streams.connect(deployment.readers(resources, invoke))
        if self._moto:
            self._moto.stream(resources, self._streams.bring)
