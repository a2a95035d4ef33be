import type { Random } from '../../oracle/random.js'

const alphabets = [
  'abcxyz0189',
  'ABCXYZabc',
  "%41%7E~.*'()!_-",
  '/\\:?"<>|&=+$,; #@[]{}^`',
  'ßẞſsSİıIiKkÅåﬁfiﬃ①1²2ªaº',
  'e\u0301éE\u0301Éñn\u0303\ud83d\ude00가ᄀ\u1161ǅ',
]
const words = [
  'con',
  'CON',
  'prn',
  'aux.x',
  'nul',
  'com1',
  'lpt9.json',
  'conin$',
  '.json',
  '..',
  '.',
  'x.json',
  'a~1',
  '%',
  '%2',
  '%zz',
]

/** A string that somebody may take for an id, mostly one that file systems have trouble with. */
export function randomId(chance: Random): string {
  if (chance.chance(0.05)) return chance.pick(words) + (chance.chance(0.3) ? chance.pick(words) : '')
  const characters = [...chance.pick(alphabets), ...(chance.chance(0.2) ? chance.pick(alphabets) : '')]
  const length = chance.chance(0.05) ? 1 + chance.below(300) : 1 + chance.below(12)
  let id = ''
  for (let left = length; left > 0; left--) id += chance.pick(characters)
  return id
}
