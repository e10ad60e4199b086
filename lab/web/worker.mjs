// The worker in which the machine runs, so that the page stays awake.

import { V86 } from "./libv86.mjs"
import { Machine } from "./machine.mjs"
import { join } from "./state.mjs"

const files = {} // by name, as they come from decoder.mjs
const arrived = {}
for (const name of ["memory", "rest", "wasm"]) files[name] = new Promise((resolve) => (arrived[name] = resolve))

let machine = null

self.onmessage = async ({ data }) => {
  try {
    await ACTIONS[data.type](data)
  } catch (error) {
    const reason = error instanceof RangeError ? "memory" : "broken"
    postMessage({ type: "failed", reason, message: String(error?.message ?? error) })
  }
}

const ACTIONS = {
  file: ({ name, buffer }) => arrived[name](buffer),

  async start({ memorySize }) {
    const state = Promise.all([files.memory, files.rest]).then(([memory, rest]) => join({ memory, rest }))
    machine = await Machine.start({ V86, wasm: () => files.wasm, state, memorySize })
    postMessage({ type: "ready" })
  },

  async run({ program, options }) {
    const onOutput = (text) => postMessage({ type: "output", text })
    const result = await machine.run(program, { ...options, onOutput })
    postMessage({ type: "ended", ...result })
  },

  write: ({ text }) => machine?.write(text),
  interrupt: () => machine?.interrupt(),
  reset: () => machine?.reset(),
}
