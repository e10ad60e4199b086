// A Machine in node, from the folder of an image.

import { execFileSync } from "node:child_process"
import { webcrypto } from "node:crypto"
import { readFileSync } from "node:fs"
import { V86 } from "v86"
import { Machine } from "../web/machine/machine.mjs"
import { join } from "../web/machine/state.mjs"

globalThis.crypto ??= webcrypto // node 18 has no global one

/** Start the machine of an image; the zstd program decodes its files. */
export async function startMachine(folder) {
  const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8"))
  const decode = (name) => {
    const bytes = execFileSync("zstd", ["-dc", `${folder}/${manifest.files[name].file}`], {
      maxBuffer: 2 ** 30,
    })
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  }
  const state = join({ memory: decode("memory"), rest: decode("rest") })
  return Machine.start({ V86, wasm: () => decode("wasm"), state, memorySize: manifest.memory_size })
}
