/** The JSON Schema Test Suite, through what a model does with an object that is added. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { Model } from '../../models/model.js'
import { explainer } from '../../models/schema/explain.js'
import { begin } from '../../models/schema/limits.js'
import { schema } from '../../models/schema.js'
import { memory } from '../../stores/memory.js'

interface Group {
  readonly description: string
  readonly schema: boolean | Readonly<Record<string, unknown>>
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

const drafts = {
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
}

/** What is refused on purpose when a model is defined, by what the error says. */
const reasons: readonly [reason: string, says: RegExp][] = [
  [
    'a definition stands by itself: nothing is fetched from elsewhere',
    /leads nowhere: it must refer to a place in the same/,
  ],
  ['a name of a place that is none', /leads nowhere$|must be a URI without a fragment/],
  ['a dynamic reference has one place to lead to', /has several places to lead to/],
  ['vocabularies and drafts of others', /\$schema: must be that of/],
  ['a keyword that says nothing without another is a mistake', /says nothing without/],
  ['a keyword that there is not is a mistake', /there is no keyword/],
  ['a format that there is not is a mistake', /there is no format/],
  ['__proto__ is no name of a property', /__proto__|must be a list of names/],
]

/** What is read and not checked, as draft 2020-12 has it for all drafts. */
const onlySaid = /^optional\/content$/

for (const [draft, $schema] of Object.entries(drafts)) {
  describe(`JSON Schema Test Suite, ${draft}`, () => {
    const file = new URL(`json-schema-test-suite/${draft}.json`, import.meta.url)
    const suite: Readonly<Record<string, readonly Group[]>> = JSON.parse(readFileSync(file, 'utf8'))
    const refused = new Map<string, number>()
    let passed = 0

    function refuse(reason: string, { tests }: Group): void {
      refused.set(reason, (refused.get(reason) ?? 0) + tests.length)
    }

    /** As the schema of a property: with a name of its own its references lead to where they are. */
    function definitionOf({ schema }: Group): object {
      if (typeof schema === 'boolean') return { properties: { value: schema } }
      const { $schema: own = $schema, ...value } = schema
      const named = draft === 'draft-07' && '$ref' in value ? value : { $id: 'https://example.org/value', ...value }
      return { $schema: own, properties: { value: named } }
    }

    function run(group: Group, definition: object): void {
      const Thing = Model(memory(), definition)
      const { accepts } = explainer(schema(definition).plain, [])
      for (const { description, data, valid } of group.tests) {
        const about = `${group.description}: ${description}`
        expect(
          isValid(() => Thing.add({ value: data })),
          about,
        ).to.equal(valid)
        // who decides fast and who explains agree
        begin()
        expect(accepts({ value: data }), `${about}, explained`).to.equal(valid)
        passed++
      }
    }

    for (const [name, groups] of Object.entries(suite)) {
      it(name, () => {
        for (const group of groups) {
          if (draft === 'draft-07' && onlySaid.test(name)) {
            refuse('what a string contains is said and not checked', group)
            continue
          }
          const definition = definitionOf(group)
          const reason = reasonFor(() => schema(definition))
          if (reason === undefined) run(group, definition)
          else refuse(reason, group)
        }
      })
    }

    after(() => {
      const list = [...refused].map(([reason, count]) => `        ${count}: ${reason}`)
      console.log([`      passed ${passed}, refused ${sum(refused.values())}`, ...list].join('\n'))
    })
  })
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0)

/** Why a definition is refused; `undefined` if it is not. A reason that is not one of ours is an error. */
function reasonFor(define: () => unknown): string | undefined {
  try {
    define()
    return undefined
  } catch (error) {
    const found = reasons.find(([, says]) => says.test((error as Error).message))
    if (!(error instanceof TypeError) || !found) throw error
    return found[0]
  }
}

function isValid(write: () => unknown): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (!isStoreError(error, 'ValidationError')) throw error
    expect(error.issues).not.to.deep.equal([])
    for (const { keyword } of error.issues ?? []) expect(keyword, 'it is said why').not.to.equal('work')
    return false
  }
}
