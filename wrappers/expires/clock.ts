/** A clock that never goes back: it stands still until the other one has caught up. */
export function clock(now: () => number): () => number {
  let latest = now()
  return () => {
    const time = now()
    if (time > latest) latest = time
    return latest
  }
}
