"""The second factor: an authenticator app with recovery codes, or a passkey, which counts as both factors."""
