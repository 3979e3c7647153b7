import pytest

from blueprint.template.translation import TemplateError
from local.apigateway.throttle import Throttle, of_stage


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    """A burst of three, then two a second, however long nobody came."""
    now = 0.0
    throttle = Throttle(rate=2, burst=3, clock=lambda: now)
    assert [throttle.admits() for _ in range(4)] == [True, True, True, False]
    now = 0.5
    assert [throttle.admits() for _ in range(2)] == [True, False]
    now = 100
    assert [throttle.admits() for _ in range(4)] == [True, True, True, False]


def test_a_stage_sets_one_for_all_its_methods() -> None:
    """Other settings of methods, such as metrics, mean nothing here."""
    settings = {"ResourcePath": "/*", "HttpMethod": "*"}
    throttled = settings | {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}
    assert of_stage({}) is None
    assert of_stage({"MethodSettings": [settings | {"MetricsEnabled": True}]}) is None
    throttle = of_stage({"MethodSettings": [settings, throttled]})
    assert throttle is not None
    assert not throttle.admits()


def test_one_for_some_methods_is_refused() -> None:
    """By name, rather than applied to all."""
    settings = {"ResourcePath": "/x", "HttpMethod": "GET", "ThrottlingRateLimit": 1}
    with pytest.raises(TemplateError, match="throttle for all methods only"):
        of_stage({"MethodSettings": [settings]})
