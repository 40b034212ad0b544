"""The certificate of the site: given, or made here for the names and addresses of this host."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from labs.errors import UsageError
from labs.files import write_atomic
from labs.text import Text

_VALID = timedelta(days=397)
"""What browsers accept at most."""
_RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Certificate:
    """Files in PEM. made: by us, so that browsers ask before they trust it."""

    cert: Path
    key: Path
    made: bool = False

    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as browsers show it."""
        read = x509.load_pem_x509_certificate(self.cert.read_bytes())
        return read.fingerprint(hashes.SHA256()).hex(":").upper()


def given(cert: Path, key: Path) -> Certificate:
    """The centre's own certificate. Raises UsageError when the two do not serve."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            Text("Ce certificat et cette clé ne vont pas.", "This certificate and this key will not do."),
            where=f"{cert}, {key}: {error}",
            do=Text(
                "Donnez deux fichiers PEM qui vont ensemble, la clé sans phrase secrète.",
                "Give two PEM files that belong together, the key without a passphrase.",
            ),
        ) from error
    return Certificate(cert, key)


def made(folder: Path, host: str) -> Certificate:
    """A certificate of our own, kept in a folder; made anew when it is about to expire or lacks a name of this host."""
    found = Certificate(folder / "site.crt", folder / "site.key", made=True)
    names = _names(host)
    if not _serves(found, names):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        write_atomic(
            found.key,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            mode=0o600,
        )
        write_atomic(found.cert, _signed(key, names).public_bytes(serialization.Encoding.PEM))
    return found


def _signed(key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName]) -> x509.Certificate:
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Epreuve")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _serves(found: Certificate, names: list[x509.GeneralName]) -> bool:
    try:
        read = x509.load_pem_x509_certificate(found.cert.read_bytes())
        known = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    fresh = read.not_valid_after_utc - datetime.now(UTC) > _RENEW_BEFORE
    return found.key.exists() and fresh and all(name in known for name in names)


def _names(host: str) -> list[x509.GeneralName]:
    """What the site is called: this host's names, loopback, and the address that it listens on."""
    names: dict[str, x509.GeneralName] = {"localhost": x509.DNSName("localhost")}
    for name in (socket.gethostname(), socket.getfqdn()):
        names[name] = x509.DNSName(name)
    for address in {"127.0.0.1", "::1", host, *_own_addresses()}:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            names[address] = x509.DNSName(address)
            continue
        if not ip.is_unspecified:
            names[address] = x509.IPAddress(ip)
    return [names[name] for name in sorted(names)]


def _own_addresses() -> set[str]:
    try:
        return {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)}
    except OSError:
        return set()
