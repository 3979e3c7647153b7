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

from local.people import ACME, ADMIN, MEMBER
from tests.browser.driving import CHROMIUM, Outside, Tab, chromium
from tests.product.running import Person, Product

FOLDER = Path(__file__).parent.parent / "docs/screenshots"
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
                fill(product.person(ADMIN.id, ACME.id, "admin"))
                for picture in PICTURES:
                    screen = {"width": picture.width, "height": picture.height}
                    tab = Tab(browser, product, viewport=screen, color_scheme=scheme)
                    picture.pose(tab)
                    settle(tab)
                    tab.page.screenshot(path=FOLDER / f"{picture.name}-{scheme}.png")
                    tab.close()
    outside.stop()
    return 0


def fill(person: Person) -> None:
    """Keys in every state, oldest first."""
    both = ["agents:read", "agents:write"]
    old = person.create_key(name="Contractor, spring", scopes=["agents:read"])
    person.request("POST", f"/api-keys/{old['id']}/revoke", {"note": "The project is over"})
    person.create_key(name="Metrics export", scopes=["agents:read"], expiresAt=in_days(4))
    paused = person.create_key(name="Staging", scopes=both, expiresAt=in_days(60))
    person.request("PATCH", f"/api-keys/{paused['id']}", {"enabled": False})
    person.create_key(
        name="Nightly reports",
        scopes=["agents:read"],
        expiresAt=in_days(340),
        allowedIps=["192.0.2.0/24"],
        rateLimit={"requests": 100, "windowSeconds": 60},
    )
    rotated = person.create_key(name="Billing, production", scopes=both, expiresAt=in_days(85))
    person.request("POST", f"/api-keys/{rotated['id']}/rotate", {"gracePeriodSeconds": 86_400})
    person.create_key(name="CI", scopes=both, expiresAt=in_days(89.9))


def in_days(days: float) -> str:
    """A time as the API takes it."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def settle(tab: Tab) -> None:
    """Waits until fonts are there and nothing moves."""
    tab.page.evaluate("document.fonts.ready")
    tab.page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")


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
    Picture("list", listed, height=710),
    Picture("create", creating, height=860),
    Picture("rotate", rotating),
    Picture("key", opened, height=820),
    Picture("revoke", revoking, height=640),
    Picture("member", read_only, height=740),
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
