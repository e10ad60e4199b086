// What a terminal would show of a program's output, as far as a page of text can: a carriage return
// goes back to the start of the line, and what stands there is written over. Colours are left out.

const SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]/g // of colours, and of what a terminal with a cursor does
const BEGUN = /\x1b(\[[0-?]*[ -/]*)?$/ // the rest of it comes with the next piece

export class Screen {
  #element
  #lines = "" // whole, and not yet drawn
  #line = "" // the last one
  #column = 0
  #begun = ""
  #shown = new Text() // the last line

  constructor(element) {
    this.#element = element
    element.append(this.#shown)
  }

  write(text) {
    text = this.#begun + text
    this.#begun = BEGUN.exec(text)?.[0] ?? ""
    text = text.slice(0, text.length - this.#begun.length).replace(SEQUENCE, "")
    for (const part of text.split(/([\r\n])/)) {
      if (part === "\n") {
        this.#lines += `${this.#line}\n`
        this.#line = ""
      }
      if (part === "\n" || part === "\r") this.#column = 0
      else this.#put(part)
    }
  }

  /** Show what was written since; whole lines are appended, so a screen reader says the new ones. */
  draw() {
    if (this.#lines) this.#shown.before(this.#lines)
    if (this.#shown.data !== this.#line) this.#shown.data = this.#line
    this.#lines = ""
    this.#element.scrollTop = this.#element.scrollHeight
  }

  #put(part) {
    const after = this.#column + part.length
    this.#line = this.#line.slice(0, this.#column) + part + this.#line.slice(after)
    this.#column = after
  }
}
