// The two buttons under each program. Everything behind them is loaded at the first click, but for the
// editor of the page of the lab.

import { WORDS } from "./words.mjs" // made of docs/words.toml by tools/site/lab_files.py

const canRun = typeof WebAssembly === "object" && typeof Worker === "function"

/** The word of that key below lab.browser in docs/words.toml, with *values* in its places. */
export function say(key, values = {}) {
  const words = WORDS[document.documentElement.lang] ?? WORDS.en
  return words[key].replace(/{(\w+)}/g, (_, place) => values[place])
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value)
    else if (value === true) made.setAttribute(key, "")
    else if (value !== false) made.setAttribute(key, value)
  }
  made.append(...children)
  return made
}

/** What a button shows, and what it is called: that it is about this program, of several on a page. */
export function label(button, text, name) {
  button.textContent = text
  button.setAttribute("aria-label", name ? `${text} ${name}` : text)
}

// What a reader made of a program: {text, open}, open when it stands in the editor. It is there on the
// next page, on the way back and after a reload, until the tab is closed.

const unkept = new Map() // where the browser keeps nothing
const keyOf = (name) => `after-fork-lab:${name}`

export function kept(name) {
  try {
    return unkept.get(name) ?? JSON.parse(sessionStorage.getItem(keyOf(name)))
  } catch {
    return null
  }
}

/** Keep it; without a text, forget it. */
export function keep(name, version) {
  unkept.delete(name)
  try {
    if (version) sessionStorage.setItem(keyOf(name), JSON.stringify(version))
    else sessionStorage.removeItem(keyOf(name))
  } catch {
    if (version) unkept.set(name, version)
  }
}

function equip(lab) {
  if (!canRun) {
    lab.querySelector(".lab-note").textContent = say("unsupported")
    lab.classList.add("lab--unsupported")
    return
  }
  const name = lab.dataset.program ?? ""
  const status = element("span", { class: "lab-status", role: "status" })
  const panel = () => import("./panel.mjs").then(({ panelOf }) => panelOf(lab))
  const opened = () => panel().then((made) => made.open().then(() => made))
  const notLoaded = () => (status.textContent = say("failed.offline"))
  const act = {
    run() {
      if (!lab.dataset.state) {
        // it has one when the panel is there
        status.textContent = say("starting")
        const session = import("./session.mjs").then(({ prepare }) => prepare()) // while the panel is on its way
        session.catch(() => {}) // told by the panel, or with its absence
      }
      const ready = name ? panel() : opened() // what runs on the page of the lab stands in its editor
      return ready.then((made) => made.press("run"), notLoaded)
    },
    edit: () => panel().then((made) => made.press("edit"), notLoaded),
  }
  const button = (what, text) => {
    const made = element("button", { type: "button", class: `lab-${what}`, onclick: act[what] })
    label(made, text, name)
    return made
  }
  const version = kept(name)
  const edit = button("edit", version && !version.open ? say("mine") : say("edit"))
  // A key that is held down presses once, and not the button that stands there next.
  const once = (event) => event.repeat && event.key === "Enter" && event.preventDefault()
  lab.querySelector(".lab-note").replaceWith(button("run", say("run")), edit, status)
  lab.querySelector(".lab-bar").addEventListener("keydown", once)
  lab.classList.add("lab--equipped")
  if (!name) {
    edit.hidden = true
    putEditor(lab, version?.text ?? "", act.run).catch(notLoaded)
  } else if (version?.open) opened().catch(notLoaded)
}

/** Put the editor of the page of the lab in its place, unless a click was faster. */
async function putEditor(lab, text, run) {
  const { makeEditor } = await import("./editor.mjs")
  if (lab.querySelector(".lab-editor")) return
  const editor = makeEditor(text, run, () => {
    const { value } = editor.querySelector("textarea")
    keep("", value && { text: value, open: true })
  })
  lab.prepend(editor)
}

// The theme swaps pages without loading them anew.
document$.subscribe(() => {
  for (const lab of document.querySelectorAll(".lab[data-options]:not(.lab--equipped)")) equip(lab)
})
