"""The kit's version, for `pip` and for reports."""

VERSION = "0.1.0"
