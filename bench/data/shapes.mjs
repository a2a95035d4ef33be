/** Objects of other shapes. A program has more than one kind of them, and a function that has met only one is faster. */
const shapes = Array.from({ length: 8 }, (_, which) => ({
  id: `shape-${which}`,
  [`number${which}`]: which,
  [`text${which}`]: 'text',
  nested: { [`list${which}`]: [which, { deep: true }], [`flag${which}`]: false },
}))

/** Lets a function meet them all, often enough that the engine compiles it for them too. */
export function meetShapes(work) {
  for (let round = 0; round < 2000; round++) for (const object of shapes) work(object)
}
