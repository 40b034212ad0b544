"""The site in a real browser, on loopback."""
