import json
import os
import re
import subprocess

from blueprint.page.files import AUTHENTICATION, AUTHENTICATION_ADDRESS
from tests.support.product import Product

TEXT = AUTHENTICATION.read_text()
PRODUCTION = "https://api.agentcontainer.com"


def run(command: str, product: Product, **variables: str) -> str:
    """What a command of the page prints, sent to the local run instead."""
    done = subprocess.run(
        [
            "/bin/sh",
            "-c",
            command.replace(PRODUCTION, f"http://127.0.0.1:{product.port}").replace(
                "curl", "curl -s"
            ),
        ],
        env={"PATH": os.environ["PATH"]} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_key_is_used_as_the_page_says(product: Product) -> None:
    """And a bad one gets the response that the page shows."""
    [command] = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    [refused] = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert json.loads(run(command, product, AGENTCONTAINER_API_KEY=product.api_key))["key"]
    assert json.loads(run(command, product, AGENTCONTAINER_API_KEY="x")) == json.loads(refused)


def test_whoever_holds_a_key_ends_it_as_the_page_says(product: Product) -> None:
    """With one command, and the next request is rejected."""
    [end] = re.findall(r"`(curl -X DELETE [^`]*)`", TEXT)
    [use] = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    key = product.person().create_key()["token"]
    assert run(end, product, LEAKED=key) == ""
    assert "unauthorized" in run(use, product, AGENTCONTAINER_API_KEY=key)


def test_the_page_is_served_beside_the_reference(product: Product) -> None:
    """As text: no browser runs anything of it."""
    served = product.request("GET", f"/{AUTHENTICATION_ADDRESS}")
    assert served.headers["content-type"].startswith("text/markdown")
    assert served.body == AUTHENTICATION.read_bytes()
