"""Clerk: an instance of our own, and the Frontend API that the real ClerkJS speaks to."""
