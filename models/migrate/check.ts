/** Checks objects as they are stored: by what the store is told of them, and by a schema of another library. */
import type { Data } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Setup } from '../model/writer.js'
import { standardCheck } from '../schema/standard.js'
import type { Check } from './assess.js'

/** Says what is wrong with an object as it is stored, without its mark. */
export function checking({ schema, standard, idProperty }: Setup, methodNames: readonly string[]): Check {
  const standardly = standard === undefined ? undefined : standardCheck(standard, idProperty)

  function judge(content: Data) {
    const taken = methodNames.filter(name => Object.hasOwn(content, name))
    return [
      ...taken.map(name => ({ path: [name], keyword: 'propertyNames', message: 'is the name of a method' })),
      ...(schema.told.validate?.(content) ?? []),
    ]
  }

  return content =>
    standardly ? when(standardly(content), ({ issues }) => [...issues, ...judge(content)]) : judge(content)
}
