// What the machine is made of. A saved state fits only the v86 and the devices it was saved with,
// so whoever saves, checks or restores one takes both from here.

/** The options of the V86 constructor that a saved state depends on. */
export const OPTIONS = (memorySizeMiB) => ({
  memory_size: memorySizeMiB << 20,
  vga_memory_size: 1 << 20,
  virtio_console: { type: "none" },
  net_device: { type: "none" },
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true,
  autostart: false,
})
