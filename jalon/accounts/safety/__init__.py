"""What keeps an account its owner’s: second factors, passkeys, sessions, limits of attempts."""
