from typing import Any

from botocore.session import Session

from blueprint.template.gateway_responses import DEFAULTS, TYPES


def test_the_types_are_api_gateways() -> None:
    """As botocore's model of the service has them, none missing and none made up."""
    model: Any = Session().get_service_model("apigateway").shape_for("GatewayResponseType")
    assert TYPES.keys() | DEFAULTS == set(model.enum)
