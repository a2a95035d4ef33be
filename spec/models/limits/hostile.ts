/** Bodies made to keep a validator busy, and the schemas that they are made for. */

/** Of a size, in characters of JSON: the definition and the object. */
export type Attack = (size: number) => readonly [definition: object, object: object]

type Schema = object | boolean

const list = <R>(length: number, item: (at: number) => R): R[] =>
  Array.from({ length: Math.ceil(length) }, (_, at) => item(at))
const text = (size: number, unit: string, end = '') => unit.repeat(Math.ceil(size / unit.length)) + end

function nested(levels: number, wrap: (inside: unknown) => unknown, inside: unknown = 1): unknown {
  return levels === 0 ? inside : nested(levels - 1, wrap, wrap(inside))
}

/** One property: its schema, and its value of that size. */
const property =
  (schema: Schema, value: (size: number) => unknown, more: object = {}): Attack =>
  size => [{ properties: { p: schema }, ...more }, { p: value(size) }]
const pattern = (source: string, unit: string, end = '') =>
  property({ type: 'string', pattern: source }, size => text(size, unit, end))
const patternOfItems = (source: string, item: string) =>
  property({ type: 'array', items: { type: 'string', pattern: source } }, size =>
    list(size / (item.length + 3), () => item),
  )
const items = (schema: object, item: (at: number) => unknown, length: number) =>
  property({ type: 'array', ...schema }, size => list(size / length, item))
const recursive = (schema: Schema) =>
  property({ $ref: '#/$defs/t' }, () => nested(90, a => ({ a })), { $defs: { t: schema } })
const format = (name: string, unit: string, start = '') =>
  property({ type: 'string', format: name }, size => start + text(size, unit, '\u0000'))

const again = { properties: { a: { $ref: '#/$defs/t' } } }
const kinds = (count: number) =>
  list(count, at => ({
    type: 'object',
    properties: { kind: { const: `k${at}` }, v: { type: 'string' } },
    required: ['kind', 'v'],
  }))

/** Those whose work grows with their size alone, and is refused above the limit. */
export const linear: Readonly<Record<string, Attack>> = {
  'a plus in a plus': pattern('^(a+)+$', 'a', '!'),
  'the same twice under a star': pattern('^(a|a)*b$', 'a'),
  'spaces at the end': pattern('\\s+$', ' ', 'x'),
  'a star at each end': pattern('^.*,.*,.*$', ','),
  'a long way after a star': pattern('^.*a.{200}b$', 'a'),
  'three looks ahead': pattern('^(?=.*[A-Z])(?=.*\\d)(?=.*[^x]).{8,}$', 'x'),
  'a look ahead at each place': pattern('(?=a*b)c', 'a'),
  'a slug': pattern('^[a-z0-9]+(?:-[a-z0-9]+)*$', 'a-', '!'),
  'a long count': pattern('^[\\s\\S]{1,1500}$', 'a'),
  'a pattern for each item': patternOfItems('^(\\w+\\s?)*$', 'aaaaaaaaaaaaaaaaaaaa'),
  'a pattern that no item fits': patternOfItems('^(\\w+\\s?)*$', 'aaaaaaaaaaaaaaaaaaaa!'),
  'patterns of names': property(
    { type: 'object', patternProperties: { '^(x+)+$': { type: 'number' }, '(a|b|ab)*c': { type: 'number' } } },
    size => Object.fromEntries(list(Math.min(size / 50, 20_000), at => [`${'x'.repeat(40)}${at}`, 1])),
  ),
  'names of properties': property({ type: 'object', propertyNames: { pattern: '^(k|k)*\\d*x$' } }, size =>
    Object.fromEntries(list(Math.min(size / 10, 20_000), at => [`k${at}`, 1])),
  ),
  'undeclared properties': property({ type: 'object', properties: { a: true }, additionalProperties: false }, size =>
    Object.fromEntries(list(Math.min(size / 10, 20_000), at => [`k${at}`, 1])),
  ),
  'unique numbers': items({ uniqueItems: true }, at => at, 7),
  'unique objects': items({ uniqueItems: true }, at => ({ a: at, b: 'x' }), 18),
  'unique in many branches': items(
    { anyOf: list(50, at => ({ type: 'array', uniqueItems: true, minItems: 10_000_000 + at })) },
    at => ({ a: at }),
    13,
  ),
  'items that are all wrong': items({ items: { type: 'string' } }, () => 1, 2),
  'the last item is wrong': property({ type: 'array', items: { type: 'integer', minimum: 0 } }, size => [
    ...list(size / 2, () => 1),
    -1,
  ]),
  'the last item fits no branch': property(
    { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 0 }] } },
    size => [...list(size / 2, () => 1), -1],
  ),
  'forty branches': items({ items: { oneOf: kinds(40) } }, () => ({ kind: 'k39', v: 'x' }), 22),
  'forty branches, all wrong': items({ items: { oneOf: kinds(40) } }, () => ({ kind: 'k39', v: 1 }), 20),
  'a long list of objects': items(
    { items: { enum: list(1000, at => ({ a: { b: at } })) } },
    () => ({ a: { b: 999 } }),
    15,
  ),
  'a long list of texts': items({ items: { enum: list(1000, at => `v${at}`) } }, () => 'v999', 7),
  contains: items({ contains: { type: 'object', required: ['z'] }, minContains: 2 }, () => ({ a: 1 }), 8),
  'items that contains has seen': property(
    { type: 'array', contains: { type: 'string' }, minContains: 0, unevaluatedItems: { type: 'integer', minimum: 0 } },
    size => [...list(size / 2, () => 1), -1],
  ),
  'properties that nobody has seen': items(
    { items: { anyOf: [{ properties: { a: true } }, { properties: { b: true } }], unevaluatedProperties: false } },
    () => ({ a: 1 }),
    8,
  ),
  'deep lists': property({ $ref: '#/$defs/l' }, size => list(size / 180, () => nested(90, inside => [inside], [])), {
    $defs: { l: { type: 'array', items: { $ref: '#/$defs/l' } } },
  }),
  'a long text': property({ type: 'string', minLength: 10_000_000 }, size => text(size, '😀')),
  email: format('email', 'a.', 'a@'),
  uri: format('uri', 'a/', 'http://'),
  'uri-reference': format('uri-reference', 'a1-', 'http://a'),
  'uri-template': format('uri-template', '{a}'),
  'date-time': format('date-time', 'T'),
  time: format('time', '0', '00:00:00.'),
  regex: format('regex', '(a|b)*'),
  byte: format('byte', 'AAAA'),
  duration: format('duration', '1D', 'P'),
  'json-pointer': format('json-pointer', '/~0'),
  hostname: format('hostname', 'a.'),
  ipv6: format('ipv6', '1:'),
}

/** Those whose work would grow without measure: refused, however small they are. */
export const endless: Readonly<Record<string, Attack>> = {
  'two branches that both come back': recursive({
    anyOf: [
      { ...again, required: ['b'] },
      { ...again, required: ['c'] },
    ],
  }),
  'both of two that come back': recursive({ allOf: [again, again] }),
  'a condition that comes back': recursive({ if: again, else: again, ...again }),
  'what must not come back': recursive({ not: { not: again }, ...again }),
  'a long url': format('url', '::', 'http://a.b/'),
}
