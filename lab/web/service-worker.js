// Keeps the pages that were read, for reading them without a network. Registered at the first Run.
// The network comes first: no page is ever old while there is a connection.

const PAGES = "after-fork-pages"
const LAB = "after-fork-lab" // machine/loader.mjs fills it; the names of its files have their hashes

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepAll(event.data.keep))
})

self.addEventListener("fetch", (event) => {
  const { request } = event
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return
  event.respondWith(answer(request))
})

async function answer(request) {
  const kept = await caches.match(request, { cacheName: LAB })
  if (kept) return kept
  const cache = await caches.open(PAGES)
  try {
    const response = await fetch(request)
    if (response.ok && !isLarge(request.url)) cache.put(request, response.clone())
    return response
  } catch (error) {
    const old = await cache.match(request, { ignoreSearch: true, ignoreVary: true })
    if (old) return old
    throw error
  }
}

const isLarge = (url) => /\.(zst|wasm)$/.test(new URL(url).pathname) // machine/loader.mjs keeps these

async function keepAll(urls) {
  const cache = await caches.open(PAGES)
  const own = urls.filter((url) => url.startsWith(location.origin) && !isLarge(url))
  await Promise.all(own.map((url) => cache.add(url).catch(() => {})))
}
