// Stands for loader.mjs, decoder.mjs and worker.mjs of the lab: the same messages, without a machine.
// It is as fast as a test likes, and takes all the liberties that a machine and a network may take.
// What a program does, its comments say: "# for ever", "# deaf", "# orphan", "# reads", "# breaks".

const role = /(\w+)\.mjs$/.exec(self.location.pathname)[1]
const truth = new BroadcastChannel("fake machine") // for the test: what really runs
const after = (most, act) => setTimeout(act, Math.random() * most)
const oneIn = (count) => Math.random() * count < 1

let files = 0
let run = null

const ended = (status, more) => {
  const { number } = run
  run = null
  truth.postMessage(null)
  postMessage({ type: "ended", number, result: { status, seconds: 0, leftovers: 0, ...more } })
}

const ROLES = {
  loader: {
    load({ wanted }) {
      let part = 0
      const step = () => {
        postMessage({ type: "progress", loaded: ++part, total: 10 })
        if (oneIn(80)) return postMessage({ type: "failed", reason: "offline", message: "cut" })
        if (part < 10) return after(20, step)
        for (const { name } of wanted)
          postMessage({ type: "packed", name, packed: new Uint8Array(1), rawBytes: 1 })
      }
      step()
    },
    keep: () => postMessage({ type: "kept" }),
  },
  decoder: {
    packed: ({ name }) => after(5, () => postMessage({ type: "file", name, buffer: new ArrayBuffer(1) })),
  },
  worker: {
    start() {},
    file() {
      if (++files === 3) after(20, () => postMessage({ type: "ready" }))
    },
    run({ number, program }) {
      const said = /said (\d+)/.exec(program)?.[0] ?? "said original"
      run = { number, program, said }
      truth.postMessage(said)
      after(10, () => {
        if (run?.number !== number) return
        postMessage({ type: "begun", number })
        postMessage({ type: "output", number, text: `${said}\n` })
        if (program.includes("# breaks")) {
          truth.postMessage(null)
          postMessage({ type: "failed", reason: "broken", message: "it broke" })
        } else if (program.includes("# orphan"))
          after(20, () => run?.number === number && this.linger(number))
        else if (!/# (for ever|deaf|reads)/.test(program))
          after(20, () => run?.number === number && ended("0"))
      })
    },
    linger(number) {
      const exit = { status: "0", seconds: 0, leftovers: 1 }
      run.exit = exit
      postMessage({ type: "lingers", number, exit })
      if (oneIn(2)) after(60, () => run?.number === number && ended("0"))
    },
    write: ({ number }) =>
      number === run?.number &&
      run.program.includes("# reads") &&
      after(5, () => run?.number === number && ended("0")),
    interrupt: ({ number }) =>
      number === run?.number &&
      !run.program.includes("# deaf") &&
      after(10, () => run?.number === number && ended("SIGINT")),
    reset({ number }) {
      if (number !== run?.number) return
      if (oneIn(30))
        truth.postMessage(null) // it will never answer
      else after(10, () => run?.number === number && ended(run.exit?.status ?? "stopped", run.exit))
    },
  },
}

self.onmessage = ({ data }) => ROLES[role][data.type]?.(data)
