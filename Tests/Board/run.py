"""The board in a real browser: python3 Tests/Board/run.py PROGRAM FOLDER AXE. Screenshots stay in FOLDER; AXE is axe-core's file."""

import base64
import os
import subprocess
import sys
import time

import browser
from dock import Board, a_day, bay, until

WALL = [
    bay("1", "ready", "BWC0042", battery=100),
    bay("2", "reading", "BWC0017", percent=42, left=700, battery=61),
    bay("3", "held", "BWC0023", battery=74, reasons=["a gap between recordings"]),
    bay("4", "charging", "BWC0031", battery=83),
    bay("5", "delivering", "BWC0008", percent=87, left=130, battery=55),
    bay("6", "empty"),
    bay("7", "ready", "BWC0011", battery=98),
    bay("8", "away", "BWC0029"),
]
STATES = [
    "empty", "seen", "waiting", "reading", "delivering", "erasing", "stalled", "charging", "ready", "kept", "cooling",
    "incomplete", "held", "refused", "failed", "away",
]
SCREENS = {
    "phone": (360, 740, 3, True), "tablet": (820, 1180, 1, True), "laptop": (1366, 768, 1, False),
    "wall": (1920, 1080, 1, False), "4k": (3840, 2160, 1, False),
}


class Rig:
    def __init__(self, program, folder, axe):
        with open(axe, encoding="utf-8") as file:
            self.axe = file.read()
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.board = Board(program)
        self.agent = self.board.agent
        self.agent.show(WALL)
        self.agent.start()
        self.board.start()
        self.driver = browser.chromium()
        until("the board hears the agent", lambda: self.board.get("/healthz"))

    def open(self, path="/", driver=None):
        (driver or self.driver).get(self.board.address + path)

    def run(self, script, driver=None):
        return (driver or self.driver).execute_script(script)

    def words(self, driver=None):
        return self.run("return [...document.querySelectorAll('.word b')].map(word => word.textContent)", driver)

    def check(self, what):
        faults = self.run(browser.FAULTS) + self.run(browser.NAMES)
        assert not faults, f"{what}: {faults[:8]}"

    def shoot(self, name):
        self.driver.save_screenshot(os.path.join(self.folder, name + ".png"))


def it_is_live(rig):
    rig.open("/?lang=en")
    rig.run("window.mark = 1")
    rig.agent.show([bay("1", "empty")] + WALL[1:])
    until("the tile changes", lambda: rig.words()[0] == "Free")
    assert rig.run("return window.mark") == 1, "the page was loaded anew"
    news = until("screen readers are told", lambda: rig.run("return document.getElementById('news').textContent"))
    assert news == "Bay 1, Free, Plug in a camera", news
    rig.agent.show(WALL[:3])
    until("bays go", lambda: len(rig.words()) == 3)
    rig.agent.show(WALL)
    until("bays come", lambda: len(rig.words()) == 8 and rig.words()[0] == "Ready")


def it_outlives_the_agent(rig):
    rig.open("/?lang=nl")
    rig.run("window.mark = 1")
    rig.agent.stop()
    notice = "return document.querySelector('#notices.lost')?.textContent ?? ''"
    until("it says that the agent is gone", lambda: "Geen contact met het dock sinds" in rig.run(notice))
    rig.check("without the agent")
    rig.shoot("lost")
    rig.agent.start()
    until("it hears it again", lambda: rig.run(notice) == "")
    assert rig.run("return window.mark") == 1


def it_outlives_the_board(rig):
    rig.open("/?lang=en")
    rig.run("window.mark = 1")
    until("it is live", lambda: rig.board.get("/metrics") and "bodydock_board_streams 1" in rig.board.get("/metrics"))
    rig.board.stop()
    offline = "return !document.getElementById('offline').hidden"
    until("it says that the board is gone", lambda: rig.run(offline))
    rig.shoot("offline")
    rig.board.start()
    until("it comes back by itself", lambda: not rig.run(offline))
    rig.agent.show([bay("1", "held")] + WALL[1:])
    until("and is live", lambda: rig.words()[0] == "Held")
    assert rig.run("return window.mark") == 1
    rig.agent.show(WALL)


def it_speaks_both_languages(rig):
    rig.open("/")
    until("the browser is Dutch", lambda: rig.words()[:1] == ["Klaar"])
    rig.driver.find_element("link text", "English").click()
    until("English", lambda: rig.words()[0] == "Ready")
    assert rig.run("return document.documentElement.lang") == "en"
    reached = []
    for _ in range(5):
        rig.driver.switch_to.active_element.send_keys("\ue004")
        reached.append(rig.driver.switch_to.active_element.text)
    assert reached == ["Board", "Team leader", "History", "Nederlands", "English"], f"the keyboard reaches {reached}"


def it_needs_no_script(rig):
    driver = browser.chromium(script=False)
    try:
        rig.open("/?lang=en", driver)
        assert rig.words(driver)[0] == "Ready"
        rig.agent.show([bay("1", "held")] + WALL[1:])
        until("it refreshes itself", lambda: rig.words(driver)[0] == "Held")
    finally:
        driver.quit()
        rig.agent.show(WALL)


def it_fits_every_screen(rig):
    vault = {
        "vault": "cloud", "state": "away", "isAlarm": True, "since": "2026-10-01T08:00:00Z", "why": "x", "next": "y"}
    every = [
        bay(f"{number + 1}", state, f"BWC00{number + 10}", percent=42 if state in ("reading", "delivering") else None,
            left=4000, battery=80) for number, state in enumerate(STATES)]
    many = [bay(f"A{number}", WALL[number % 8]["state"], f"BWC{number}", battery=50) for number in range(40)]
    for name, (width, height, scale, touch) in SCREENS.items():
        browser.screen(rig.driver, width, height, scale, touch)
        for what, bays, vaults in [("one", WALL[1:2], []), ("states", every, [vault]), ("many", many, []), ("eight", WALL, [])]:
            rig.agent.show(bays, vaults)
            for language in ["nl", "en"]:
                rig.open("/?lang=" + language)
                until("the page is whole", lambda: len(rig.words()) == len(bays))
                rig.shoot(f"{name}-{what}-{language}")
                rig.check(f"{name}, {what}, {language}")
            if name in ("wall", "4k"):
                assert rig.run("return document.documentElement.scrollHeight <= innerHeight"), f"{name}, {what}: it must be scrolled"
        if name == "wall":
            # A 250th of three metres on a screen of 27 inches.
            size = rig.run("return Math.min(...[...document.querySelectorAll('.word b')].map(b => parseFloat(getComputedStyle(b).fontSize)))")
            assert size >= 38, f"words are {size} pixels high"
    browser.screen(rig.driver, 1366, 768)


def the_leader_sees_the_shift(rig):
    shift = rig.board.shift()
    a_day(rig.agent, shift)
    rig.agent.show(WALL)
    for path, name in [("/leader", "leader"), ("/history", "history")]:
        for screen, (width, height, scale, touch) in SCREENS.items():
            browser.screen(rig.driver, width, height, scale, touch)
            for language in ["nl", "en"]:
                rig.open(f"{path}?lang={language}")
                rig.check(f"{screen}, {path}, {language}")
                rig.shoot(f"{screen}-{name}-{language}")
    browser.screen(rig.driver, 1366, 768)
    rig.open("/leader?lang=nl")
    text = rig.run("return document.body.innerText")
    for word in ["4733", "Camera BWC0055 is niet teruggebracht", "3 van 5 klaar", "Vastgehouden", "gedragen door 4719", "mislukt"]:
        assert word in text, f"{word} does not stand in {text}"
    assert shift["open"] and shift["all"]["recordings"] == 6, shift["open"]
    rig.driver.find_element("partial link text", "dag").click()
    until("the report opens", lambda: "Dienstrapport" in rig.run("return document.title"))
    rig.check("the report")
    rig.shoot("report")
    rig.open("/history?lang=en")
    assert rig.run("return document.querySelectorAll('svg.chart rect.bar').length") > 50
    rig.driver.find_element("link text", "Board").click()
    until("back on the board", lambda: len(rig.words()) == len(WALL))
    wall = rig.run("return document.body.innerText")
    assert "Camera BWC0055 did not come back" in wall and "3 of 5 ready" in wall and "47" not in wall.replace("47 %", ""), wall
    assert "Take this one first" in wall
    # Those in docs.
    for name, path, width, height in [
        ("docs-board", "/", 1600, 900), ("docs-board-leader", "/leader", 1366, 1100), ("docs-board-history", "/history", 1366, 720),
        ("docs-report", f"/report?date={shift['shift']['date']}&shift=dag", 1100, 1100),
    ]:
        browser.screen(rig.driver, width, height)
        rig.open(path + ("&" if "?" in path else "?") + "lang=nl")
        rig.shoot(name)
    browser.screen(rig.driver, 1366, 768)


def the_leaders_page_renews_itself(rig):
    """By its script, without being loaded anew, and without moving what somebody has selected."""
    rig.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "const interval = window.setInterval; window.setInterval = (call) => interval(call, 200);"})
    rig.open("/leader?lang=nl")
    rig.run("window.mark = 1")
    shown = "return document.querySelector('main').innerText"
    assert "BWC0099" not in rig.run(shown)
    late = rig.agent.alarms[0]
    rig.agent.alarms = rig.agent.alarms + [late | {"key": {"kind": "overdueCamera", "subject": "BWC0099"}}]
    until("the new alarm is shown", lambda: "BWC0099" in rig.run(shown))
    assert rig.run("return window.mark") == 1
    rig.board.stop()
    until("it says that the board is gone", lambda: rig.run("return !document.getElementById('offline').hidden"))
    rig.board.start()
    until("it comes back by itself", lambda: rig.run("return document.getElementById('offline').hidden"))
    rig.agent.alarms = rig.agent.alarms[:-1]
    rig.open("/healthz")


def the_report_prints(rig):
    """Two sheets of A4 at most for two cameras; no word is broken; on a phone nothing sticks out."""
    report = f"/report?date={rig.agent.report['shift']['date']}&shift=dag&"
    for language in ["nl", "en"]:
        rig.open(f"{report}lang={language}")
        pdf = os.path.join(rig.folder, f"report-{language}.pdf")
        with open(pdf, "wb") as file:
            file.write(base64.b64decode(rig.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]))
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        assert text.count("\f") <= 2, f"{text.count(chr(12))} sheets"
        for word in ["handhaving"] + {"nl": ["Teruggebracht", "Gewaarschuwd", "Vooropname"], "en": ["Recordings", "Pre-record"]}[language]:
            assert word in text, f"{word} is broken: {text}"
        browser.theme(rig.driver, "print")
        # A4 without its margins.
        browser.screen(rig.driver, 680, 1000)
        broken = rig.run(browser.BROKEN)
        assert not broken, f"{language}: these words are broken: {broken}"
        browser.theme(rig.driver, "light")
        subprocess.run(["pdftoppm", "-r", "80", "-png", pdf, pdf[:-4]], check=True)
        for screen in ["phone", "laptop"]:
            browser.screen(rig.driver, *SCREENS[screen])
            rig.open(f"{report}lang={language}")
            rig.check(f"the report, {screen}, {language}")
            rig.shoot(f"{screen}-report-{language}")
    browser.screen(rig.driver, 1366, 768)


def axe_finds_nothing(rig):
    """Every page, in both languages, in a light room and a dark one, large and small; last the page of a dock that is gone."""
    report = f"/report?date={rig.agent.report['shift']['date']}&shift=dag&"
    rules = 0
    for path in ["/?", "/leader?", "/history?", report, "/report?date=2000-01-01&shift=dag&"]:
        for language in ["nl", "en"]:
            for theme in ["light", "dark"]:
                browser.theme(rig.driver, theme)
                for screen in ["laptop", "phone"]:
                    browser.screen(rig.driver, *SCREENS[screen])
                    rig.open(f"{path}lang={language}")
                    faults, held = browser.accessibility(rig.driver, rig.axe)
                    assert not faults, f"{path}, {language}, {theme}, {screen}: {faults}"
                    rules = max(rules, held)
    assert rules > 20, f"axe-core looked at {rules} things only"
    rig.agent.stop()
    rig.open("/?lang=nl")
    until("it says so", lambda: rig.run("return document.querySelector('#notices.lost') !== null"))
    faults, _ = browser.accessibility(rig.driver, rig.axe)
    assert not faults, faults
    rig.agent.start()
    browser.theme(rig.driver, "dark")
    browser.screen(rig.driver, 1366, 768)


def names_stay_text(rig):
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    rig.agent.dock = evil
    rig.agent.show([bay(evil, "held", evil, reasons=[evil])])
    rig.open("/?lang=en")
    until("the name is shown", lambda: evil in rig.run("return document.querySelector('.facts').textContent"))
    rig.agent.show([bay(evil, "ready", evil)])
    until("live too", lambda: rig.words() == ["Ready"])
    assert "owned" not in rig.run("return document.title").replace(evil, "")
    assert rig.run("return document.querySelectorAll('img').length") == 0
    rig.agent.dock = "stadhuis-1"
    rig.agent.show(WALL)


def nothing_was_complained_of(rig):
    complaints = [
        entry["message"] for entry in rig.driver.get_log("browser")
        if entry["level"] == "SEVERE" and "/events" not in entry["message"]]
    assert not complaints, complaints


def main():
    rig = Rig(*sys.argv[1:4])
    try:
        for test in [
            it_is_live, it_outlives_the_agent, it_outlives_the_board, it_speaks_both_languages, it_needs_no_script,
            it_fits_every_screen, the_leader_sees_the_shift, the_report_prints, axe_finds_nothing, names_stay_text, nothing_was_complained_of,
            the_leaders_page_renews_itself,
        ]:
            began = time.monotonic()
            test(rig)
            print(f"ok   {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    finally:
        rig.driver.quit()
        if rig.board.process.poll() is None:
            rig.board.stop()


if __name__ == "__main__":
    main()
