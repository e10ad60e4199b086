// One program on a page: its editor, its output, and whether that is what the page shows.

import { element, keep, kept, label, say } from "./buttons.mjs"
import { makeEditor } from "./editor.mjs"
import { Screen } from "./screen.mjs"
import * as session from "./session.mjs"

const OUTPUT_LIMIT = 64 * 1024 // characters; runner/ stops at as many bytes
const LIMIT = 60 // seconds; nothing here runs as fast as on the machine that wrote the transcript
const LINGER = 20 // seconds in which the output of processes is shown that a program left behind
const LINE_LIMIT = 4095 // bytes; a terminal drops the rest of a longer line
const DOUBLE_CLICK = 400 // milliseconds
const STEP = 10 // percent of the download that is worth a word
const READS_INPUT = /\binput\(|\bstdin\b|\b(os\.read|open)\(0\b|\/dev\/tty\b/
const MARK = /^[ \t]*# --8<-- \[(start|end):.*\]\n/gm // where a page begins to show a program, and ends

// What a panel shows in each state of its run (session.mjs), and when there is none.
const VIEWS = {
  idle: { button: "run" },
  waiting: { button: "stop", words: () => say("starting") },
  running: { button: "stop", words: () => say("running"), hasInput: true },
  interrupted: { button: "reset", words: () => say("interrupted"), hasInput: true },
  lingering: {
    button: "reset",
    words: ({ leftovers: left }) => say(`lingering.${amount(left)}`, { left, seconds: LINGER }),
  },
}

/** Which form of a word goes with so many; null when nobody knows how many. */
const amount = (count) => (count === null ? "some" : count === 1 ? "one" : "more")

const panels = new WeakMap()
const busy = new Set() // panels with a run

export function panelOf(lab) {
  if (!panels.has(lab)) panels.set(lab, new Panel(lab))
  return panels.get(lab)
}

// The theme swaps pages: what runs on a page that was left has no reader.
document$.subscribe(() => {
  for (const panel of busy) if (!panel.lab.isConnected) panel.session.end()
})

class Panel {
  constructor(lab) {
    this.lab = lab
    this.name = lab.dataset.program ?? "" // "descriptors/echo_leak.py"; "" on the page of the lab
    this.options = JSON.parse(lab.dataset.options ?? "{}")
    this.bar = lab.querySelector(".lab-bar")
    this.status = lab.querySelector(".lab-status")
    this.runButton = lab.querySelector(".lab-run")
    this.editButton = lab.querySelector(".lab-edit")
    this.stopButton = element(
      "button",
      { type: "button", class: "lab-stop", hidden: true, onclick: () => this.press("stop") },
      say("stop"),
    )
    this.runButton.after(this.stopButton)
    this.editButton.hidden = this.name === ""
    this.state = "idle"
    this.session = null // the run, from press to verdict
    this.result = null
    this.editor = null
    this.presses = {}
  }

  /**
   * A button was pressed. The second half of a double click finds another button in the same place,
   * and is not meant for it.
   */
  press(button) {
    if (!this.lab.isConnected) return // its page was left while this code was on its way
    const place = button === "edit" ? "edit" : "run"
    const meaning = button === "edit" ? this.editor !== null : this.state
    const [before, now] = [this.presses[place], performance.now()]
    if (before && before.meaning !== meaning && now - before.at < DOUBLE_CLICK) return
    this.presses[place] = { meaning, at: now }
    return { run: () => this.run(), stop: () => this.session?.stop(), edit: () => this.toggleEditor() }[
      button
    ]()
  }

  async run() {
    if (this.session) return
    const text = this.editor && this.text
    this.prepareResult()
    this.show("waiting")
    this.session = session.ask(() => this.request(text), {
      onState: (state, details) => this.show(state, details),
      onLoading: (progress) => this.tellLoading(progress),
      onOutput: (output) => this.print(output),
    })
    busy.add(this)
    try {
      this.finish(await this.session.ended)
    } catch (error) {
      this.fail(error)
    }
    busy.delete(this)
    this.session = null
  }

  // The editor

  get text() {
    return this.editor.querySelector("textarea").value
  }

  async toggleEditor() {
    if (this.editor) this.close()
    else if (await this.open()) this.editor.querySelector("textarea").focus()
  }

  /** Open the editor, with what the reader had made of the program; whether that could be done. */
  async open() {
    const mine = kept(this.name)?.text
    try {
      this.opening ??= mine === undefined && this.name ? this.source() : Promise.resolve()
      await this.opening
    } catch {
      const { words } = VIEWS[this.state]
      this.tell(words?.(this.details), say("failed.offline"))
      return false
    } finally {
      this.opening = null
    }
    this.editor ??= this.lab.querySelector(".lab-editor") // on the page of the lab it was there before
    if (this.editor) return true
    if (!this.lab.isConnected) return false // on the way back there may be a newer text
    this.editor = makeEditor(
      mine ?? this.plain,
      () => this.run(),
      () => this.keep(true),
    )
    this.bar.before(this.editor)
    this.keep(true)
    this.label()
    return true
  }

  /** Show the program of the page again. What the reader made of it can be brought back. */
  close() {
    this.keep(false)
    this.editor.remove()
    this.editor = null
    this.label()
  }

  /** Keep what stands in the editor, unless that is nothing new. */
  keep(open) {
    const isNew = this.text !== this.plain
    keep(this.name, isNew && { text: this.text, open })
  }

  label() {
    const open = this.editor !== null
    label(this.editButton, open ? say("original") : kept(this.name) ? say("mine") : say("edit"), this.name)
    this.lab.classList.toggle("lab--editing", open)
  }

  // What runs

  async source() {
    if (this.name) this.fetched ??= await fetchText(this.lab.dataset.source)
    return this.fetched
  }

  /** The program as it is edited: without the marks for the page, which mean nothing to a reader. */
  get plain() {
    return this.name ? this.fetched?.replace(MARK, "") : ""
  }

  /** What the session runs: *text* from the editor, or null for the program of the page. */
  async request(text) {
    const [source, files] = await Promise.all([this.source(), this.companions(), this.loadComparison()])
    this.isEdited = this.name !== "" && text !== null && text !== this.plain
    const isOwn = this.isEdited || !this.name
    const program = isOwn ? (text ?? "") : source
    this.readsInput = !this.name || READS_INPUT.test(program)
    const options = {
      ...this.options,
      timeout: isOwn ? LIMIT : (this.options.timeout ?? LIMIT),
      linger: LINGER,
      name: this.name.split("/").pop() || "program.py",
      files,
    }
    return { program, options }
  }

  async companions() {
    const files = {}
    for (const name of this.options.files ?? []) {
      files[name] = await fetchText(new URL(name, new URL(this.lab.dataset.source, location.href)))
    }
    return files
  }

  async loadComparison() {
    if (this.transcript === null) return
    this.comparison ??= await import("./transcript.mjs").catch(({ message }) => {
      throw new session.LabError("offline", message)
    })
  }

  get transcript() {
    const block = document.querySelector(`[data-transcript="${CSS.escape(this.name)}"] code`)
    return block?.textContent ?? null
  }

  // What is shown

  prepareResult() {
    this.result?.remove()
    delete this.lab.dataset.verdict
    this.output = element("pre", {
      class: "lab-output",
      tabindex: "0",
      role: "log",
      "aria-label": say("output"),
    })
    // Room for all that is expected, so that the page is laid out once and does not move as it comes.
    this.output.style.setProperty("--lines", (this.transcript ?? "").split("\n").length - 2)
    this.screen = new Screen(this.output)
    this.input = makeInput((text) => this.type(text))
    this.verdict = element("div", { class: "lab-verdict" })
    this.result = element("div", { class: "lab-result" }, this.output, this.input, this.verdict)
    this.lab.append(this.result)
    this.printed = ""
    this.readsInput = false
  }

  /** The words and buttons of a state. A focus on what vanishes goes to the button that comes. */
  show(state, details) {
    const { button, words, hasInput } = VIEWS[state]
    const active = this.lab.contains(document.activeElement) ? document.activeElement : null
    this.state = this.lab.dataset.state = state
    this.details = details
    this.runButton.hidden = button !== "run"
    this.stopButton.hidden = button === "run"
    this.stopButton.textContent = button === "reset" ? say("reset") : say("stop")
    this.input.hidden = !(hasInput && this.readsInput)
    if (words) this.tell(words(details))
    if (active?.closest("[hidden]")) (button === "run" ? this.runButton : this.stopButton).focus()
  }

  tellLoading({ loaded, total }) {
    const percent = Math.floor((100 * loaded) / total)
    this.tell(say("loading", { percent: percent - (percent % STEP), megabytes: session.MEGABYTES }))
  }

  /** A screen reader says every change, so there is none without another word. */
  tell(...sentences) {
    const text = sentences.filter(Boolean).join(say("space"))
    if (this.status.textContent !== text) this.status.textContent = text
  }

  print(text) {
    if (this.printed.length > OUTPUT_LIMIT) return
    this.printed += text
    this.screen.write(text)
    if (this.printed.length > OUTPUT_LIMIT) this.screen.write(`\n${say("cut")}\n`)
    this.drawing ??= requestAnimationFrame(() => this.draw())
  }

  draw() {
    this.drawing = null
    this.screen.draw()
  }

  /** Send what was typed; whether it was sent. */
  type(text) {
    const isSent = new Blob([text]).size <= LINE_LIMIT + 1
    if (isSent) this.session?.write(text)
    else this.tell(VIEWS[this.state].words(), say("long_line"))
    return isSent
  }

  finish({ status, leftovers, seconds, wasInterrupted }) {
    this.draw()
    if (status === "stopped" || status === "cancelled") {
      this.conclude("stopped", say(`stopped.${status}`))
      if (status === "cancelled") this.result.remove()
      return
    }
    const left = leftovers !== 0 && say(`left.${amount(leftovers)}`, { left: leftovers })
    const hasTranscript = this.name !== "" && this.transcript !== null
    const whyNot = this.isEdited ? "edited" : wasInterrupted ? "disturbed" : null
    if (!hasTranscript || whyNot) {
      return this.conclude(
        "ended",
        this.sayEnd(status, seconds),
        left,
        hasTranscript && say(`compared.${whyNot}`),
      )
    }
    const { compose, difference, withAliases } = this.comparison
    const transcript = this.transcript
    const command = transcript.split("\n", 1)[0].replace(/^\$ /, "")
    const seen = compose(command, withAliases(this.printed.replaceAll("\r", "")), status)
    const lines = difference(transcript, seen, { anyOrder: this.options.order === "any" })
    if (status !== "0") this.output.append(element("span", { class: "exit-status" }, `? ${status}\n`))
    if (lines.length) this.verdict.append(element("pre", { class: "lab-diff" }, ...lines.map(diffLine)))
    const verdict = lines.length ? "differs" : "same"
    this.conclude(verdict, say(`compared.${verdict}`), left)
  }

  sayEnd(status, seconds) {
    if (status === "timeout") return say("timeout", { seconds: Math.round(seconds) })
    if (status === "0") return say("ended.well")
    return /^\d+$/.test(status) ? say("ended.badly", { status }) : say("ended.killed", { status })
  }

  /** `verdict` is what style sheet and tests go by. */
  conclude(verdict, ...sentences) {
    this.show("idle")
    this.lab.dataset.verdict = verdict
    this.tell(...sentences)
  }

  fail({ reason = "broken", message }) {
    this.conclude("failed", say(`failed.${reason}`, { why: message }))
    this.result.remove()
  }
}

function diffLine(line) {
  const kind = { "+": "lab-diff-new", "-": "lab-diff-old" }[line[0]] ?? "lab-diff-same"
  return element("span", { class: kind }, `${line}\n`)
}

function makeInput(type) {
  const line = element("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-label": say("input"),
    placeholder: say("input"),
  })
  const send = (event) => {
    event.preventDefault()
    if (type(`${line.value}\n`)) line.value = ""
  }
  return element(
    "form",
    { class: "lab-input", hidden: true, onsubmit: send },
    line,
    element("button", { type: "submit" }, say("send")),
    element("button", { type: "button", onclick: () => type("\x04") }, say("end_of_input")),
  )
}

async function fetchText(address) {
  try {
    const response = await fetch(address)
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
    return await response.text()
  } catch (error) {
    throw new session.LabError("offline", error.message)
  }
}
