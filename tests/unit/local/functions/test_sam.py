from typing import Any

from local.functions import sam
from tests.support.events import PARAMETERS

VARIABLES = sam.environment(PARAMETERS, "http://127.0.0.1:4566")["Parameters"]


def test_functions_in_containers_find_the_tables_of_the_run() -> None:
    """By the name that this machine has there, on the same port."""
    assert VARIABLES["AWS_ENDPOINT_URL_DYNAMODB"] == "http://host.docker.internal:4566"


def test_the_template_names_every_variable(resources: dict[str, dict[str, Any]]) -> None:
    """SAM CLI leaves out of a container what the template does not have for the function."""
    environments = {
        name: resource["Properties"]["Environment"]["Variables"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    for name, variables in environments.items():
        assert variables["AWS_ENDPOINT_URL_DYNAMODB"] == "", name
    assert {name for each in environments.values() for name in each} >= VARIABLES.keys()
