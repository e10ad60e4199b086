// One program on a page: its editor, its output, and whether that is what the page shows.

import { element, label } from "./buttons.mjs"
import * as session from "./session.mjs"
import { words } from "./words.mjs"

const OUTPUT_LIMIT = 64 * 1024 // characters, as in tests/runner
const LIMIT = 60 // seconds; nothing here runs as fast as on the machine that wrote the transcript
const READS_INPUT = /\binput\(|\bstdin\b|\bos\.read\(0\b|\bpdb\b|\bbreakpoint\(/

const panels = new WeakMap()

export function panelOf(lab) {
  if (!panels.has(lab)) panels.set(lab, new Panel(lab))
  return panels.get(lab)
}

class Panel {
  constructor(lab) {
    this.lab = lab
    this.say = words()
    this.name = lab.dataset.program ?? "" // "descriptors/echo_leak.py"; "" on the page of the lab
    this.options = JSON.parse(lab.dataset.options ?? "{}")
    this.bar = lab.querySelector(".lab-bar")
    this.status = lab.querySelector(".lab-status")
    this.runButton = lab.querySelector(".lab-run")
    this.editButton = lab.querySelector(".lab-edit")
    this.stopButton = element("button", { type: "button", class: "lab-stop", hidden: true, onclick: () => this.stop() }, this.say.stop)
    this.runButton.after(this.stopButton)
    this.result = null
    this.editor = null
    this.running = false
  }

  async run() {
    if (this.running) return
    this.running = true
    this.prepareResult()
    try {
      const program = await this.program()
      this.showInput(!this.name || READS_INPUT.test(program))
      const ended = await session.run(program, {
        ...this.options,
        timeout: this.isEdited(program) ? LIMIT : (this.options.timeout ?? LIMIT),
        name: this.name.split("/").pop() || "program.py",
        files: await this.companions(),
        onLoading: ({ loaded, total }) => this.tell(this.say.loading(Math.floor((100 * loaded) / total), session.MEGABYTES)),
        onStarted: () => this.begin(),
        onOutput: (text) => this.print(text),
      })
      await this.finish(ended, program)
    } catch (error) {
      this.fail(error)
    }
    this.running = false
    this.setRunning(false)
  }

  /** First a Ctrl-C, as in a terminal; the second press resets the machine. */
  stop() {
    if (this.interrupted) {
      session.end()
      return
    }
    this.interrupted = true
    session.interrupt()
    this.tell(this.say.interrupted)
    this.stopButton.textContent = this.say.reset
  }

  async edit() {
    if (this.editor) {
      this.editor.hidden = !this.editor.hidden
    } else {
      const source = this.name ? await this.source() : ""
      this.editor = makeEditor(this.say, source, () => this.run())
      this.bar.before(this.editor)
    }
    const open = !this.editor.hidden
    label(this.editButton, open && this.name ? this.say.original : this.say.edit, this.name)
    this.lab.classList.toggle("lab--editing", open)
    if (!this.name) this.editButton.hidden = true
    if (open && this.name) this.editor.querySelector("textarea").focus()
    if (!open) this.editor = (this.editor.remove(), null) // "Original" gives the program back
  }

  // What runs

  async source() {
    this.fetched ??= await fetchText(this.lab.dataset.source)
    return this.fetched
  }

  async program() {
    return this.editor ? this.editor.querySelector("textarea").value : this.source()
  }

  isEdited(program) {
    return this.name !== "" && this.fetched !== program
  }

  async companions() {
    const files = {}
    for (const name of this.options.files ?? []) {
      files[name] = await fetchText(new URL(name, new URL(this.lab.dataset.source, location.href)))
    }
    return files
  }

  get transcript() {
    const block = document.querySelector(`[data-transcript="${CSS.escape(this.name)}"] code`)
    return block?.textContent ?? null
  }

  // What is shown

  prepareResult() {
    this.result?.remove()
    delete this.lab.dataset.verdict
    this.output = element("pre", { class: "lab-output", tabindex: "0", role: "log", "aria-label": this.say.output })
    // Room for all that is expected, so that the page is laid out once and does not move as it comes.
    this.output.style.setProperty("--lines", (this.transcript ?? "").split("\n").length - 2)
    this.input = makeInput(this.say)
    this.verdict = element("div", { class: "lab-verdict" })
    this.result = element("div", { class: "lab-result" }, this.output, this.input, this.verdict)
    this.lab.append(this.result)
    this.printed = ""
    this.drawn = 0
    this.interrupted = false
    this.tell(this.say.starting)
  }

  begin() {
    this.setRunning(true)
    this.tell(this.say.running)
  }

  setRunning(running) {
    const hadFocus = this.lab.contains(document.activeElement) && document.activeElement.closest(".lab-bar")
    this.runButton.hidden = running
    this.stopButton.hidden = !running
    this.stopButton.textContent = this.say.stop
    if (!running) this.input.hidden = true
    if (hadFocus) (running ? this.stopButton : this.runButton).focus()
  }

  showInput(wanted) {
    this.input.hidden = !wanted
  }

  print(text) {
    if (this.printed.length > OUTPUT_LIMIT) return
    this.printed += text.replaceAll("\r", "")
    if (this.printed.length > OUTPUT_LIMIT) this.printed += `\n${this.say.cut}\n`
    this.drawing ??= requestAnimationFrame(() => this.draw())
  }

  draw() {
    this.drawing = null
    this.output.append(this.printed.slice(this.drawn)) // appended: a screen reader says the new part only
    this.drawn = this.printed.length
    this.output.scrollTop = this.output.scrollHeight
  }

  tell(text) {
    this.status.textContent = text
  }

  async finish({ status, seconds }, program) {
    this.draw()
    const edited = this.isEdited(program)
    const transcript = edited ? null : this.transcript
    if (status === "stopped") return this.conclude("stopped", this.say.stopped)
    if (transcript === null) {
      const ended = this.sayEnd(status, seconds)
      return this.conclude("ended", edited ? `${ended} ${this.say.edited}` : ended)
    }
    const { compose, difference, withAliases } = await import("./transcript.mjs")
    const command = transcript.split("\n", 1)[0].replace(/^\$ /, "")
    const seen = compose(command, withAliases(this.printed), status)
    const lines = difference(transcript, seen, { anyOrder: this.options.order === "any" })
    if (status !== "0") this.output.append(element("span", { class: "exit-status" }, `? ${status}\n`))
    if (lines.length) this.verdict.append(element("pre", { class: "lab-diff" }, ...lines.map(diffLine)))
    this.conclude(lines.length ? "differs" : "same", lines.length ? this.say.differs : this.say.same)
  }

  sayEnd(status, seconds) {
    if (status === "timeout") return this.say.timeout(Math.round(seconds))
    return status === "0" ? this.say.ended : this.say.endedBy(status)
  }

  /** `verdict` is what style sheet and tests go by. */
  conclude(verdict, text) {
    this.lab.dataset.verdict = verdict
    this.tell(text)
  }

  fail(error) {
    const told = { offline: this.say.offline, memory: this.say.memory }[error.reason]
    this.conclude("failed", told ?? this.say.broken(error.message))
    this.result.remove()
  }
}

function diffLine(line) {
  const kind = { "+": "lab-diff-new", "-": "lab-diff-old" }[line[0]] ?? "lab-diff-same"
  return element("span", { class: kind }, `${line}\n`)
}

function makeEditor(say, source, run) {
  const help = `lab-help-${Math.random().toString(36).slice(2)}`
  const area = element("textarea", {
    class: "lab-code", spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off",
    "aria-label": say.editor, "aria-describedby": help, rows: Math.min(Math.max(source.split("\n").length, 10), 30),
  })
  area.value = source
  let leaving = false // Esc was pressed: Tab moves on, as everywhere else
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaving = true
    else if (event.key === "Tab" && !event.shiftKey && !leaving) {
      event.preventDefault()
      document.execCommand("insertText", false, "    ") // the only way that keeps undo
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      run()
    } else if (event.key !== "Shift") leaving = false
  })
  return element("div", { class: "lab-editor" }, area, element("p", { class: "lab-note", id: help }, say.editorHelp))
}

function makeInput(say) {
  const line = element("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-label": say.input, placeholder: say.input })
  const send = (event) => {
    event.preventDefault()
    session.write(`${line.value}\n`)
    line.value = ""
  }
  return element(
    "form", { class: "lab-input", hidden: true, onsubmit: send },
    line,
    element("button", { type: "submit" }, say.send),
    element("button", { type: "button", onclick: () => session.write("\x04") }, say.endOfInput),
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
