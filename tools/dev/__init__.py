"""What developers run besides: what is fetched, locked, linted and listed."""
