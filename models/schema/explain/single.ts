/** Keywords about a value by itself. */
import { equal } from '../../../lib/value.js'
import type { TypeName } from '../keywords.js'
import { spend } from '../limits.js'
import { pattern } from '../pattern.js'
import { enumTest, formatTest, isMultiple, isUnique, typeTest } from '../values.js'
import { meant } from '../words.js'
import { type Check, isObject, type Keyword, simple } from './check.js'

const ofNumbers =
  (keyword: string, test: (value: number, content: number) => boolean): Keyword =>
  (content: number, schema) =>
    simple(keyword, schema, value => typeof value !== 'number' || test(value, content))

const ofCounts =
  (
    keyword: string,
    countOf: (value: unknown) => number | undefined,
    test: (count: number, content: number) => boolean,
  ): Keyword =>
  (content: number, schema) =>
    simple(keyword, schema, value => {
      const count = countOf(value)
      return count === undefined || test(count, content)
    })

/** Characters are code points. */
function lengthOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  spend(value.length / 4)
  let length = 0
  for (let at = 0; at < value.length; at++, length++) if ((value.charCodeAt(at) & 0xfc00) === 0xd800) at++
  return length
}
const itemsOf = (value: unknown) => (Array.isArray(value) ? value.length : undefined)
const propertiesOf = (value: unknown) => (isObject(value) ? Object.keys(value).length : undefined)
const atLeast = (count: number, content: number) => count >= content
const atMost = (count: number, content: number) => count <= content

export const single: Readonly<Record<string, Keyword>> = {
  type: (types: TypeName | readonly TypeName[], schema) =>
    simple('type', schema, typeTest([types].flat() as TypeName[])),
  const: (content: unknown, schema) =>
    simple(
      'const',
      schema,
      value => equal(value, content),
      value => meant(value, [content]),
    ),
  enum: (values: readonly unknown[], schema) => simple('enum', schema, enumTest(values), value => meant(value, values)),
  minimum: ofNumbers('minimum', (value, content) => value >= content),
  maximum: ofNumbers('maximum', (value, content) => value <= content),
  exclusiveMinimum: ofNumbers('exclusiveMinimum', (value, content) => value > content),
  exclusiveMaximum: ofNumbers('exclusiveMaximum', (value, content) => value < content),
  multipleOf: ofNumbers('multipleOf', isMultiple),
  minLength: ofCounts('minLength', lengthOf, atLeast),
  maxLength: ofCounts('maxLength', lengthOf, atMost),
  minItems: ofCounts('minItems', itemsOf, atLeast),
  maxItems: ofCounts('maxItems', itemsOf, atMost),
  minProperties: ofCounts('minProperties', propertiesOf, atLeast),
  maxProperties: ofCounts('maxProperties', propertiesOf, atMost),
  pattern(source: string, schema) {
    const expression = pattern(source)
    return simple('pattern', schema, value => typeof value !== 'string' || expression.test(value))
  },
  format: (name: string, schema) => simple('format', schema, formatTest(name)),
  uniqueItems:
    (wanted: boolean): Check =>
    (value, path, tell) => {
      if (!wanted || !Array.isArray(value) || isUnique(value)) return true
      tell?.(path, {
        keyword: 'uniqueItems',
        message: 'must not have the same item twice',
        expected: 'items that differ',
      })
      return false
    },
}
