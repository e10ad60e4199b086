// node check.mjs FOLDER: restore the image of FOLDER again and again, and see that programs run in
// it as they must. Ends with 1 and says what was wrong.

import { startMachine } from "./node.mjs"

const SPEED = 30 // seconds that any of these programs may take on a slow machine
const failures = []

const machine = await startMachine(process.argv[2])
const second = 1000

/** Run a program, compare how it ended and what it printed, and give the output. */
async function check(name, program, { status = "0", output, during, ...options } = {}) {
  let seen = ""
  let told = false
  const onOutput = (text) => {
    seen += text
    if (!told) during?.()
    told = true
  }
  const ended = await machine.run(program, { name: "check.py", timeout: SPEED, onOutput, ...options })
  if (ended.status !== status) failures.push(`${name}: ended with ${ended.status}, not ${status}`)
  if (output && !output.test(seen)) failures.push(`${name}: printed ${JSON.stringify(seen)}`)
  return { seen, ...ended }
}

await check("hello", `print("hello")`, { output: /^hello\n$/ })

// The second restore is the one for which tsc.mjs exists.
const slept = await check("sleep after a second restore", `import time\ntime.sleep(0.5)`)
if (slept.seconds > 10) failures.push(`half a second of sleep took ${slept.seconds} s`)

await check(
  "fork, pipe, waitpid",
  `import os
reader, writer = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(writer, b"from the child")
    os._exit(7)
text = os.read(reader, 100).decode()
_, status = os.waitpid(pid, 0)
print(text, os.waitstatus_to_exitcode(status), os.getppid() != 1)
`,
  { output: /^from the child 7 True\n$/ },
)

await check(
  "deadlock with an alarm",
  `import signal, threading
signal.alarm(1)
lock = threading.Lock()
lock.acquire()
lock.acquire()
`,
  { status: "SIGALRM", output: /^$/ },
)

await check("deadlock", `import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()`, {
  status: "timeout",
  timeout: 2,
})

await check("input, for longer than the limit", `print(input("name? "))`, {
  output: /^name\? Ada\nAda\n$/,
  timeout: 1,
  during: () => setTimeout(() => machine.write("Ada\n"), 4 * second),
})

await check("large program", `text = """${"x".repeat(300_000)}"""\nprint(len(text))`, {
  output: /^300000\n$/,
})

await check("input", `print("hello", input("name? "))`, {
  output: /^name\? Ada\nhello Ada\n$/,
  during: () => machine.write("Ada\n"),
})

await check("traceback", `1 / 0`, {
  status: "1",
  output:
    /^Traceback \(most recent call last\):\n {2}File "\/home\/you\/check\.py", line 1, in <module>\n[\s\S]*ZeroDivisionError: division by zero\n$/,
})

await check("exit status above 128", `raise SystemExit(137)`, { status: "137" })

await check(
  "orphan",
  `import os, time
if os.fork() == 0:
    while os.getppid() != 1:
        time.sleep(0.05)
    print("orphan of", os.getppid())
`,
  { output: /^orphan of 1\n$/ },
)

const left = await check("leftovers", `import os, time\nif os.fork() == 0:\n    time.sleep(60)`, {
  linger: 2,
})
if (left.leftovers !== 1) failures.push(`leftovers: ${left.leftovers}, not 1`)

for (const after of [0, 5, 20, 80]) {
  await check(`Ctrl-C after ${after} ms`, `while True:\n    pass`, {
    status: "SIGINT",
    output: /^\^C(?![\s\S]*runner\.py)[\s\S]*KeyboardInterrupt\n$/,
    onBegin: () => setTimeout(() => machine.interrupt(), after),
  })
}

await check("Ctrl-C", `print("ready", flush=True)\nwhile True:\n    pass`, {
  status: "SIGINT",
  output: /^ready\n[\s\S]*KeyboardInterrupt\n$/,
  during: () => setTimeout(() => machine.interrupt(), 0.3 * second),
})

await check("reset", `print("ready", flush=True)\nwhile True:\n    pass`, {
  status: "stopped",
  during: () => machine.reset(),
})

await check("pipe", `import os, sys\nprint(sys.stdout.isatty(), end=" ")\nif os.fork():\n    os.wait()`, {
  output: /^False False $/,
  pipe: true,
})

await check("fresh", `import sys\nprint("multiprocessing" in sys.modules, sys.argv)`, {
  output: /^False \['check\.py', 'a'\]\n$/,
  fresh: true,
  argv: ["a"],
})

await check("companion", `import other\nprint(other.name)`, {
  output: /^other\n$/,
  files: { "other.py": "name = __name__" },
})

await check("modules", `import sqlite3, psutil, ctypes, asyncio, multiprocessing, json, timeit`)

const random = `import os\nprint(os.urandom(16).hex())`
const [first, again] = [await check("random", random), await check("random", random)]
if (first.seen === again.seen) failures.push("two runs read the same from /dev/urandom")

const date = Number((await check("date", `import time\nprint(time.time())`)).seen)
if (Math.abs(Date.now() / 1000 - date) > 60) failures.push(`the date is wrong: ${date}`)

if (failures.length) console.error(failures.join("\n"))
process.exit(failures.length ? 1 : 0)
