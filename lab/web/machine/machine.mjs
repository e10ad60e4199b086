// A saved Linux with a waiting Python, restored for each run. For node, and for a Web Worker.
//
// The protocol on the three virtio consoles is told in lab/image/rootfs/leader.c.

import { OPTIONS } from "./options.mjs"
import { readTsc, restoreTsc } from "./tsc.mjs"

const TERMINAL = 0 // virtio consoles: /dev/hvc0, 1, 2
const REQUESTS = 1
const ANSWERS = 2
const PIECE = 4096 // bytes of one message; v86 drops what does not fit a buffer of the guest
const WINDOW = 32768 // bytes of a request that are sent unasked: the guest has 16 such buffers
const STEP = 16384 // bytes that are sent at each MORE
const SILENCE = 700 // milliseconds after its end in which a program's processes may end, too
const ANSWER = 3000 // milliseconds in which the guest says whether the program waits for input
const AGAIN = 1000 // milliseconds until it is asked again

const SIGNALS = (
  "0 HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP " +
  "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split(" ")

/** Send bytes to a console of the guest. */
export function send(emulator, port, bytes) {
  for (let at = 0; at < bytes.length; at += PIECE)
    emulator.bus.send(`virtio-console${port}-input-bytes`, bytes.slice(at, at + PIECE))
}

/** Call `onLine` with each line of the guest's answers. */
export function onAnswer(emulator, onLine) {
  let rest = ""
  const decoder = new TextDecoder()
  emulator.add_listener(`virtio-console${ANSWERS}-output-bytes`, (bytes) => {
    const lines = (rest + decoder.decode(bytes)).split("\n")
    rest = lines.pop()
    lines.forEach(onLine)
  })
}

/** The name of an end as the site's transcripts have it. */
export function statusOf(code, signal) {
  if (!signal) return String(code)
  const name = SIGNALS[signal]
  if (name) return `SIG${name}`
  return signal >= 34 ? `SIGRTMIN+${signal - 34}` : `signal ${signal}`
}

export class Machine {
  #emulator
  #exports // of v86's WebAssembly module
  #state
  #savedTsc
  #isFresh = true // restored, and nothing has run in it yet
  #current = null // the run that goes on

  /**
   * Make a machine and restore the state.
   * `V86` is the class of v86's libv86.mjs; `wasm(imports)` gives an instance of v86.wasm (or what
   * WebAssembly.instantiate and instantiateStreaming resolve to), or the bytes of it; `state` is the
   * decoded state or a promise of it, which the machine keeps; `memorySize` is in MiB.
   */
  static async start({ V86, wasm, state, memorySize }) {
    const machine = new Machine()
    machine.#emulator = new V86({
      ...OPTIONS(memorySize),
      wasm_fn: async (imports) => (machine.#exports = await exportsOf(wasm, imports)),
    })
    await new Promise((resolve) => machine.#emulator.add_listener("emulator-ready", resolve))
    machine.#state = await state
    machine.#listen()
    await machine.#emulator.restore_state(machine.#state)
    machine.#savedTsc = readTsc(machine.#exports)
    return machine
  }

  /**
   * Run a program; at the end, what became of it:
   * `status` as in a transcript ("0", "7", "SIGALRM"), or "timeout", or "stopped" by reset();
   * `leftovers`: processes of it that were there to the last, or null where the guest was too busy
   * to say; `seconds`, `firstOutput` (in seconds, or null) and `restore` (milliseconds).
   *
   * `timeout` counts seconds from the begin or from the last line typed, and is not over while the
   * program waits for a line. `linger` counts those from its end until the machine is stopped, if
   * processes of it are left; `onLingering` gets what the result would be then.
   */
  async run(program, options = {}) {
    if (this.#current) throw new Error("a program is running")
    const run = new Run(this.#emulator, options)
    this.#current = run
    try {
      const begin = performance.now()
      await this.#restore()
      const restore = performance.now() - begin
      await this.#emulator.run()
      run.begin(requestOf(program, options))
      await run.ended
      return { ...run.result, restore }
    } finally {
      await this.#emulator.stop()
      this.#current = null
    }
  }

  /** Type something at the program's terminal. After its end the terminal is the leader's, whom a
   *  Ctrl-C would end: what is left of the program would never be told of. */
  write(text) {
    if (this.#current?.result.status) return
    send(this.#emulator, TERMINAL, new TextEncoder().encode(text))
    this.#current?.wasTyped()
  }

  /** Type Ctrl-C. */
  interrupt() {
    this.write("\x03")
  }

  /** End the run at once. The next one finds a restored machine. */
  reset() {
    this.#current?.end("stopped")
  }

  #listen() {
    this.#emulator.add_listener(`virtio-console${TERMINAL}-output-bytes`, (bytes) =>
      this.#current?.print(bytes),
    )
    onAnswer(this.#emulator, (line) => this.#current?.answer(line))
  }

  async #restore() {
    if (!this.#isFresh) {
      await this.#emulator.restore_state(this.#state)
      restoreTsc(this.#exports, this.#savedTsc)
    }
    this.#isFresh = false
  }
}

/** The bytes that make the waiting Python this program. */
function requestOf(program, { name = "program.py", argv = [], files = {}, fresh = false, pipe = false }) {
  const encoder = new TextEncoder()
  const request = { name, argv, fresh, pipe, files: { ...files, [name]: program } }
  const body = encoder.encode(JSON.stringify(request))
  const milliseconds = Date.now()
  const seconds = Math.floor(milliseconds / 1000)
  const head = [seconds, (milliseconds % 1000) * 1_000_000, randomHex(32), body.length]
  return [encoder.encode(`${head.join(" ")}\n`), body]
}

/** What is known of a program that runs. */
class Run {
  #emulator
  #options
  #begin = 0
  #decoder = new TextDecoder()
  #unsent // bytes of the request
  #timer // for what comes next: the limit, an answer of the guest, the end of what is left
  #isAsked = false // whether the program waits for input
  #isLingering = false
  #isOver = false
  #resolve
  result = { status: "", seconds: 0, firstOutput: null, leftovers: 0 }
  ended = new Promise((resolve) => (this.#resolve = resolve))

  constructor(emulator, options) {
    const nothing = () => {}
    const others = { onBegin: nothing, onOutput: nothing, onLingering: nothing }
    this.#emulator = emulator
    this.#options = { timeout: 10, linger: 10, ...others, ...options }
  }

  begin([head, body]) {
    if (this.#isOver) return // stopped while the state was restored
    this.#begin = performance.now()
    this.#unsent = body
    send(this.#emulator, REQUESTS, head)
    this.#sendMore(WINDOW)
    this.#limit()
    this.#options.onBegin()
  }

  print(bytes) {
    if (this.#isOver) return
    this.result.firstOutput ??= this.#elapsed()
    this.#options.onOutput(this.#decoder.decode(bytes, { stream: true }).replaceAll("\r\n", "\n"))
  }

  /** Obey a line of the guest's answers. */
  answer(line) {
    if (this.#isOver) return
    const [word, ...numbers] = line.split(" ")
    const [first, second] = numbers.map(Number)
    if (word === "MORE") this.#sendMore(STEP)
    else if (word === "READS") this.#reads(first)
    else if (word === "EXIT") this.#exit(statusOf(first, second))
    else if (word === "LEFT") this.#left(first)
    else if (word === "DONE") this.#done()
  }

  /** The reader had to think, so the program's time begins anew. */
  wasTyped() {
    if (!this.result.status) this.#limit()
  }

  /** End it from outside. */
  end(status) {
    if (!this.result.status) this.#finish(status)
    this.#over()
  }

  #sendMore(count) {
    send(this.#emulator, REQUESTS, this.#unsent.subarray(0, count))
    this.#unsent = this.#unsent.subarray(count)
  }

  #limit() {
    this.#isAsked = false
    this.#wait(1000 * this.#options.timeout, () => this.#ask())
  }

  /** The time is over, unless the program waits for the reader. A guest too busy to answer does not. */
  #ask() {
    this.#isAsked = true
    send(this.#emulator, REQUESTS, new TextEncoder().encode("?"))
    this.#wait(ANSWER, () => this.end("timeout"))
  }

  #reads(count) {
    if (!this.#isAsked) return
    if (count) this.#wait(AGAIN, () => this.#ask())
    else this.end("timeout")
  }

  #exit(status) {
    this.#finish(status)
    this.result.leftovers = null
    this.#wait(SILENCE, () => this.#linger())
  }

  #linger() {
    this.#isLingering = true
    this.#wait(1000 * this.#options.linger, () => this.#over())
    this.#options.onLingering({ ...this.result })
  }

  #left(count) {
    this.result.leftovers = count
    if (this.#isLingering) this.#options.onLingering({ ...this.result })
  }

  #done() {
    this.result.leftovers = 0
    this.#over()
  }

  #finish(status) {
    this.result.status = status
    this.result.seconds = this.#elapsed()
  }

  #wait(milliseconds, act) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, milliseconds)
  }

  #over() {
    clearTimeout(this.#timer)
    this.#isOver = true
    this.#resolve()
  }

  #elapsed() {
    return (performance.now() - this.#begin) / 1000
  }
}

async function exportsOf(wasm, imports) {
  let made = await wasm(imports)
  if (made instanceof ArrayBuffer || ArrayBuffer.isView(made))
    made = await WebAssembly.instantiate(made, imports)
  return (made.instance ?? made).exports
}

function randomHex(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
