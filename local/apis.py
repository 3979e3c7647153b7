"""The template's APIs and functions, put together; again when template.yaml was edited."""

import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import cloud
from local.functions import Definition, Function
from local.gateway import Gateway, Log
from local.messages import Headers, text
from local.page_headers import page_headers
from local.refusal import Refusal
from local.template import folder, load

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Apis:
    """Every REST API of a template as a WSGI application.

    `parameters` are the template's; `dynamodb` is the endpoint that functions get, and the tables
    that the template names are made there. `data` is the folder for translations and logs.
    """

    def __init__(
        self, template: Path, parameters: Mapping[str, str], dynamodb: str, data: Path, log: Log
    ) -> None:
        self._template = template
        self._parameters = parameters
        self._dynamodb = dynamodb
        self._data = data
        self._log = log
        self._lock = threading.Lock()
        self._functions: dict[str, Function] = {}
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
        """Ends the functions' processes."""
        for function in self._functions.values():
            function.stop()

    def _look(self) -> None:
        """Begins again with an edited template."""
        if self._template.stat().st_mtime_ns != self._loaded:
            self._reload()

    def _reload(self) -> None:
        self.stop()
        try:
            self._load()
        except Refusal as refused:
            self._refused = str(refused)
            print(refused, file=sys.stderr, flush=True)

    def _load(self) -> None:
        self._loaded = self._template.stat().st_mtime_ns
        resources = load(self._template, self._parameters, self._data / "cache")
        cloud.create_tables(self._dynamodb, resources)
        self._functions = {
            name: Function(self._definition(name, resource["Properties"], resources))
            for name, resource in resources.items()
            if resource["Type"] == "AWS::Lambda::Function"
        }
        invoke = {name: function.invoke for name, function in self._functions.items()}
        self._gateways = {
            name: Gateway(name, resource["Properties"]["Body"], invoke, self._log)
            for name, resource in resources.items()
            if resource["Type"] == "AWS::ApiGateway::RestApi"
        }
        self._page_headers = page_headers(resources)
        self._refused = None

    def _definition(
        self, name: str, properties: Mapping[str, Any], resources: Mapping[str, Any]
    ) -> Definition:
        code = folder(self._template, properties["Code"])
        return Definition(
            name=name,
            code=code,
            layers=tuple(
                folder(self._template, resources[layer]["Properties"]["Content"])
                for layer in properties.get("Layers", ())
            ),
            handler=properties["Handler"],
            environment={
                "AWS_ENDPOINT_URL_DYNAMODB": self._dynamodb,
                "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties["MemorySize"]),
                "AWS_LAMBDA_FUNCTION_NAME": name,
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "LAMBDA_TASK_ROOT": str(code),
                "LANG": "en_US.UTF-8",
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "TZ": ":UTC",
                "_HANDLER": properties["Handler"],
                **cloud.ENVIRONMENT,
                **{k: str(v) for k, v in properties["Environment"]["Variables"].items()},
            },
            timeout_seconds=properties["Timeout"],
            memory_megabytes=properties["MemorySize"],
            log=self._data / "logs" / f"{name}.log",
        )
