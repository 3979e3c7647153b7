"""A field of a key: chosen at creation and later, stored, shown, in its events, on the page."""

from tests.faults.fault import CORE, Edit
from tests.faults.walks.places import EXAMPLES, FIELDS, PAGE, append, insert
from tests.faults.walks.walk import DOCUMENTS, Step, Walk

_OF_KEYS = "functions/api_keys/handler.py"
_ACCESS = "dashboard/app/components/access-fields.js"
_IN_DIALOG = (
    "      <${DescriptionField} access=${access} change=${change} "
    "error=${error?.about?.('description')} />\n"
)


def _in_dialog(file: str) -> tuple[Edit, ...]:
    return (
        append(file, "  AddressesField,\n", "  DescriptionField,\n"),
        insert(file, "      <${ScopesField}", _IN_DIALOG),
    )


FIELD = Walk(
    "A field of a key",
    (
        Step(
            name="the record",
            told_by=f"{FIELDS}::test_every_field_is_tried",
            says=r"in the left set:\nE\s+'description'",
            edits=(
                insert(
                    f"{CORE}/keys/key.py",
                    "    expires_at: datetime | None = None\n    disabled",
                    "    description: str | None = None\n",
                ),
            ),
        ),
        Step(
            name="stored",
            told_by=f"{FIELDS}::test_a_field_of_a_key_is_stored[description]",
            says=r"description is forgotten in keys/items\.py",
            edits=(
                insert(
                    f"{CORE}/keys/items.py",
                    '        "disabled": key.disabled,\n',
                    '        "description": key.description,\n',
                ),
            ),
        ),
        Step(
            name="read",
            told_by=f"{FIELDS}::test_a_field_of_a_key_is_stored[description]",
            says=r"description is forgotten in keys/items\.py",
            edits=(
                insert(
                    f"{CORE}/keys/items.py",
                    '        disabled=item["disabled"],\n',
                    '        description=item.get("description"),\n',
                ),
            ),
        ),
        Step(
            name="in its events",
            told_by=f"{FIELDS}::test_a_change_of_a_key_is_in_its_event[description]",
            says=r"description is forgotten in keys/diff\.py",
            edits=(
                insert(
                    f"{CORE}/keys/diff.py",
                    '        "enabled": not key.disabled,\n',
                    '        "description": key.description,\n',
                ),
            ),
        ),
        Step(
            name="a member of the object",
            told_by=f"{FIELDS}::test_a_key_shows_its_fields[description]",
            says=r"description is forgotten in web/schemas\.py",
            edits=(
                insert(
                    f"{CORE}/web/schemas.py",
                    "    created_by: str\n",
                    "    description: str | None\n",
                ),
            ),
        ),
        Step(
            name="shown",
            told_by=f"{FIELDS}::test_a_key_shows_its_fields[description]",
            says=r"schemas\.py[\s\S]*description\n.*Field required",
            edits=(
                insert(
                    f"{CORE}/web/schemas.py",
                    "            created_by=key.created_by,\n",
                    "            description=key.description,\n",
                ),
            ),
        ),
        Step(
            name="chosen for a new key",
            told_by=f"{FIELDS}::test_what_is_not_a_callers_to_choose_is_named[description]",
            says="description is forgotten in CreateKey of functions/api_keys/handler.py",
            edits=(
                append(
                    _OF_KEYS,
                    "    rate_limit: RateLimitInput | None = None\n",
                    "    description: Name | None = None\n",
                ),
            ),
        ),
        Step(
            name="given to a new key",
            told_by=f"{FIELDS}::test_a_new_key_is_as_its_creator_chose[description]",
            says="create_api_key of functions/api_keys/handler.py loses description",
            edits=(
                append(
                    _OF_KEYS,
                    "            expires_at=key.expires_at,\n",
                    "            description=key.description,\n",
                ),
            ),
        ),
        Step(
            name="changed",
            told_by=f"{FIELDS}::test_what_is_not_a_callers_to_choose_is_named[description]",
            says="description is forgotten in UpdateKey of functions/api_keys/handler.py",
            edits=(
                insert(
                    _OF_KEYS,
                    "    enabled: bool = unset()\n",
                    "    description: Name | None = unset()\n",
                ),
            ),
        ),
        Step(
            name="what may change",
            told_by=f"{FIELDS}::test_what_is_not_a_callers_to_choose_is_named[description]",
            says=r"description is forgotten in KeyChanges of keys/key\.py",
            edits=(
                insert(
                    f"{CORE}/keys/key.py",
                    "    enabled: bool\n",
                    "    description: str | None\n",
                ),
            ),
        ),
        Step(
            name="the change",
            told_by=f"{FIELDS}::test_a_key_is_as_it_was_changed[description]",
            says=r"ApiKey\.edit of keys/key\.py loses description",
            edits=(
                insert(
                    f"{CORE}/keys/key.py",
                    '            disabled=not changes.get("enabled", not self.disabled),\n',
                    '            description=changes.get("description", self.description),\n',
                ),
            ),
        ),
        Step(
            name="given to a key that is changed",
            told_by=f"{FIELDS}::test_a_key_is_as_it_was_changed[description]",
            says=r"UpdateKey\.changes of functions/api_keys/handler\.py .* loses description",
            edits=(
                insert(
                    _OF_KEYS,
                    "            enabled=self.enabled,\n",
                    "            description=self.description,\n",
                ),
            ),
        ),
        Step(
            name="another value",
            told_by=f"{FIELDS}::test_every_field_is_tried",
            says=r"in the right set:\nE\s+'description'",
            edits=(
                insert(
                    FIELDS,
                    '    "disabled": True,\n',
                    '    "description": "for the nightly build",\n',
                ),
            ),
        ),
        Step(
            name="whether a request depends on it",
            told_by=f"{FIELDS}::test_the_authorizer_sees_what_a_request_depends_on[description]",
            says=r"description is forgotten in keys/verification\.py",
            edits=(
                append(FIELDS, '        *("name", "created_at", "created_by"', ', "description"'),
            ),
        ),
        Step(
            name="the list of members",
            told_by="tests/unit/functions/test_api_keys.py::test_a_created_key_shows_its_token_once",
            says="description",
            edits=(
                insert(
                    "tests/unit/functions/test_api_keys.py",
                    '        "expiresAt": None,\n        "lastUsedAt": None,\n',
                    '        "description": None,\n',
                ),
            ),
        ),
        Step(
            name="what programs do not learn",
            told_by="tests/unit/functions/test_account.py::test_a_key_learns_whose_it_is",
            says="description",
            edits=(
                append(
                    "tests/unit/functions/test_account.py",
                    '    hidden = {"createdBy", "allowedIps"',
                    ', "description"',
                ),
            ),
        ),
        Step(
            name="the event of a change",
            told_by="tests/unit/functions/test_key_change_recorder.py"
            "::test_the_event_is_as_the_product_writes_it",
            says="description",
            edits=(
                insert(
                    "events/key_change_recorder/key-revoked.json",
                    '              "revokedNote": {"NULL": true},\n',
                    '              "description": {"NULL": true},\n',
                ),
            ),
        ),
        Step(
            name="an example",
            told_by=f"{EXAMPLES}::test_what_the_examples_send_is_answered_as_they_show[dashboard]",
            says="createApiKey[^\n]*description",
            edits=(
                insert(
                    "tools/openapi/examples.yaml",
                    "  createdBy: user_2zJp4LkWn7RtYuIoPaSdFgHjKl\n",
                    "  description: null\n",
                ),
            ),
        ),
        Step(
            name="the document",
            module="tools.openapi",
            told_by=DOCUMENTS,
            says=r"docs/dashboard-api\.yaml is not what the handlers say",
        ),
        Step(
            name="the page's words",
            told_by=f"{PAGE}::test_the_page_has_a_word_for_each_change",
            says=r"MEMBERS of dashboard/app/events\.js[\s\S]*description",
            edits=(
                append(
                    "dashboard/app/events.js",
                    "  name: ['Name', (name) => name],\n",
                    "  description: ['Description', (text) => text ?? 'none'],\n",
                ),
            ),
        ),
        Step(
            name="the page's facts",
            told_by=f"{PAGE}::test_the_page_shows_each_member_of_a_key[description]",
            says=r"components/facts\.js does not show description",
            edits=(
                insert(
                    "dashboard/app/components/facts.js",
                    '      <${Fact} name="Last used">\n',
                    "      <${Fact} name=\"Description\">${apiKey.description ?? 'None'}<//>\n",
                ),
            ),
        ),
        Step(
            name="the page's field",
            told_by=f"{PAGE}::test_a_form_has_a_field_for_each_member",
            says=r"components/access-fields\.js[\s\S]*description",
            edits=(
                append(_ACCESS, "ACCESS_MEMBERS = ['scopes', 'allowedIps'", ", 'description'"),
                append(
                    _ACCESS,
                    "const LEAST = { scopes: ['agents:read'], allowedIps: []",
                    ", description: null",
                ),
                append(_ACCESS, "export function useAccess({ scopes, allowedIps", ", description"),
                append(
                    _ACCESS,
                    "    addresses: allowedIps.join('\\n'),\n",
                    "    description: description ?? '',\n",
                ),
                append(
                    _ACCESS,
                    "    allowedIps: access.addresses.split(/[\\s,]+/).filter(Boolean),\n",
                    "    description: access.description.trim() || null,\n",
                ),
                insert(
                    _ACCESS,
                    "export function AddressesField(",
                    """\
export function DescriptionField({ access, change, error }) {
  return html`
    <${Field} label="Description" optional error=${error}>
      ${(control) => html`
        <input
          ...${control}
          maxlength="80"
          autocomplete="off"
          value=${access.description}
          onInput=${({ target }) => change({ description: target.value })}
        />
      `}
    <//>
  `;
}

""",
                ),
            ),
        ),
        Step(
            name="the page's form for a new key",
            told_by=f"{PAGE}::test_a_form_has_a_field_for_each_member",
            says=r"components/create-dialog\.js[\s\S]*description",
            edits=_in_dialog("dashboard/app/components/create-dialog.js"),
        ),
        Step(
            name="the page's form for a change",
            told_by=f"{PAGE}::test_a_form_has_a_field_for_each_member",
            says=r"components/access-dialog\.js[\s\S]*description",
            edits=_in_dialog("dashboard/app/components/access-dialog.js"),
        ),
    ),
    also=(FIELDS, PAGE),
)
