"""Tests of the page in Debian's chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

from tests.reports.report_samples import (
    TWELVE,
    code_base,
    everything,
    flood,
    large_code_base,
    measurement,
    poison,
    twelve,
)
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Report
from workbench.reports.page import PAGE_LENGTH
from workbench.reports.render import render
from workbench.results.model import Results

pytestmark = [
    pytest.mark.xdist_group("browser"),  # one process starts it and writes the pages
    pytest.mark.no_cover,
]
MILLISECONDS = 250_000
"""How long a step may take on a busy machine."""
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
REPORTS: dict[str, Callable[[], Report]] = {
    "plain": lambda: build_report(twelve(), code_base(30)),
    "everything": everything,
    "hostile": lambda: everything(poison, places=PAGE_LENGTH + 20),
    "flooded": lambda: everything(flood),
    "python-only": lambda: build_report(twelve(native=False)),
    "mixed": lambda: build_report(
        Results(
            (
                measurement("unmeasured", native=False),
                measurement("quick", speedup=(9.0, 8.0, 10.0), equivalent=False, limit=(9, 8, 9.5)),
                measurement("slow", speedup=(0.5, 0.4, 0.6), equivalent=None),
            )
        )
    ),
    "migrated": lambda: build_report(
        twelve(),
        code_base(6),
        migration=(
            b"--- a/a.py\n+++ b/a.py\n@@ -1 +1,2 @@\n-common_utils.hash_file(x)\n"
            b"+accelerated.hash_file(x)\n+# " + b"long " * 100 + b"\n"
        ),
    ),
    "empty": lambda: build_report(Results(()), AuditSummary(0, ())),
    "large": lambda: build_report(twelve(), large_code_base()),
}


# Not for the session: Playwright keeps an event loop running, beside which no other can run.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        assert "CI" not in os.environ, "install Debian's package chromium"
        pytest.skip("no chromium: install Debian's package chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium, chromium_sandbox=False, timeout=MILLISECONDS
        )
        yield found
        found.close()


class Pages(dict[str, Path]):
    """The pages by the names of their reports, each written when it is first asked for."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory

    def __missing__(self, name: str) -> Path:
        self[name] = self._directory / f"{name}.html"
        self[name].write_text(render(REPORTS[name](), "html"), encoding="utf-8")
        return self[name]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))


@dataclass
class Opened:
    """A page and its unexpected messages, dialogs and requests."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self, own: str) -> None:
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on(
            "request",
            lambda request: None if request.url == own else self.complaints.append(request.url),
        )


def opened(
    browser: Browser, path: Path, *, width: int = 1200, dark: bool = False, scripts: bool = True
) -> Opened:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(MILLISECONDS)
    found = Opened(context.new_page())
    found.watch(path.as_uri())
    found.page.goto(path.as_uri())
    return found


def utility_names(page: Page) -> list[str]:
    rows = page.locator("#utilities-table tbody tr:visible th code")
    return rows.all_text_contents()


@pytest.mark.parametrize(
    ("name", "width", "dark"),
    [
        ("plain", 1200, True),
        ("everything", 360, False),
        ("everything", 1200, True),
        ("everything", 1600, False),
        ("flooded", 360, False),
        ("hostile", 360, True),
        ("hostile", 1200, False),
        ("python-only", 360, False),
        ("mixed", 1200, False),
        ("migrated", 360, False),
        ("migrated", 1200, True),
        ("empty", 360, True),
    ],
)
def test_page_is_accessible_and_fits_without_errors(
    browser: Browser, files: dict[str, Path], name: str, width: int, dark: bool
) -> None:
    found = opened(browser, files[name], width=width, dark=dark)
    page = found.page
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Selectors of all that passes would take twice as long.
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations] == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    scheme = "dark" if dark else "light"
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
    assert found.complaints == []
    page.context.close()


def test_hostile_names_are_not_executed(browser: Browser, files: dict[str, Path]) -> None:
    found = opened(browser, files["hostile"])
    page = found.page
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("details:not([open]) summary").first.click()
    page.get_by_role("button", name="Next page").click()
    for button in page.locator("th button").all():
        button.click()

    assert page.locator("img").count() == 0
    assert page.locator("#places-table tbody tr").count() == 20
    assert found.complaints == []
    page.context.close()


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
def test_tables_sort(browser: Browser, files: dict[str, Path], keyboard: bool) -> None:
    page = opened(browser, files["plain"]).page
    table = page.locator("#utilities-table")

    def press(name: str) -> None:
        button = table.get_by_role("button", name=name)
        if keyboard:
            button.focus()
            page.keyboard.press("Enter")
        else:
            button.click()

    primary = {utility: seconds for utility, _, _, seconds, _ in reversed(TWELVE)}
    press("Python")
    assert utility_names(page) == sorted(primary, key=lambda name: -primary[name])
    header = table.locator("th").nth(1)
    assert header.get_attribute("aria-sort") == "descending"
    press("Python")
    assert utility_names(page) == sorted(primary, key=lambda name: primary[name])
    press("Utility")
    assert utility_names(page) == sorted(primary)
    assert header.get_attribute("aria-sort") is None
    page.context.close()


def test_tables_filter_by_keyboard(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["plain"]).page
    tools = page.locator("#utilities-tools")
    tools.get_by_label("Find").focus()
    page.keyboard.type("get_ mem")
    assert utility_names(page) == ["get_mem_size_gb"]
    assert tools.locator("output").text_content() == "1 of 12 shown"
    tools.get_by_label("Find").fill("")
    page.keyboard.press("Tab")
    page.keyboard.type("slower")
    assert utility_names(page) == ["find_free_port"]
    page.context.close()


def test_unmeasured_rows_stay_last(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["mixed"]).page
    button = page.locator("#utilities-table").get_by_role("button", name="Speedup")

    button.click()
    assert utility_names(page) == ["quick", "slow", "unmeasured"]
    button.click()
    assert utility_names(page) == ["slow", "quick", "unmeasured"]
    page.context.close()


def test_large_audits_are_paged(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["large"]).page
    page.locator("details:has(#places-table) > summary").click()
    rows = page.locator("#places-table tbody tr")
    assert rows.count() == PAGE_LENGTH
    tools = page.locator("#places-tools")
    shown = tools.locator("output")
    assert shown.text_content() == "1\u2013100 of 20,000"
    assert tools.get_by_role("button", name="Previous").is_disabled()
    tools.get_by_role("button", name="Next").click()
    assert shown.text_content() == "101\u2013200 of 20,000"
    place = REPORTS["large"]().audit.places[100]  # type: ignore[union-attr]
    assert rows.first.locator("td").first.text_content() == (
        f"{place.path}:{place.line}:{place.column}"
    )
    tools.get_by_label("Find").fill("hash_file p3/m2.py")
    assert "of 20,000" not in (shown.text_content() or "")
    for row in rows.all_text_contents()[:5]:
        assert "hash_file" in row
        assert "p3/m2.py" in row
    tools.get_by_label("Find").fill("no such place")
    assert rows.count() == 0
    assert shown.text_content() == "0 of 0"
    page.context.close()


def processor_time(browser: Browser, path: Path) -> float:
    """Return how long the page's thread works until the page is drawn, waiting left out."""
    page = browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri())
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return float(metrics["TaskDuration"])


def test_a_large_page_opens_soon(browser: Browser, files: dict[str, Path]) -> None:
    assert files["large"].stat().st_size < 2 * 2**20
    small, large = (
        min(processor_time(browser, files[name]) for _ in range(3)) for name in ("plain", "large")
    )
    assert large < 5 * small


def test_the_page_is_complete_without_scripts(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["plain"], scripts=False).page

    assert len(utility_names(page)) == 12
    assert not page.locator("#utilities-tools").is_visible()
    assert page.locator("th button").count() == 0
    page.locator("details:has(#places-table) > summary").click()
    assert page.locator("#places-table tbody tr:visible").count() == 30
    page.context.close()


def test_dark_mode_and_print(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["plain"]).page

    def colours() -> tuple[str, str]:
        paper: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        label = "getComputedStyle(document.querySelector('.chart-wide text.f-ink')).fill"
        return paper, page.evaluate(label)

    light = colours()
    page.emulate_media(color_scheme="dark")
    dark = colours()
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    page.emulate_media(media="print", color_scheme="light")
    assert colours() == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    assert not page.locator("#utilities-tools").is_visible()
    assert not page.locator("details:has(#places-table)").evaluate("details => details.open")
    page.pdf(path=SCREENSHOTS / "plain.pdf", format="A4")
    assert page.locator("details:has(#places-table)").evaluate("details => details.open")
    page.context.close()


def test_the_chart_depends_on_the_width(browser: Browser, files: dict[str, Path]) -> None:
    for width, shown, hidden in ((1200, "wide", "narrow"), (360, "narrow", "wide")):
        page = opened(browser, files["plain"], width=width).page
        assert page.locator(f".chart-{shown} svg").is_visible()
        assert not page.locator(f".chart-{hidden} svg").is_visible()
        size = page.locator(f".chart-{shown} text").first.bounding_box()
        assert size is not None
        assert size["height"] >= 10
        page.context.close()
