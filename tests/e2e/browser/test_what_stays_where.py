"""Where a token is, and is not; whom the page asks; what the browser is told to allow."""

import json
import re

import pytest
from playwright.sync_api import Request, expect

from blueprint.paths import ROOT
from local.clerk.users import ACME, ADMIN
from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Outside, Tab

_EVERYWHERE = """async () => {
  const databases = await indexedDB.databases();
  const values = [...document.querySelectorAll('input, textarea')].map(({ value }) => value);
  return JSON.stringify([
    document.documentElement.outerHTML, values, { ...localStorage }, { ...sessionStorage },
    document.cookie, databases, await caches.keys(), location.href, history.state, document.title,
    performance.getEntries().map(({ name }) => name), window.name,
  ]);
}"""


def test_a_token_stays_nowhere_after_its_dialog(tab: Tab) -> None:
    """Storage, address, document, console, the run's logs and tables: it was shown, and is gone."""
    page = tab.signed_in()
    tokens = [tab.create("Secretive")]
    assert tokens[0] in page.evaluate(_EVERYWHERE), "the search would not find it"
    tab.store()
    tab.choose("Secretive", "Rotate…")
    tab.dialog().get_by_role("button", name="Rotate", exact=True).click()
    tokens.append(tab.shown_token())
    tab.store()
    page.get_by_role("button", name="Secretive", exact=True).click()
    page.get_by_role("region", name="Activity").get_by_text("created the key").wait_for()
    found = page.evaluate(_EVERYWHERE) + json.dumps([tab.said, tab.requested])
    found += json.dumps(tab.context.storage_state(indexed_db=True)) + tab.product.written()
    assert "Secretive" in found
    for token in tokens:
        assert token not in found
        assert token[8:40] not in found


def test_leaving_a_token_takes_saying_that_it_is_stored(tab: Tab) -> None:
    """Escape, the browser's back or reload: asked first. Then it closes, and asks no more."""
    page = tab.signed_in()
    tab.create("Guarded")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(tab.dialog()).to_contain_text("Store the secret first")
    expect(tab.dialog().get_by_label("I have stored it")).to_be_focused()
    expect(tab.dialog().get_by_role("button", name="Done")).to_be_disabled()
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload(), 0)")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    tab.store()
    with page.expect_event("load"):
        page.evaluate("setTimeout(() => location.reload(), 0)")
    expect(tab.row("Guarded")).to_be_visible()


def test_a_token_is_copied_whole(new_tab: NewTab) -> None:
    """By itself, as a line of a .env file and as a curl line."""
    tab = new_tab(permissions=["clipboard-read", "clipboard-write"])
    tab.signed_in()
    token = tab.create("Copied")
    copies = {
        "the secret": token,
        "the .env line": f"AGENTCONTAINER_API_KEY={token}",
        "the curl line": f"curl -H 'Authorization: Bearer {token}' {tab.url}/api/v1/account",
    }
    for name, text in copies.items():
        tab.dialog().get_by_role("button", name=f"Copy {name}", exact=True).click()
        expect(tab.dialog().get_by_text(f"Copied {name}", exact=True)).to_be_attached()
        assert tab.product.account(token).status == 200
        expect(tab.dialog().get_by_role("group", name=name)).to_have_text(text)
    tab.store()


def test_where_copying_is_refused_the_text_is_marked(tab: Tab) -> None:
    """So that the keyboard's own copying takes it."""
    page = tab.signed_in()
    token = tab.create("By hand")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    tab.dialog().get_by_role("button", name="Copy the secret").click()
    expect(tab.dialog().get_by_text("Press Ctrl+C").first).to_be_visible()
    assert page.evaluate("getSelection().toString()") == token
    tab.store()


def test_a_token_that_is_pasted_into_the_search_becomes_its_hint(tab: Tab) -> None:
    """It finds its key, and does not stay in the field."""
    page = tab.signed_in()
    token = tab.create("Lost and found")
    tab.store()
    field = page.get_by_role("searchbox")
    field.fill(f"  {token} ")
    expect(field).to_have_value(f"{token[:12]}...{token[-4:]}")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(tab.row("Lost and found")).to_be_visible()


def test_nothing_but_this_machine_is_asked(tab: Tab, new_tab: NewTab, outside: Outside) -> None:
    """By the page, its workers, or the browser for them: everything else goes through a proxy."""
    before = len(outside.asked)
    page = tab.open()
    tab.sign_in()
    page.get_by_role("button", name="Open organization switcher").click()
    page.get_by_role("button", name="Acme").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open user menu").click()
    page.get_by_role("button", name="Manage account").wait_for()
    assert any(url.startswith("blob:") for url in tab.requested), "no worker was seen"
    assert outside.asked[before:] == []
    # That it would have been seen:
    other = new_tab()
    other.requested = []
    with pytest.raises(Exception, match="ERR_EMPTY_RESPONSE"):
        other.page.goto("http://elsewhere.example/")
    other.requested = []
    assert "GET http://elsewhere.example/ HTTP/1.1" in outside.asked[before:]


def test_the_policy_is_in_force(tab: Tab) -> None:
    """Inline scripts and styles, other hosts, markup from text and foreign scripts are refused."""
    page = tab.signed_in()
    refused = page.evaluate("""async () => {
      const wait = () => new Promise((done) => setTimeout(done, 50));
      const thrown = (work) => { try { work(); return false; } catch { return true; } };
      const add = (tag, members) => {
        document.body.append(Object.assign(document.createElement(tag), members));
      };
      const styled = document.createElement('style');
      styled.textContent = 'body { --probe: 1 }';
      document.body.append(styled);
      const handler = document.createElement('p');
      handler.setAttribute('style', 'color: red');
      const found = {
        html: thrown(() => { document.createElement('p').innerHTML = '<b>x</b>'; }),
        script: thrown(() => add('script', { textContent: 'window.ran = 1' })),
        foreign: thrown(() => add('script', { src: 'https://evil.example/x.js' })),
        own: thrown(() => add('script', { src: '/app/app.js' })),
        eval: await new Promise((done) => setTimeout(() => done(thrown(() => eval('1'))))),
        fetch: await fetch('https://evil.example/').then(() => false, () => true),
        style: getComputedStyle(document.body).getPropertyValue('--probe') === '',
      };
      await wait();
      return { ...found, ran: window.ran ?? 0 };
    }""")
    assert refused.pop("ran") == 0
    assert all(refused.values()), refused
    # These were asked for.
    assert page.evaluate("window.violations.splice(0).length") >= 4
    tab.faults.clear()


def test_every_file_of_the_page_has_the_headers(tab: Tab) -> None:
    """Those of template.yaml, strict ones, on whatever the page loads from its folder."""
    answers = {}
    tab.context.on("response", lambda response: answers.update({response.url: response}))
    tab.signed_in()
    files = [url for url in answers if "/__clerk/" not in url and "/dashboard/v1" not in url]
    assert len([url for url in files if url.startswith("http")]) > 30
    for url in files:
        if not url.startswith("http"):
            continue
        headers = answers[url].all_headers()
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"


def test_every_request_names_the_account_and_every_post_a_key(tab: Tab) -> None:
    """And no cookie goes with any of them."""
    requests: list[Request] = []

    def keep(request: Request) -> None:
        requests.append(request)

    tab.context.on("request", keep)
    tab.product.person(ADMIN.id, ACME.id, "admin").create_key()
    tab.signed_in(ADMIN.email, ACME.id)
    tab.create("Accounted for")
    tab.store()
    tab.choose("Accounted for", "Disable")
    expect(tab.row("Accounted for")).to_contain_text("Disabled")
    sent = [request for request in requests if "/dashboard/v1/" in request.url]
    assert {request.method for request in sent} == {"GET", "POST", "PATCH"}
    for request in sent:
        headers = request.all_headers()
        assert headers["agentcontainer-account"] == ACME.id
        assert "cookie" not in headers
        assert ("idempotency-key" in headers) == (request.method == "POST")


def test_everything_the_page_imports_is_fetched_at_once() -> None:
    """And nothing that it does not import: index.html lists each module of ours."""
    folder = ROOT / "dashboard"
    page = (folder / "index.html").read_text()
    listed = re.findall(r'rel="modulepreload" href="\./(.*?)"', page)
    modules = [str(file.relative_to(folder)) for file in (folder / "app").rglob("*.js")]
    assert sorted(listed) == sorted([*modules, "vendor/htm/standalone.module.js"])


def test_no_script_or_style_is_written_into_the_document() -> None:
    """Our own files keep to what the policy allows, whichever browser looks."""
    page = (ROOT / "dashboard/index.html").read_text()
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style| style=| on\w+=", page)
    for file in (ROOT / "dashboard/app").rglob("*.js"):
        text = file.read_text()
        assert not re.search(r"innerHTML|insertAdjacentHTML|dangerously| style=\$|eval\(", text), (
            file
        )
        assert not re.search(r"localStorage|sessionStorage|document\.cookie", text), file
