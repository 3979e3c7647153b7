"""Many callers at once."""

from concurrent.futures import ThreadPoolExecutor

from tests.support.product import Product


def test_callers_never_see_each_others_answers(product: Product) -> None:
    """200 requests of two accounts at once, each answered with its own account and key."""
    people = [product.person(), product.person()]
    keys = [person.create_key() for person in people]

    def ask(n: int) -> tuple[bool, bool]:
        person, key = people[n % 2], keys[n % 2]
        if n % 4 < 2:
            answer = product.account(key["token"])
            return answer.status == 200, (
                answer.json["id"] == person.user and answer.json["key"]["id"] == key["id"]
            )
        listed = person.request("GET", "/api-keys")
        return listed.status == 200, [k["id"] for k in listed.json["data"]] == [key["id"]]

    with ThreadPoolExecutor(32) as pool:
        assert set(pool.map(ask, range(200))) == {(True, True)}


def test_keys_created_at_once_all_work(product: Product) -> None:
    """Forty creations side by side: forty ids, forty tokens, each good."""
    person = product.person()
    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(lambda n: person.create_key(name=str(n)), range(40)))
        statuses = set(pool.map(lambda key: product.account(key["token"]).status, keys))
    assert len({key["id"] for key in keys}) == len({key["token"] for key in keys}) == 40
    assert statuses == {200}
    assert len(person.request("GET", "/api-keys?limit=100").json["data"]) == 40
