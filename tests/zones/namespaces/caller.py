"""Run inside a namespace: one call to a gateway's door with the certificate files that are given, and what came of it.

Arguments: host, port, the link's authority, certificate and key (or ``-``).
"""

import http.client
import socket
import ssl
import sys


def main() -> None:
    host, port, authority, certificate, key = sys.argv[1:]
    try:
        with socket.create_connection((host, int(port)), timeout=5):
            print("tcp open")
    except OSError as error:
        print(f"tcp {type(error).__name__}")
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority)
    if certificate != "-":
        context.load_cert_chain(certificate, key)
    call = http.client.HTTPSConnection(host, int(port), timeout=5, context=context)
    try:
        call.request("POST", "/gateway/1/pull", b"")
        print(f"answered {call.getresponse().status}")
    except (OSError, http.client.HTTPException) as error:
        print(f"refused {type(error).__name__}")


if __name__ == "__main__":
    main()
