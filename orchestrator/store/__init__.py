"""The database of the exam sessions: what must survive any crash.

``database`` opens it, ``exams`` and ``benches`` read and write it, ``journal`` tells what happened, ``examtime``
keeps the exam's own time, ``backup`` copies it, ``privacy`` shows and forgets people. It knows no rule of an exam.
"""

from orchestrator.store.database import Store, Transaction, open_store
from orchestrator.store.errors import RecordError, StoreBusyError, StoreError, StoreFullError

__all__ = ["RecordError", "Store", "StoreBusyError", "StoreError", "StoreFullError", "Transaction", "open_store"]
