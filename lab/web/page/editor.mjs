// The text field in which a program is edited. On the page of the lab it is there before any click.

import { element, say } from "./buttons.mjs"

/** An editor with that text. `run()` is called for Ctrl+Enter, and `keep()` at each change. */
export function makeEditor(source, run, keep) {
  const help = `lab-help-${Math.random().toString(36).slice(2)}`
  const area = element("textarea", {
    class: "lab-code",
    oninput: keep,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    "aria-label": say("editor"),
    "aria-describedby": help,
    rows: Math.min(Math.max(source.split("\n").length, 10), 30),
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
      if (!event.repeat) run()
    } else if (event.key !== "Shift") leaving = false
  })
  return element(
    "div",
    { class: "lab-editor" },
    area,
    element("p", { class: "lab-note", id: help }, say("editor_help")),
  )
}
