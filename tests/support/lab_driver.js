// What a reader sees of the lab on a page, and does with it: for tests/test_lab_at_random.py.

const WORDS = {
  waiting: /^(Starting …|Loading a Linux, [\d.]+ MB, once: \d+ %)$/,
  running: /^Running …/,
  interrupted: /^Ctrl-C was sent\. If/,
  lingering: /^The program has ended, but/,
}
const VERDICTS = {
  "": /^(Starting …)?$/, // the code is on its way
  same: /^Same as the/,
  differs: /^This run \(\+\) differs/,
  ended: /^(Ended|Still running after)/,
  stopped: /^Stopped/,
  failed: /^The (download|machine) failed/,
}

const places = () => [...document.querySelectorAll(".lab[data-program]")]
const within = (index, selector) => places()[index].querySelector(selector)

window.driver = {
  isThere(path, open) {
    const isReady = (lab) =>
      lab.matches(".lab--equipped") && (!open.includes(lab.dataset.program) || lab.querySelector("textarea"))
    return (
      location.pathname === path &&
      !window.left?.isConnected &&
      places().length > 1 &&
      places().every(isReady)
    )
  },

  /** All that a reader sees, and what is wrong with it by itself. */
  look() {
    const wrong = []
    const seen = places().map((lab) => {
      const one = (selector) => lab.querySelector(selector)
      const isShown = (selector) => Boolean(one(selector) && !one(selector).closest("[hidden]"))
      const state = lab.dataset.state ?? "idle"
      const place = {
        name: lab.dataset.program,
        state,
        verdict: lab.dataset.verdict ?? "",
        words: one(".lab-status")?.textContent ?? "",
        stop: one(".lab-stop")?.textContent ?? "",
        edit: one(".lab-edit")?.textContent ?? "",
        text: one("textarea")?.value ?? null,
        output: one(".lab-output")?.textContent ?? "",
      }
      const expect = (holds, what) => holds || wrong.push(`${what}: ${JSON.stringify(place)}`)
      expect(isShown(".lab-run") === (state === "idle"), "Run")
      expect(isShown(".lab-stop") === (state !== "idle"), "Stop")
      expect(!isShown(".lab-input") || ["running", "interrupted"].includes(state), "input")
      const label = ["interrupted", "lingering"].includes(state) ? "Reset the machine" : "Stop"
      expect(state === "idle" || place.stop === label, "label of Stop")
      expect((WORDS[state] ?? VERDICTS[place.verdict]).test(place.words), "words")
      return place
    })
    if (seen.filter(({ state }) => state !== "idle").length > 1) wrong.push("two run")
    return { places: seen, wrong, truth: window.truth ?? null }
  },

  /** Whether nothing is about to begin; and what a page says to run does run, if that is known. */
  isQuiet(isFake) {
    const seen = driver.look().places
    const busy = seen.filter(({ state }) => state !== "idle")
    const isTrue = !isFake || Boolean(busy.length) === Boolean(window.truth)
    return isTrue && seen.every(({ state, words }) => state !== "waiting" && words !== "Starting …")
  },
  loaded: () => new Promise((resolve) => setTimeout(resolve, 5)), // the code of the buttons, from memory
  press: (index, button) => within(index, `.lab-${button}`).click(),

  /** A double click: what stands there at the second half. */
  async twice(index, button) {
    driver.press(index, button)
    await new Promise((resolve) => setTimeout(resolve, 5))
    places()[index]?.querySelector(".lab-bar > button:not([hidden])")?.click()
  },

  type(index, text) {
    const area = within(index, "textarea")
    area.value = text
    area.dispatchEvent(new InputEvent("input", { bubbles: true }))
  },

  enter(index) {
    const pressed = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }
    within(index, "textarea").dispatchEvent(new KeyboardEvent("keydown", pressed))
  },

  send(index) {
    const form = within(index, ".lab-input")
    if (!form) return // the run has failed since the reader looked
    form.querySelector("input").value = "a line"
    form.requestSubmit()
  },

  leave(how) {
    window.left = places()[0]
    if (how === "back") history.back()
    else document.querySelector(`.md-footer__link--${how}`).click()
  },
}

new BroadcastChannel("fake machine").onmessage = ({ data }) => (window.truth = data)
