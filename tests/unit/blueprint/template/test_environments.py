import re
from pathlib import Path

import pytest

from blueprint.errors import Refusal
from blueprint.template import environments
from tests.contract.test_template import SOURCE

CONFIG = """
[default.deploy.parameters]
resolve_s3 = true
[dev.deploy.parameters]
stack_name = "one"
region = "eu-west-1"
parameter_overrides = ["ClerkIssuer=https://clerk.dev", "ClerkJwks='{\\"keys\\":[]}'"]
[wrong.deploy.parameters]
stack_name = "two"
region = "eu-west-1"
parameter_overrides = ["ClerkIsuer=https://clerk.dev"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small samconfig.toml."""
    file = tmp_path / "samconfig.toml"
    file.write_text(CONFIG)
    return file


def test_an_environment_is_what_its_section_says(config: Path) -> None:
    """Values in single quotes are what stands between them."""
    environment = environments.named("dev", config)
    assert (environment.stack_name, environment.region) == ("one", "eu-west-1")
    assert environment.parameters["ClerkIssuer"] == "https://clerk.dev"
    assert environment.parameters["ClerkJwks"] == '{"keys":[]}'


def test_what_it_does_not_mention_has_the_default(config: Path) -> None:
    """A line that was taken away ends with the next deployment, and does not stay in force."""
    parameters = environments.named("dev", config).parameters
    assert (parameters["ApiDomain"], parameters["KeyLimit"]) == ("", "100")
    assert "Release" not in parameters


@pytest.mark.parametrize("name", ["", "default", "production"])
def test_an_environment_that_is_not_there_is_a_sentence(config: Path, name: str) -> None:
    """With those that are."""
    with pytest.raises(Refusal, match="ENV=dev or ENV=wrong"):
        environments.named(name, config)


def test_a_misspelt_parameter_is_named(config: Path) -> None:
    """CloudFormation would leave it out without a word."""
    with pytest.raises(Refusal, match="wrong: the template has no parameter ClerkIsuer"):
        environments.named("wrong", config)


@pytest.mark.parametrize("name", environments.names())
def test_ours_hold_what_the_template_allows(name: str) -> None:
    """Every value of every environment; the pages' origins are among those whose sessions count."""
    parameters = environments.named(name).parameters
    assert parameters.keys() | {"Release"} == SOURCE["Parameters"].keys()
    for parameter, value in parameters.items():
        pattern = SOURCE["Parameters"][parameter].get("AllowedPattern", ".*")
        assert re.fullmatch(pattern, value), parameter
    assert parameters["DashboardOrigin"] in parameters["ClerkAuthorizedParties"].split(",")


def test_there_are_two() -> None:
    """To try a release, and to serve it."""
    assert environments.names() == ["dev", "prod"]
