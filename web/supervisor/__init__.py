"""For supervisors: sessions, the wall, orders."""
