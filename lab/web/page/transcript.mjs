// From what a run printed to a transcript, as runner/transcript.py does, and to a comparison.

import { ALIASES } from "../files.mjs"
import { diffArrays } from "./diff/array.js"

/** Replace what differs from run to run by stable names; what was equal stays equal. */
export function withAliases(text) {
  return ALIASES.reduce(replace, text)
}

function replace(text, { pattern, first, base, width, before, behind, keep }) {
  const names = new Map()
  const nameOf = (number) => before + number.toString(base).padStart(width, "0") + behind
  return text.replace(new RegExp(pattern, "g"), (whole, key, value) => {
    if (keep.includes(value)) return whole
    if (!names.has(value)) names.set(value, nameOf(first + names.size))
    return key + names.get(value)
  })
}

/** The command, what it printed, and how it ended unless with 0. */
export function compose(command, output, status) {
  const lines = [`$ ${command}`]
  if (output) lines.push(output.replace(/\n$/, ""))
  if (status !== "0") lines.push(`? ${status}`)
  return lines.join("\n") + "\n"
}

/** [] when both say the same; else lines of a diff, marked " ", "-" or "+". */
export function difference(stored, seen, { anyOrder = false } = {}) {
  const [before, after] = [stored, seen].map((text) => text.replace(/\n$/, "").split("\n"))
  if (anyOrder && [...before].sort().join("\n") === [...after].sort().join("\n")) return []
  const parts = diffArrays(before, after)
  if (!parts.some((part) => part.added || part.removed)) return []
  return parts.flatMap((part) => {
    const mark = part.added ? "+" : part.removed ? "-" : " "
    return part.value.map((line) => `${mark}${line}`)
  })
}
