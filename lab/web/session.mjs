// The one machine of this tab: started at the first click, shared by every program of every page.

import { FILES } from "./files.mjs"
import { keepPages } from "./offline.mjs"

/** Why a run could not begin; `reason` is "offline", "memory" or "broken". */
export class LabError extends Error {
  constructor(reason, message) {
    super(message)
    this.reason = reason
  }
}

export const MEGABYTES = FILES.megabytes

let worker = null
let helpers = [] // the workers that load and decode for it
let ready = null // a promise
let current = null // the run under way
let progress = null // the last word of the loader
let onProgress = () => {}

/**
 * Run `program` (its source) and resolve to {status, seconds, leftovers}; rejects with a LabError.
 * One run at a time: a new one ends the one before.
 */
export async function run(program, { onLoading, onStarted, onOutput, ...options }) {
  if (current) await end()
  onProgress = onLoading
  if (progress) onLoading(progress)
  await prepare()
  onStarted()
  return new Promise((resolve, reject) => {
    current = { resolve, reject, onOutput }
    worker.postMessage({ type: "run", program, options })
  })
}

export const write = (text) => worker?.postMessage({ type: "write", text })
export const interrupt = () => worker?.postMessage({ type: "interrupt" })

/** End the run at once. A machine that does not answer within a second is given up. */
export function end() {
  const run = current
  if (!run) return Promise.resolve()
  worker.postMessage({ type: "reset" })
  return new Promise((ended) => {
    const patience = setTimeout(() => {
      if (current === run) giveUp({ status: "stopped", seconds: 0, leftovers: 0 })
    }, 1000)
    const { resolve, reject } = run
    run.resolve = (result) => (clearTimeout(patience), resolve(result), ended())
    run.reject = (error) => (clearTimeout(patience), reject(error), ended())
  })
}

/** Start the machine, unless that was done. */
export function prepare() {
  ready ??= start()
  ready.catch(() => {}) // told to whoever runs a program
  return ready
}

function start() {
  const open = (name) => new Worker(new URL(name, import.meta.url), { type: "module" })
  const [loader, decoder] = (helpers = [open("./loader.mjs"), open("./decoder.mjs")])
  worker = open("./worker.mjs")
  const { memorySize, files } = FILES.machine
  return new Promise((resolve, reject) => {
    const fail = ({ reason, message }) => {
      const error = new LabError(reason, message)
      const run = current
      giveUp()
      run?.reject(error)
      reject(error)
    }
    const keep = once(() => {
      loader.postMessage({ type: "keep" })
      keepPages()
    })
    const actions = {
      progress: (data) => onProgress((progress = data)),
      packed: (data) => decoder.postMessage(data, [data.packed.buffer]),
      file: (data) => worker.postMessage(data, [data.buffer]),
      ready() {
        decoder.terminate()
        progress = null
        resolve()
      },
      output: ({ text }) => current?.onOutput(text),
      ended(result) {
        finish(result)
        keep() // not earlier: the first run would wait for it
      },
      kept: () => loader.terminate(),
      failed: fail,
    }
    for (const one of [loader, decoder, worker]) {
      one.onmessage = ({ data }) => actions[data.type](data)
      one.onerror = ({ message }) => fail({ reason: "broken", message: message ?? "worker" })
    }
    loader.postMessage({ type: "load", wanted: files })
    worker.postMessage({ type: "start", memorySize })
  })
}

function once(act) {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

function finish(result) {
  const run = current
  current = null
  run?.resolve(result)
}

function giveUp(result) {
  for (const one of [worker, ...helpers]) one?.terminate()
  worker = ready = progress = null
  if (result) finish(result)
  else current = null
}
