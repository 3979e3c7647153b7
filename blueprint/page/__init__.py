"""The dashboard's page: its files, its configuration and its headers."""
