// The passage of a page that has most of the words that were looked for.

import { inPlace, words } from "./words.js"

const BEFORE = 40 // characters shown in front of the first word found
const LENGTH = 180

/**
 * The places of wanted words in a text: [start, end], in order. Pairs of Japanese characters that touch are one
 * place, which is there when one of them is telling.
 */
export function placesOf(text, wanted, telling = wanted) {
  const places = []
  for (const { word, start, end } of words(inPlace(text))) {
    const last = places.at(-1)
    if (!wanted.has(word)) continue
    if (last && start < last.end)
      Object.assign(last, { end: Math.max(last.end, end), tells: last.tells || telling.has(word) })
    else places.push({ start, end, tells: telling.has(word) })
  }
  return places.filter(({ tells }) => tells).map(({ start, end }) => [start, end])
}

/**
 * @param sections [id, heading, text] of each section of a page, a line of text for each block
 * @param wanted the words
 * @param rarity how much a word tells
 * @returns { id, heading, parts: [{ text, isFound }] }, or undefined where no word is
 */
export function passageOf(sections, wanted, rarity) {
  const weights = new Map(wanted.map((word) => [word, rarity(word)]))
  const points = ({ line }) => {
    const found = new Set([...words(inPlace(line))].map(({ word }) => word))
    return [...found].reduce((sum, word) => sum + (weights.get(word) ?? 0), 0)
  }
  const lines = sections.flatMap(([id, heading, text]) =>
    [...text.split("\n"), heading].map((line) => ({ id, heading, line })),
  )
  const found = best(lines, points)
  return found && { id: found.id, heading: found.heading, parts: [...partsOf(found.line, new Set(wanted))] }
}

/** The first of the things with the most points, if any has one. */
function best(things, points) {
  let [most, found] = [0, undefined]
  for (const thing of things) {
    const here = points(thing)
    if (here > most) [most, found] = [here, thing]
  }
  return found
}

function* partsOf(line, wanted) {
  const places = placesOf(line, wanted)
  const start = Math.max(0, (places[0]?.[0] ?? 0) - BEFORE)
  const end = Math.min(line.length, start + LENGTH)
  let at = start
  if (start > 0) yield { text: "… ", isFound: false }
  for (const [from, to] of places) {
    if (to > end) break
    yield { text: line.slice(at, from), isFound: false }
    yield { text: line.slice(from, to), isFound: true }
    at = to
  }
  yield { text: line.slice(at, end) + (end < line.length ? " …" : ""), isFound: false }
}
