"""A browser without a network that opens a page as a reader would, for tests of pages."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=20000"),
)
WATCH = """<script>
document.documentElement.dataset.refused = "";
document.addEventListener("securitypolicyviolation", e => {
  document.documentElement.dataset.refused += e.blockedURI + " ";
});
window.alert = () => { document.documentElement.dataset.alerted = "yes"; };
</script>"""
"""Notes in the page itself what its policy refused, and whether a name was run as code."""


def opened(page: str, folder: Path) -> str:
    """The document that chromium makes of a page, after its scripts have run. Skips where there is no chromium."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    watched = folder / "watched.html"
    watched.write_text(page.replace("<style>", f"{WATCH}<style>", 1), encoding="utf-8")
    command = [browser, *CHROMIUM, f"--user-data-dir={folder / 'profile'}", "--dump-dom", watched.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode("utf-8")
