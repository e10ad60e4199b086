// After the first run the pages a reader has seen open without a network too, and run.

import { FILES } from "../files.mjs"

const HERE = new URL("..", import.meta.url) // what FILES names lies from there

/** Install the service worker, and hand it what this page has loaded before it was there. */
export async function keepPages() {
  if (!navigator.serviceWorker) return
  try {
    await navigator.serviceWorker.register(new URL(FILES.serviceWorker, HERE))
    const registration = await navigator.serviceWorker.ready
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name)
    const code = FILES.code.map((name) => new URL(name, HERE).href)
    const urls = [location.href.split("#")[0], ...loaded, ...code]
    registration.active.postMessage({ keep: [...new Set(urls)] })
  } catch {
    // refused, as in a private window: the lab works all the same, with a network
  }
}
