// The worker in which the machine runs, so that the page stays awake.

import { V86 } from "./libv86.mjs"
import { Machine } from "./machine.mjs"
import { join } from "./state.mjs"

const files = {} // by name, as they come from decoder.mjs
const arrived = {}
for (const name of ["memory", "rest", "wasm"])
  files[name] = new Promise((resolve) => (arrived[name] = resolve))

let machine = null
let current = null // the number of the run

self.onmessage = async ({ data }) => {
  try {
    await ACTIONS[data.type](data)
  } catch (error) {
    fail(error)
  }
}

// v86 waits for the WebAssembly without a word of what to do when it does not come.
self.onunhandledrejection = ({ reason }) => fail(reason)

function fail(error) {
  const reason = error instanceof RangeError ? "memory" : "broken"
  postMessage({ type: "failed", reason, message: String(error?.message ?? error) })
}

const ACTIONS = {
  file: ({ name, buffer }) => arrived[name](buffer),

  async start({ memorySize }) {
    const state = Promise.all([files.memory, files.rest]).then(([memory, rest]) => join({ memory, rest }))
    machine = await Machine.start({ V86, wasm: () => files.wasm, state, memorySize })
    postMessage({ type: "ready" })
  },

  async run({ number, program, options }) {
    current = number
    const tell = (type, more) => postMessage({ type, number, ...more })
    const result = await machine.run(program, {
      ...options,
      onBegin: () => tell("begun"),
      onOutput: (text) => tell("output", { text }),
      onLingering: (exit) => tell("lingers", { exit }),
    })
    current = null
    tell("ended", { result })
  },

  // What comes too late is for a run that is over.
  write: ({ number, text }) => number === current && machine.write(text),
  interrupt: ({ number }) => number === current && machine.interrupt(),
  reset: ({ number }) => number === current && machine.reset(),
}
