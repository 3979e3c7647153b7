"""Every walk, in the order of CONTRIBUTING.md."""

from tests.faults.walks.endpoint import ENDPOINT
from tests.faults.walks.field import FIELD
from tests.faults.walks.function import FUNCTION
from tests.faults.walks.scope import SCOPE

WALKS = (FIELD, SCOPE, FUNCTION, ENDPOINT)
