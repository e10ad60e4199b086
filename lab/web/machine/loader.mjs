// The worker that brings the files of the machine, from an earlier visit or from the site, and keeps
// them for the next visit when it is told to.

const MACHINE = "after-fork-lab" // service-worker.js knows it too

let files = [] // {address, packed}

self.onmessage = ({ data }) => ACTIONS[data.type](data)

const ACTIONS = {
  async load({ wanted }) {
    const progress = progressOf(wanted)
    try {
      files = await Promise.all(wanted.map((file) => load(file, progress)))
    } catch (error) {
      postMessage({ type: "failed", reason: "offline", message: String(error?.message ?? error) })
    }
  },

  async keep() {
    await keep().catch(() => {}) // no room, or a private window: the next visit loads them again
    postMessage({ type: "kept" })
  },
}

async function load({ name, url, bytes, rawBytes }, progress) {
  const address = new URL(url, new URL("..", import.meta.url)).href // it has a hash of what it names
  const kept = await globalThis.caches?.match(address, { cacheName: MACHINE }).catch(() => null)
  const packed = kept ? new Uint8Array(await kept.arrayBuffer()) : await fetchWhole(address, bytes, progress)
  if (kept) progress(bytes, { tell: false })
  postMessage({ type: "packed", name, packed, rawBytes })
  return { address, packed }
}

async function fetchWhole(address, bytes, progress) {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`)
  const whole = new Uint8Array(bytes)
  const reader = response.body.getReader()
  let loaded = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    whole.set(value, loaded) // a RangeError if there is more than there should be
    loaded += value.length
    progress(value.length)
  }
  if (loaded !== bytes) throw new Error(`${address}: ${loaded} of ${bytes} bytes`)
  return whole
}

function progressOf(wanted) {
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
  let loaded = 0
  return (more, { tell = true } = {}) => {
    loaded += more
    if (tell) postMessage({ type: "progress", loaded, total })
  }
}

/** Put the files into the cache, and other versions out. */
async function keep() {
  const cache = await caches.open(MACHINE)
  const isWanted = ({ url }) => files.some(({ address }) => address === url)
  const there = await cache.keys()
  await Promise.all(there.filter((one) => !isWanted(one)).map((one) => cache.delete(one)))
  const missing = files.filter(({ address }) => !there.some(({ url }) => url === address))
  for (const { address, packed } of missing) await cache.put(address, new Response(packed))
}
