"""``epreuve serve``: the site, the console proxy and the service, started and watched together."""
