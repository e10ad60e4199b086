// The two buttons under each program. Everything behind them is loaded at the first click.

import { words } from "./words.mjs"

const canRun = typeof WebAssembly === "object" && typeof Worker === "function"

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

function equip(lab) {
  const say = words()
  if (!canRun) {
    lab.firstElementChild.textContent = say.unsupported
    lab.classList.add("lab--unsupported")
    return
  }
  const status = element("span", { class: "lab-status", role: "status" })
  const panel = () => import("./panel.mjs").then(({ panelOf }) => panelOf(lab))
  const notLoaded = () => (status.textContent = say.offline)
  const act = {
    run() {
      const session = import("./session.mjs").then(({ prepare }) => prepare()) // while the panel is on its way
      session.catch(() => {}) // told by the panel, or with its absence
      return panel().then((made) => made.run(), notLoaded)
    },
    edit: () => panel().then((made) => made.edit(), notLoaded),
  }
  const name = lab.dataset.program
  const button = (what) => {
    const made = element("button", { type: "button", class: `lab-${what}`, onclick: act[what] })
    label(made, say[what], name)
    return made
  }
  const bar = element("div", { class: "lab-bar" }, button("run"), button("edit"), status)
  lab.replaceChildren(bar)
  lab.classList.add("lab--equipped")
  if (!name) act.edit()
}

// The theme swaps pages without loading them anew.
document$.subscribe(() => {
  for (const lab of document.querySelectorAll(".lab[data-options]:not(.lab--equipped)")) equip(lab)
})
