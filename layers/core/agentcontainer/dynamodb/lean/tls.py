"""Which certificate authorities may identify AWS.

Amazon's own roots, five certificates in a file, load in a tenth of the time of the system's bundle
of more than a hundred, and every server of DynamoDB is under one of them. A test compares the file
with certifi. Should AWS ever move to another root, the first connection falls back to the system's
bundle and says so in a line that an alarm watches: slower for a moment, not down.
"""

import os
import ssl
from socket import socket

from agentcontainer import metrics

# Not pathlib, which would take longer to load than the file.
ROOTS = os.path.join(os.path.dirname(__file__), "amazon_roots.pem")  # noqa: PTH118, PTH120


class Trust:
    """A TLS client; AWS_CA_BUNDLE, as boto3 honours it, is a file to believe and nothing else.

    So is REQUESTS_CA_BUNDLE where that is not set.
    """

    def __init__(self) -> None:
        bundle = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE")
        self.context = _context(bundle or ROOTS)
        self._may_widen = not bundle

    def wrap(self, connected: socket, host: str) -> ssl.SSLSocket:
        """A TLS connection to a host that has proved its name; SSLCertVerificationError if not."""
        return self.context.wrap_socket(connected, server_hostname=host)

    def widen(self, fault: ssl.SSLCertVerificationError) -> bool:
        """Believes the system's bundle from now on; whether that changes anything."""
        if not self._may_widen:
            return False
        self._may_widen = False
        self.context = _context(None)
        metrics.warn("TRUST_FALLBACK", f"Amazon's roots: {fault.verify_message}")
        return True


def _context(file: str | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if file is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(file)
    return context
