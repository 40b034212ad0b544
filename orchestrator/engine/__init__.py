"""The engine: makes of the benches what the sessions want, and enforces their deadlines.

``desk`` is where orders and reports enter: decided, journalled and stored in one transaction. ``plan`` says, purely,
which step a bench needs next. ``steps`` takes it. ``loop`` goes over all benches again and again, so that nothing
depends on a thread that was alive at the right moment. ``service`` is the process that runs the loop.
"""
