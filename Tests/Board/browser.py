"""Chromium without a screen, and what is asked of a page in it."""

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

# What a person would notice: text that is cut off or sticks out, a page that must be moved sideways, text that is hard to read.
FAULTS = """
const faults = [];
const root = document.documentElement;
if (root.scrollWidth > innerWidth + 1) faults.push(`the page is ${root.scrollWidth} wide on ${innerWidth}`);
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const background = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!/^rgba\\(.*, 0\\)$|transparent/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.textContent.trim();
  if (!text || element.closest(".unseen, [hidden], script, noscript")) continue;
  const [light, dark] = [luminance(getComputedStyle(element).color), luminance(background(element))].sort((a, b) => b - a);
  const contrast = (light + 0.05) / (dark + 0.05);
  if (contrast < 4.5) faults.push(`'${text}' has a contrast of ${contrast.toFixed(1)}`);
  const range = document.createRange();
  range.selectNodeContents(walker.currentNode);
  const box = range.getBoundingClientRect();
  const tile = element.closest(".tile")?.getBoundingClientRect();
  if (tile && !element.closest("h2") &&
      (box.left < tile.left - 1 || box.right > tile.right + 1 || box.top < tile.top - 1 || box.bottom > tile.bottom + 1))
    faults.push(`'${text}' sticks out of its tile`);
}
for (const tile of document.querySelectorAll(".tile")) {
  const parts = ["h2", ".word b", ".do", ".work", ".facts"].map((part) => tile.querySelector(part)).filter(Boolean)
    .map((part) => part.getBoundingClientRect()).filter((box) => box.width && box.height);
  for (const [index, one] of parts.entries()) for (const other of parts.slice(index + 1))
    if (one.left < other.right - 2 && other.left < one.right - 2 && one.top < other.bottom - 2 && other.top < one.bottom - 2)
      faults.push(`${tile.id}: parts lie over each other: ${tile.innerText}`);
}
return faults;
"""

# What a screen reader needs.
NAMES = """
const faults = [];
const one = (selector) => document.querySelectorAll(selector).length === 1 || faults.push(`not exactly one ${selector}`);
["h1", "main", "head > title"].forEach(one);
if (document.querySelector("footer")) ["header", "footer"].forEach(one);
if (document.querySelector(".tile")) one("[role=status]");
for (const group of document.querySelectorAll("nav")) if (!group.ariaLabel) faults.push("a group of links has no name");
for (const chart of document.querySelectorAll("svg[role=img]")) if (!chart.ariaLabel) faults.push("a chart has no name");
for (const cell of document.querySelectorAll("thead th")) if (cell.scope !== "col") faults.push("a heading of a table is of no column");
if (!["nl", "en"].includes(document.documentElement.lang)) faults.push("the page has no language");
for (const tile of document.querySelectorAll(".tile")) {
  if (!/^(Vak|Bay) \\S/.test(tile.querySelector("h2").textContent)) faults.push("a tile has no name");
  if (tile.parentElement.tagName !== "OL") faults.push("a tile is in no list");
}
for (const bar of document.querySelectorAll("progress")) if (!bar.ariaLabel) faults.push("a progress bar has no name");
for (const shape of document.querySelectorAll("svg:not([role=img])")) if (shape.getAttribute("aria-hidden") !== "true") faults.push("a shape is read");
for (const item of document.querySelectorAll("[id]")) if (document.querySelectorAll("#" + item.id).length > 1) faults.push("twice: " + item.id);
if (document.querySelector("[tabindex]")) faults.push("the order of the keyboard is not the order of the page");
return faults;
"""

# Words of usual length in tables that do not stand on one line.
BROKEN = """
const broken = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.parentElement.closest("table")) continue;
  for (const match of node.textContent.matchAll(/\\S+/g)) {
    if (match[0].length > 20) continue;
    const range = document.createRange();
    range.setStart(node, match.index);
    range.setEnd(node, match.index + match[0].length);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    if (lines.size > 1 && !match[0].includes("-")) broken.push(match[0]);
  }
}
return broken;
"""

# What axe-core finds: WCAG 2.2 to level AA, and good practice.
AXE = """
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, {runOnly: {type: "tag", values: tags}}).then(
  (found) => done({
    faults: found.violations.map((rule) => `${rule.id}: ${rule.help}: ` + rule.nodes.slice(0, 3).map((node) => node.html).join(" ")),
    passes: found.passes.length}),
  (error) => done({faults: [String(error)], passes: 0}));
"""


def chromium(script=True, language="nl"):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
        "--force-prefers-reduced-motion", f"--lang={language}", f"--accept-lang={language}",
    ]:
        options.add_argument(argument)
    preferences = {"intl.accept_languages": language}
    if not script:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def screen(driver, width, height, scale=1, touch=False):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": touch})


def theme(driver, name):
    """What people have set their machine to: light, dark, or for print."""
    media, name = ("print", "light") if name == "print" else ("", name)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": name}]})


def accessibility(driver, source):
    """What axe-core, whose text this is, finds wrong with a page; and how many of its rules hold."""
    driver.execute_script(source)
    found = driver.execute_async_script(AXE)
    return found["faults"], found["passes"]
