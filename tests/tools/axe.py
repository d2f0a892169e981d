"""Downloads axe-core, which finds what a page lacks for people with disabilities, from the npm registry: axe.py FILE

The version and its digest are fixed. The file is a tool of the tests, and is never committed (it has a licence of its own, MPL-2.0).
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
MEMBER = "package/axe.min.js"


def download(out: Path) -> None:
    """Write axe.min.js to `out`. Exits with a message if npm is missing or the file is another one."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed: the tests with axe-core will say that they did not run")
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            [npm, "pack", "--json", f"axe-core@{VERSION}"], cwd=folder, capture_output=True, text=True
        )
        if packed.returncode:
            sys.exit(f"npm pack axe-core@{VERSION} failed:\n{packed.stderr}")
        with tarfile.open(Path(folder) / json.loads(packed.stdout)[0]["filename"]) as archive:
            member = archive.extractfile(MEMBER)
            assert member is not None
            content = member.read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.exit(f"{MEMBER} of axe-core {VERSION} has another digest than the one in {Path(__file__).name}")
    out.write_bytes(content)


if __name__ == "__main__":
    download(Path(sys.argv[1]))
