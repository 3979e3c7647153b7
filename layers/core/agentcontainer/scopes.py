"""What a key may do. A scope that is added later is not added to keys that exist."""

AGENTS_READ = "agents:read"
AGENTS_WRITE = "agents:write"

ALL_SCOPES = (AGENTS_READ, AGENTS_WRITE)
