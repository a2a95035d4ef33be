/** No object keeps the validation busy for long, whatever the schema. Time is measured where `GATE` is set. */
import { expect } from 'chai'
import { begin, maxWork, spent } from '../../models/schema/limits.js'
import { pattern } from '../../models/schema/pattern.js'
import { schema } from '../../models/schema.js'
import { newSeed, random } from '../oracle/random.js'
import { type Attack, endless, linear } from './limits/hostile.js'

const gate = process.env.GATE !== undefined
/** How long the longest may block, in milliseconds. */
const longest = 250

/** What happens to an object of each size. */
function attempt(attack: Attack, ...sizes: number[]) {
  const { validate } = schema(attack(1)[0])
  validate({})
  return sizes.map(size => {
    const [, object] = attack(size)
    const start = performance.now()
    const issues = validate(object)
    return { time: performance.now() - start, refused: issues[0]?.keyword === 'work', work: spent() }
  })
}

describe('limits of validation', () => {
  for (const [name, attack] of Object.entries(linear)) {
    it(`${name}: the work grows with the size, and is refused above the limit`, () => {
      const [small, large] = attempt(attack, 2 ** 10, 2 ** 11)
      expect(large?.work).to.be.lessThan(maxWork)
      expect(large?.work).to.be.lessThan((small?.work ?? 0) * 2.5 + 5000)
    })
  }

  for (const [name, attack] of Object.entries(endless)) {
    it(`${name}: it is refused`, () => expect(attempt(attack, 2 ** 15)[0]).to.have.property('refused', true))
  }

  it('a schema that leads back to itself at once is told of', () => {
    const definition = {
      properties: { p: { $ref: '#/$defs/a' } },
      $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
    }
    expect(schema(definition).validate({ p: 1 })[0]).to.have.property('keyword', 'depth')
  })

  if (gate) {
    it(`1 MiB blocks for no more than ${longest} ms`, function () {
      this.timeout(120_000)
      const measured = Object.entries({ ...linear, ...endless }).map(([name, attack]) => {
        // what else the machine does counts for nothing
        const times = attempt(attack, 2 ** 20, 2 ** 20, 2 ** 20).map(({ time }) => time)
        return { name, time: Math.min(...times) }
      })
      measured.sort((a, b) => b.time - a.time)
      console.log(
        measured
          .slice(0, 5)
          .map(({ name, time }) => `      ${time.toFixed(0)} ms: ${name}`)
          .join('\n'),
      )
      expect(measured[0]?.time).to.be.lessThan(longest)
    })
  }
})

describe('patterns', () => {
  const atoms = [
    'a',
    'b',
    '[ab]',
    '.',
    '\\d',
    '[^a]',
    '\\w',
    '^',
    '$',
    '\\b',
    '\\B',
    '1',
    '\\u{1F600}',
    'é',
    '-',
    '\\p{L}',
    '[à-ý]',
  ]
  const repeats = ['*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '{0}']
  const characters = ['a', 'b', '1', '-', 'é', '😀', '\n']

  it('match what those of the platform match', () => {
    const seed = newSeed()
    const { below, pick } = random(seed)

    function source(depth: number): string {
      if (depth === 0) return pick(atoms)
      const inside = () => source(depth - 1)
      const ways = [
        () => pick(atoms),
        () => inside() + inside(),
        () => inside() + inside() + inside(),
        () => `(?:${inside()}|${inside()})`,
        () => `(${inside()})${pick(repeats)}`,
        () => `(?${pick(['=', '!', '<=', '<!'])}${inside()})`,
      ]
      return pick(ways)()
    }

    for (let n = 0; n < (gate ? 20_000 : 500); n++) {
      const expression = source(4)
      for (let m = 0; m < 5; m++) {
        const text = Array.from({ length: below(8) }, () => pick(characters)).join('')
        const found = new RegExp(expression, 'u').exec(text)
        // the platform also finds nothing in the middle of a character, where nothing is
        if (found && /[\udc00-\udfff]/.test(text[found.index] ?? '')) continue
        begin()
        const about = `/${expression}/u on ${JSON.stringify(text)}, SEED=${seed}`
        expect(pattern(expression).test(text), about).to.equal(found !== null)
      }
    }
  })

  it('that refer back, or repeat too much, are refused at definition', () => {
    const of = (source: string) => () => schema({ properties: { a: { type: 'string', pattern: source } } })
    expect(of('^(a)\\1$')).to.throw(TypeError, /properties\.a\.pattern: .*refers back/)
    expect(of('^(?<n>a)\\k<n>$')).to.throw(TypeError, 'refers back')
    expect(of('^(a{1,100}){1,100}$')).to.throw(TypeError, 'repeats more than 2000')
    expect(of('^(a')).to.throw(TypeError)
  })
})
