"""Pictures of the page's main states, light and dark: `make screenshots` rewrites docs/screenshots.

They are taken from a real run with real keys, so they are as the page is; who changes how it looks
runs this and looks at each.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from blueprint.paths import ROOT
from local.clerk.users import ACME, ADMIN, MEMBER
from tests.e2e.browser.dashboard_driver import CHROMIUM, Outside, Tab, chromium
from tests.e2e.browser.history import History
from tests.support.product import Person, Product

FOLDER = ROOT / "docs/screenshots"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class Picture(NamedTuple):
    """A state of the page: how to get there, and how large a screen looks at it."""

    name: str
    pose: Callable[[Tab], object]
    width: int = 1200
    height: int = 760


def main() -> int:
    """Takes all of them."""
    if not CHROMIUM.exists():
        print(f"there is no {CHROMIUM}: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    outside = Outside()
    with tempfile.TemporaryDirectory() as folder, chromium(outside) as browser:
        for scheme in SCHEMES:
            with Product(Path(folder, scheme)) as product:
                fill(product.person(ADMIN.id, ACME.id, "admin"), History(product, ACME.id))
                for picture in PICTURES:
                    screen = {"width": picture.width, "height": picture.height}
                    tab = Tab(browser, product, viewport=screen, color_scheme=scheme)
                    picture.pose(tab)
                    settle(tab)
                    tab.page.screenshot(path=FOLDER / f"{picture.name}-{scheme}.png")
                    tab.close()
    outside.stop()
    return 0


def fill(person: Person, history: History) -> None:
    """Keys in every state, oldest first, with a past."""
    now = datetime.now(UTC)
    both = ["agents:read", "agents:write"]
    old = person.create_key(name="Contractor, spring", scopes=["agents:read"])
    person.request("POST", f"/api-keys/{old['id']}/revoke", {"note": "The project is over"})
    history.use(old["id"], old["token"], now - timedelta(days=6))
    for ago in range(6, 26):
        history.record(old["id"], ago, accepted=20 + ago % 7)
    history.record(old["id"], 4, refused=2, refusedRevoked=2)
    history.record(old["id"], 1, refused=1, refusedRevoked=1)
    person.create_key(name="Metrics export", scopes=["agents:read"], expiresAt=in_days(4))
    paused = person.create_key(name="Staging", scopes=both, expiresAt=in_days(60))
    person.request("PATCH", f"/api-keys/{paused['id']}", {"enabled": False})
    history.record(paused["id"], 2, refused=7, refusedDisabled=7)
    nightly = person.create_key(
        name="Nightly reports",
        scopes=["agents:read"],
        expiresAt=in_days(340),
        allowedIps=["192.0.2.0/24"],
        rateLimit={"requests": 100, "windowSeconds": 60},
    )
    history.use(nightly["id"], nightly["token"], now - timedelta(hours=9))
    history.record_busy(nightly["id"], 60, 40, seed=4)
    rotated = person.create_key(name="Billing, production", scopes=both, expiresAt=in_days(85))
    newest = person.request("POST", f"/api-keys/{rotated['id']}/rotate").json
    history.use(rotated["id"], rotated["token"], now - timedelta(hours=3))
    history.use(rotated["id"], newest["token"], now - timedelta(minutes=2))
    history.record_busy(rotated["id"], 400, 900, seed=3)
    first = person.create_key(name="CI", scopes=both, expiresAt=in_days(89.9))
    history.use(first["id"], first["token"], now - timedelta(minutes=9))
    history.record(first["id"], 0, accepted=3)


def in_days(days: float) -> str:
    """A time as the API takes it."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def settle(tab: Tab) -> None:
    """Waits until fonts are there and nothing moves."""
    tab.page.evaluate("document.fonts.ready")
    tab.page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    tab.page.wait_for_load_state("networkidle")


# --- States ---------------------------------------------------------------------------------------


def signed_out(tab: Tab) -> None:
    """Clerk's form."""
    tab.open()
    tab.page.get_by_role("button", name="Continue", exact=True).wait_for()


def listed(tab: Tab) -> None:
    """The keys of an organization."""
    tab.signed_in(ADMIN.email, ACME.id)
    tab.row("CI").wait_for()
    tab.page.get_by_role("button", name="Open organization switcher").wait_for()


def creating(tab: Tab) -> None:
    """The form of a new key."""
    listed(tab)
    tab.page.get_by_role("button", name="New key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill("Support desk")


def shown_once(tab: Tab) -> None:
    """A new key's secret."""
    listed(tab)
    tab.create("Support desk")


def rotating(tab: Tab) -> None:
    """A rotation while an older secret works."""
    listed(tab)
    tab.choose("Billing, production", "Rotate…")
    tab.dialog().get_by_label("End the oldest").check()


def opened(tab: Tab) -> None:
    """One key, with what was done to it."""
    listed(tab)
    tab.page.get_by_role("button", name="Billing, production", exact=True).click()
    tab.page.get_by_text("created the key").wait_for()


def used(name: str, range_: int = 30, filter_: str = "Live 5") -> Callable[[Tab], None]:
    """The usage of a key."""

    def pose(tab: Tab) -> None:
        listed(tab)
        tab.page.get_by_role("radio", name=filter_).check()
        tab.page.get_by_role("button", name=name, exact=True).click()
        part = tab.page.get_by_role("region", name="Usage", exact=True)
        part.get_by_role("radio", name=f"{range_} days").check()
        part.get_by_text(f"ast {range_} days").wait_for()
        tab.page.get_by_text("created the key").wait_for()
        part.evaluate("(node) => scrollTo(0, node.getBoundingClientRect().top + scrollY - 20)")

    return pose


def pointed_at(tab: Tab) -> None:
    """A year of usage, with the mark on a week in summer."""
    used("Billing, production", 400)(tab)
    tab.page.get_by_role("slider").focus()
    for _ in range(13):
        tab.page.keyboard.press("ArrowLeft")


def tabled(tab: Tab) -> None:
    """The same as a table."""
    used("Billing, production", 400)(tab)
    tab.page.get_by_role("button", name="Show as table").click()


def ending(tab: Tab) -> None:
    """The older secret of a rotation about to end."""
    listed(tab)
    tab.row("Billing, production").get_by_role("button", name="End it").click()
    tab.dialog().get_by_role("button", name="End it now").wait_for()


def revoking(tab: Tab) -> None:
    """A key about to end."""
    listed(tab)
    tab.choose("Metrics export", "Revoke…")
    tab.dialog().get_by_label("to confirm").fill("Metrics")


def read_only(tab: Tab) -> None:
    """As a member sees it."""
    tab.signed_in(MEMBER.email, ACME.id)
    tab.row("CI").wait_for()
    tab.row("CI").get_by_text("by Dana Demo").wait_for()


def empty(tab: Tab) -> None:
    """An account without keys."""
    tab.signed_in(MEMBER.email)
    tab.page.get_by_role("button", name="Open organization switcher").wait_for()
    tab.page.get_by_role("heading", name="No keys yet").wait_for()


def failed(tab: Tab) -> None:
    """A list that does not come."""
    error = {"code": "service_unavailable", "message": "The service is unavailable. Try again."}
    error["requestId"] = "8f4f3c1e-2d57-4a2e-9d0b-6b7a55e6f1c2"
    tab.page.route("**/api-keys?*", lambda route: route.fulfill(status=503, json={"error": error}))
    tab.signed_in(ADMIN.email, ACME.id)
    tab.page.get_by_role("button", name="Open organization switcher").wait_for()
    tab.page.get_by_role("button", name="Try again").wait_for()


def ended(tab: Tab) -> None:
    """A session that ended over a half-filled form."""
    creating(tab)
    tab.sign_out_elsewhere()
    tab.page.evaluate("window.Clerk.session.getToken({ skipCache: true }).catch(() => {})")
    tab.page.get_by_role("button", name="Continue", exact=True).wait_for()


def reference(tab: Tab) -> None:
    """An operation of the API's reference."""
    tab.open("/docs/#/agents/updateagent")
    tab.page.get_by_role("heading", name="Change an agent").wait_for()
    tab.page.get_by_text("Search Ctrl+K").wait_for(state="attached")


PICTURES = (
    Picture("sign-in", signed_out, height=620),
    Picture("list", listed, height=830),
    Picture("create", creating, height=860),
    Picture("rotate", rotating),
    Picture("key", opened, height=1180),
    Picture("usage-none", used("Metrics export"), height=300),
    Picture("usage-day", used("CI"), height=460),
    Picture("usage-year", pointed_at, height=460),
    Picture("usage-table", tabled, height=660),
    Picture("usage-refused", used("Contractor, spring", filter_="All 6"), height=560),
    Picture("usage-phone", used("Billing, production", 400), 320, 660),
    Picture("usage-refused-phone", used("Contractor, spring", filter_="All 6"), 320, 800),
    Picture("end-older", ending, height=560),
    Picture("revoke", revoking, height=640),
    Picture("member", read_only, height=860),
    Picture("empty", empty, height=620),
    Picture("error", failed, height=420),
    Picture("session-ended", ended),
    Picture("phone", listed, 320, 700),
    Picture("secret", shown_once, height=640),
    Picture("reference", reference, height=860),
    Picture("reference-phone", reference, 320, 700),
)

if __name__ == "__main__":
    sys.exit(main())
