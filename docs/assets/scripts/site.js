// Small things the theme does not do. The site works without them.

const switchers = () => document.querySelectorAll("[data-language]")

// The theme swaps the page under a header that stays: the switcher learns the new page from its head.
function follow() {
  for (const link of switchers()) {
    const version = document.head.querySelector(`link[hreflang="${link.dataset.language}"]`)
    if (version) link.href = version.dataset.page
  }
}

// Headings have the same ids in both languages.
function keepPlace({ target }) {
  const link = target instanceof Element && target.closest("[data-language]")
  if (link) link.hash = location.hash
}

// A section that went to another page left a sign: docs/moved.toml.
function followSection() {
  const sign = document.getElementById(location.hash.slice(1))
  if (sign?.dataset.moved) location.replace(sign.dataset.moved)
}

// A program is copied whole, as it is downloaded, but without the comments that its page alone reads.
const PAGES_OWN = /^[ \t]*(?:#|\/\/) --8<-- \[.*\n|[ \t]+(?:#|\/\/) \(\d+\)!?$/gm

async function programAt(address) {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
  const text = await response.text()
  return new Blob([text.replace(PAGES_OWN, "")], { type: "text/plain" })
}

async function copyProgram({ target }) {
  const button = target instanceof Element && target.closest("[data-copies]")
  if (!button) return
  const row = button.parentElement
  const status = row.querySelector("[role=status]")
  status.textContent = ""
  try {
    const text = programAt(row.querySelector("a").href) // a promise: Safari wants the call at the click
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })])
    status.textContent = status.dataset.well
  } catch {
    status.textContent = status.dataset.badly
  }
}

document.addEventListener("click", copyProgram)
for (const type of ["pointerdown", "focusin", "click"]) document.addEventListener(type, keepPlace, true)
document$.subscribe(follow)
document$.subscribe(followSection)
