"""For candidates: the subject, the time left, the consoles."""
