"""docs/leaks.md is true: its command ends a key, and its list is what the tests find."""

import re

from blueprint.paths import ROOT
from tests.e2e.readme import transcript
from tests.support.disguises import DISGUISES
from tests.support.product import Product

PAGE = (ROOT / "docs/leaks.md").read_text()


def test_the_one_line_ends_a_key(product: Product) -> None:
    """As it stands, from an address that the key does not allow; afterwards it answers 401."""
    key = product.person().create_key(name="Leaked", allowedIps=["192.0.2.1"])
    address = f"http://localhost:{product.port}"
    for expected in ("204", "401"):
        [(_, printed)] = transcript.run(
            PAGE,
            {
                "read -rs LEAKED": f"LEAKED={key['token']}",
                "https://api.agentcontainer.com": address,
            },
        )
        assert printed.strip() == expected


def test_the_page_lists_the_disguises_that_tests_find() -> None:
    """Each of them and no other."""
    section = PAGE.partition("### Disguises")[2].partition("###")[0]
    assert re.findall(r"^- (.*)$", section, re.MULTILINE) == list(DISGUISES)
