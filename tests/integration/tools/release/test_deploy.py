"""`make deploy` from its outside, with a program in SAM CLI's place and moto in AWS's."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app

from blueprint.paths import ROOT
from local.http.server import serve
from tests.faults.source_copy import SourceCopy
from tests.support.events import PARAMETERS

# Notes what it is asked, builds one function, and makes a stack of the values that it is told.
SAM = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path.cwd()
asked = here / "asked"
asked.mkdir(exist_ok=True)
_, _, _, command, *more = sys.argv
(asked / f"{{len(list(asked.iterdir()))}}-{{command}}").write_text(json.dumps(more))
if command == "build":
    function = here / ".aws-sam/build/Authorizer"
    function.mkdir(parents=True, exist_ok=True)
    (function / "handler.py").write_bytes((here / "functions/authorizer/handler.py").read_bytes())
    (function.parent / "template.yaml").write_text("{{}}")
elif (here / "fails").exists():
    sys.exit(1)
elif not (here / "says-no").exists():
    sys.path.insert(0, {root!r})
    from tests.integration.tools.release import stacks
    file = pathlib.Path(more[-1].removeprefix("file://"))
    stacks.deploy(json.loads(file.read_text()), os.environ["AWS_ENDPOINT_URL"])
    (here / "says-no").touch()
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the product that an operator has filled in, with a stand-in for SAM CLI."""
    tree = SourceCopy(tmp_path / "tree").folder
    config = (ROOT / "samconfig.toml").read_text()
    jwks = PARAMETERS["ClerkJwks"].replace('"', '\\"')
    assert '{\\"keys\\":[]}' in config
    (tree / "samconfig.toml").write_text(config.replace('{\\"keys\\":[]}', jwks))
    sam = tree / ".venv-sam/bin/python"
    sam.parent.mkdir(parents=True)
    sam.write_text(SAM.format(python=sys.executable, root=str(ROOT)))
    sam.chmod(0o755)
    return tree


@pytest.fixture
def aws() -> Iterator[str]:
    """An empty account in moto; its address."""
    server = serve(DomainDispatcherApplication(create_backend_app), port=0)
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def make_deploy(
    tree: Path, *arguments: str, aws: str = "http://127.0.0.1:9"
) -> subprocess.CompletedProcess[str]:
    """What `make deploy` does."""
    environment = os.environ | {"AWS_ENDPOINT_URL": aws, "AWS_MAX_ATTEMPTS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "tools.release.deploy", *arguments],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def asked(tree: Path) -> list[tuple[str, Any]]:
    """What SAM CLI was asked, in order."""
    files = sorted((tree / "asked").iterdir()) if (tree / "asked").exists() else []
    return [(file.name.partition("-")[2], json.loads(file.read_text())) for file in files]


def parameters(tree: Path) -> dict[str, str]:
    """The values that SAM CLI was told to deploy with."""
    values: dict[str, str] = json.loads((tree / ".aws-sam/parameters.yaml").read_text())
    return values


def test_an_environment_is_deployed_whole(tree: Path, aws: str) -> None:
    """Built, deployed with every parameter and a release of its own, its page published."""
    done = make_deploy(tree, "dev", aws=aws)
    assert done.returncode == 0, done.stderr
    (build, _), (deploy, arguments) = asked(tree)
    assert (build, deploy) == ("build", "deploy")
    assert arguments[:2] == ["--config-env", "dev"]
    values = parameters(tree)
    assert json.loads(values["ClerkJwks"]) == json.loads(PARAMETERS["ClerkJwks"])
    assert values["ApiDomain"] == ""
    assert len(values["Release"]) == 64
    assert f"Release {values['Release'][:12]} to agentcontainer-dev in eu-west-1." in done.stdout
    s3 = boto3.client("s3", endpoint_url=aws)
    page = s3.get_object(Bucket="page", Key="index.html")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert "The page is at https://d111111abcdef8.cloudfront.net" in done.stdout
    # The same again: nothing is built, and the release is the same.
    assert make_deploy(tree, "dev", aws=aws).returncode == 0
    assert [command for command, _ in asked(tree)] == ["build", "deploy", "deploy"]
    assert parameters(tree) == values


def test_where_sam_does_not_succeed_the_page_stays(tree: Path, aws: str) -> None:
    """A page that is newer than its API would fail for everybody who opens it."""
    (tree / "fails").touch()
    done = make_deploy(tree, "dev", aws=aws)
    assert done.returncode == 1
    assert done.stderr == "sam deploy did not succeed; the page was left as it was\n"


def test_where_an_operator_says_no_the_page_stays(tree: Path, aws: str) -> None:
    """SAM CLI shows the changes, is told no, and succeeds."""
    assert make_deploy(tree, "dev", aws=aws).returncode == 0
    edit(tree, '"ClerkIssuer=', '"KeyLimit=50", "ClerkIssuer=')
    done = make_deploy(tree, "dev", aws=aws)
    assert done.returncode == 1
    assert done.stderr == "agentcontainer-dev was not changed, and neither was its page\n"


def refusal(tree: Path, *arguments: str) -> str:
    """The one sentence with which it refuses, before anything is built or deployed."""
    done = make_deploy(tree, *arguments)
    assert done.returncode == 1
    assert asked(tree) == []
    assert "Traceback" not in done.stderr
    return done.stderr


def test_an_environment_has_to_be_named(tree: Path) -> None:
    """It never deploys somewhere by default."""
    assert refusal(tree) == refusal(tree, "")
    assert "make deploy ENV=dev or ENV=prod" in refusal(tree, "production")


@pytest.mark.parametrize(
    "jwks", ['{\\"keys\\":[]}', '{\\"keys\\":[1]}', '{\\"keys\\":1}', "{nothing}"]
)
def test_keys_that_sign_nothing_are_refused(tree: Path, jwks: str) -> None:
    """The session authorizer would not start with them."""
    config = (ROOT / "samconfig.toml").read_text().replace('{\\"keys\\":[]}', jwks)
    (tree / "samconfig.toml").write_text(config)
    assert "ClerkJwks holds no key that signs sessions" in refusal(tree, "dev")


def edit(tree: Path, old: str, new: str) -> None:
    """Edits the first such place in samconfig.toml."""
    file = tree / "samconfig.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ClerkIssuer=https:", "ClerkIssuer=http:", "ClerkIssuer is not what the template allows"),
        ('"ClerkIssuer=', '# "ClerkIssuer=', "ClerkIssuer has no value"),
        ('"ClerkIssuer=', '"ApiDomain=a.com", "ClerkIssuer=', "need an ApiCertificate"),
        ('"ClerkIssuer=', '"DeploymentConfig=Slowly", "ClerkIssuer=', "DeploymentConfig is not"),
        ('"ClerkIssuer=', '"ClerkIsuer=', "has no parameter ClerkIsuer"),
        (
            'agentcontainer.com"',
            'agentcontainer.com/"',
            "ClerkIssuer is not what the template allows",
        ),
        ("https://clerk.", "https://Clerk.", "in lower case, without a slash at the end"),
        ("Parties=https://", "Parties=https://a.com/,https://", "ClerkAuthorizedParties is not"),
        ("DashboardOrigin=https://", "DashboardOrigin=https://a.", "is not one of the ClerkAuth"),
        ('"ClerkIssuer=', '"KeyLimit=101", "ClerkIssuer=', "KeyLimit is not what the template"),
        ('"ClerkIssuer=', '"KeyLimit=0", "ClerkIssuer=', "KeyLimit is not what the template"),
        ('"ClerkIssuer=', '"KeyLimit=ten", "ClerkIssuer=', "KeyLimit is not what the template"),
    ],
)
def test_a_wrong_value_is_refused(tree: Path, old: str, new: str, said: str) -> None:
    """At once, where CloudFormation would say so after an upload, or not at all."""
    edit(tree, old, new)
    assert said in refusal(tree, "dev")


def test_numbers_are_compared_with_those_that_are_allowed(tree: Path) -> None:
    """The template has them as numbers, samconfig.toml as text."""
    template = tree / "template.yaml"
    limits = "    MinValue: 1\n    MaxValue: 100\n"
    assert limits in template.read_text()
    template.write_text(template.read_text().replace(limits, "    AllowedValues: [50, 100]\n"))
    (tree / "dashboard/vendor/ready").unlink()
    assert "Install npm" in refusal(tree, "dev")
    edit(tree, '"ClerkIssuer=', '"KeyLimit=70", "ClerkIssuer=')
    assert "KeyLimit is not what the template allows" in refusal(tree, "dev")


def test_a_page_without_its_scripts_is_refused(tree: Path) -> None:
    """It would be published empty."""
    (tree / "dashboard/vendor/ready").unlink()
    assert "Install npm" in refusal(tree, "dev")


def test_what_is_not_committed_is_refused_unless_it_is_asked_for(tree: Path) -> None:
    """Else nobody could find out later what was deployed."""
    subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
    assert "not committed" in refusal(tree, "dev")
    (tree / "fails").touch()
    done = make_deploy(tree, "dev", "--dirty")
    assert [command for command, _ in asked(tree)] == ["build", "deploy"]
    assert "sam deploy did not succeed" in done.stderr


def test_what_is_touched_is_built_again(tree: Path) -> None:
    """A source, or an artifact that is no longer what was built."""

    def build() -> None:
        subprocess.run([sys.executable, "-m", "tools.release.build"], cwd=tree, check=True)

    build()
    build()
    assert len(asked(tree)) == 1
    (tree / "functions/authorizer/handler.py").write_text("1")
    build()
    assert len(asked(tree)) == 2
    (tree / ".aws-sam/build/Authorizer/handler.py").write_text("2")
    build()
    assert len(asked(tree)) == 3
