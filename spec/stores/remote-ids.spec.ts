import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { checkId } from '../../lib/id.js'
import { memory } from '../../stores/memory.js'
import { remote } from '../../stores/remote.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { serving, url } from './remote/serving.js'

const pieces = [
  ...'aZ09 ./\\%?#&=;:@+,$!\'"()*~`^|<>[]{}-_',
  ...['%2F', '%2e', '%00', '..', '//', '$changes', '$batch', '?limit(1)', '\u00e9', 'e\u0301', '\u20ac', '\u{1f600}'],
  ...['\u2028', '\u0085', '\ufeff', '\u200b', '\u202e', '\uffff', '__proto__'],
]

function randomId(chance: Random): string | number {
  if (chance.chance(0.05)) return Math.floor((chance.next() - 0.5) * 2 ** 54)
  const length = chance.chance(0.02) ? 1 + chance.below(300) : 1 + chance.below(5)
  return Array.from({ length }, () => chance.pick(pieces)).join('')
}

function isId(id: string | number): boolean {
  try {
    checkId(id)
    return true
  } catch (error) {
    expect(isStoreError(error)).to.equal(true)
    return false
  }
}

const count = process.env.GATE ? 100_000 : 2000

describe('remote, ids', () => {
  it(`${count} random ids come to the store and back as they are`, async function () {
    this.timeout(600_000)
    const seed = newSeed()
    const chance = random(seed)
    const kept = memory()
    const paths = new Set<string>()
    const fetch = serving(kept)
    const store = remote<{ id: string | number; n: number }, string | number>(url, {
      fetch(to, sent) {
        paths.add(new URL(to).pathname.split('/').slice(0, 2).join('/'))
        return fetch(to, sent)
      },
    })
    for (let n = 0; n < count; n++) {
      const id = randomId(chance)
      if (!isId(id)) continue
      const what = `${JSON.stringify(id)}, SEED=${seed}`
      if (process.env.GATE || n % 20 === 0) expect(await store.put({ id, n }), what).to.equal(id)
      else kept.put({ id, n })
      expect(kept.get(id), what).to.deep.equal({ id, n })
      expect(await store.get(id), what).to.deep.equal({ id, n })
      if (process.env.GATE || n % 20 === 0) expect(await store.delete(id), what).to.equal(true)
      else kept.delete(id)
      expect(kept.count(), what).to.equal(0)
    }
    expect([...paths]).to.deep.equal(['/things'])
  })
})
