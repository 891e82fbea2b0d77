"""Who works at the desk: accounts, two-factor sign-in, passkeys, recovery codes, sessions."""
