import pytest

from agentcontainer import settings


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """At start and by name, so that a wrong template is mended at a glance."""
    monkeypatch.delenv("KEYS_TABLE")
    if value is not None:
        monkeypatch.setenv("KEYS_TABLE", value)
    with pytest.raises(settings.MissingSetting, match="KEYS_TABLE is not set"):
        settings.keys_table()


def test_authorized_parties_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Space around them is forgiven."""
    monkeypatch.setenv("CLERK_AUTHORIZED_PARTIES", "https://a.test, https://b.test")
    assert settings.clerk_authorized_parties() == ["https://a.test", "https://b.test"]
