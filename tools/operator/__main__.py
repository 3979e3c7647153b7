"""An operator's hands on the keys of a stack: `python -m tools.operator --stack NAME COMMAND`.

It needs credentials that may read and write the stack's table (docs/operations.md). Without --yes a
command says what it would do, and writes nothing. Each change is the same transaction that the
dashboard makes, and its audit event names the operator.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from agentcontainer.clock import utc_now
from agentcontainer.errors import DomainError
from agentcontainer.keys import token
from agentcontainer.web.errors import response_to
from agentcontainer.web.text import check_note
from tools.operator import desk, issued, keys
from tools.operator import replay as replaying
from tools.operator.desk import Desk, Refused
from tools.operator.lines import lines

_LONGEST_NOTE = 200


def main(arguments: list[str] | None = None) -> int:
    """0 when it is done; what goes wrong is a sentence, not a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    if any(token.holds_token(word) for word in given):
        desk.complain("a token stands in the command, and now in the shell's history: see --token")
        return 2
    asked = _parser().parse_args(given)
    try:
        return _run(asked)
    except Refused as refused:
        desk.complain(str(refused))
    except DomainError as failed:
        desk.complain(response_to(failed).message)
    except (BotoCoreError, ClientError) as failed:
        desk.complain(f"AWS says: {failed}")
    return 1


def _run(asked: argparse.Namespace) -> int:
    if asked.region:
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"] = asked.region
    if asked.endpoint_url:
        desk.at(asked.endpoint_url)
    place = desk.of_stack(asked.stack) if asked.stack else desk.of_table(asked.table, None)
    if asked.command == "lines":
        for line in lines(place.table, asked.since, read_units=asked.read_units):
            print(line)
        return 0
    by = asked.actor or ("local" if asked.endpoint_url else desk.caller())
    at = desk.desk(place, by, utc_now(), acts=asked.yes)
    match asked.command:
        case "revoke-key":
            keys.revoke(at, _target(at, asked), asked.reason, asked.note)
        case "close-account":
            keys.close(at, asked.account)
        case "reopen-account":
            keys.reopen(at, asked.account)
        case "revoke-issued":
            found = issued.revoke_issued(
                at,
                asked.since,
                asked.until,
                asked.reason,
                asked.note,
                read_units=asked.read_units,
                changes=asked.changes,
            )
            at.say(f"{found} secrets were issued in that time")
        case "replay":
            return 0 if replaying.replay(at, replaying.read(_texts(at, asked))) else 1
    return 0


def _target(at: Desk, asked: argparse.Namespace) -> keys.Target:
    if asked.token:
        return keys.by_token(at, sys.stdin.readline())
    if asked.digest:
        return keys.by_digest(at, asked.digest)
    if not asked.account:
        raise Refused("name the key's account with --account, or give --token or --digest")
    if asked.hint:
        return keys.by_hint(at, asked.account, asked.hint)
    if not asked.key_id:
        raise Refused("name the key, or give --hint, --token or --digest")
    return keys.Target(asked.account, asked.key_id)


def _texts(at: Desk, asked: argparse.Namespace) -> Iterator[str]:
    """The lines: of files, of standard input, or of the stack's log."""
    for name in asked.files:
        with sys.stdin if name == "-" else Path(name).open(encoding="utf-8") as file:
            yield from file
    if asked.files:
        return
    group = asked.log_group or at.place.log_group
    if group is None or asked.since is None:
        raise Refused("give files with the lines, or --since and a --log-group or --stack")
    yield from desk.messages(group, asked.since)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time like 2026-03-25T09:30:00Z") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _note(text: str) -> str:
    """As the dashboard takes one, which shows it."""
    if len(text) > _LONGEST_NOTE:
        raise argparse.ArgumentTypeError(f"at most {_LONGEST_NOTE} characters")
    try:
        return check_note(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _rate(text: str) -> float:
    rate = float(text)
    if rate <= 0:
        raise argparse.ArgumentTypeError("more than nothing")
    return rate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.operator", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", help="the stack whose keys they are")
    where.add_argument("--table", help="a table of keys by its name, such as a restored one")
    parser.add_argument("--region", help="the AWS region, if the environment does not say")
    parser.add_argument("--endpoint-url", help="another DynamoDB, such as the local run's")
    parser.add_argument(
        "--actor", help="who you are in audit events; the ARN you work by if left out"
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_, description=help_)
        added.add_argument("--yes", action="store_true", help="do it, and not only say it")
        return added

    def why(added: argparse.ArgumentParser) -> None:
        added.add_argument("--reason", choices=["requested", "leaked"], default="requested")
        added.add_argument("--note", type=_note, help="for whoever looks at the key's events later")

    one = command("revoke-key", "Revoke a key, or end the one secret of it that was found.")
    one.add_argument("key_id", nargs="?", metavar="KEY_ID")
    one.add_argument("--account")
    one.add_argument("--token", action="store_true", help="read the token from standard input")
    one.add_argument("--digest", help="the token's SHA-256, as in the log of verdicts")
    one.add_argument("--hint", help="as the dashboard shows it, with --account")
    why(one)
    closing = command("close-account", "Revoke all keys of an account; none can be made again.")
    closing.add_argument("account")
    opening = command("reopen-account", "Let a closed account have new keys.")
    opening.add_argument("account")
    many = command("revoke-issued", "Revoke what was issued within a time, in all accounts.")
    many.add_argument("--from", dest="since", type=_moment, required=True)
    many.add_argument("--to", dest="until", type=_moment, required=True)
    many.add_argument("--read-units", type=_rate, default=100, help="a second; 100 if left out")
    many.add_argument("--changes", type=_rate, default=20, help="a second; 20 if left out")
    why(many)
    again = command("replay", "End in a restored table what had been ended since the backup.")
    again.add_argument("files", nargs="*", help="files with the lines; - is standard input")
    again.add_argument("--log-group", help="where the lines are, if not in the stack's own")
    again.add_argument("--since", type=_moment, help="some minutes before the backup's moment")
    shown = commands.add_parser(
        "lines", help="Write the lines of the events that are in the table."
    )
    shown.add_argument("--since", type=_moment, required=True)
    shown.add_argument("--read-units", type=_rate, default=100, help="a second; 100 if left out")
    return parser


if __name__ == "__main__":
    sys.exit(main())
