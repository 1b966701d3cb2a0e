"""A browser without a network that opens a page, or is driven through it as a reader would, for tests of pages."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket

CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WATCH = """<script>
document.documentElement.dataset.refused = "";
document.addEventListener("securitypolicyviolation", e => {
  document.documentElement.dataset.refused += e.blockedURI + " ";
});
window.alert = () => { document.documentElement.dataset.alerted = "yes"; };
</script>"""
"""Notes in the page itself what its policy refused, and whether a name was run as code."""


PHONE, LAPTOP = (390, 844), (1280, 900)
"""Width and height in pixels."""
SECONDS = 120
"""For a page to do what is waited for, on a busy machine."""


def browser() -> str:
    """The path of chromium. Skips where there is none, but fails in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    return found


def opened(page: str, folder: Path) -> str:
    """The document that chromium makes of a page, after its scripts have run. Skips where there is no chromium."""
    watched = folder / "watched.html"
    watched.write_text(page.replace("<style>", f"{WATCH}<style>", 1), encoding="utf-8")
    flags = (*CHROMIUM, "--virtual-time-budget=20000", f"--user-data-dir={folder / 'profile'}")
    command = [browser(), *flags, "--dump-dom", watched.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode("utf-8")


class Reader:
    """Who looks at a page in a browser, and moves what can be moved, through the browser's own protocol (CDP)."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=SECONDS, suppress_origin=True)
        self._sent = 0
        self.asked_for: list[str] = []
        """Addresses that the page asked for."""
        self.failures: list[str] = []
        """Errors that nothing in the page caught."""
        for domain in ("Page", "Network", "Runtime"):
            self.tell(f"{domain}.enable")

    def tell(self, method: str, **parameters: Any) -> Any:
        """A command of the protocol, and its answer."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._sent:
                assert "error" not in message, message
                return message["result"]
            if message.get("method") == "Network.requestWillBeSent":
                self.asked_for.append(message["params"]["request"]["url"])
            if message.get("method") == "Runtime.exceptionThrown":
                self.failures.append(json.dumps(message["params"]["exceptionDetails"])[:500])

    def close(self) -> None:
        """Look no longer."""
        self._socket.close()

    def open(self, address: str, size: tuple[int, int]) -> None:
        """Go to an address in a window, or on a screen, of this size."""
        width, height = size
        narrow = {"mobile": width < 600, "deviceScaleFactor": 1}
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, **narrow)
        self.tell("Page.navigate", url=address)

    def see(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self.tell("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def wait(self, expression: str) -> Any:
        """The value of an expression, once it is true."""
        last = time.monotonic() + SECONDS
        while time.monotonic() < last:
            if found := self.see(expression):
                return found
            time.sleep(0.1)
        text = self.see("document.body.innerText.slice(0, 600)")
        raise AssertionError(f"not within {SECONDS} seconds: {expression}; the page says: {text}; {self.failures}")

    def drag(self, element: str, pixels: float, *, share: float = 0.5) -> None:
        """Take an element, an expression, at a share of its width, pull it to the right, and let it go."""
        box = self.see(
            f"(() => {{ const one = {element}; one.scrollIntoView({{block: 'center'}});"
            " const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })()"
        )
        x, y = box[0] + share * box[2], box[1] + box[3] / 2
        steps = [("mouseMoved", 0.0), ("mousePressed", 0.0), *(("mouseMoved", i / 8) for i in range(1, 9))]
        for kind, way in [*steps, ("mouseReleased", 1.0)]:
            where = {"x": x + way * pixels, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
            self.tell("Input.dispatchMouseEvent", type=kind, **where)

    def picture(self, path: Path) -> None:
        """Keep what the whole page looks like."""
        size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.tell("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """A browser that can resolve no name and reach no machine but this one, and its reader."""
    flags = (*CHROMIUM, "--remote-debugging-port=0", f"--user-data-dir={folder / 'profile'}", "about:blank")
    with subprocess.Popen([browser(), *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with closing(Reader(_page_address(folder / "profile" / "DevToolsActivePort"))) as reader:
                yield reader
        finally:
            process.terminate()


def _page_address(facts: Path) -> str:
    """Where the browser's first page can be told what to do, once the browser has said it."""
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        port = facts.read_text().split("\n")[0] if facts.is_file() else ""
        if port:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=SECONDS) as answer:
                pages = [target for target in json.load(answer) if target["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise AssertionError(f"chromium did not start within {SECONDS} seconds")
