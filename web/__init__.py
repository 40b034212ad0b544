"""The web application (Flask): supervisor, candidate, jury, trainer."""
