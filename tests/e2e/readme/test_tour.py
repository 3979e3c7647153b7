"""docs/api.md is true: its commands, in its order, print what stands below them."""

from blueprint.paths import ROOT
from tests.e2e.readme import transcript
from tests.support.product import Product

TOUR = (ROOT / "docs/api.md").read_text()


def test_the_tour_takes_place_as_written(product: Product) -> None:
    """By a shell, with a key like the one that `make run` prints. Only ids and times differ."""
    person = product.person()
    key = person.create_key(name="Local development")
    address = f"localhost:{product.port}"
    replaced = {"ac_live_...": key["token"], "localhost:3000": address, "user_demo": person.user}
    for step, printed in transcript.run(TOUR, replaced):
        if step.shown is None:
            assert printed == "", step.commands
            continue
        found = transcript.comparable(printed, is_json=step.is_json)
        assert found == transcript.comparable(step.shown, is_json=step.is_json), step.commands


def test_every_block_of_the_tour_is_run() -> None:
    """None is of a kind that the test passes over."""
    assert TOUR.count("```sh\n") == len(transcript.steps(TOUR))
    shown = sum(step.shown is not None for step in transcript.steps(TOUR))
    assert TOUR.count("```") == 2 * (len(transcript.steps(TOUR)) + shown)
