// The worker that decodes. It is ended when that is done, and the memory it took goes with it.

import { ZSTDDecoder } from "./zstddec.mjs"

const decoder = new ZSTDDecoder()
const isReady = decoder.init()

self.onmessage = async ({ data: { name, packed, rawBytes } }) => {
  try {
    await isReady
    const { buffer } = decoder.decode(packed, rawBytes)
    if (buffer.byteLength !== rawBytes)
      throw new Error(`${name}: ${buffer.byteLength} bytes, not ${rawBytes}`)
    postMessage({ type: "file", name, buffer }, [buffer])
  } catch (error) {
    const reason = error instanceof RangeError ? "memory" : "broken"
    postMessage({ type: "failed", reason, message: String(error?.message ?? error) })
  }
}
