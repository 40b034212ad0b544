"""Consoles in the browser: short-lived tokens, and the process that relays a machine's screen to whoever holds one."""
