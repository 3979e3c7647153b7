"""SAM CLI's own gateway, as `sam local start-api` starts it, with a substitute for its containers.

Run in `.venv-sam`: template, `--env-vars` file, artifacts, a folder for links and a port. What SAM
CLI works out of the template is taken as it is: routes, authorizers, and for each function its
handler, its folder and its environment, with what samconfig.toml says to `start-api`. Where it
would start a container, this starts the emulator that its container would run. SAM CLI's classes
are not a public API; its version is pinned.
"""

import json
import logging
import os
import signal
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

os.environ["SAM_CLI_TELEMETRY"] = "0"

from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.lib.telemetry import event as telemetry
from samcli.local.apigw.local_apigw_service import LocalApigwService

from tests.integration.sam.rie import Runtime, runtime_folder


class Containers:
    """Stands for SAM CLI's container runner."""

    def __init__(self, artifacts: Path, folder: Path) -> None:
        self._artifacts = artifacts
        self._folder = runtime_folder(folder)
        self._runtimes: dict[str, Runtime] = {}
        self._lock = threading.Lock()

    def invoke(self, config: Any, event: str, *_: Any, stdout: Any = None, **_more: Any) -> None:
        """Runs a function on an event, and writes what it answers where SAM CLI reads it."""
        with self._lock:
            if config.name not in self._runtimes:
                self._runtimes[config.name] = self._start(config)
        stdout.write_str(json.dumps(self._runtimes[config.name].invoke(json.loads(event))))

    def stop(self) -> None:
        """Ends what was started."""
        for runtime in self._runtimes.values():
            runtime.stop()

    def _start(self, config: Any) -> Runtime:
        # Docker's resolver gives the machine this name; here it is the machine itself.
        environment = {
            name: value.replace("host.docker.internal", "127.0.0.1")
            for name, value in config.env_vars.resolve().items()
        }
        layers = [self._artifacts / Path(layer.codeuri).name for layer in config.layers]
        return Runtime(
            config.handler, Path(config.code_abs_path), layers, environment, self._folder
        )


def main() -> None:
    """Serves until it is told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    template, env_vars, artifacts, folder = (Path(each).resolve() for each in sys.argv[1:5])
    config = tomllib.loads(Path("samconfig.toml").read_text())
    overrides = config["default"]["local_start_api"]["parameters"]["parameter_overrides"]
    parameters = dict(override.split("=", 1) for override in overrides)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    telemetry.EventTracker.track_event = staticmethod(lambda *_, **__: None)
    cwd = str(template.parent)
    stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
    containers = Containers(artifacts, folder)
    runner = LocalLambdaRunner(
        containers,
        SamFunctionProvider(stacks),
        cwd=cwd,
        real_path=cwd,
        aws_region=config["default"]["global"]["parameters"]["region"],
        env_vars_values=json.loads(env_vars.read_text()),
    )
    service = LocalApigwService(
        api=ApiProvider(stacks, cwd=cwd).api,
        lambda_runner=runner,
        port=int(sys.argv[5]),
        host="127.0.0.1",
    )
    service.create()
    try:
        service.run()
    finally:
        containers.stop()


if __name__ == "__main__":
    main()
