"""/docs/: the public document as people read it, in a policy as strict as the other page's."""

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from blueprint.page.files import DOCUMENT, SCRIPTS_MISSING
from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Outside, Tab
from tests.e2e.browser.test_accessibility import violations

_REDOCS = ("heading-order", "label-content-name-mismatch", "region")
"""What axe-core finds in Redoc's own markup: a level left out between headings, a menu button whose
label is not the text on it, and its menu, which is in no landmark."""


def opened(tab: Tab, at: str = "") -> Page:
    """The reference, once it is drawn, with the operation that the address names."""
    page = tab.open(f"/docs/{at}")
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    return page


def heading(page: Page, name: str) -> Locator:
    """A heading of the reference: Redoc puts a link before its text."""
    return page.get_by_role("heading", name=re.compile(rf"\b{re.escape(name)}$"))


def found(page: Page, text: str, name: str) -> Locator:
    """What the search finds, which a key opens."""
    page.keyboard.press("Control+k")
    page.keyboard.type(text)
    results = page.get_by_test_id("search-dialog").get_by_role("link")
    return results.filter(has_text=name).first


def operations() -> Iterator[tuple[str, str]]:
    """The address and the summary of each."""
    for methods in yaml.safe_load(DOCUMENT.read_text())["paths"].values():
        for one in methods.values():
            yield f"#/{one['tags'][0].lower()}/{one['operationId'].lower()}", one["summary"]


def test_it_is_the_document_that_the_api_serves(tab: Tab) -> None:
    """Byte for byte, and every operation of it is there."""
    page = opened(tab)
    shown = tab.context.request.get(f"{tab.url}/docs/openapi.yaml")
    served = tab.context.request.get(f"{tab.url}/api/v1/openapi.yaml")
    assert shown.body() == served.body()
    assert shown.headers["content-type"] == "application/yaml"
    assert len(list(operations())) > 8
    for address, summary in operations():
        page.goto(f"{tab.url}/docs/{address}")
        expect(heading(page, summary)).to_be_visible()
    assert page.title() == "API reference · AgentContainer"
    assert page.locator("html").get_attribute("lang") == "en"


def site(page: Page) -> Locator:
    """The links between the reference and the page."""
    return page.get_by_role("navigation", name="Site")


def test_no_other_machine_is_asked(tab: Tab, outside: Outside) -> None:
    """Neither for Redoc's logo nor by its telemetry, whatever somebody opens, and on leaving."""
    before = len(outside.asked)
    page = opened(tab)
    page.get_by_role("link", name="Agents", exact=True).first.click()
    page.get_by_role("link", name="Change an agent").click()
    expect(heading(page, "Change an agent")).to_be_in_viewport()
    found(page, "archive", "Archive an agent").click()
    expect(heading(page, "Archive an agent")).to_be_in_viewport()
    page.get_by_role("button", name=re.compile("^(light|dark)$")).click()
    site(page).get_by_role("link", name="API keys").click()
    page.get_by_role("button", name="Continue", exact=True).wait_for()
    page.go_back()
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    assert outside.asked[before:] == []
    assert {url.split("/")[2] for url in tab.requested if url.startswith("http")} == {
        f"localhost:{tab.product.port}"
    }


def test_the_policy_is_the_other_pages(tab: Tab) -> None:
    """And in it no text becomes markup; `close` of every test sees that nothing violates it."""
    answers = {}
    tab.context.on("response", lambda response: answers.update({response.url: response}))
    page = opened(tab)
    expect(found(page, "archive", "Archive an agent")).to_be_visible()
    policies = {answer.all_headers()["content-security-policy"] for answer in answers.values()}
    other = tab.context.request.get(tab.url).headers["content-security-policy"]
    assert policies == {other}
    assert "unsafe" not in other
    made = page.evaluate("""() => {
      const element = document.createElement('p');
      element.innerHTML = '<img src=x onerror=alert(1)>';
      return element.innerHTML;
    }""")
    assert made == ""


def test_a_link_leads_to_an_operation(tab: Tab) -> None:
    """By an address that can be kept, below the bar that stays."""
    page = opened(tab, "#/agents/updateagent")
    title = heading(page, "Change an agent")
    expect(title).to_be_in_viewport()
    top = page.get_by_role("banner").bounding_box()
    box = title.bounding_box()
    assert top is not None
    assert box is not None
    assert box["y"] >= top["height"]


def test_the_search_is_opened_and_used_by_keyboard(tab: Tab) -> None:
    """Without a worker, which the policy would not let it make."""
    page = opened(tab)
    expect(found(page, "list the versions", "List the versions of an agent")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/docs/#/agents/listagentversions"))


def test_page_and_reference_lead_to_each_other(tab: Tab) -> None:
    """By keyboard as well."""
    page = tab.signed_in()
    page.get_by_role("link", name="API reference").press("Enter")
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="AgentContainer", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(site(page).get_by_role("link", name="API keys")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="API keys")).to_be_visible()


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_but_redocs_own(new_tab: NewTab, scheme: str, width: int) -> None:
    """Light and dark, wide and narrow, which does not scroll sideways either."""
    tab = new_tab(color_scheme=scheme, viewport={"width": width, "height": 820})
    page = opened(tab, "#/agents/updateagent")
    expect(page.locator("html")).to_have_class(scheme)
    expect(heading(page, "Change an agent")).to_be_in_viewport()
    assert [one for one in violations(page) if not one.startswith(_REDOCS)] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_its_scripts_it_says_what_to_do(tab: Tab) -> None:
    """As the other page does; and where Redoc alone does not come."""
    config = f"window.agentContainer = {json.dumps({'notice': SCRIPTS_MISSING})};"
    tab.page.route("**/config.js", lambda route: route.fulfill(body=config), times=1)
    page = tab.open("/docs/")
    expect(page.get_by_role("alert")).to_have_text(SCRIPTS_MISSING)
    page.route("**/redoc.standalone.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    tab.faults.clear()
