// A Machine in node, from the folder of an image.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";
import { execFileSync } from "node:child_process";
import { V86 } from "v86";
import { Machine } from "../web/machine.mjs";

globalThis.crypto ??= webcrypto; // node 18 has no global one

/** Start the machine of an image; the zstd program decodes its state. */
export async function startMachine(folder) {
  const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8"));
  const decoded = execFileSync("zstd", ["-dc", `${folder}/${manifest.state}`], {
    maxBuffer: 2 ** 30,
  });
  return startFrom(decoded, manifest.memory_size);
}

/** Start a machine from a decoded state. */
export function startFrom(bytes, memorySize) {
  const state = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const file = createRequire(import.meta.url).resolve("v86/build/v86.wasm");
  return Machine.start({ V86, wasm: () => readFileSync(file), state, memorySize });
}
