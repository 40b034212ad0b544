"""The labs of this centre: uploaded as archives, kept by version, used once an administrator trusts them.

``<data>/labs/<id>/<version>/`` holds ``lab/`` (the lab as any other) and ``deposit.json`` (who brought it, who trusts
it). A version is never changed; the hash in the deposit says which contents are meant.
"""
