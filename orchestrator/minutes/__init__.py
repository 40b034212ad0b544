"""The minutes (procès-verbal) of a session: who was there, from when to when, what happened, what the jury decided.

``read`` collects what the store holds, ``draw_up`` makes ``model.Minutes`` of it (pure: the same session gives the same
minutes), ``page`` sets them as a page to print. Names of candidates appear: it is a document of the staff.
"""
