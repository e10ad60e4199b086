// Puts the page first that is about what was typed. tools/site/theme_patches.py puts this in front of the
// theme's search worker, so that each message to and from the worker passes here.
//
// The theme orders pages by their best section, in which a long program that calls waitpid() three
// times wins over the page about waiting. Here a page is taken as a whole: what its title says counts
// most, then its description (tools/site/theme_patches.py puts it into the index), its headings, its text.
// The page of the glossary counts half, by the boost in its front matter: who looks for a word wants
// the page that is about it. Pages that do not say the query as it was typed stay as the theme ordered them, behind the others.
{
  const [SETUP, QUERY, RESULT] = [0, 2, 3]
  const WEIGHTS = { title: 10, description: 5, headings: 3, text: 1 }

  const plain = (html) =>
    html
      .replace(/<[^>]*>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, "&")
  const sameForm = (text) => text.normalize("NFKC").toLowerCase()

  const pages = new Map() // address -> { title, description, headings, text, boost }
  let typed = ""

  function read(docs) {
    for (const { location, title, text, description = "", boost = 1 } of docs) {
      const [address, section] = location.split("#")
      const page = pages.get(address) ?? { title: "", description: "", headings: "", text: "", boost }
      if (section === undefined)
        Object.assign(page, { title: sameForm(plain(title)), description: sameForm(description) })
      else page.headings += `${sameForm(plain(title))}\n`
      page.text += `${sameForm(plain(text))}\n`
      pages.set(address, page)
    }
  }

  /** Finds the query: a Latin word must begin where it does, as in the index. */
  function finder(query) {
    const literal = sameForm(query)
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    return literal && new RegExp((/^\w/.test(literal) ? "(?<!\\w)" : "") + literal, "g")
  }

  function order(items) {
    const found = finder(typed)
    if (!found) return
    const points = new Map()
    for (const [first] of items) {
      const address = first.location.split("#")[0]
      const page = pages.get(address)
      const sum = Object.entries(WEIGHTS).reduce(
        (sum, [part, weight]) => sum + weight * (page[part].match(found)?.length ?? 0),
        0,
      )
      points.set(address, page.boost * sum)
    }
    const pointsOf = ([first]) => points.get(first.location.split("#")[0])
    items.sort((one, other) => pointsOf(other) - pointsOf(one))
  }

  addEventListener("message", ({ data: message }) => {
    if (message.type === SETUP) read(message.data.docs)
    if (message.type === QUERY) typed = message.data
  })

  const post = self.postMessage.bind(self)
  self.postMessage = (message) => {
    if (message.type === RESULT) order(message.data.items)
    post(message)
  }
}
