import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from blueprint.errors import Refusal
from blueprint.page.files import page_files
from blueprint.paths import ROOT
from blueprint.template.environments import Environment
from tests.integration.tools.release import stacks
from tools.release import publish

PARAMETERS = {
    "ClerkIssuer": "https://clerk.dev.agentcontainer.com",
    "ClerkScriptHosts": "https://challenges.cloudflare.com",
    "DashboardOrigin": stacks.ORIGIN,
    "PageCertificate": "arn:aws:acm:us-east-1:123456789012:certificate/2",
    "Release": "0" * 64,
}
ENVIRONMENT = Environment("dev", stacks.STACK, stacks.REGION, {})
FILES = {
    "index.html": b'<script src="./main.js"></script><link href="./app/app.js">',
    "main.js": b"import './app/app.js';",
    "app/app.js": b"",
    "config.js": b"",
}


@pytest.fixture
def stack() -> Iterator[dict[str, Any]]:
    """A stack that `sam deploy` has just made, its bucket empty."""
    with mock_aws():
        yield stacks.deploy(PARAMETERS)


def names(s3: Any) -> set[str]:
    """What is in the bucket."""
    return {one["Key"] for one in s3.list_objects_v2(Bucket="page").get("Contents", ())}


def test_the_page_is_where_the_stack_serves_it(stack: dict[str, Any]) -> None:
    """Every file of it, as it is in the repository, and edges forget what they had."""
    publish.publish(ENVIRONMENT)
    there = names(stack["s3"])
    assert {"index.html", "404.html", "config.js", "main.js", "styles/tokens.css"} <= there
    assert {"vendor/clerk-js/clerk.browser.js", "vendor/clerk-js/LICENSE"} <= there
    assert "docs/openapi.yaml" in there
    assert not [name for name in there if name.endswith(("/ready", "pinned.txt"))]
    index = stack["s3"].get_object(Bucket="page", Key="index.html")
    assert index["Body"].read() == (ROOT / "dashboard/index.html").read_bytes()
    [invalidation] = stack["cloudfront"].list_invalidations(DistributionId=stack["distribution"])[
        "InvalidationList"
    ]["Items"]
    one = stack["cloudfront"].get_invalidation(
        DistributionId=stack["distribution"], Id=invalidation["Id"]
    )["Invalidation"]
    assert one["InvalidationBatch"]["Paths"]["Items"] == ["/*"]


def test_the_page_is_told_its_own_stack(stack: dict[str, Any]) -> None:
    """Addresses from outputs, Clerk's instance and hosts from parameters, nothing local."""
    publish.publish(ENVIRONMENT)
    script = stack["s3"].get_object(Bucket="page", Key="config.js")["Body"].read().decode()
    values = json.loads(script.partition("= ")[2].removesuffix(";\n"))
    assert values == {
        "publishableKey": "pk_live_Y2xlcmsuZGV2LmFnZW50Y29udGFpbmVyLmNvbSQ=",
        "clerkProxyUrl": None,
        "dashboardUrl": "https://def.execute-api.eu-west-1.amazonaws.com/live/dashboard/v1",
        "apiUrl": "https://api.dev.agentcontainer.com/api/v1",
        "scriptHosts": ["https://challenges.cloudflare.com"],
        "signInHint": None,
        "notice": None,
    }


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("config.js", "text/javascript; charset=utf-8", "no-cache"),
        ("app/app.js", "text/javascript; charset=utf-8", "no-cache"),
        ("styles/page.css", "text/css; charset=utf-8", "no-cache"),
        ("icon.svg", "image/svg+xml; charset=utf-8", "no-cache"),
        ("docs/openapi.yaml", "application/yaml", "no-cache"),
        ("vendor/htm/LICENSE", "text/plain; charset=utf-8", "no-cache"),
        ("vendor/inter/inter-latin-wght-normal.woff2", "font/woff2", "no-cache"),
        ("vendor/clerk-js/clerk.browser.js", "text/javascript; charset=utf-8", "no-cache"),
        (
            "vendor/clerk-js/10_clerk.browser_a68c22_6.40.0.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
    ],
)
def test_a_file_is_served_as_what_it_is(name: str, kind: str, kept: str) -> None:
    """And kept by browsers only where its name says its version."""
    assert publish.headers(name) == {"ContentType": kind, "CacheControl": kept}


def test_every_file_of_the_page_has_a_type() -> None:
    """No script arrives as text, which a browser would refuse to run."""
    for name in page_files():
        kind = publish.headers(name)["ContentType"]
        assert kind != "text/plain; charset=utf-8" or name.endswith("LICENSE"), name


class Watched:
    """A client of S3 that looks at the bucket after each change, as a visitor might."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self.changes = 0

    def __getattr__(self, name: str) -> Any:
        """The client's own method, and a look after it if it changes something."""
        method = getattr(self._s3, name)
        if name not in {"put_object", "delete_object"}:
            return method

        def changed(**arguments: Any) -> Any:
            answer = method(**arguments)
            self.changes += 1
            self._look()
            return answer

        return changed

    def _look(self) -> None:
        there = names(self._s3)
        if "index.html" not in there:
            return
        page = self._s3.get_object(Bucket="page", Key="index.html")["Body"].read().decode()
        for name in re.findall(r'(?:src|href)="\./([^"]+)"', page):
            assert name in there, f"index.html names {name}, which is not there"


def test_the_page_never_names_what_is_not_there(stack: dict[str, Any]) -> None:
    """Through two releases that share nothing but the page's name, at every moment."""
    s3 = Watched(stack["s3"])
    other = {"index.html": b'<script src="./new.js"></script>', "new.js": b"", "config.js": b""}
    for files in (FILES, other, FILES):
        publish.upload(s3, "page", files)
    assert s3.changes > len(FILES)


def test_a_page_that_is_open_goes_on_finding_its_parts(stack: dict[str, Any]) -> None:
    """Files of the release before stay; what only an older one had is deleted."""
    second = dict.fromkeys(("index.html", "config.js", "second.js"), b"")
    third = dict.fromkeys(("index.html", "config.js", "third.js"), b"")
    assert publish.upload(stack["s3"], "page", FILES) == 0
    assert publish.upload(stack["s3"], "page", second) == 0
    assert names(stack["s3"]) == {*FILES, *second, "release.json"}
    assert publish.upload(stack["s3"], "page", third) == 2
    assert names(stack["s3"]) == {*second, *third, "release.json"}


def test_publishing_twice_changes_nothing(stack: dict[str, Any]) -> None:
    """So an upload that broke off is simply done again."""
    publish.upload(stack["s3"], "page", FILES)
    assert publish.upload(stack["s3"], "page", FILES) == 0
    assert names(stack["s3"]) == {*FILES, "release.json"}


def test_the_page_of_another_release_is_not_published(stack: dict[str, Any]) -> None:
    """Where an operator looked at the changes and said no, SAM CLI succeeds all the same."""
    with pytest.raises(Refusal, match="was not changed, and neither was its page"):
        publish.publish(ENVIRONMENT, "1" * 64)
    assert names(stack["s3"]) == set()
    publish.publish(ENVIRONMENT, PARAMETERS["Release"])
    assert "index.html" in names(stack["s3"])


def test_what_breaks_off_says_how_to_go_on(stack: dict[str, Any]) -> None:
    """Here the bucket is gone; the stack itself is deployed by then."""
    stack["s3"].delete_bucket(Bucket="page")
    with pytest.raises(
        Refusal, match=r"repeat it: .venv/bin/python -m tools.release.publish dev"
    ) as said:
        publish.publish(ENVIRONMENT)
    assert "NoSuchBucket" in str(said.value)


def test_a_stack_that_is_not_there_is_a_sentence(stack: dict[str, Any]) -> None:
    """With its name."""
    with pytest.raises(Refusal, match="the stack nothing cannot be read"):
        publish.describe(boto3.client("cloudformation"), "nothing")


@pytest.mark.parametrize(
    ("certificate", "origin", "said"),
    [
        ("arn", "https://a.com", "DNS record has to point to d111111abcdef8.cloudfront.net"),
        ("", "https://d111111abcdef8.cloudfront.net", "is https://d111111abcdef8.cloudfront.net."),
        ("", "https://a.com", "deploy again"),
    ],
)
def test_it_says_where_the_page_is(certificate: str, origin: str, said: str) -> None:
    """And what is missing, where the page's own API would not let it in."""
    parameters = {"PageCertificate": certificate, "DashboardOrigin": origin}
    assert said in publish.where(publish.Stack(stacks.OUTPUTS, parameters))


def test_what_it_reads_is_what_the_template_has(resources: dict[str, Any], tmp_path: Path) -> None:
    """Outputs and parameters, by their names."""
    template = (ROOT / "template.yaml").read_text()
    source = (ROOT / "tools/release/publish.py").read_text()
    outputs = set(re.findall(r'outputs\[["\'](\w+)["\']\]', source))
    parameters = set(re.findall(r'parameters\[["\'](\w+)["\']\]', source))
    assert len(outputs) == 5
    assert len(parameters) == 5
    for name in outputs | parameters:
        assert f"\n  {name}:\n" in template, name
