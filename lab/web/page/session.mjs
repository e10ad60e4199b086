// The one machine of this tab, shared by every program of every page, and the runs that want it.
//
// A run is in one of these states, and an arrow is all that can happen to it. Which words and
// buttons each state has stands in panel.mjs, VIEWS.
//
//      ask()
//        │
//        ▼       it begins                it ends, others are left
//     waiting ──────────────▶ running ──────────────────────────────▶ lingering
//        │                     │   │                                  ▲      │
//        │              stop() │   └───────────────┐                  │      │
//        │                     ▼                   │                  │      │
//        │                interrupted ─────────────┼──────────────────┘      │
//        │ stop(),             │ stop(), newer     │ it ends,                │ all end, stop(),
//        │ newer run,          │ run, it ends,     │ time limit,             │ time limit,
//        │ failure             │ limit, failure    │ newer run, failure      │ newer run, failure
//        ▼                     ▼                   ▼                         ▼
//     over ◀─────────────────────────────────────────────────────────────────┘
//
// `turn` is the newest run, the only one that is not over: ask() ends the one before. Whatever a run
// waited for, it looks at its state before it goes on. over() settles `ended`, once and always.

import { FILES } from "../files.mjs"
import { keepPages } from "./offline.mjs"

const LARGEST = 1_000_000 // bytes of a program with its companions; the machine has little memory
const PATIENCE = 1000 // milliseconds in which a machine must answer before it is given up

/** Why a run could not begin or go on; `reason` is "offline", "memory", "size" or "broken". */
export class LabError extends Error {
  constructor(reason, message) {
    super(message)
    this.reason = reason
  }
}

export const MEGABYTES = FILES.megabytes

let turn = null // the newest Run, unless it is over
let engine = null // the Engine, unless there is none yet or it was given up

/**
 * Ask for a run. `request()` resolves to {program, options}; `on` has onState(state, details),
 * onLoading({loaded, total}) and onOutput(text).
 */
export function ask(request, on) {
  turn?.end()
  turn = new Run(request, on)
  turn.start()
  return turn
}

/** Start the machine, unless that was done. */
export function prepare() {
  engine ??= new Engine()
}

class Run {
  state = "waiting"
  wasInterrupted = false
  #request
  #on
  #begun = null // the Engine to which it was handed
  #exit = null // once the program has ended: what is known then
  #settle
  ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))

  constructor(request, on) {
    this.#request = request
    this.#on = on
  }

  async start() {
    try {
      const [{ program, options }] = await Promise.all([this.#request(), this.#isReady()])
      const sizes = [program, ...Object.values(options.files ?? {})].map((text) => new Blob([text]).size)
      if (sizes.reduce((sum, size) => sum + size) > LARGEST) throw new LabError("size")
      while (this.state === "waiting") {
        await this.#isReady()
        if (this.state === "waiting" && engine?.isFree) {
          this.#begun = engine
          return engine.begin(this, program, options)
        }
        await engine?.vacate()
      }
    } catch (error) {
      this.over(error)
    }
  }

  /** What the reader's Stop means now. */
  stop() {
    if (this.state === "running") {
      this.wasInterrupted = true
      this.#begun.post({ type: "interrupt" })
      this.#enter("interrupted")
    } else {
      const isDownload = this.state === "waiting" && !engine?.isReady
      this.end()
      if (isDownload) engine?.giveUp(new LabError("stopped"))
    }
  }

  /** Type something at the program's terminal. */
  write(text) {
    if (this.state === "running" || this.state === "interrupted") this.#begun.post({ type: "write", text })
  }

  /** End it at once, from outside. */
  end() {
    const results = { waiting: { status: "cancelled" }, lingering: this.#exit }
    this.over(results[this.state] ?? { status: "stopped" })
    this.#begun?.vacate()
  }

  /** The end, whatever it waited for: a result, or an error. */
  over(result) {
    if (this.state === "over") return
    this.state = "over"
    if (turn === this) turn = null
    if (result instanceof Error) this.#settle.reject(result)
    else this.#settle.resolve({ ...result, wasInterrupted: this.wasInterrupted })
  }

  // What the engine tells

  loading(progress) {
    if (this.state === "waiting") this.#on.onLoading(progress)
  }

  begun() {
    if (this.state === "waiting") this.#enter("running")
  }

  output(text) {
    if (this.state !== "over") this.#on.onOutput(text)
  }

  lingers(exit) {
    this.#exit = exit
    if (this.state !== "over") this.#enter("lingering", exit)
  }

  #enter(state, details) {
    this.state = state
    this.#on.onState(state, details)
  }

  async #isReady() {
    prepare()
    if (engine.progress) this.loading(engine.progress)
    await engine.ready
  }
}

/** A worker with a machine in it. It is occupied from begin() until the worker says that that run ended. */
class Engine {
  isReady = false
  progress = null // the last word of the loader
  #worker
  #helpers // the workers that load and decode for it
  #run = null // what occupies it
  #number = 0 // of that run
  #wake = null // while somebody waits for its end
  #vacated = null // a promise
  #settle

  constructor() {
    const open = (name) => new Worker(new URL(`../machine/${name}.mjs`, import.meta.url), { type: "module" })
    const [loader, decoder] = (this.#helpers = [open("loader"), open("decoder")])
    const worker = (this.#worker = open("worker"))
    const { memorySize, files } = FILES.machine
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.ready.catch(() => {}) // told to the run that waits, if there is one
    const keep = once(() => {
      loader.postMessage({ type: "keep" })
      keepPages()
    })
    const actions = {
      progress: (data) => turn?.loading((this.progress = data)),
      packed: (data) => decoder.postMessage(data, [data.packed.buffer]),
      file: (data) => worker.postMessage(data, [data.buffer]),
      ready: () => {
        decoder.terminate()
        this.progress = null
        this.isReady = true
        this.#settle.resolve()
      },
      begun: ({ number }) => this.#runOf(number)?.begun(),
      output: ({ number, text }) => this.#runOf(number)?.output(text),
      lingers: ({ number, exit }) => this.#runOf(number)?.lingers(exit),
      ended: ({ number, result }) => {
        this.#free(number, result)
        keep() // not earlier: the first run would wait for it
      },
      kept: () => loader.terminate(),
      failed: ({ reason, message }) => this.giveUp(new LabError(reason, message)),
    }
    for (const one of [loader, decoder, worker]) {
      one.onmessage = ({ data }) => actions[data.type](data)
      // An error without a message is a module that did not come.
      one.onerror = ({ message }) => this.giveUp(new LabError(message ? "broken" : "offline", message))
    }
    loader.postMessage({ type: "load", wanted: files })
    worker.postMessage({ type: "start", memorySize })
  }

  get isFree() {
    return this.isReady && this.#run === null
  }

  begin(run, program, options) {
    this.#run = run
    this.post({ type: "run", number: ++this.#number, program, options })
  }

  /** Tell the worker something about the present run. */
  post(data) {
    this.#worker.postMessage({ number: this.#number, ...data })
  }

  /** End what runs; a worker that does not answer is given up. Resolves when it no longer occupies. */
  vacate() {
    if (this.#run === null) return Promise.resolve()
    return (this.#vacated ??= new Promise((resolve) => {
      const patience = setTimeout(() => this.giveUp({ status: "stopped" }), PATIENCE)
      this.#wake = () => (clearTimeout(patience), resolve())
      this.post({ type: "reset" })
    }))
  }

  /** End the workers; `why` is an error, or the result of the run that occupied them. */
  giveUp(why) {
    for (const one of [this.#worker, ...this.#helpers]) one.terminate()
    if (engine === this) engine = null
    this.#settle.reject(why)
    this.#free(this.#number, why)
  }

  #runOf(number) {
    return number === this.#number ? this.#run : null
  }

  #free(number, result) {
    if (number !== this.#number) return
    const [run, wake] = [this.#run, this.#wake]
    this.#run = this.#wake = this.#vacated = null
    run?.over(result)
    wake?.()
  }
}

function once(act) {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}
