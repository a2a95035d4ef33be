/** Items in order, in chunks, so that adding and removing one moves few others. */
export interface Sorted<T> {
  readonly size: number
  /** Adds an item that is not there yet. O(log n), at the end O(1). */
  add(item: T): void
  /** Removes an item that is there. O(log n). */
  delete(item: T): void
  /** Where the first item stands for which `reached` holds; it must hold for all that follow. O(log n). */
  seek(reached: (item: T) => boolean): Position
  /** Where the item stands that has so many before it, or the end. */
  at(index: number): Position
  /** The items from one position up to another. */
  slice(start: Position, end: Position): T[]
  /** The items from the first for which `reached` holds. Who iterates must be done before the next change. */
  from(reached: (item: T) => boolean): Iterable<T>
  /** The items before that, the last first. */
  before(reached: (item: T) => boolean): Iterable<T>
}

/** A place between two items, until the next change. */
export interface Position {
  readonly chunk: number
  readonly offset: number
}

const fullChunk = 1024

/** Makes a sorted list. `compare` must never find two different items equal. */
export function sorted<T>(compare: (a: T, b: T) => number): Sorted<T> {
  const chunks: T[][] = []
  let size = 0
  const chunkAt = (at: number) => chunks[at] as T[]

  function seek(reached: (item: T) => boolean): Position {
    const chunk = first(chunks, items => reached(items[items.length - 1] as T))
    return { chunk, offset: chunk < chunks.length ? first(chunkAt(chunk), reached) : 0 }
  }

  return {
    get size() {
      return size
    },
    seek,
    add(item) {
      size++
      const tail = chunks.at(-1)
      if (!tail || compare(item, tail[tail.length - 1] as T) > 0) {
        if (tail && tail.length < fullChunk) tail.push(item)
        else chunks.push([item])
        return
      }
      const { chunk, offset } = seek(other => compare(other, item) > 0)
      const items = chunkAt(chunk)
      items.splice(offset, 0, item)
      if (items.length > fullChunk) chunks.splice(chunk + 1, 0, items.splice(fullChunk >>> 1))
    },
    delete(item) {
      size--
      const { chunk, offset } = seek(other => compare(other, item) >= 0)
      chunkAt(chunk).splice(offset, 1)
      if (chunkAt(chunk).length === 0) chunks.splice(chunk, 1)
    },
    at(index) {
      let [chunk, offset] = [0, index]
      for (; chunk < chunks.length && offset >= chunkAt(chunk).length; chunk++) offset -= chunkAt(chunk).length
      return { chunk, offset: chunk < chunks.length ? offset : 0 }
    },
    slice(start, end) {
      if (start.chunk > end.chunk) return []
      if (start.chunk === end.chunk) return chunks[start.chunk]?.slice(start.offset, end.offset) ?? []
      const items = chunkAt(start.chunk).slice(start.offset)
      for (let chunk = start.chunk + 1; chunk < end.chunk; chunk++) for (const item of chunkAt(chunk)) items.push(item)
      for (const item of chunks[end.chunk]?.slice(0, end.offset) ?? []) items.push(item)
      return items
    },
    *from(reached) {
      let { chunk, offset } = seek(reached)
      for (; chunk < chunks.length; chunk++, offset = 0) {
        const items = chunkAt(chunk)
        for (; offset < items.length; offset++) yield items[offset] as T
      }
    },
    *before(reached) {
      let { chunk, offset } = seek(reached)
      for (; chunk >= 0; chunk--, offset = chunks[chunk]?.length ?? 0) {
        while (offset > 0) yield chunkAt(chunk)[--offset] as T
      }
    },
  }
}

/** The position of the first item for which `reached` holds: binary search. */
export function first<T>(items: readonly T[], reached: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reached(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
