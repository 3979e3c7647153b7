"""Every planted fault, by what it would break."""

from tests.faults.account_leaks import LISTS, THINGS, together
from tests.faults.fault import CORE, Edit, Fault

VERIFICATION = (
    Fault(
        "the authorizer reads what may be stale",
        (
            Edit(
                f"{CORE}/dynamodb/lean/client.py",
                '"ConsistentRead": True,',
                '"ConsistentRead": False,',
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/lean/test_client.py",),
    ),
    Fault(
        "the checksum of a token is skipped",
        (
            Edit(
                f"{CORE}/keys/token.py",
                "return text if checksum(body) == given else None",
                "return text if given and body else None",
            ),
        ),
        ("tests/unit/agentcontainer/keys/test_token.py",),
    ),
    Fault(
        "a Deny becomes an exception",
        (
            Edit(
                "functions/authorizer/handler.py",
                'return policy("Deny",',
                'raise RuntimeError("Deny",',
            ),
        ),
        ("tests/unit/functions/test_authorizer.py",),
    ),
    Fault(
        "a handler does not look at the kind of its caller",
        (
            Edit(
                f"{CORE}/auth/principal.py",
                '    if context.get("kind") != KEY:\n',
                '    if "keyId" not in context:\n',
            ),
        ),
        ("tests/unit/agentcontainer/auth/test_principal.py",),
    ),
    Fault(
        "a route demands no scope",
        (
            Edit(
                "functions/agents/handler.py",
                '@api.endpoint("GET", _AGENTS, scope="agents:read")',
                '@api.endpoint("GET", _AGENTS)',
            ),
        ),
        ("tests/contract/test_routes.py",),
    ),
    Fault(
        "a route that changes keys is open to every member",
        (
            Edit(
                "functions/api_keys/handler.py",
                '@api.endpoint("PATCH", _KEY, admin_only=True, errors=[FinalState])',
                '@api.endpoint("PATCH", _KEY, errors=[FinalState])',
            ),
        ),
        ("tests/contract/test_routes.py",),
    ),
    Fault(
        "a key from before a field is not read",
        (
            Edit(
                f"{CORE}/keys/items.py",
                '"revision": key.revision,',
                '"revision": key.revision,\n        "added": 0,',
            ),
            Edit(
                f"{CORE}/keys/items.py",
                'revision=item["revision"],',
                'revision=item["revision"] + item["added"],',
            ),
        ),
        ("tests/unit/agentcontainer/test_fields.py::test_what_is_stored_already_is_still_read",),
    ),
)

STORE = (
    Fault(
        "any text goes into a table's key",
        (Edit(f"{CORE}/keys/store.py", 'if not is_id("key", key_id):', "if not key_id:"),),
        ("tests/unit/functions/test_every_route.py",),
    ),
    Fault(
        "the limits let reads have keys of any length",
        (
            Edit(
                "local/dynamodb/limits/checker.py",
                '    check_expressions(parameters, ["ProjectionExpression"])\n'
                "    _check_key(parameters, tables)\n",
                '    check_expressions(parameters, ["ProjectionExpression"])\n',
            ),
        ),
        ("tests/unit/local/dynamodb/limits",),
    ),
    Fault(
        "the limits are not in front of moto",
        (
            Edit(
                "local/dynamodb/limits/moto_in_process.py",
                "if not target.startswith(_PREFIX) or _AWS not in request.url:",
                "if target:",
            ),
        ),
        ("tests/unit/local/dynamodb/limits/test_moto_in_process.py",),
    ),
)

CHANGES = (
    Fault(
        "a change does not look at the revision",
        (
            Edit(
                f"{CORE}/keys/store.py",
                'where={"revision": old.revision},',
                'where={"id": old.id},',
            ),
        ),
        ("tests/unit/agentcontainer/keys/test_store.py",),
    ),
    Fault(
        "a closed account takes new keys",
        (Edit(f"{CORE}/keys/store.py", '_OPEN = {"closedAt": ABSENT}', "_OPEN: dict = {}"),),
        ("tests/unit/agentcontainer/accounts/test_store.py",),
    ),
    Fault(
        "a grace lasts beyond the key's expiry",
        (
            Edit(
                f"{CORE}/keys/key.py",
                "deadline = now + grace if self.expires_at is None else "
                "min(now + grace, self.expires_at)",
                "deadline = now + grace",
            ),
        ),
        ("tests/unit/agentcontainer/keys/test_key.py",),
    ),
)

KINDS = (
    Fault(
        "the first address of a name uses up the time of the others",
        (
            Edit(
                f"{CORE}/dynamodb/lean/connection.py",
                "self._first(time.monotonic() + pause if self._waiting else ends)",
                "self._first(ends)",
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/lean/test_client.py",),
    ),
    Fault(
        "a proxy of the shell reaches the local run",
        (
            Edit(
                "local/dynamodb/environment.py",
                "for name in os.environ.keys() - KEPT:",
                'for name in [name for name in os.environ if name.startswith("AWS_")]:',
            ),
        ),
        ("tests/unit/local/dynamodb/test_environment.py",),
    ),
    Fault(
        "a partition of AWS has another's host",
        (
            Edit(
                f"{CORE}/dynamodb/lean/endpoint.py",
                '"eusc-de": "amazonaws.eu",',
                '"eusc-de": "amazonaws.com",',
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/lean/test_endpoint.py",),
    ),
    Fault(
        "a page in HTML is an unknown error of the store",
        (
            Edit(
                f"{CORE}/dynamodb/retryable.py",
                "status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS or code in",
                "code in",
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/test_retryable.py",),
    ),
    Fault(
        "a write is believed without a response",
        (
            Edit(
                f"{CORE}/dynamodb/table.py",
                "        raise MalformedResponse(operation=operation_model.name)",
                "        return",
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/test_table.py",),
    ),
    Fault(
        "a path is compared as it was sent",
        (
            Edit(
                f"{CORE}/web/resolver.py",
                '"path": normal_path(event["path"])',
                '"path": event["path"]',
            ),
        ),
        ("tests/unit/functions/test_account.py", "tests/unit/functions/test_api_keys.py"),
    ),
    Fault(
        "a header in two spellings is two headers",
        (
            Edit(
                f"{CORE}/web/requests.py",
                "        name.lower()\n        for name, values in (event",
                "        name\n        for name, values in (event",
            ),
        ),
        ("tests/unit/functions/test_every_route.py",),
    ),
    Fault(
        "what Python takes for white space is cut off a header",
        (Edit("local/http/server.py", 'value.strip(" \\t")', "value.strip()"),),
        ("tests/unit/local/http/test_server.py",),
    ),
    Fault(
        "one of the two clients heeds an endpoint that is to be ignored",
        (
            Edit(
                f"{CORE}/dynamodb/lean/endpoint.py",
                'os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() != "true"',
                "os.environ",
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/lean/test_endpoint.py",),
    ),
    Fault(
        "damaged text is taken for data",
        (Edit(f"{CORE}/web/requests.py", "    if REPLACEMENT in text:", "    if not text:"),),
        ("tests/unit/functions/test_every_route.py",),
    ),
    Fault(
        "an error in another framing is final",
        (
            Edit(
                f"{CORE}/dynamodb/lean/client.py",
                "            except Refused as fault:",
                "            except (Refused, Broken) as fault:",
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/test_retryable.py",),
    ),
    Fault(
        "a note may hold what a name may not",
        (
            Edit(
                "functions/api_keys/handler.py",
                "Field(max_length=200, json_schema_extra=NOTE), Note]",
                "Field(max_length=200, json_schema_extra=NOTE)]",
            ),
        ),
        ("tests/unit/functions/test_key_changes.py",),
    ),
    Fault(
        "a value that is compared exactly is not demanded exactly",
        (
            Edit(
                "tools/release/deploy.py",
                'not re.fullmatch(described.get("AllowedPattern", ".*"), value)',
                "value is None",
            ),
        ),
        ("tests/integration/tools/release/test_deploy.py",),
    ),
    Fault(
        "a session for another service is taken",
        (
            Edit(
                f"{CORE}/auth/clerk.py",
                'if "aud" in claims and not self._audiences & _audience(claims["aud"]):',
                'if self._audiences and "aud" in claims and not _audience(claims["aud"]):',
            ),
        ),
        ("tests/unit/agentcontainer/auth/test_clerk.py",),
    ),
)
"""Of the kinds that decision 94 lists."""

LOCAL_CLERK = (
    Fault(
        "an e-mail's code is not compared",
        (
            Edit(
                "local/clerk/codes.py",
                "if not hmac.compare_digest(given.encode(), self.digits.encode()):",
                "if not hmac.compare_digest(given.encode(), given.encode()):",
            ),
        ),
        ("tests/unit/local/clerk/test_codes.py",),
    ),
    Fault(
        "one password has one hash",
        (
            Edit(
                "local/clerk/passwords.py",
                "salt = secrets.token_bytes(_SALT_BYTES)",
                "salt = bytes(_SALT_BYTES)",
            ),
        ),
        ("tests/unit/local/clerk/test_passwords.py",),
    ),
    Fault(
        "a member may do what an admin may",
        (
            Edit(
                "local/clerk/organizations.py",
                "if user.id not in organization.admins:",
                "if user.id not in organization.members:",
            ),
        ),
        ("tests/unit/local/clerk/test_organizations.py",),
    ),
    Fault(
        "an event is told before it is on disk",
        (
            Edit(
                "local/clerk/frontend_api.py",
                "            self._directory.keep()\n            self._browsers.keep()\n",
                "            self._browsers.keep()\n",
            ),
        ),
        ("tests/unit/local/clerk/test_events.py",),
    ),
)

BY_TESTS = (*VERIFICATION, *STORE, *CHANGES, *KINDS, *LOCAL_CLERK)
"""Those that tests of the copy find."""

BY_FUZZING = (together("things of others", THINGS), together("lists of others", LISTS))
"""Those that fuzzing finds in a product that runs from the copy: tests/integration/fuzz."""

ALL = (*BY_TESTS, *BY_FUZZING)
