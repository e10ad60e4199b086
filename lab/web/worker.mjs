// The worker in which the machine runs, so that the page stays awake.

import { decompress } from "./fzstd.mjs"
import { V86 } from "./libv86.mjs"
import { Machine } from "./machine.mjs"

const CACHE = "after-fork-lab" // service-worker.js knows it too

let machine = null

self.onmessage = async ({ data }) => {
  try {
    await ACTIONS[data.type](data)
  } catch (error) {
    const reason = error instanceof DownloadError ? "offline" : error instanceof RangeError ? "memory" : "broken"
    postMessage({ type: "failed", reason, message: String(error?.message ?? error) })
  }
}

const ACTIONS = {
  async start({ files }) {
    const progress = progressOf([files.state, files.wasm])
    const [packed, wasm] = await Promise.all([
      download(files.state, progress),
      download(files.wasm, progress),
    ])
    // v86 would decode it too, and then keep the memory it took for that.
    const state = decompress(new Uint8Array(packed), new Uint8Array(files.state.rawBytes)).buffer
    machine = await Machine.start({ V86, wasm: () => wasm, state, memorySize: files.memorySize })
    dropOtherVersions([files.state.url, files.wasm.url])
    postMessage({ type: "ready" })
  },

  async run({ program, options }) {
    const onOutput = (text) => postMessage({ type: "output", text })
    const result = await machine.run(program, { ...options, onOutput })
    postMessage({ type: "ended", ...result })
  },

  write: ({ text }) => machine?.write(text),
  interrupt: () => machine?.interrupt(),
  reset: () => machine?.reset(),
}

class DownloadError extends Error {}

/** The bytes of a file: kept from an earlier visit, or fetched and kept. Its name has its hash. */
async function download({ url, bytes }, progress) {
  const address = new URL(url, import.meta.url)
  const cache = await globalThis.caches?.open(CACHE).catch(() => null)
  const kept = await cache?.match(address)
  if (kept) {
    progress(bytes)
    return kept.arrayBuffer()
  }
  const whole = await fetchWhole(address, progress)
  if (whole.byteLength !== bytes) throw new DownloadError(`${url}: ${whole.byteLength} of ${bytes} bytes`)
  cache?.put(address, new Response(whole)).catch(() => {}) // no room: the next visit loads it again
  return whole
}

async function fetchWhole(address, progress) {
  try {
    const response = await fetch(address)
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
    const parts = []
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      progress(value.length)
    }
    return await new Blob(parts).arrayBuffer()
  } catch (error) {
    throw new DownloadError(`${address.pathname}: ${error.message}`)
  }
}

function progressOf(files) {
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  let loaded = 0
  return (more) => postMessage({ type: "progress", loaded: (loaded += more), total })
}

async function dropOtherVersions(urls) {
  const wanted = new Set(urls.map((url) => new URL(url, import.meta.url).href))
  const cache = await globalThis.caches?.open(CACHE).catch(() => null)
  for (const request of (await cache?.keys()) ?? []) {
    if (!wanted.has(request.url)) cache.delete(request)
  }
}
