"""A backup that is restored revives nothing, once the lines are replayed over it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.audit.event import Actor
from agentcontainer.clock import to_millis, utc_now
from agentcontainer.dynamodb.item import decode_item
from agentcontainer.errors import DomainError
from agentcontainer.ids import new_id
from agentcontainer.keys import token, verification
from agentcontainer.keys.key import ApiKey
from agentcontainer.keys.verification import Lookup, RateLimit, Verdict
from tests.integration.tools.operator.backup import Backups, Items, lines_of
from tests.integration.tools.operator.conftest import Operate
from tests.integration.tools.operator.owner import DAY, Owner
from tests.support.events import SOMEBODY
from tools.operator import desk
from tools.operator.replay import read, replay

RESTORED = "RestoredByExamples"
DEAD = {Verdict.UNKNOWN, Verdict.REVOKED}


@pytest.fixture
def replayed(operate: Operate, restored: str, tmp_path: Path) -> Callable[..., str]:
    """Replays lines from a file over the restored table; what the command said."""

    def run(lines: list[str], *words: str) -> str:
        file = tmp_path / "lines"
        file.write_text("\n".join(["START RequestId: 1", *lines, '{"type": "platform.report"}']))
        status, said, wrong = operate(restored, "replay", str(file), *words)
        assert (status, wrong) == (0, ""), said + wrong
        return said

    return run


def test_a_revoked_key_stays_revoked(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """The backup would let it in; after the replay the very next request is refused."""
    key = owner.create()
    backup = owner.items()
    owner.change(key, lambda k: k.revoke(utc_now(), "requested", "lost laptop"))
    backups.restore(restored, backup)
    [secret] = owner.tokens
    assert backups.verdict("Keys", secret) == "REVOKED"
    assert backups.verdict(restored, secret) == "Allow"
    replayed(owner.lines())
    assert backups.verdict(restored, secret) == "Allow", "without --yes nothing is written"
    assert key.id in replayed(owner.lines(), "--yes")
    assert backups.verdict(restored, secret) == "REVOKED"
    found = backups.stores(restored)[0].get(owner.account, key.id)
    truth = backups.stores("Keys")[0].get(owner.account, key.id)
    assert found == truth


def test_whatever_was_changed_is_as_it_had_become(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """Narrowed, disabled, rotated with and without grace, ended alone; each key's record too."""
    limit = RateLimit(5, 60)
    narrowed, disabled, rotated, cut, ended = (owner.create() for _ in range(5))
    ended = owner.rotate(ended)
    backup = owner.items()
    owner.change(narrowed, lambda k: k.edit(utc_now(), scopes=("agents:read",), rate_limit=limit))
    owner.change(disabled, lambda k: k.edit(utc_now(), enabled=False, name="off"))
    owner.rotate(rotated)
    owner.rotate(owner.rotate(cut), timedelta(0))
    owner.change(ended, lambda k: k.end_rotation(utc_now()))
    backups.restore(restored, backup)
    replayed(owner.lines(), "--yes")
    for secret in owner.tokens:
        assert backups.verdict(restored, secret) == backups.verdict("Keys", secret)
    secret = owner.tokens[0]
    assert backups.context(restored, secret) == backups.context("Keys", secret)
    assert {backups.verdict(restored, each) for each in owner.tokens} == {
        *("Allow", "DISABLED", "REVOKED"),
    }
    for key in (narrowed, disabled, rotated, cut, ended):
        truth = backups.stores("Keys")[0].get(owner.account, key.id)
        assert backups.stores(restored)[0].get(owner.account, key.id) == truth


def test_a_second_replay_changes_nothing(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """Nor do the lines in another order, some of them twice."""
    keys = [owner.create() for _ in range(3)]
    backup = owner.items()
    for key in keys:
        owner.rotate(key, timedelta(0))
        owner.rotate(key)
    owner.change(keys[0], lambda k: k.revoke(utc_now(), "requested"))
    backups.restore(restored, backup)
    lines = owner.lines()
    mixed = lines + lines[::2]
    mixed = [mixed[(7 * n) % len(mixed)] for n in range(len(mixed))]
    assert mixed != lines + lines[::2]
    replayed(mixed, "--yes")
    first = backups.everything(restored)
    said = replayed(lines, "--yes")
    assert "3 keys in the lines: 0 set right" in said
    assert backups.everything(restored) == first
    assert "0 set right" in replayed(lines[:3], "--yes")
    assert backups.everything(restored) == first


def test_what_is_changed_after_a_replay_is_not_undone_by_another(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """The key's revision is beyond that of the lines by then."""
    key = owner.create()
    backup = owner.items()
    owner.change(key, lambda k: k.edit(utc_now(), scopes=("agents:read",)))
    owner.change(key, lambda k: k.edit(utc_now(), scopes=("agents:write",)))
    backups.restore(restored, backup)
    replayed(owner.lines(), "--yes")
    keys, _ = backups.stores(restored)
    keys.change(
        owner.account,
        key.id,
        lambda k: k.edit(utc_now(), enabled=False),
        by=SOMEBODY,
        now=utc_now(),
    )
    replayed(owner.lines(), "--yes")
    assert backups.verdict(restored, owner.tokens[0]) == "DISABLED"


def test_what_the_restored_table_has_ended_is_not_revived(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """Where it was let into service too early, and went its own way: both ends hold."""
    key = owner.rotate(owner.create())
    backup = owner.items()
    owner.change(key, lambda k: k.edit(utc_now(), name="one"))
    owner.change(key, lambda k: k.edit(utc_now(), name="two"))
    backups.restore(restored, backup)
    old, new = owner.tokens
    keys, _ = backups.stores(restored)
    keys.change(
        owner.account, key.id, lambda k: k.end_rotation(utc_now()), by=SOMEBODY, now=utc_now()
    )
    replayed(owner.lines(), "--yes")
    assert (backups.verdict(restored, old), backups.verdict(restored, new)) == ("REVOKED", "Allow")


def test_a_key_that_the_restored_table_has_revoked_stays_so(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """Though the lines know later changes to it, and no end."""
    key = owner.create()
    backup = owner.items()
    for name in ("one", "two", "three"):
        owner.change(key, partial(ApiKey.edit, now=utc_now(), name=name))
    backups.restore(restored, backup)
    keys, _ = backups.stores(restored)
    revoke = partial(ApiKey.revoke, now=utc_now(), reason="requested")
    keys.change(owner.account, key.id, revoke, by=SOMEBODY, now=utc_now())
    replayed(owner.lines(), "--yes")
    assert backups.verdict(restored, owner.tokens[0]) == "REVOKED"


def test_a_revocation_holds_whatever_the_revisions_say(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """The restored table made more changes to the key than there had been."""
    key = owner.create()
    backup = owner.items()
    owner.change(key, lambda k: k.revoke(utc_now(), "requested"))
    backups.restore(restored, backup)
    keys, _ = backups.stores(restored)
    for name in ("one", "two", "three"):
        rename = partial(ApiKey.edit, now=utc_now(), name=name)
        keys.change(owner.account, key.id, rename, by=SOMEBODY, now=utc_now())
    replayed(owner.lines(), "--yes")
    assert backups.verdict(restored, owner.tokens[0]) == "REVOKED"


def test_a_secret_that_was_replaced_ends_whatever_the_revisions_say(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """And the one that replaced it works, for the key has to have one."""
    key = owner.create()
    backup = owner.items()
    owner.rotate(key, timedelta(0))
    backups.restore(restored, backup)
    keys, _ = backups.stores(restored)
    for name in ("one", "two", "three"):
        rename = partial(ApiKey.edit, now=utc_now(), name=name)
        keys.change(owner.account, key.id, rename, by=SOMEBODY, now=utc_now())
    replayed(owner.lines(), "--yes")
    old, new = owner.tokens
    assert (backups.verdict(restored, old), backups.verdict(restored, new)) == ("REVOKED", "Allow")


def test_a_key_made_after_the_backup_is_unknown(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """Lines make no key: whoever can write a log cannot issue one."""
    owner.create()
    assert "1 not in the table" in replayed(owner.lines(), "--yes")
    assert backups.verdict(restored, owner.tokens[0]) == "UNKNOWN"
    assert backups.everything(restored) == {}


def test_a_closed_account_is_closed_again_and_a_reopened_one_reopened(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """With the keys that it had then."""
    _, accounts = backups.stores("Keys")
    owner.create()
    open_backup = owner.items()
    accounts.close(owner.account, by=SOMEBODY, now=utc_now())
    closed_backup = owner.items()
    closed_lines = owner.lines()
    backups.restore(restored, open_backup)
    replayed(closed_lines, "--yes")
    _, again = backups.stores(restored)
    assert again.closed_at(owner.account) is not None
    assert backups.verdict(restored, owner.tokens[0]) == "REVOKED"
    accounts.reopen(owner.account, by=SOMEBODY, now=utc_now())
    backups.restore(restored, closed_backup)
    replayed(owner.lines(), "--yes")
    assert again.closed_at(owner.account) is None
    first = backups.everything(restored)
    replayed(owner.lines(), "--yes")
    assert backups.everything(restored) == first


def test_every_change_of_a_replay_names_who_replayed(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """In the same audit log as all others."""
    key = owner.create()
    backup = owner.items()
    owner.change(key, lambda k: k.revoke(utc_now(), "requested"))
    backups.restore(restored, backup)
    replayed(owner.lines(), "--yes")
    items = map(decode_item, backups.everything(restored).values())
    actors = {item["action"]: item["actor"] for item in items if "actor" in item}
    assert actors["api_key.revoked"]["type"] == "system"
    assert actors["api_key.revoked"]["id"] == "arn:operator"


def test_half_a_rotation_in_the_backup_is_made_whole(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """Its key knows two new secrets; the one that it ended is still let in, and no key names it."""
    key = owner.rotate(owner.create())
    before = owner.items()
    owner.rotate(key, replaced="oldest")
    after = owner.items()
    [ended, _, newest] = owner.tokens
    half = after | {at: item for at, item in before.items() if at[1] == "digest"}
    del half[f"digest#{token.digest(newest)}", "digest"]
    backups.restore(restored, half)
    assert backups.verdict(restored, ended) == "Allow"
    assert backups.verdict(restored, newest) == "UNKNOWN"
    lines = lines_of(item for at, item in after.items() if at not in before)
    assert len(lines) == 1
    replayed(lines, "--yes")
    assert backups.verdict(restored, ended) == "REVOKED"
    assert backups.verdict(restored, newest) == "Allow"


def test_more_secrets_than_a_transaction_holds_are_ended(
    owner: Owner, backups: Backups, restored: str, replayed: Callable[..., str]
) -> None:
    """A key that was rotated a hundred times since."""
    key = owner.create()
    backup = owner.items()
    for _ in range(120):
        owner.rotate(key, timedelta(0))
    backups.restore(restored, backup)
    replayed(owner.lines(), "--yes")
    seen = [backups.verdict(restored, each) for each in owner.tokens]
    assert seen == ["REVOKED"] * 120 + ["Allow"]
    first = backups.everything(restored)
    replayed(owner.lines(), "--yes")
    assert backups.everything(restored) == first


def test_the_tables_own_events_are_lines_too(
    owner: Owner, backups: Backups, restored: str, operate: Operate
) -> None:
    """Where the log lacks some: the same lines, from a moment on, and nothing is written."""
    since = utc_now()
    key = owner.create()
    owner.change(key, lambda k: k.revoke(utc_now(), "requested"))
    backups.restore(restored, owner.items())
    before = backups.everything(restored)
    status, said, _ = operate(restored, "lines", "--since", since.isoformat())
    assert status == 0
    assert sorted(said.splitlines()) == sorted(owner.lines())
    later = (utc_now() + DAY).isoformat()
    assert operate(restored, "lines", "--since", later) == (0, "", "")
    assert backups.everything(restored) == before


def test_lines_of_a_schema_that_is_not_known_stop_the_replay(
    owner: Owner, operate: Operate, restored: str, tmp_path: Path
) -> None:
    """Before anything is written."""
    owner.create()
    file = tmp_path / "lines"
    file.write_text(owner.lines()[0].replace('"v": 1', '"v": 2'))
    status, _, wrong = operate(restored, "replay", str(file), "--yes")
    assert status == 1
    assert "schema 2" in wrong


# --- Any sequence of changes, any moment, any half of the transaction at that moment -------------

CHANGES: dict[str, Callable[[Owner, ApiKey], object]] = {
    "rename": lambda o, key: o.change(key, lambda k: k.edit(utc_now(), name=f"{k.name}x")),
    "narrow": lambda o, key: o.change(key, lambda k: k.edit(utc_now(), scopes=("agents:read",))),
    "widen": lambda o, key: o.change(
        key, lambda k: k.edit(utc_now(), scopes=("agents:read", "agents:write"))
    ),
    "limit": lambda o, key: o.change(key, lambda k: k.edit(utc_now(), allowed_ips=("192.0.2.1",))),
    "disable": lambda o, key: o.change(key, lambda k: k.edit(utc_now(), enabled=False)),
    "enable": lambda o, key: o.change(key, lambda k: k.edit(utc_now(), enabled=True)),
    "rotate": lambda o, key: o.rotate(key, replaced="oldest"),
    "repeat": lambda o, key: o.rotate(key, replaced="newest"),
    "cut": lambda o, key: o.rotate(key, timedelta(0)),
    "renew": lambda o, key: o.rotate(key, replaced="oldest", expires_at=utc_now() + 9 * DAY),
    "end": lambda o, key: o.change(key, lambda k: k.end_rotation(utc_now())),
    "self": lambda o, key: o.change(key, lambda k: k.end_secret(utc_now(), k.secrets[-1].digest)),
    "revoke": lambda o, key: o.change(key, lambda k: k.revoke(utc_now(), "requested")),
}
OF_THE_ACCOUNT = ("create", "create-short", "close", "reopen")
steps = st.lists(
    st.tuples(st.sampled_from([*CHANGES, *OF_THE_ACCOUNT, "create"]), st.integers(0, 2)),
    min_size=2,
    max_size=12,
)


def do(owner: Owner, keys: list[ApiKey], step: str, which: int) -> None:
    """One step; what the rules refuse is not done."""
    _, accounts = owner.backups.stores("Keys")
    now = utc_now()
    try:
        match step:
            case "create":
                keys.append(owner.create())
            case "create-short":
                keys.append(owner.create(expires_at=now + timedelta(hours=1)))
            case "close":
                accounts.close(owner.account, by=SOMEBODY, now=now)
            case "reopen":
                accounts.reopen(owner.account, by=SOMEBODY, now=now)
            case _ if keys:
                CHANGES[step](owner, keys[which % len(keys)])
    except DomainError:
        pass


def verdicts(items: Items, owner: Owner) -> list[tuple[Verdict, ...]]:
    """What each token is told now, in two hours, and in two and in twenty days."""
    moments = [to_millis(utc_now() + later) for later in (DAY * 0, DAY / 12, DAY * 2, DAY * 20)]
    found: list[tuple[Verdict, ...]] = []
    for secret in owner.tokens:
        item = items.get((f"digest#{token.digest(secret)}", "digest"))
        seen: Lookup | None = verification.from_item(decode_item(item)) if item else None
        found.append(tuple(verification.check(seen, moment) for moment in moments))
    return found


@given(steps=steps, data=st.data())
def test_a_restored_and_replayed_table_decides_as_the_lost_one(
    world: Backups, steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    """On every secret ever minted, but for keys that were made after the backup: those are dead."""
    world.make(RESTORED)
    owner = Owner(world, new_id("user", utc_now()))
    keys: list[ApiKey] = []
    history: list[Items] = []
    history.append(owner.items())
    for step, which in steps:
        do(owner, keys, step, which)
        history.append(owner.items())
    moment = data.draw(st.integers(1, len(steps)))
    before, at_once = history[moment - 1], history[moment]
    # AWS: a backup may have some of a transaction's changes and not the others.
    changed = sorted(key for key, item in at_once.items() if before.get(key) != item)
    torn = data.draw(st.sets(st.sampled_from(changed))) if changed else set()
    backup = {key: before.get(key, {}) if key in torn else item for key, item in at_once.items()}
    world.restore(RESTORED, {key: item for key, item in backup.items() if item})
    since = data.draw(st.integers(0, moment - 1))
    lines = lines_of(item for key, item in history[-1].items() if key not in history[since])
    lines += data.draw(st.lists(st.sampled_from(lines), max_size=5)) if lines else []
    data.draw(st.randoms(use_true_random=False)).shuffle(lines)

    keys_there, accounts_there = world.stores(RESTORED)
    place = desk.of_table(RESTORED, None)
    by = Actor("system", "arn:operator")
    at = desk.Desk(place, keys_there, accounts_there, by, utc_now(), acts=True)
    assert replay(at, read(lines))

    def now_there() -> Items:
        digests = map(token.digest, owner.tokens)
        return world.items(RESTORED, [owner.account], digests)

    after = now_there()
    truth = history[-1]
    for secret, want, got in zip(
        owner.tokens, verdicts(truth, owner), verdicts(after, owner), strict=True
    ):
        item = truth.get((f"digest#{token.digest(secret)}", "digest"), {})
        # Without one the rules refused to issue it, and it is unknown to both.
        key = (f"account#{owner.account}", f"key#{item['keyId']['S']}") if item else None
        if key is None or backup.get(key):
            assert got == want
        else:
            assert set(got) <= DEAD
    live = [decode_item(i) for (_, sk), i in after.items() if sk.startswith("key#")]
    counters = after.get((f"account#{owner.account}", "counters"))
    counted = decode_item(counters).get("liveKeys", 0) if counters else 0
    assert counted == sum(each["counted"] for each in live)
    assert replay(at, read(lines))
    assert now_there() == after
