from pathlib import Path

from tests.support.product import Product


def test_a_local_run_keeps_a_line_of_each_change(tmp_path: Path) -> None:
    """In the recorder's log, and all of them once it has stopped."""
    with Product(tmp_path / "run") as product:
        person = product.person()
        key = person.create_key()
        person.revoke(key["id"])
    lines = (tmp_path / "run/logs/KeyChangeRecorder.log").read_text().splitlines()
    actions = [line.partition('"action": "')[2].partition('"')[0] for line in lines]
    assert [action for action, line in zip(actions, lines, strict=True) if key["id"] in line] == [
        "api_key.created",
        "api_key.revoked",
    ]


def test_a_server_that_is_given_is_said_to_have_no_streams(product: Product) -> None:
    """In a sentence, where the run says what it is."""
    assert "no line is kept of changes to keys" in product.output.read_text()
