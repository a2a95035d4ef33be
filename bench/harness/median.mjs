/** The middle of the numbers; holes do not count. `undefined` of none. */
export function median(numbers) {
  return at(inOrder(numbers), 0.5)
}

/** Between these lies the middle half of the numbers. */
export function quartiles(numbers) {
  const sorted = inOrder(numbers)
  return [at(sorted, 0.25), at(sorted, 0.75)]
}

const inOrder = numbers => numbers.filter(number => number !== undefined).sort((a, b) => a - b)

/** What stands at this part of a sorted list, between two numbers if need be. */
function at(sorted, part) {
  const place = part * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low === undefined ? undefined : low + (high - low) * (place % 1)
}
