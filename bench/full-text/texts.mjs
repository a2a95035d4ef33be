import { random } from '../data/random.mjs'

/** How many texts there are. */
const many = 20_000
const length = 50
const vocabulary = 20_000

const syllables = [...'bdfgklmnprstvz'].flatMap(consonant => [...'aeiou'].map(vowel => consonant + vowel))

/** Words of three syllables, as frequent as those of a language are (Zipf): the first is in most texts. */
function wordsBy(next) {
  const sums = []
  let sum = 0
  for (let rank = 1; rank <= vocabulary; rank++) {
    sum += 1 / rank ** 0.9
    sums.push(sum)
  }
  return () => {
    const aim = next() * sum
    let low = 0
    let high = vocabulary - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle] < aim) low = middle + 1
      else high = middle
    }
    return wordOf(low * 7919)
  }
}

function wordOf(number) {
  const { length } = syllables
  const which = [number, Math.floor(number / length), Math.floor(number / length ** 2)]
  return which.map(each => syllables[each % length]).join('')
}

/** Objects with texts of 50 words, always the same. */
export function texts(seed = 1) {
  const word = wordsBy(random(seed))
  return Array.from({ length: many }, (_, id) => ({ id, text: Array.from({ length }, word).join(' '), age: id % 97 }))
}

/** What is searched for: so many words of the same frequencies. */
export function searches(words, seed = 3) {
  const word = wordsBy(random(seed))
  return Array.from({ length: 500 }, () => Array.from({ length: words }, word).join(' '))
}
