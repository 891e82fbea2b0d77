"""Object identifiers and algorithm identifiers the card room knows, each with its source."""

from typing import Final

from yakuba.card import derwrite as w

# RFC 5652 (CMS), RFC 5035 (signing certificate), RFC 6211 (algorithm protection)
DATA: Final = "1.2.840.113549.1.7.1"
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
ALGORITHM_PROTECTION: Final = "1.2.840.113549.1.9.52"

# RFC 5280 section 4.2 and 5.2, 5.3
SUBJECT_KEY_IDENTIFIER: Final = "2.5.29.14"
KEY_USAGE: Final = "2.5.29.15"
SUBJECT_ALT_NAME: Final = "2.5.29.17"
ISSUER_ALT_NAME: Final = "2.5.29.18"
BASIC_CONSTRAINTS: Final = "2.5.29.19"
CRL_NUMBER: Final = "2.5.29.20"
REASON_CODE: Final = "2.5.29.21"
INVALIDITY_DATE: Final = "2.5.29.24"
ISSUING_DISTRIBUTION_POINT: Final = "2.5.29.28"
CRL_DISTRIBUTION_POINTS: Final = "2.5.29.31"
CERTIFICATE_POLICIES: Final = "2.5.29.32"
AUTHORITY_KEY_IDENTIFIER: Final = "2.5.29.35"

COUNTRY: Final = "2.5.4.6"
LOCALITY: Final = "2.5.4.7"
ORGANIZATION: Final = "2.5.4.10"
ORGANIZATIONAL_UNIT: Final = "2.5.4.11"
COMMON_NAME: Final = "2.5.4.3"

# JPKI: the holder's attributes in the signing certificate (公的個人認証サービス プロファイル仕様書).
ATTRIBUTE_NAME: Final = "1.2.392.200149.8.5.5.1"
ATTRIBUTE_NAME_SUBSTITUTES: Final = "1.2.392.200149.8.5.5.2"
ATTRIBUTE_SEX: Final = "1.2.392.200149.8.5.5.3"
ATTRIBUTE_BIRTH: Final = "1.2.392.200149.8.5.5.4"
ATTRIBUTE_ADDRESS: Final = "1.2.392.200149.8.5.5.5"
ATTRIBUTE_ADDRESS_SUBSTITUTES: Final = "1.2.392.200149.8.5.5.6"

# Policies of the test PKI stand under the arc for examples (Rec. ITU-T X.660 | 2.999), never under JPKI's
# own: no certificate made here may pass where real ones are asked for.
TEST_SIGN_POLICY: Final = "2.999.143.1"
TEST_AUTH_POLICY: Final = "2.999.143.2"

# RFC 5754 section 2.2: SHA-256 parameters absent or NULL; section 3.2 and RFC 8017 A.2.4: RSA parameters
# NULL.
SHA256: Final = w.sequence(w.oid("2.16.840.1.101.3.4.2.1"))
SHA256_WITH_NULL: Final = w.sequence(w.oid("2.16.840.1.101.3.4.2.1"), w.null())
RSA: Final = w.sequence(w.oid("1.2.840.113549.1.1.1"), w.null())
SHA256_WITH_RSA: Final = w.sequence(w.oid("1.2.840.113549.1.1.11"), w.null())

# RFC 3161 (time-stamps), RFC 5280 section 4.2.1.12 (extended key usage)
TIMESTAMP_INFO: Final = "1.2.840.113549.1.9.16.1.4"
SIGNATURE_TIME_STAMP: Final = "1.2.840.113549.1.9.16.2.14"
SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
TIME_STAMPING: Final = "1.3.6.1.5.5.7.3.8"
TEST_TIMESTAMP_POLICY: Final = "2.999.143.4"
