// The one machine of this tab: started at the first click, shared by every program of every page.

import { FILES } from "./files.mjs"
import { keepForOffline } from "./offline.mjs"

/** Why a run could not begin; `reason` is "offline", "memory" or "broken". */
export class LabError extends Error {
  constructor(reason, message) {
    super(message)
    this.reason = reason
  }
}

export const MEGABYTES = FILES.megabytes

let worker = null
let ready = null // a promise
let current = null // the run under way
let onProgress = () => {}

/**
 * Run `program` (its source) and resolve to {status, seconds, leftovers}; rejects with a LabError.
 * One run at a time: a new one ends the one before.
 */
export async function run(program, { onLoading, onStarted, onOutput, ...options }) {
  if (current) await end()
  onProgress = onLoading
  ready ??= start()
  await ready
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

function start() {
  worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" })
  keepForOffline()
  return new Promise((resolve, reject) => {
    const fail = (reason, message) => {
      giveUp()
      reject(new LabError(reason, message))
    }
    worker.onerror = (event) => fail("broken", event.message ?? "worker")
    worker.onmessage = ({ data }) => {
      if (data.type === "progress") onProgress(data)
      else if (data.type === "ready") resolve()
      else if (data.type === "output") current?.onOutput(data.text)
      else if (data.type === "ended") finish(data)
      else if (data.type === "failed") {
        current?.reject(new LabError(data.reason, data.message))
        fail(data.reason, data.message)
      }
    }
    worker.postMessage({ type: "start", files: FILES })
  })
}

function finish(result) {
  const run = current
  current = null
  run?.resolve(result)
}

function giveUp(result) {
  worker?.terminate()
  worker = ready = null
  if (result) finish(result)
  else current = null
}
