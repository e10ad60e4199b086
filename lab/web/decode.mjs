// Zstandard for the browser, which has none of its own everywhere.
//
// v86 could decode a state by itself, but its memory never shrinks again. The decoder here keeps
// its memory as well: use it in a worker that ends afterwards, and transfer what comes out.

/**
 * Decode `bytes` (a Uint8Array) to an ArrayBuffer of `size` bytes.
 * `ZSTDDecoder` is the class of npm's zstddec.
 */
export async function decode(ZSTDDecoder, bytes, size) {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const decoded = decoder.decode(bytes, size);
  if (decoded.byteLength !== size)
    throw new Error(`decoded to ${decoded.byteLength} bytes, not ${size}`);
  const fills = decoded.byteOffset === 0 && decoded.buffer.byteLength === size;
  return fills ? decoded.buffer : decoded.slice().buffer;
}
