// Small things the theme does not do. The site works without them.

const switchers = () => document.querySelectorAll("[data-language]")

// The theme swaps the page under a header that stays: the switcher learns the new page from its head.
function follow() {
  for (const link of switchers()) {
    const version = document.head.querySelector(`link[hreflang="${link.dataset.language}"]`)
    if (version) link.href = version.dataset.page
  }
}

// Headings have the same ids in both languages.
function keepPlace({ target }) {
  const link = target instanceof Element && target.closest("[data-language]")
  if (link) link.hash = location.hash
}

// A section that went to another page left a sign: docs/moved.toml.
function followSection() {
  const sign = document.getElementById(location.hash.slice(1))
  if (sign?.dataset.moved) location.replace(sign.dataset.moved)
}

for (const type of ["pointerdown", "focusin", "click"]) document.addEventListener(type, keepPlace, true)
document$.subscribe(follow)
document$.subscribe(followSection)
