// A saved state in two parts, because v86 copies all of it at each restore: memory that nobody needs
// afterwards, as much as the guest used. The parts are `memory`, the pages of the guest, and `rest`.
//
// A state is a header of four 32-bit words (magic, version, length of all, length of what follows),
// JSON that says where each buffer begins and how long it is, and the buffers, at multiples of 4.
// v86 0.5.462 cuts the buffers out with slice() of the ArrayBuffer it is given. `join` gives it one
// whose slice() has the memory at hand; v86 only reads from that.

const VERSION = 6
const HEADER = 16 // bytes
const LENGTH = 8 // where the length of all stands

/** Divide a state, an ArrayBuffer, into {memory, rest}. */
export function split(state) {
  const { begin, end } = memoryOf(state)
  const memory = state.slice(begin, end)
  const rest = new Uint8Array(state.byteLength - memory.byteLength)
  rest.set(new Uint8Array(state, 0, begin))
  rest.set(new Uint8Array(state, end), begin)
  new DataView(rest.buffer).setInt32(LENGTH, rest.length, true)
  return { memory, rest: rest.buffer }
}

/** What restore_state() of v86 takes, from the parts. Both are kept, and `rest` is changed. */
export function join({ memory, rest }) {
  const { begin, end } = memoryOf(rest)
  if (end - begin !== memory.byteLength) throw new Error("these are parts of two states")
  const moved = (at) => (at < end ? at : at - memory.byteLength)
  rest.slice = (from, to) =>
    from === begin ? memory : ArrayBuffer.prototype.slice.call(rest, moved(from), moved(to))
  return rest
}

/** Where the memory begins and ends in the state: it is by far the largest buffer. */
function memoryOf(state) {
  const [, version, , length] = new Int32Array(state, 0, 4)
  if (version !== VERSION) throw new Error(`a state of version ${version}, not ${VERSION}`)
  const { buffer_infos } = JSON.parse(new TextDecoder().decode(new Uint8Array(state, HEADER, length)))
  const largest = buffer_infos.reduce((most, one) => (one.length > most.length ? one : most))
  const begin = ((HEADER + length + 3) & -4) + largest.offset
  return { begin, end: begin + largest.length }
}
