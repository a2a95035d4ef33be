import { expect } from 'chai'
import { itemReader, pathKey, reader } from '../../../lib/query/path.js'

describe('query/path', () => {
  const own = JSON.parse(
    '{"__proto__": 1, "constructor": {"name": 2}, "a": {"b": {"c": 3}, "list": [4]}, "a.b": 5, "": 6}',
  )

  it('reads own properties, nested ones too', () => {
    for (const read of [reader, itemReader]) {
      expect(read('a.b')(own)).to.equal(5)
      expect(read('')(own)).to.equal(6)
      expect(read(['a.b'])(own)).to.equal(5)
      expect(read(['a', 'b', 'c'])(own)).to.equal(3)
      expect(read('__proto__')(own)).to.equal(1)
      expect(read(['constructor', 'name'])(own)).to.equal(2)
    }
  })

  it('reads nothing that is inherited, and nothing of what is no plain object', () => {
    const other = { date: new Date(0), bytes: Uint8Array.of(1), text: 'abc', list: ['x'], none: null }
    const paths = [
      'toString',
      '__proto__',
      ['constructor', 'name'],
      ['constructor', 'constructor', 'name'],
      ['date', 'getTime'],
      ['bytes', '0'],
      ['bytes', 'length'],
      ['text', 'length'],
      ['list', 'length'],
      ['list', '0'],
      ['list', 'map'],
      ['none', 'a'],
      ['missing', 'a', 'b'],
    ]
    for (const path of paths) {
      for (const read of [reader, itemReader]) expect(read(path)(other), String(path)).to.equal(undefined)
    }
    for (const item of ['abc', 5, null, undefined, ['x'], new Date(0), Uint8Array.of(1), true]) {
      for (const name of ['length', '0', 'getTime', 'toString']) expect(itemReader(name)(item)).to.equal(undefined)
    }
  })

  it('reads own properties of objects with any prototype', () => {
    class Point {
      x = 1
      get y() {
        return 2
      }
    }
    expect(itemReader('x')(new Point())).to.equal(1)
    expect(itemReader('y')(new Point())).to.equal(undefined)
    expect(itemReader('x')(Object.assign(Object.create(null), { x: 3 }))).to.equal(3)
  })

  it('tells paths apart', () => {
    const paths = ['a', 'a.b', 'a/b', ['a', 'b'], ['a', 'b', 'c'], ['a.b', 'c'], '']
    expect(new Set(paths.map(pathKey)).size).to.equal(paths.length)
    expect(pathKey(['a'])).to.equal(pathKey('a'))
  })
})
