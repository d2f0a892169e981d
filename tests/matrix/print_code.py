"""Prints digests of Python files as in the key of a figure. They are the same under every version of Python."""

import ast
import sys
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from deckgen.figures.syntax import canonical  # noqa: E402

for name in sys.argv[1:]:
    print(Path(name).name, sha256(canonical(ast.parse(Path(name).read_bytes()))).hexdigest()[:16])
