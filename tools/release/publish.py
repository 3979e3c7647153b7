"""Puts the page where the stack serves it: files, `config.js`, then whatever names them.

At every moment index.html names files that are there. The release before stays beside the new one,
so a page that somebody has open goes on finding its parts; what neither has is deleted.
"""

import json
import re
import sys
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from blueprint.errors import Refusal
from blueprint.page.config import config_js, publishable_key
from blueprint.page.files import CONFIG, kind, page_files
from blueprint.template import environments
from blueprint.template.environments import Environment

RELEASE = "release.json"
"""In the bucket: the names of the release that is there."""

# Its name says its version, so its content never changes.
_VERSIONED = re.compile(r"vendor/.*_\d+\.\d+\.\d+\.js")
_AT_ONCE = 8


class Stack(NamedTuple):
    """What the deployed stack says of itself: its outputs and the values of its parameters."""

    outputs: dict[str, str]
    parameters: dict[str, str]


def publish(environment: Environment, release: str | None = None) -> None:
    """Publishes the page of an environment's stack; Refusal if it is not of this release.

    SAM CLI succeeds too where an operator has looked at the changes and said no.
    """
    session = boto3.Session(region_name=environment.region)
    stack = describe(session.client("cloudformation"), environment.stack_name)
    if release not in {None, stack.parameters["Release"]}:
        raise Refusal(f"{environment.stack_name} was not changed, and neither was its page")
    files = {name: file.read_bytes() for name, file in page_files().items()}
    files[CONFIG] = config(stack).encode()
    try:
        count = upload(session.client("s3"), stack.outputs["PageBucketName"], files)
        invalidate(session.client("cloudfront"), stack.outputs["PageDistributionId"])
    except (BotoCoreError, ClientError) as error:
        repeat = f"repeat it: .venv/bin/python -m tools.release.publish {environment.name}"
        raise Refusal(f"the page was not published whole; {repeat}. {error}") from error
    print(f"Published {len(files)} files, deleted {count}. {where(stack)}")


def describe(cloudformation: Any, name: str) -> Stack:
    """The stack with this name; Refusal if there is none."""
    try:
        [stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise Refusal(f"the stack {name} cannot be read: {error}") from error
    return Stack(
        {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())},
        {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())},
    )


def config(stack: Stack) -> str:
    """The page's `config.js`, with the stack's addresses and Clerk's instance."""
    return config_js(
        publishable_key=publishable_key(stack.parameters["ClerkIssuer"]),
        clerk_proxy_url=None,
        dashboard_url=f"{stack.outputs['DashboardApiUrl']}/dashboard/v1",
        api_url=f"{stack.outputs['PublicApiUrl']}/api/v1",
        script_hosts=stack.parameters["ClerkScriptHosts"],
    )


def upload(s3: Any, bucket: str, files: Mapping[str, bytes]) -> int:
    """Makes the bucket hold `files` and the release before them; how many others it deleted."""
    there = _names(s3, bucket)
    before = _released(s3, bucket) if RELEASE in there else there

    def put(name: str) -> None:
        s3.put_object(Bucket=bucket, Key=name, Body=files[name], **headers(name))

    # New names, which nothing asks for yet; then what may ask for them; the page itself last.
    pages = {name for name in files if name.endswith(".html")}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(put, files.keys() - pages - there))
        list(pool.map(put, (files.keys() - pages) & there))
    for name in sorted(pages, key=lambda page: (page == "index.html", page)):
        put(name)
    names = json.dumps(sorted(files)).encode()
    s3.put_object(Bucket=bucket, Key=RELEASE, Body=names, **headers(RELEASE))
    gone = there - before - files.keys() - {RELEASE}
    _delete(s3, bucket, gone)
    return len(gone)


def headers(name: str) -> dict[str, str]:
    """How S3, and CloudFront after it, serves a file."""
    media_type = kind(Path(name))
    if media_type.startswith("text/") or media_type in {"application/json", "image/svg+xml"}:
        media_type += "; charset=utf-8"
    # Asked for anew each time, which costs a 304: pages, modules and config.js always fit together.
    kept = "public, max-age=31536000, immutable" if _VERSIONED.fullmatch(name) else "no-cache"
    return {"ContentType": media_type, "CacheControl": kept}


def invalidate(cloudfront: Any, distribution: str) -> None:
    """Makes every edge forget what it has."""
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(uuid.uuid4())}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)


def where(stack: Stack) -> str:
    """Where the page is, and what is still to be done if it could not work there."""
    origin, address = stack.parameters["DashboardOrigin"], stack.outputs["PageDomainTarget"]
    if stack.parameters["PageCertificate"]:
        return f"The page is {origin}, whose DNS record has to point to {address}."
    if origin == f"https://{address}":
        return f"The page is {origin}."
    return (
        f"The page is at https://{address}, and works once this is DashboardOrigin and among "
        "ClerkAuthorizedParties in samconfig.toml: change them, and deploy again."
    )


def _names(s3: Any, bucket: str) -> set[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {one["Key"] for page in pages for one in page.get("Contents", ())}


def _released(s3: Any, bucket: str) -> set[str]:
    names: list[str] = json.load(s3.get_object(Bucket=bucket, Key=RELEASE)["Body"])
    return set(names)


def _delete(s3: Any, bucket: str, names: Iterable[str]) -> None:
    for name in sorted(names):
        s3.delete_object(Bucket=bucket, Key=name)


def main() -> int:
    """`ENV`: publishes the page of a stack that is deployed."""
    try:
        publish(environments.named(next(iter(sys.argv[1:]), "")))
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
