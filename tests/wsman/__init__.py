"""A WS-Management server on loopback, for tests of what speaks WinRM: TLS, NTLM, shells, and every way to fail."""
