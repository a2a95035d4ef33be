/** What the rules of links need of the stores. */
import { StoreError } from '../../lib/errors.js'
import { can, type Method } from '../../lib/store.js'
import type { Rule } from './graph.js'
import type { Network } from './network.js'

/** Throws a `NotSupportedError` where a store has not got what a rule needs; it says which link. */
export function checkRules({ graph, names, member }: Network): void {
  for (const rule of names.flatMap(graph.rulesInto)) {
    const needs = (model: string, ...wanted: readonly Method[]) => {
      const missing = wanted.filter(method => !can(member(model).store, method))
      if (missing.length > 0) fail(rule, model, missing)
    }
    needs(rule.to, 'get')
    // what is never deleted may be linked to without more ado
    if (!can(member(rule.to).store, 'delete')) continue
    needs(rule.to, 'transaction')
    needs(rule.from, 'transaction', 'query')
    if (rule.onDelete === 'cascade') needs(rule.from, 'delete')
    if (rule.onDelete === 'detach') needs(rule.from, 'put')
  }
}

function fail({ from, rel, onDelete }: Rule, model: string, missing: readonly Method[]): never {
  const message = `the link ${from}.${rel} (onDelete: ${onDelete}) needs ${missing.join(', ')} of the store of ${model}`
  throw new StoreError('NotSupportedError', message)
}
