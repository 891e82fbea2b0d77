"""The signing key in an HSM over PKCS#11: proven with SoftHSM2, the key made in the token and not extractable."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from pkcs11.util.rsa import encode_rsa_public_key

from tests.notices.cast import HAYAMA, NINOMIYA, SIGNED_AT
from tests.notices.conftest import KEYS_MADE_AT, Town, rendered
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf import verify_notice
from yakuba.casework.notices.key_commands import notice_keys
from yakuba.casework.notices.keys import KEY_LIFE, certify
from yakuba.casework.notices.sign import sign_pdf
from yakuba.casework.notices.signer import BadKeySetting, NoNoticeKey, Signers, read_pkcs11_uri
from yakuba.casework.notices.token_keys import rotate_in_token

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((path for path in MODULES if Path(path).exists()), "")
PIN = "246802"


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pkcs11.Token:
    """A fresh software token; its configuration is read when the library is first loaded."""
    if not MODULE:
        pytest.skip("SoftHSM2 (Debian: softhsm2) is not installed here")
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "yakuba", "--so-pin", "13579", "--pin", PIN],
        check=True,
        capture_output=True,
    )
    library = pkcs11.lib(MODULE)
    library.reinitialize()
    return library.get_token(token_label="yakuba")


def key_in(token: pkcs11.Token, label: str) -> RSAPublicKey:
    """Make a key pair inside the token; the private part cannot leave it."""
    with token.open(user_pin=PIN, rw=True) as session:
        public, private = session.generate_keypair(
            pkcs11.KeyType.RSA,
            2048,
            label=label,
            store=True,
            private_template={pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.SENSITIVE: True},
        )
        assert private[pkcs11.Attribute.NEVER_EXTRACTABLE]
        loaded = load_der_public_key(encode_rsa_public_key(public))
    assert isinstance(loaded, RSAPublicKey)
    return loaded


def certificate_into(token: pkcs11.Token, label: str, certificate: x509.Certificate) -> None:
    with token.open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.VALUE: certificate.public_bytes(Encoding.DER),
                pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
            }
        )


def test_a_key_in_a_token_signs_and_a_rotated_one_leaves_earlier_notices_good(
    token: pkcs11.Token, fresh_town: Town, tmp_path: Path
) -> None:
    pin = tmp_path / "pin"
    pin.write_text(f"{PIN}\n")
    for number in (2, 3):
        label = f"{HAYAMA}-{number}"
        public = key_in(token, label)
        end = KEYS_MADE_AT + KEY_LIFE
        certificate_into(token, label, certify(fresh_town.folder, HAYAMA, number, public, KEYS_MADE_AT, end))
    notices = []
    for number in (2, 3):
        uri = (
            f"pkcs11:token=yakuba;object={{municipality}}-{number}?module-path={MODULE}&pin-source=file:{pin}"
        )
        signers = Signers(uri)
        notices.append(sign_pdf(rendered(), signers.of(HAYAMA), SIGNED_AT, "通知書"))
        signers.forget()
    later = SIGNED_AT + timedelta(days=1)
    verdicts = [verify_notice(one, roots=fresh_town.roots, at=later) for one in notices]
    assert [one.outcome for one in verdicts] == [Outcome.GOOD, Outcome.GOOD]
    assert verdicts[0].signer == "葉山町長"


def test_keys_of_two_towns_in_one_token_are_used_side_by_side(
    token: pkcs11.Token, fresh_town: Town, tmp_path: Path
) -> None:
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    for town in (HAYAMA, NINOMIYA):
        public, end = key_in(token, town), KEYS_MADE_AT + KEY_LIFE
        certificate_into(token, town, certify(fresh_town.folder, town, 9, public, KEYS_MADE_AT, end))
    signers = Signers(
        f"pkcs11:token=yakuba;object={{municipality}}?module-path={MODULE}&pin-source=file:{pin}"
    )
    for town, head in ((HAYAMA, "葉山町長"), (NINOMIYA, "二宮町長"), (HAYAMA, "葉山町長")):
        notice = sign_pdf(rendered(), signers.of(town), SIGNED_AT, "通知書")
        verdict = verify_notice(notice, roots=fresh_town.roots, at=SIGNED_AT)
        assert (verdict.outcome, verdict.signer) == (Outcome.GOOD, head)
    signers.forget()


def test_a_rotation_makes_the_next_key_in_the_token_and_a_running_signer_takes_it_at_once(
    token: pkcs11.Token, fresh_town: Town, tmp_path: Path
) -> None:
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    uri = f"pkcs11:token=yakuba;object={{municipality}}-{{number}}?module-path={MODULE}&pin-source=file:{pin}"
    signers, key = Signers(uri), read_pkcs11_uri(uri, HAYAMA)
    with pytest.raises(NoNoticeKey, match="notice-keys rotate --token"):
        signers.of(HAYAMA)
    labels, notices = [], []
    for _ in range(2):
        labels.append(rotate_in_token(fresh_town.folder, key, HAYAMA, at=KEYS_MADE_AT))
        notices.append(sign_pdf(rendered(), signers.of(HAYAMA), SIGNED_AT, "通知書"))
    signers.forget()
    assert labels == [f"{HAYAMA}-2", f"{HAYAMA}-3"]
    later = SIGNED_AT + timedelta(days=1)
    verdicts = [verify_notice(one, roots=fresh_town.roots, at=later) for one in notices]
    assert [one.outcome for one in verdicts] == [Outcome.GOOD, Outcome.GOOD]


def test_no_key_made_in_a_token_comes_out_of_it(
    token: pkcs11.Token, fresh_town: Town, tmp_path: Path
) -> None:
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    uri = f"pkcs11:token=yakuba;object={{municipality}}-{{number}}?module-path={MODULE}&pin-source=file:{pin}"
    label = rotate_in_token(fresh_town.folder, read_pkcs11_uri(uri, HAYAMA), HAYAMA, at=KEYS_MADE_AT)
    with token.open(user_pin=PIN, rw=True) as session:
        private = session.get_key(label=label, object_class=pkcs11.ObjectClass.PRIVATE_KEY)
        assert isinstance(private, pkcs11.PrivateKey)
        with pytest.raises(pkcs11.PKCS11Error):
            private[pkcs11.Attribute.PRIVATE_EXPONENT]
        wrapping = session.generate_key(pkcs11.KeyType.AES, 256)
        assert isinstance(wrapping, pkcs11.WrapMixin)
        with pytest.raises(pkcs11.PKCS11Error):
            wrapping.wrap_key(private)
        with pytest.raises(pkcs11.PKCS11Error):
            private[pkcs11.Attribute.EXTRACTABLE] = True


def test_a_key_without_a_number_cannot_be_rotated_and_the_command_says_how_to_name_it(
    fresh_town: Town,
) -> None:
    uri = "pkcs11:token=yakuba;object={municipality}?module-path=/x.so&pin-value=1"
    said = CliRunner().invoke(notice_keys, ["rotate", str(fresh_town.folder), HAYAMA, "--token", uri])
    assert (said.exit_code, "{municipality}-{number}" in said.output) == (1, True)


def test_a_uri_names_module_token_label_and_pin(tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("secret\n")
    key = read_pkcs11_uri(
        f"pkcs11:token=town%20hall;object=notice-{{municipality}}?module-path=/lib/x.so&pin-source=file:{pin}",
        HAYAMA,
    )
    assert (key.module, key.token, key.label, key.pin) == (
        "/lib/x.so",
        "town hall",
        "notice-143014",
        "secret",
    )


@pytest.mark.parametrize(
    ("uri", "missing"),
    [
        ("pkcs11:object=x?module-path=/m&pin-value=1", "token"),
        ("pkcs11:token=x?module-path=/m&pin-value=1", "object"),
        ("pkcs11:token=x;object=y", "module-path"),
        ("pkcs11:token=x;object=y?module-path=/m", "pin-source"),
    ],
)
def test_a_uri_that_lacks_a_part_says_which_with_an_example(uri: str, missing: str) -> None:
    with pytest.raises(BadKeySetting, match=missing):
        read_pkcs11_uri(uri, HAYAMA)


def test_a_folder_without_the_towns_key_says_which_file_it_wants(tmp_path: Path) -> None:
    with pytest.raises(NoNoticeKey, match=r"143014-1\.pem"):
        Signers(str(tmp_path)).of(HAYAMA)
