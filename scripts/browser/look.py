"""Looks at reports as a reader does, in a real Chromium: phone and desk, light and dark, printed, by keyboard. Fails for anything that a
console, a network or a screen reader would show to be wrong.

look.py CHROMIUM FOLDER PAGE...   pictures and the printed page go to FOLDER
"""

import pathlib
import sys

from playwright.sync_api import sync_playwright

chromium, folder, *pages = sys.argv[1:]
folder = pathlib.Path(folder)
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)


def numbers(cells):
    out = []
    for text in cells:
        try:
            out.append(float(text.replace(",", "").replace(" %", "").replace("<", "").replace(">", "")))
        except ValueError:
            out.append(None)
    return out


def look(browser, path, width, dark):
    name = f"{path.stem}-{width}-{'dark' if dark else 'light'}"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("dialog", lambda d: (said.append("dialog: " + d.message), d.dismiss()))
    page.on("request", lambda r: asked.append(r.url))
    page.goto(path.as_uri())
    page.wait_for_load_state("load")
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    check(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name}: wider than the screen")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    check((background == "rgb(255, 255, 255)") != dark, f"{name}: the background is {background}")
    bare = page.evaluate("[...document.querySelectorAll('svg')].filter(s => !s.querySelector('title')?.textContent || !s.querySelector('desc')?.textContent).length")
    check(bare == 0, f"{name}: {bare} charts without a text")
    both = page.evaluate("[...document.querySelectorAll('figure')].filter(f => f.querySelector('.wide') && [...f.children].filter(c => c.matches('.wide,.narrow') && getComputedStyle(c).display !== 'none').length !== 1).length")
    check(both == 0, f"{name}: {both} charts are not shown once")
    if width > 1000 and not dark:
        sort(page, name)
        keyboard(page, name)
    check(not said, f"{name}: the console says {said}")
    check(asked == [path.as_uri()], f"{name}: asked for {asked}")
    context.close()


def sort(page, name):
    """Every sortable table sorts by its first column of numbers, both ways."""
    for table in page.query_selector_all("table.sortable"):
        details = table.evaluate_handle("t => t.closest('details')").as_element()
        if details:
            details.evaluate("d => d.open = true")
        heads = table.query_selector_all("thead button")
        check(len(heads) == len(table.query_selector_all("thead th")), f"{name}: heads without a button")
        at = next((i for i, h in enumerate(table.query_selector_all("thead th")) if "n" in (h.get_attribute("class") or "").split()), None)
        if at is None or table.evaluate("t => t.tBodies[0].rows.length") < 2:
            continue
        read = lambda: table.evaluate("(t, at) => [...t.tBodies[0].rows].map(r => r.cells[at].dataset.v ?? r.cells[at].textContent)", at)
        for state in ("ascending", "descending"):
            heads[at].click()
            check(heads[at].evaluate("b => b.parentElement.getAttribute('aria-sort')") == state, f"{name}: a head is not {state}")
            values = [v for v in numbers(read()) if v is not None]
            check(values == sorted(values, reverse=state == "descending"), f"{name}: a table is not {state}: {values[:8]}")


def keyboard(page, name):
    """Tab reaches the first card, and Enter opens and closes it."""
    card = page.query_selector("details.card summary")
    if not card:
        return
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('details.card > summary')"):
            break
    else:
        check(False, f"{name}: Tab does not reach a card")
        return
    opened = lambda: page.evaluate("document.activeElement.parentElement.open")
    before = opened()
    page.keyboard.press("Enter")
    check(opened() != before, f"{name}: Enter does not open a card")
    page.keyboard.press("Enter")
    check(opened() == before, f"{name}: Enter does not close a card")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    for page in map(pathlib.Path, pages):
        page = page.resolve()
        for width in (1280, 390):
            for dark in (False, True):
                look(browser, page, width, dark)
        context = browser.new_context(color_scheme="dark")
        printed = context.new_page()
        printed.goto(page.as_uri())
        printed.pdf(path=folder / f"{page.stem}.pdf", format="A4")
        context.close()
    browser.close()

for failure in failures:
    print("browser:", failure, file=sys.stderr)
print(f"browser: pages={len(pages)} views={4 * len(pages)} failures={len(failures)}")
sys.exit(1 if failures else 0)
