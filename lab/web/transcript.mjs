// From what a run printed to a transcript, as runner/transcript.py does, and to a comparison.
// tests/test_lab.py holds the two against each other.

import { diffArrays } from "./diff/array.js"

const PROCESS = /(\b(?:pid|ppid|pgid|sid|tid)=)(\d+)/g
const ADDRESS = /(\b)(0x[0-9a-f]{6,16})\b/g
const PORT = /(\bport=|(?:127\.0\.0\.1|localhost|\[::1\]):|\('(?:127\.0\.0\.1|::1)', )(\d{4,5})\b/g
const TEMPORARY = /(\/tmp\/tmp)([a-z0-9_]{8})\b/g

/** Replace what differs from run to run by stable names; what was equal stays equal. */
export function withAliases(text) {
  text = alias(PROCESS, text, (n) => String(4000 + n), ["0", "1"])
  text = alias(ADDRESS, text, (n) => `0x7f000000${n.toString(16)}000`)
  text = alias(PORT, text, (n) => String(50000 + n))
  return alias(TEMPORARY, text, (n) => String(n).padStart(8, "0"))
}

function alias(pattern, text, name, keep = []) {
  const names = new Map()
  return text.replace(pattern, (whole, key, value) => {
    if (keep.includes(value)) return whole
    if (!names.has(value)) names.set(value, name(names.size + 1))
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
