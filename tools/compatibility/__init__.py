"""Finds what a new document breaks for programs that were written against an older one."""
