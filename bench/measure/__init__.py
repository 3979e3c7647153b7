"""Processes that are measured, in folders as Lambda has them, and the DynamoDB that they ask."""
