// Finds pages: MiniSearch ranks whole pages by BM25, over the index that tools/site/search_index.py wrote.
// MiniSearch is not ours: docs/assets/vendor/minisearch/LICENSE.txt.

import MiniSearch from "../vendor/minisearch/minisearch.js"
import { sameForm, words } from "./words.js"

const BM25 = { k: 5, b: 0.75, d: 0 } // tried on tests/search_readers.toml
const SHORTEST_BEGINNING = 3
const LEAST = 0.1 // of the points of the best page: the others have but a common word
const RARE = Math.log(3) // a third of the pages has the word

const cut = (text) => [...new Set([...words(text)].map(({ word }) => word))]

export class Pages {
  counts = new Map() // word -> on how many pages it is

  /** @param index what search/index.json says */
  constructor({ pages, synonyms }) {
    this.synonyms = synonyms
    this.index = MiniSearch.loadJS(pages, { fields: ["words"], tokenize: cut, processTerm: (word) => word })
  }

  /** Pages for what a reader typed or pasted, best first: { id, title, chapter, description, telling, … }. */
  find(typed) {
    const text = sameForm(typed)
    const said = this.synonyms.filter(([word]) => text.includes(word)).map(([, word]) => sameForm(word))
    const prefix = (word, at, all) => at === all.length - 1 && this.#isBeginning(word, text)
    const found = this.#find([...said, text].join("\n"), { prefix })
    const pages = found.filter(({ score }) => score >= LEAST * found[0].score)
    for (const page of pages) page.telling = this.#telling(page.terms)
    return pages
  }

  /** Of words the rare ones, which are marked: those that few pages have, or else all. */
  #telling(words) {
    const rare = words.filter((word) => this.rarity(word) >= RARE)
    return rare.length ? rare : words
  }

  /** How much a word tells one page from another: 0 and more. */
  rarity(word) {
    return Math.log((1 + this.index.documentCount) / (1 + this.#count(word)))
  }

  /** Whether a word is the last thing in a text, and perhaps not all of a word. */
  #isBeginning(word, text) {
    return word.length >= SHORTEST_BEGINNING && /[a-z0-9_]$/.test(text) && this.#count(word) === 0
  }

  #count(word) {
    if (!this.counts.has(word)) this.counts.set(word, this.index.search(word).length)
    return this.counts.get(word)
  }

  #find(text, options) {
    const found = this.index.search(text, {
      bm25: BM25,
      boostDocument: (_id, _word, page) => page.boost,
      ...options,
    })
    // MiniSearch multiplies a page's points by the number of words on it: a long one would win by accident.
    for (const page of found) page.score /= page.queryTerms.length
    return found.sort((one, other) => other.score - one.score)
  }
}
