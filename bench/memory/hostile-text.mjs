import { different } from '../data/queries.mjs'
import { library } from '../library.mjs'

const length = 100_000
const filled = text => text.repeat(Math.ceil(length / text.length)).slice(0, length)
const closed = text => `${text.slice(0, text.lastIndexOf(',') - 1)})`

/** Texts that are long in one way each: most are refused, and that must be quick too. */
const shapes = {
  'many terms': filled('a=1&').slice(0, -1),
  'many alternatives': filled('a=1|').slice(0, -1),
  'open parentheses': filled('('),
  'closing parentheses': filled(')'),
  'nested calls': filled('not('),
  'one long value': `a=${filled('x')}`,
  'one long list': closed(`in(a,(${filled('1,')}`),
  'nested lists': filled('(a,'),
  'percent encoding': `a=${filled('%41')}`.slice(0, 99_998),
  'broken percent encoding': `a=${filled('%4')}`,
  operators: filled('=<>!'),
  colons: `a=${filled('string:')}`,
  slashes: `${filled('a/')}=1`,
  'stars of a glob': `match(a,glob:${filled('*a')})`,
  digits: `a=${filled('1')}`,
  'a date that goes on': `a=2020-01-01T${filled('0:')}`,
}

/** No text makes the parser slow that has read ordinary ones before. */
export default {
  title: 'parsing 100 kB of hostile text',
  operations: Object.keys(shapes),
  rounds: 3,
  slice: 30,
  warm: 0,
  variants: {
    async Holdfast() {
      const { parse } = await library('index.js')
      for (const text of different(10_000)) parse(text)
      return Object.fromEntries(Object.entries(shapes).map(([name, text]) => [name, () => read(parse, text)]))
    },
  },
  rows: [
    {
      what: `parsing 100 kB of text, warmed up, worst of ${Object.keys(shapes).length} hostile shapes`,
      goal: { ms: 50 },
    },
  ],
}

function read(parse, text) {
  try {
    parse(text)
  } catch (error) {
    if (error.name !== 'DataError') throw error
  }
  return 1
}
