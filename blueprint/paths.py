"""Where the project's files are."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
TEMPLATE: Final = ROOT / "template.yaml"
PUBLIC_DOCUMENT: Final = ROOT / "functions/openapi/openapi.yaml"
"""The OpenAPI document of the API for programs, which is served."""
DASHBOARD_DOCUMENT: Final = ROOT / "docs/dashboard-api.yaml"
"""That of the dashboard's API, which is not."""
