import { expect } from 'chai'
import { ofProperty } from './issues/said.js'

describe('issues', () => {
  const cases: [title: string, property: unknown, value: unknown, ...messages: string[]][] = [
    ['all that a number is to be', { type: 'integer', minimum: 0 }, -3, 'p must be an integer of at least 0, not -3'],
    [
      'both ends',
      { type: 'number', minimum: 0, maximum: 1 },
      7,
      'p must be a number of at least 0 and at most 1, not 7',
    ],
    [
      'once, where two keywords are not kept',
      { type: 'integer', minimum: 5, multipleOf: 5 },
      3,
      'p must be an integer of at least 5 that is a multiple of 5, not 3',
    ],
    [
      'a multiple as users mean it',
      { type: 'number', multipleOf: 0.01 },
      19.999,
      'p must be a number that is a multiple of 0.01, not 19.999',
    ],
    [
      'a count',
      { type: 'string', minLength: 2, maxLength: 4 },
      'x',
      "p must be a string of 2 to 4 characters, not 'x'",
    ],
    [
      'an exact count',
      { type: 'array', minItems: 2, maxItems: 2 },
      [1],
      'p must be an array of 2 items, not an array of 1 item',
    ],
    [
      'a number of properties',
      { type: 'object', minProperties: 2 },
      {},
      'p must be an object of at least 2 properties, not an object',
    ],
    [
      'what was meant',
      { enum: ['red', 'green', 'blue'] },
      'gren',
      "p must be one of 'red', 'green' or 'blue', not 'gren': did you mean 'green'?",
    ],
    [
      'swapped letters',
      { enum: ['sold', 'kept'] },
      'slod',
      "p must be one of 'sold' or 'kept', not 'slod': did you mean 'sold'?",
    ],
    ['nothing meant, if nothing is near', { enum: ['red', 'blue'] }, 'x', "p must be one of 'red' or 'blue', not 'x'"],
    [
      'a long list by its length',
      { enum: Array.from({ length: 50 }, (_, n) => `no${n}`) },
      'x',
      "p must be one of 50 values, not 'x'",
    ],
    [
      'long texts by their length',
      { type: 'number' },
      'x'.repeat(41),
      'p must be a number, not a string of 41 characters',
    ],
    ['one line', { type: 'number' }, "a'\n", "p must be a number, not 'a\\'\\n'"],
    ['other values by their type', { type: 'string' }, { a: 1 }, 'p must be a string, not an object'],
    ['a Date', { type: 'string' }, new Date(0), 'p must be a string, not a Date'],
    ['bigints', { type: 'integer' }, 12n, 'p must be an integer, not 12n'],
    [
      'missing properties where they are declared',
      { type: 'object', properties: { a: Number, b: Number, c: Number }, required: ['b'] },
      { a: 'x', c: 'y' },
      "p.a must be a number, not 'x'",
      'p.b is required',
      "p.c must be a number, not 'y'",
    ],
    [
      'what is not declared',
      { type: 'object', properties: { email: true }, additionalProperties: false },
      { emial: 1 },
      "p.emial is not declared: did you mean 'email'?",
    ],
    [
      'what no schema has looked at',
      {
        type: 'object',
        allOf: [{ properties: { a: true } }],
        properties: { name: true },
        unevaluatedProperties: false,
      },
      { a: 1, nmae: 1 },
      "p.nmae is not declared: did you mean 'name'?",
    ],
    [
      'names of every object',
      { type: 'object', properties: { a: true }, unevaluatedProperties: false },
      { constructor: 1 },
      'p.constructor is not declared',
    ],
    [
      'names of properties',
      { type: 'object', propertyNames: { maxLength: 2 } },
      { abc: 1 },
      'p.abc may not be the name of a property: that must be a string of at most 2 characters',
    ],
    [
      'dependentRequired',
      { type: 'object', dependentRequired: { card: ['address'] } },
      { card: 1 },
      'p.address is required where there is card',
    ],
    [
      'dependentSchemas',
      { type: 'object', dependentSchemas: { card: { properties: { name: String } } } },
      { card: 1, name: 2 },
      'p.name must be a string, not 2 where there is card',
    ],
    [
      'contains',
      { type: 'array', contains: { type: 'integer', minimum: 5 } },
      [1, 2],
      'p must have at least 1 item that is an integer of at least 5, not 0',
    ],
    [
      'maxContains',
      { type: 'array', contains: { const: 1 }, maxContains: 1 },
      [1, 1],
      'p must have at most 1 item that is 1, not 2',
    ],
    ['not', { not: { type: 'string' } }, 'x', 'p must not be a string'],
    [
      'not together',
      { type: 'object', not: { required: ['a', 'b'] } },
      { a: 1, b: 1 },
      'p must not have a and b together',
    ],
    [
      'then',
      {
        type: 'object',
        if: { properties: { kind: { const: 'firm' } }, required: ['kind'] },
        // biome-ignore lint/suspicious/noThenProperty: it is a keyword
        then: { required: ['vat'] },
      },
      { kind: 'firm' },
      "p.vat is required where kind is 'firm'",
    ],
    [
      'else',
      { type: 'object', if: { required: ['vat'] }, else: { required: ['name'] } },
      {},
      'p.name is required unless there is vat',
    ],
    ['false', { type: 'object', properties: { old: false } }, { old: 1 }, 'p.old is not allowed'],
    ['unevaluatedItems', { type: 'array', prefixItems: [true], unevaluatedItems: false }, [1, 2], 'p.1 is not allowed'],
    [
      'a choice of types as one',
      { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 1 }] },
      true,
      'p must be a string or an integer of at least 1, not true',
    ],
    [
      'two that fit',
      { oneOf: [{ minimum: 1 }, { type: 'string' }, { maximum: 9 }] },
      5,
      'p must fit only one of 3 alternatives, but fits numbers 1 and 3',
    ],
    ['a date as its format', { type: 'string', format: 'date' }, 'soon', "p must be a valid date, not 'soon'"],
  ]
  for (const [title, property, value, ...messages] of cases) {
    it(`say ${title}`, () => expect(ofProperty(property, value)).to.deep.equal(messages))
  }
})
