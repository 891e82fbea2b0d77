"""Calling the neighbour one step outward: one kept-alive TLS 1.3 connection with our client certificate."""

import http.client
import ssl
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from yakuba.gateway import wire
from yakuba.gateway.errors import BrokenMessage, MissingBlob, PeerAway
from yakuba.gateway.wire import LARGEST_FILE

_TIMEOUT = 30.0


class Peer:
    """A connection to the gateway at ``address`` (``https://host:port``); one per thread.

    Args:
        files: folder with ``ca.pem`` (the link's own authority, the only one trusted), ``client.pem`` and ``client.key``.
    """

    def __init__(self, address: str, files: Path) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError(
                f"{address!r}: a gateway is called as https://host:port, e.g. https://127.0.0.1:8443"
            )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(files / "ca.pem")
        context.load_cert_chain(files / "client.pem", files / "client.key")
        self._connection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=_TIMEOUT, context=context
        )

    def pull(self, taken: wire.Parcel, wait: float) -> wire.Parcel:
        """Say what we took, and get the next batch, waiting up to ``wait`` seconds for one."""
        return self._exchange("/gateway/1/pull", taken, {"X-Yakuba-Wait": str(wait)})

    def push(self, parcel: wire.Parcel) -> wire.Parcel:
        """Bring messages and slips; the answer says which we may forget."""
        return self._exchange("/gateway/1/push", parcel, {})

    def fetch(self, municipality: str, message: uuid.UUID, sha256: str) -> bytes:
        """A file of a message we have been offered.

        Raises:
            MissingBlob: the neighbour does not have it.
        """
        status, data = self._call("GET", _blob(municipality, message, sha256), b"", {})
        if status == 404:
            raise MissingBlob(sha256)
        return _good(status, data)

    def bring(self, municipality: str, message: uuid.UUID, sha256: str, data: bytes, recipient: str) -> None:
        """Hand over a file of a message we are about to push."""
        path = _blob(municipality, message, sha256)
        _good(*self._call("PUT", path, data, {"X-Yakuba-Recipient": recipient}))

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._connection.close()

    def _exchange(self, path: str, parcel: wire.Parcel, headers: dict[str, str]) -> wire.Parcel:
        data = _good(*self._call("POST", path, wire.pack(parcel), headers))
        try:
            return wire.unpack(data)
        except BrokenMessage as error:
            raise PeerAway(str(error)) from error

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        reused = self._connection.sock is not None
        try:
            return self._request(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not reused:
                raise PeerAway(f"{type(error).__name__}: {error}") from error
        # the neighbour may have closed the idle connection; every call may be made twice
        return self._call(method, path, body, headers)

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        self._connection.request(method, path, body, {"Content-Type": wire.CONTENT_TYPE, **headers})
        with self._connection.getresponse() as answer:
            return answer.status, answer.read(LARGEST_FILE + 1)


def _blob(municipality: str, message: uuid.UUID, sha256: str) -> str:
    return f"/gateway/1/blobs/{municipality}/{message}/{sha256}"


def _good(status: int, data: bytes) -> bytes:
    if status not in (200, 204):
        raise PeerAway(f"the neighbour answered {status}: {data[:200].decode(errors='replace')}")
    if len(data) > LARGEST_FILE:
        raise PeerAway(f"the neighbour sent more than {LARGEST_FILE} bytes")
    return data
