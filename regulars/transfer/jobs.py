"""The background work of files."""

from regulars.shops.work import work
from regulars.transfer.imports import import_ended, import_next_batch

work("import", ended=import_ended)(import_next_batch)
