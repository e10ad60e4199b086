// What happens in the dialog of the search. docs/assets/scripts/site.js opens it, and loads this at the first
// sign that a reader goes there.

import { Pages } from "./pages.js"
import { passageOf } from "./passage.js"

const SHOWN = 10
const STILL = 120 // milliseconds without a key, before the texts of pages are fetched

/**
 * Search in a dialog from now on, beginning with what was typed already.
 * @param root the address of the first page of the language
 * @param index the answer of the server to root/search/index.json
 */
export async function start(dialog, root, index) {
  new Search(dialog, root, new Pages(await index.json())).show()
}

class Search {
  texts = new Map() // address of a page -> a promise of its sections
  active = -1

  constructor(dialog, root, pages) {
    Object.assign(this, { dialog, root, pages })
    this.input = dialog.querySelector("input")
    this.list = dialog.querySelector("[role=listbox]")
    this.input.addEventListener("input", () => this.show())
    this.input.addEventListener("keydown", (event) => this.move(event))
    dialog.querySelector("form").addEventListener("submit", (event) => this.go(event))
    this.list.addEventListener("click", (event) => this.follow(event))
  }

  get links() {
    return [...this.list.children]
  }

  show() {
    const typed = this.input.value
    const found = this.pages.find(typed)
    this.list.replaceChildren(...found.slice(0, SHOWN).map((page, at) => this.link(page, at)))
    this.list.scrollTop = 0
    this.input.setAttribute("aria-expanded", String(found.length > 0))
    this.dialog.toggleAttribute("data-empty", !typed.trim())
    this.say(typed.trim() ? found.length : null)
    this.activate(found.length ? 0 : -1)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.links.map((link) => this.complete(link)), STILL)
  }

  say(number) {
    const { none, one, many } = this.dialog.dataset
    const said = number === null ? "" : number === 0 ? none : number === 1 ? one : many.replace("#", number)
    this.dialog.querySelector("[role=status]").textContent = said
  }

  link(page, at) {
    const link = element("a", {
      role: "option",
      id: `search-${at}`,
      href: new URL(page.id, this.root),
      tabindex: -1,
    })
    link.append(
      element("span", { class: "search__title" }, page.title),
      element("span", { class: "search__place" }, page.chapter),
      element("span", { class: "search__text" }, page.description),
    )
    link.page = page
    return link
  }

  /** Say in a result where on its page the words are. */
  async complete(link) {
    const { page } = link
    const sections = await this.textOf(page.id).catch(() => [])
    const passage = passageOf(sections, page.terms, (word) => this.pages.rarity(word))
    if (!passage) return
    const [place, text] = link.querySelectorAll(".search__place, .search__text")
    if (passage.id) {
      link.hash = passage.id
      place.textContent = [page.chapter, passage.heading].filter(Boolean).join(" › ")
    }
    text.replaceChildren(
      ...passage.parts.map(({ text, isFound }) => (isFound ? element("mark", {}, text) : text)),
    )
  }

  textOf(id) {
    if (!this.texts.has(id)) {
      const address = new URL(`search/texts/${id.replace(/\/$/, "") || "index"}.json`, this.root)
      this.texts.set(
        id,
        fetch(address).then((answer) => answer.json()),
      )
    }
    return this.texts.get(id)
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const { length } = this.links
    if (!step || !length || event.isComposing) return
    event.preventDefault()
    this.activate((this.active + step + length) % length)
  }

  activate(at) {
    this.active = at
    for (const [n, link] of this.links.entries()) link.setAttribute("aria-selected", String(n === at))
    if (at < 0) return this.input.removeAttribute("aria-activedescendant")
    this.input.setAttribute("aria-activedescendant", `search-${at}`)
    this.links[at].scrollIntoView({ block: "nearest" })
  }

  go(event) {
    event.preventDefault()
    this.links[this.active]?.click()
  }

  /** Let the page that opens mark the words: marks.js. */
  follow(event) {
    const link = event.target.closest("a")
    if (!link) return
    const { terms: words, telling } = link.page
    sessionStorage.setItem("search", JSON.stringify({ path: link.pathname, words, telling }))
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.dialog.close()
  }
}

function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}
