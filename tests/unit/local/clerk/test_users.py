from hypothesis import given
from hypothesis import strategies as st

from local.clerk.users import ACME, ADMIN_ROLE, MEMBER_ROLE, Address, Member, User

ADDRESSES = st.lists(
    st.builds(Address, st.from_regex(r"[a-z]{1,8}@x\.example", fullmatch=True), st.booleans()),
    min_size=2,
    max_size=5,
    unique_by=lambda one: one.email,
)


@given(ADDRESSES, st.data())
def test_the_primary_address_is_one_of_the_users(
    addresses: list[Address], data: st.DataObject
) -> None:
    """Making another one the primary loses none of them."""
    user = User("user_1", tuple(addresses))
    wanted = data.draw(st.sampled_from(addresses))
    changed = user.with_primary(wanted)
    assert changed.email == wanted.email
    assert changed.addresses[0].verified
    assert {one.email for one in changed.addresses} == {one.email for one in addresses}


@given(ADDRESSES, st.data())
def test_verifying_an_address_changes_that_one_alone(
    addresses: list[Address], data: st.DataObject
) -> None:
    """And removing it leaves the others as they were."""
    user = User("user_1", tuple(addresses))
    wanted = data.draw(st.sampled_from(addresses))
    others = [one for one in addresses if one != wanted]
    verified = user.with_verified(wanted)
    assert verified.has_verified(wanted.email)
    assert [one for one in verified.addresses if one.id != wanted.id] == others
    assert list(user.without(wanted).addresses) == others


@given(st.dictionaries(st.sampled_from("abcd"), st.sampled_from([ADMIN_ROLE, MEMBER_ROLE])))
def test_admins_are_the_members_who_have_that_role(roles: dict[str, str]) -> None:
    """However they came and went."""
    organization = ACME
    for id_, role in roles.items():
        organization = organization.with_member(id_, Member(role, 1))
    for id_ in ACME.members:
        organization = organization.without_member(id_)
    assert organization.admins == [id_ for id_, role in roles.items() if role == ADMIN_ROLE]
