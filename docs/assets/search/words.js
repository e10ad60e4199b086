// Cuts a text into the words by which a page is found. tools/site/search_words.py cuts the pages by the same
// rules, and says why; tests/search_words.toml holds both. What that leaves out (a pid, "the") is in no index,
// and needs no rule here.

const RUNS = /[a-z0-9_]+(?:\.[0-9]+)*|[\u4e00-\u9fff々]+|[ァ-ヺー]+/g
const PARTS = /[^_]+/g
const ENDINGS = [
  [/(..)ies$/, "$1y"],
  [/(.[^isu])s$/, "$1"],
  [/(...)(?:ing|ed)$/, "$1"],
  [/(...)e$/, "$1"],
  [/(.)([bdgmnprt])\2$/, "$1$2"],
]

const stem = (word) =>
  /^[a-z]+$/.test(word) ? ENDINGS.reduce((text, [ending, rest]) => text.replace(ending, rest), word) : word

/** The form in which texts are compared: half or full width, great or small letters are the same. */
export const sameForm = (text) => text.normalize("NFKC").toLowerCase()

/** The same of a text whose characters keep their places: one that would become several stays. */
export const inPlace = (text) =>
  text.replace(/[^\0-\x7f]|[A-Z]+/gu, (part) =>
    sameForm(part).length === part.length ? sameForm(part) : part,
  )

/** Yields { word, start, end } for each word of a text in the same form. */
export function* words(text) {
  for (const { 0: run, index } of text.matchAll(RUNS)) {
    const found = /^[a-z0-9_]/.test(run) ? latin(run) : japanese(run)
    for (const [word, from] of found)
      yield { word: stem(word), start: index + from, end: index + from + word.length }
  }
}

function* latin(run) {
  const whole = run.replace(/^_+|_+$/g, "")
  if (whole) yield [whole, run.indexOf(whole)]
  if (whole.includes("_"))
    for (const { 0: part, index } of whole.matchAll(PARTS)) yield [part, run.indexOf(whole) + index]
}

function* japanese(run) {
  if (run.length === 1) yield [run, 0]
  for (let i = 0; i < run.length - 1; i++) yield [run.slice(i, i + 2), i]
}
