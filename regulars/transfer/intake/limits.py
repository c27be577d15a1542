"""How large a workbook may be. Measured against files that were made to break programs (tests/transfer/intake)."""

MOST_BYTES = 50 << 20
MOST_UNPACKED = 300 << 20
MOST_RATIO = 150  # unpacked to packed, of entries beyond the first MiB
MOST_ENTRIES = 1_000
MOST_ROWS = 500_000
MOST_COLUMNS = 300
MOST_CHARACTERS_OF_A_CELL = 32_767
MOST_MEMORY = 1 << 30
MOST_SECONDS = 60
