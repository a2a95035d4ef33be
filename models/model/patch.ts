/** Changes to an object as data: a JSON Merge Patch or a JSON Patch. */
import { StoreError } from '../../lib/errors.js'
import type { Attribution, Data, Options, Precondition } from '../../lib/store.js'
import { checkedCopy, describe } from '../../lib/value.js'
import { jsonPatch } from './patch/json-patch.js'
import { mergePatch } from './patch/merge-patch.js'

/** The media types of patches. */
export const patchTypes = ['application/merge-patch+json', 'application/json-patch+json'] as const
export type PatchType = (typeof patchTypes)[number]

export interface PatchOptions extends Options, Attribution, Pick<Precondition, 'ifMatch'> {
  /** What the patch must be; without it an array is a JSON Patch, any other object a JSON Merge Patch. */
  readonly type?: PatchType | undefined
}

/** Reads a patch once, so that it can be applied again. It changes the data that it is given, and gives what comes of it. */
export function patcher(changes: object, idProperty: string, type?: PatchType): (data: Data) => object {
  if (typeof changes !== 'object' || changes === null) {
    throw new TypeError(`a patch is an object (JSON Merge Patch) or an array (JSON Patch), not ${describe(changes)}`)
  }
  if (type !== undefined && type !== patchTypes[Array.isArray(changes) ? 1 : 0]) {
    const wanted = patchTypes.includes(type) ? type : patchTypes.join(' or ')
    throw new StoreError('DataError', `the patch is ${describe(changes)}, which is not ${wanted}`)
  }
  const patch: unknown = checkedCopy({ changes }).changes
  return data => {
    const result = Array.isArray(patch) ? jsonPatch(data, patch) : mergePatch(data, patch)
    if (typeof result !== 'object' || result === null || Array.isArray(result)) {
      throw new StoreError('DataError', 'the patch leaves no object')
    }
    if (!Object.hasOwn(result, idProperty)) {
      throw new StoreError('DataError', `the patch takes away the ${idProperty}, which is to stay`)
    }
    return result
  }
}
