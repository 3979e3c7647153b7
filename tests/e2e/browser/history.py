"""Usage of days gone by, written into a running product's tables as the usage recorder does."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

import boto3

from agentcontainer.clock import to_millis
from agentcontainer.dynamodb.item import account_pk
from agentcontainer.keys import token
from agentcontainer.keys.items import KEY, of_secret
from agentcontainer.usage.store import usage_pk
from blueprint.template.translation import REGION
from tests.support.product import Product


class History:
    """The past of an account's keys."""

    def __init__(self, product: Product, account_id: str) -> None:
        self._account_id = account_id
        self._client = boto3.client(
            "dynamodb",
            endpoint_url=product.description["dynamodb"],
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 -- of nothing
        )

    def record(self, key_id: str, ago: int, **counts: int) -> None:
        """Adds requests of a day, to the key's usage and to the account's."""
        date = (datetime.now(UTC) - timedelta(days=ago)).date()
        for owner in (key_id, self._account_id):
            self._update(usage_pk(owner), f"day#{date}", "ADD", counts)

    def record_busy(self, key_id: str, days: int, most: int, seed: int = 1) -> None:
        """Workdays with more requests than weekends, and some trouble now and then."""
        dice = Random(seed)
        for ago in range(days):
            date = datetime.now(UTC) - timedelta(days=ago)
            calm = 0.35 if date.weekday() >= 5 else 1.0
            accepted = round(most * calm * (0.55 + 0.45 * dice.random()) * (1 - 0.5 * ago / days))
            trouble = {
                "rateLimited": round(accepted * 0.3 * dice.random()) if dice.random() < 0.12 else 0,
                "forbidden": dice.randrange(12) if dice.random() < 0.1 else 0,
                "failed": dice.randrange(1, 9) if dice.random() < 0.06 else 0,
            }
            self.record(key_id, ago, accepted=accepted, **trouble)

    def use(self, key_id: str, secret: str, at: datetime) -> None:
        """Makes `at` the last use of the key and of one of its tokens."""
        used = of_secret(token.fingerprint(token.digest(secret)))
        values = dict.fromkeys(("lastUsedAt", used), to_millis(at))
        self._update(account_pk(self._account_id), KEY + key_id, "SET", values)

    def _update(self, pk: str, sk: str, verb: str, values: Mapping[str, int]) -> None:
        sign = "=" if verb == "SET" else ""
        parts = [f"#{at} {sign} :{at}" for at in range(len(values))]
        self._client.update_item(
            TableName="Keys",
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression=f"{verb} {', '.join(parts)}",
            ExpressionAttributeNames={f"#{at}": name for at, name in enumerate(values)},
            ExpressionAttributeValues={
                f":{at}": {"N": str(value)} for at, value in enumerate(values.values())
            },
        )
