"""Writes the API's documents from the handlers."""
