/** What the addon exports (src/binding.cc); each throws `{ syscall, errno }` where the system refuses. */
export interface Binding {
  mapFile(fd: number, size: number): ArrayBuffer;
}
