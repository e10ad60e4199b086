// Marks on a page the words that led there, without a change to the page or to its address.

import { placesOf } from "./passage.js"

const NAME = "found" // ::highlight(found) in docs/assets/stylesheets/chrome.css

/** @param found { words, telling }: all that led here, and those of them that few pages have */
export function mark(article, found) {
  const [words, telling] = [new Set(found.words), new Set(found.telling)]
  const ranges = []
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { currentNode: node } = texts
    for (const [start, end] of placesOf(node.data, words, telling))
      ranges.push(
        new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }),
      )
  }
  CSS.highlights?.set(NAME, new Highlight(...ranges))
}
