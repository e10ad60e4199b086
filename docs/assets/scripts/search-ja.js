// Finds Japanese words. tools/site/theme_patches.py puts this in front of the theme's search worker,
// so that each message to the worker passes here first.
//
// Japanese has no spaces. An index cut by a dictionary and a query cut by another one miss each
// other, so neither is cut by words here: the index is cut where the script changes (kanji and
// katakana | hiragana | the rest), and each such run of the query is searched as a part of these.

const WORDS = "\\p{sc=Han}\\p{sc=Katakana}\u30fc\u3005\u3006"
const KANA = "\\p{sc=Hiragana}"
const ASCII = "A-Za-z0-9"

const BORDER = new RegExp(
  `(?<=[${WORDS}])(?=[${KANA}${ASCII}])|(?<=[${KANA}])(?=[${WORDS}${ASCII}])|(?<=[${ASCII}])(?=[${WORDS}${KANA}])`,
  "gu",
)
const RUNS = new RegExp(`[${WORDS}]+|[${KANA}]+|[^${WORDS}${KANA}]+`, "gu")
const isWord = (run) => new RegExp(`^[${WORDS}]`, "u").test(run)
const isKana = (run) => new RegExp(`^[${KANA}]`, "u").test(run)

// NFKC makes half-width and full-width forms equal. U+200B is one of the separators in mkdocs.ja.yml.
const cut = (text) => text.normalize("NFKC").replace(BORDER, "\u200b")

function queryFor(text) {
  const query = text.normalize("NFKC")
  if (/^[\x00-\x7f]*$/.test(query)) return query
  const runs = query.match(RUNS) ?? []
  // Particles and endings say little next to a word, and are all there is in a query of kana.
  const kept = runs.some(isWord) ? runs.filter((run) => !isKana(run)) : runs
  return kept
    .map((run) => (isWord(run) || isKana(run) ? ` +*${run}* ` : run))
    .join(" ")
    .trim()
}

const SETUP = 0
const QUERY = 2

addEventListener("message", ({ data: message }) => {
  if (message.type === SETUP) {
    for (const doc of message.data.docs) {
      doc.title = cut(doc.title)
      doc.text = cut(doc.text)
    }
  }
  if (message.type === QUERY) message.data = queryFor(message.data)
})
