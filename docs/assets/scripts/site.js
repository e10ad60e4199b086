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

// The search: nothing of it is loaded before a reader goes to its box. docs/assets/search/ has the rest.
const KEYS = ["/", "s", "f"]
const box = document.querySelector(".search-box")
const dialog = document.querySelector("dialog.search")
const input = dialog.querySelector("input")
const root = new URL(box.dataset.search, location.href) // before the theme swaps the page, and the address
const code = new URL(box.dataset.code, location.href).href
const marks = new URL(box.dataset.marks, location.href).href
let search

function loadSearch() {
  const { loading, failed } = dialog.dataset
  const said = dialog.querySelector("[role=status]")
  said.textContent = loading
  search = Promise.all([import(code), fetch(new URL("search/index.json", root))])
    .then(([{ start }, index]) => start(dialog, root, index))
    .catch(() => {
      search = undefined // the next key tries again
      said.textContent = failed
    })
}

function openSearch() {
  search ?? loadSearch()
  if (!dialog.open) dialog.showModal()
  input.select()
}

function openByKey(event) {
  const field = event.target.closest?.("input, textarea, select, [contenteditable]")
  const isTyping = dialog.open || (field && field !== input) // which has the focus a moment longer
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return
  event.preventDefault()
  openSearch()
}

// A search that began elsewhere: the page for what is not found asks the first page.
function openForAddress() {
  const address = new URL(location.href)
  if (!address.searchParams.has("q")) return
  input.value = address.searchParams.get("q")
  address.searchParams.delete("q")
  history.replaceState(history.state, "", address)
  openSearch()
}

// The words that led to a page are marked there once.
function markWords() {
  globalThis.CSS?.highlights?.clear()
  const { path, ...found } = JSON.parse(sessionStorage.getItem("search") ?? "{}")
  if (path !== location.pathname) return
  sessionStorage.removeItem("search")
  import(marks).then(({ mark }) => mark(document.querySelector("article"), found))
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
document$.subscribe(markWords)
for (const type of ["pointerenter", "touchstart", "focus"])
  box.addEventListener(type, () => search ?? loadSearch(), { passive: true })
box.addEventListener("click", openSearch)
input.addEventListener("input", () => search ?? loadSearch())
dialog.querySelector(".search__close").addEventListener("click", () => dialog.close())
dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()) // beside what it shows
document.addEventListener("keydown", openByKey)
openForAddress()
