import assert from 'node:assert/strict'
import type { Id } from '../../../lib/store.js'
import { all, ids, law, needs, refusedUnchanged } from '../case.js'

const stored = needs('put', 'get')

export const identities = law('law 3: put returns the id, and the object carries it', [
  stored('options.id names an object without id', async ({ store }) => {
    assert.equal(await store.put({ name: 'x' }, { id: 'a' }), 'a')
    assert.deepEqual(await store.get('a'), { id: 'a', name: 'x' })
  }),
  stored('the id property names the object', async ({ store }) => {
    assert.equal(await store.put({ id: 'a', name: 'x' }), 'a')
    assert.deepEqual(await store.get('a'), { id: 'a', name: 'x' })
  }),
  stored('options.id may agree with the id property', async ({ store }) => {
    assert.equal(await store.put({ id: 'a' }, { id: 'a' }), 'a')
  }),
  needs('put', 'query')('options.id may not disagree with the id property', async ({ store }) => {
    await store.put({ id: 'a' })
    await refusedUnchanged(store, () => store.put({ id: 'a', name: 'x' }, { id: 'b' }), 'DataError')
    await refusedUnchanged(store, () => store.put({ id: 1 }, { id: 2 }), 'DataError')
  }),
  stored('without any id one is made, and it is in the object', async ({ store }) => {
    const id = await store.put({ name: 'x' })
    assert.ok(typeof id === 'string' || typeof id === 'number')
    assert.deepEqual(await store.get(id), { id, name: 'x' })
  }),
  needs('put', 'count')('made ids are all different', async ({ store }) => {
    const made = new Set<Id>()
    for (let n = 0; n < 100; n++) made.add(await store.put({ n }))
    assert.equal(made.size, 100)
    assert.equal(await store.count(), 100)
  }),
  needs('add', 'get')('add settles the id as put does', async ({ store }) => {
    assert.equal(await store.add({ name: 'x' }, { id: 'a' }), 'a')
    assert.equal(await store.add({ id: 'b' }), 'b')
    const id = await store.add({ name: 'y' })
    assert.deepEqual(await store.get(id), { id, name: 'y' })
  }),
  needs('put', 'query')('an id property that is no id is refused', async ({ store }) => {
    for (const id of [null, true, {}, [], new Date(0), 1.5, '', 2 ** 53]) {
      await refusedUnchanged(store, () => store.put({ id: id as Id }), 'DataError')
    }
  }),
  stored('an integer and its decimal string name the same object', async ({ store }) => {
    await store.put({ id: 7, name: 'number' })
    assert.deepEqual(await store.get('7'), { id: 7, name: 'number' })
    await store.put({ id: '7', name: 'string' })
    assert.deepEqual(await store.get(7), { id: '7', name: 'string' })
    assert.equal(await store.put({ id: 7 }, { id: '7' }), '7')
  }),
  needs(
    'put',
    'count',
    'delete',
  )('they are one object, not two', async ({ store }) => {
    await store.put({ id: 7 })
    await store.put({ id: '7' })
    assert.equal(await store.count(), 1)
    assert.equal(await store.delete('7'), true)
    assert.equal(await store.count(), 0)
  }),
  needs('add', 'query')('add over the other form of the id is refused', async ({ store }) => {
    await store.add({ id: '-12' })
    await refusedUnchanged(store, () => store.add({ id: -12 }), 'ConstraintError')
  }),
  stored('only the canonical decimal string is the integer', async ({ store }) => {
    const others = ['07', '7.0', '+7', '7e0', ' 7', '-0', '9007199254740992', '0x7']
    for (const id of [7, 0, ...others]) await store.put({ id })
    for (const id of [7, 0, ...others]) assert.deepEqual(await store.get(id), { id })
  }),
  stored('-0 is 0', async ({ store }) => {
    assert.ok(Object.is(await store.put({ id: -0 }), 0) || Object.is(await store.put({ id: -0 }), -0))
    assert.deepEqual(await store.get(0), { id: 0 })
  }),
  needs('put', 'query')('without a sort, integers come by value, then strings by code point', async ({ store }) => {
    const order = [-5, 0, 2, 10, 'B', 'a', 'aa', 'b', '\u00df', '\u{ff5e}', '\u{1f600}']
    for (const id of [...order].reverse()) await store.put({ id })
    assert.deepEqual(await ids(store), order)
  }),
])

const hostile: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  '..',
  '.',
  '../x',
  '../../etc/passwd',
  'a/b',
  'a\\b',
  'C:',
  'CON',
  'nul.json',
  'a:b',
  'a.b',
  'a b',
  ' ',
  ' a',
  'a ',
  'a.',
  '%',
  '%2e%2e',
  '%00',
  '*',
  '?',
  '"',
  "'; DROP TABLE objects; --",
  '$1',
  '$' + '{x}',
  '{}',
  '[]',
  'null',
  'undefined',
  'true',
  'NaN',
  '1e3',
  '\u00df',
  'ss',
  '\u1e9e',
  '\u00e9',
  'e\u0301',
  'K',
  '\u212a',
  'A',
  'a',
  '\u0130',
  '\u0131',
  '\u{1f600}',
  '\u{200b}',
  '\u{feff}',
  '\u{202e}',
  'x'.repeat(1024),
  '\u{20ac}'.repeat(341),
  '-',
  '+',
  '~',
]

const invalid: readonly [string, unknown, 'DataError' | 'TypeError'][] = [
  ['the empty string', '', 'DataError'],
  ['a NUL', 'a\u0000b', 'DataError'],
  ['a line feed', 'a\nb', 'DataError'],
  ['a delete character', '\u007f', 'DataError'],
  ['a lone high surrogate', 'a\ud800', 'DataError'],
  ['a lone low surrogate', '\udc00a', 'DataError'],
  ['1,025 bytes', 'x'.repeat(1025), 'DataError'],
  ['1,026 bytes of UTF-8 in 342 characters', '\u{20ac}'.repeat(342), 'DataError'],
  ['a fraction', 1.5, 'DataError'],
  ['NaN', Number.NaN, 'DataError'],
  ['infinity', Number.POSITIVE_INFINITY, 'DataError'],
  ['2 ** 53', 2 ** 53, 'DataError'],
  ['null', null, 'TypeError'],
  ['a boolean', true, 'TypeError'],
  ['an object', { toString: () => 'a' }, 'TypeError'],
  ['an array', ['a'], 'TypeError'],
  ['a bigint', 7n, 'TypeError'],
  ['a symbol', Symbol('a'), 'TypeError'],
]

export const hostileIds = law('law 4: an id is only ever a name', [
  ...hostile.map(id =>
    stored(`${JSON.stringify(id.slice(0, 40))} is harmless`, async ({ store }) => {
      assert.equal(await store.get(id), undefined)
      assert.equal(await store.put({ name: 'x' }, { id }), id)
      assert.deepEqual(await store.get(id), { id, name: 'x' })
    }),
  ),
  needs(
    'put',
    'get',
    'query',
    'delete',
  )('they are all distinct', async ({ store }) => {
    for (const [n, id] of hostile.entries()) await store.put({ id, n })
    for (const [n, id] of hostile.entries()) assert.deepEqual(await store.get(id), { id, n })
    assert.equal((await all(store)).length, hostile.length)
    for (const id of hostile) assert.equal(await store.delete(id), true, id)
    assert.deepEqual(await all(store), [])
  }),
  ...invalid.map(([kind, id, name]) =>
    needs(
      'get',
      'put',
      'query',
    )(`${kind} is no id`, async ({ store }) => {
      await store.put({ id: 'a' })
      await refusedUnchanged(store, () => store.get(id as Id), name)
      await refusedUnchanged(store, () => store.put({}, { id: id as Id }), name)
    }),
  ),
  ...invalid.map(([kind, id, name]) =>
    needs(
      'delete',
      'put',
      'query',
    )(`${kind} cannot be deleted`, async ({ store }) => {
      await store.put({ id: 'a' })
      await refusedUnchanged(store, () => store.delete(id as Id), name)
    }),
  ),
])
