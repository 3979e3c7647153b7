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


@pytest.mark.parametrize(
    ("value", "audiences"), [(None, []), ("", []), ("a", ["a"]), ("a,b", ["a", "b"])]
)
def test_there_need_be_no_audiences(
    monkeypatch: pytest.MonkeyPatch, value: str | None, audiences: list[str]
) -> None:
    """No name is no audience, and not one that is empty."""
    if value is not None:
        monkeypatch.setenv("CLERK_AUDIENCES", value)
    assert settings.clerk_audiences() == audiences
