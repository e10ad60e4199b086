// The correction of the guest's clock after a restore, for one version of v86.
//
// A saved state holds the value of the time stamp counter (TSC), from which Linux tells the time.
// v86 0.5.462 restores it with set_tsc(value) of src/rust/cpu/cpu.rs:
//
//     tsc_offset = read_tsc() - value     where     read_tsc() = now - tsc_offset
//
// The old offset is part of read_tsc(), and so is subtracted twice. A new instance, whose offset is
// 0, comes out right. Every second restore of the same instance does not: the TSC starts near 0,
// time stands still in the guest until it has reached what the kernel saw last, and with it every
// sleep, alarm and time slice, for as long as the machine ran before it was saved.
//
// The correction calls set_tsc once more with a value for which the wrong formula gives the right
// offset. It needs exports of the WebAssembly module, and the address where store_current_tsc()
// writes: both belong to that version, so another one must be looked at anew.

/** The version that both are of; lab/image/save.mjs makes no state with another. */
export const LOOKED_AT = "0.5.462"
const TSC_ADDRESS = 960 // current_tsc of src/rust/cpu/global_pointers.rs
const TOLERANCE = 1_000_000_000n // ticks of the TSC, which counts nanoseconds

/** The guest's time stamp counter now. */
export function readTsc(exports) {
  exports.store_current_tsc()
  return new BigUint64Array(exports.memory.buffer, TSC_ADDRESS, 1)[0]
}

/** Let the guest's counter go on from `saved`; throws when it does not. */
export function restoreTsc(exports, saved) {
  if (!isNear(readTsc(exports), saved)) {
    const now = BigInt(Math.round(performance.now() * 1e6))
    const value = BigInt.asUintN(64, saved + readTsc(exports) - now)
    exports.set_tsc(Number(value & 0xffffffffn) | 0, Number(value >> 32n) | 0)
  }
  const seen = readTsc(exports)
  if (!isNear(seen, saved))
    throw new Error(`the guest's clock is wrong after a restore: TSC ${seen}, saved ${saved}`)
}

function isNear(seen, saved) {
  const late = seen - saved
  return late > -TOLERANCE && late < TOLERANCE
}
