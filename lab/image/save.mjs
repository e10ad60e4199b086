// node save.mjs FOLDER MEMORY-MiB: boot the kernel and initrd of FOLDER, wait until Python waits,
// and write FOLDER/machine.memory and FOLDER/machine.rest. The console goes to FOLDER/boot.log.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { V86 } from "v86"
import { onAnswer } from "../web/machine/machine.mjs"
import { OPTIONS } from "../web/machine/options.mjs"
import { split } from "../web/machine/state.mjs"
import { LOOKED_AT } from "../web/machine/tsc.mjs"

const LIMIT = 300 // seconds for a boot on a slow machine
// Lines after which nothing comes. That no memory is left to fill, leader survives: zero_free_memory().
const BROKEN = /^leader: (?!page allocation failure)|Kernel panic/
const COMMAND_LINE = [
  "console=ttyS0",
  "tsc=reliable", // there is no other clock to check it with
  "mitigations=off",
  "nokaslr",
  "random.trust_cpu=on", // no waiting for entropy at boot; each run adds its own
]

const require = createRequire(import.meta.url)
const version = require("v86/package.json").version.split("+")[0] // without the hash of the commit
if (version !== LOOKED_AT)
  giveUp(`lab/web/machine/tsc.mjs is for v86 ${LOOKED_AT}, and ${version} is installed.`)

const [folder, memorySize] = process.argv.slice(2)
const file = (name) => {
  const { buffer, byteOffset, byteLength } = readFileSync(`${folder}/${name}`)
  return { buffer: buffer.slice(byteOffset, byteOffset + byteLength) }
}

const emulator = new V86({
  ...OPTIONS(Number(memorySize)),
  wasm_path: require.resolve("v86/build/v86.wasm"),
  bios: file("bios.bin"),
  vga_bios: file("vgabios.bin"),
  bzimage: file("bzImage"),
  initrd: file("initrd.gz"),
  cmdline: COMMAND_LINE.join(" "),
  autostart: true,
})

const log = `${folder}/boot.log`
writeFileSync(log, "")
let line = ""
emulator.add_listener("serial0-output-byte", (byte) => {
  appendFileSync(log, Buffer.of(byte))
  line += String.fromCharCode(byte)
  if (byte !== 10) return
  if (BROKEN.test(line)) setTimeout(giveUp, 1000, "The machine broke.")
  line = ""
})
emulator.add_listener("virtio-console0-output-bytes", (bytes) => appendFileSync(log, bytes))
setTimeout(giveUp, 1000 * LIMIT, `The machine was not ready after ${LIMIT} s.`)

function giveUp(why) {
  console.error(why)
  process.exit(1)
}

await new Promise((resolve) => onAnswer(emulator, (line) => line === "READY" && resolve()))
await new Promise((resolve) => setTimeout(resolve, 300)) // let the guest come to rest
await emulator.stop()
for (const [name, part] of Object.entries(split(await emulator.save_state())))
  writeFileSync(`${folder}/machine.${name}`, new Uint8Array(part))
process.exit(0)
