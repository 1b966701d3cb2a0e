"""What is shown: words, charts, tables, and one page that needs no network."""

import sys

# Importing altair builds a grammar of addresses that nothing here needs; it takes seconds. It is optional to its user.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
