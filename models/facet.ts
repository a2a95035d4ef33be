/**
 * Facets: what may be done with a model, and no more, to be given to code and people that are not trusted with all of it. A facet
 * is an object capability: who has it can do what its rules say, through it and what it gives; and nothing that he can reach from
 * it leads to the model, the store or what is hidden.
 */
import { type Audit, type Audited, auditOf } from './facet/audit.js'
import type { Authority } from './facet/authority.js'
import { checkMethods, checkOver, checkPrototype, checkRules, checkShape } from './facet/check.js'
import { further } from './facet/further.js'
import { groundOf } from './facet/grounded.js'
import { heldId } from './facet/held.js'
import { layer } from './facet/layer.js'
import { type Life, life } from './facet/life.js'
import { linkMethods } from './facet/linking.js'
import { narrowed } from './facet/narrowed.js'
import { isBulk, opening, storeMethods } from './facet/opening.js'
import { type Ground, type Policy, policyOf } from './facet/policy.js'
import { isBelow } from './facet/questions.js'
import { checkRealm } from './facet/realm.js'
import { refuse } from './facet/refusal.js'
import type { Rules } from './facet/rules.js'
import { secret } from './facet/secret.js'
import { type Begin, type OwnMethod, type Shell, shell } from './facet/shell.js'
import { snapshot } from './facet/snapshot.js'
import type { Base, Checked, Facet, FacetOf, RulesOf } from './facet/types.js'
import type { ObjectSchema } from './schema.js'

export type { Audit } from './facet/audit.js'
export { explainRefusal, type Refusal } from './facet/refusal.js'
export type { PropertyRule, Rules } from './facet/rules.js'
export type { Facet, FacetOf, InstanceOfFacet, RulesOf } from './facet/types.js'

/** What is known of a facet, here and nowhere else. */
interface Known {
  readonly authority: Authority
  readonly life: Life
  readonly ground: Ground
  readonly model: object
  readonly shell: Shell
  /** The names of the methods that are not the store's, of the facet and of its objects. */
  readonly own: readonly string[]
  /** Its own, and those of what it is made over. */
  readonly policies: readonly Policy[]
  readonly links: ReadonlyMap<string, Known>
  /** Begins a transaction in a larger one; absent where what is called here would not be part of it. */
  readonly begin: Begin | undefined
}

const facets = secret<Known>()

/**
 * A facet that reads, and does nothing else unless the rules open it. Queries need a limit of at most 50, unless the rules say
 * otherwise. Made over a model, or over a facet, which it can only narrow. Costs some microseconds: one for each request will do.
 * Throws a `TypeError` for rules that are wrong, or that would let be learnt what they hide.
 */
export function restrictive<const B extends Base>(base: B): FacetOf<B, Record<never, never>, 'restrictive'>
export function restrictive<const B extends Base, const R extends RulesOf<B>>(
  base: B,
  rules: R & Checked<B, R>,
): FacetOf<B, R, 'restrictive'>
export function restrictive(base: object, ...given: readonly [rules?: object]): unknown {
  return facet(base, rulesOf(base, given), false)
}

/**
 * A facet that does all that the model can, less what the rules close. The model's own methods, which run past the rules, must be
 * opened by name where objects or properties are hidden.
 */
export function permissive<const B extends Base>(base: B): FacetOf<B, Record<never, never>, 'permissive'>
export function permissive<const B extends Base, const R extends RulesOf<B>>(
  base: B,
  rules: R & Checked<B, R>,
): FacetOf<B, R, 'permissive'>
export function permissive(base: object, ...given: readonly [rules?: object]): unknown {
  return facet(base, rulesOf(base, given), true)
}

/** Who has looked up rules and found none gets an error, not all that there is. */
function rulesOf(base: object, given: readonly unknown[]): Rules {
  checkRealm()
  const said = given.length > 0 ? given[0] : {}
  const rules = facets.of(base) ? snapshot(said) : said
  checkShape(rules)
  return rules
}

/** Ends a facet, at once and for ever, with all that was obtained through it: facets, objects, queries, transactions, changes. */
export function revoke(facet: Facet): void {
  knownOf(facet).life.revoke()
}

/** Everything that can ever be reached through a facet: methods, properties, links, operators. Uses nothing of it. */
export function audit(facet: Facet): Audit {
  return auditOf(auditedOf(knownOf(facet)))
}

/** What a server needs of a facet besides its methods: for it, not for holders. */
export interface Serving {
  readonly idProperty: string
  readonly schema: ObjectSchema['plain']
  readonly begin: Begin | undefined
}

/** Is it a facet? Then what it needs to be served, else `undefined`. */
export function servingOf(facet: unknown): Serving | undefined {
  const known = facets.of(facet)
  return known && { idProperty: known.ground.idProperty, schema: known.ground.schema.plain, begin: known.begin }
}

function auditedOf({ shell: { facet, prototype }, own, policies, ground, links }: Known): Audited {
  return {
    own,
    facet,
    prototype,
    policies,
    ground,
    links: new Map([...links].map(([rel, target]) => [rel, auditedOf(target)])),
  }
}

/** The first facet that one of the choices gives for a context, such as a user; `undefined` if none does. */
export function facetFor<C, const F extends readonly ((context: C) => object | '' | 0 | false | null | undefined)[]>(
  context: C,
  choices: F,
): Exclude<ReturnType<F[number]>, '' | 0 | false | null> | undefined {
  for (const choose of choices) {
    const chosen = choose(context)
    if (chosen) return chosen as never
  }
  return undefined
}

function facet(base: object, rules: Rules, everything: boolean): object {
  checkRealm()
  const { authority: inner, life: parent, ground: given, model, policies } = facets.of(base) ?? groundOf(base)
  const ground = {
    ...given,
    declares: (name: string) => given.declares(name) || policies.some(({ getters }) => getters.has(name)),
  }
  const links = linksOf(rules, base)
  const methods = opening(rules.methods, everything, 'methods')
  const mayBe = (names: readonly string[]) => names.some(name => methods.open(name) && inner.has(name))
  const policy = policyOf(rules, ground, {
    open: everything ? 'everything' : 'reading',
    blind: !mayBe(['get', 'query']) && !['get', 'query'].some(name => methods.functions.has(name)),
    underneath: policies[0],
    links: new Map([...links].map(([rel, known]) => [rel, linked(known)])),
  })
  checkOver(policy, policies)
  checkMethods(methods, inner)
  checkPrototype(opening(rules.prototype, everything, 'prototype'), inner)
  checkRules(rules, policy, ground, mayBe(['put', 'add']))

  // what is the model's own runs past the rules: where these hide something, it must be opened by name
  const { own, prototype } = ownMethods(rules, inner, everything && !policy.partial && !policy.hides, ground)
  const following = linkMethods(links, ground.idProperty)
  // what stands in the place of a method would not be part of a transaction
  const overriding = storeMethods.some(name => Object.hasOwn(own, name))
  const { rate, expires, now } = rules
  const options = {
    life: life({ parent, rate, expires, now }),
    about: {
      owner: base,
      readable: policy.readable,
      computed: (name: string) => policy.getters.has(name) || ground.schema.rules.getters.has(name),
    },
    idProperty: ground.idProperty,
    open: (name: string) => methods.open(name) && !(overriding && (isBulk(name) || name === 'transaction')),
    ours: (instance: object) => instance instanceof (model as never),
    own,
    prototype: { ...following, ...prototype },
  }
  const layered = layer(inner, policy, ground)
  const over = (authority: Authority) => shell(authority, options)
  const made = over(layered)
  return facets.keep(made.facet, {
    authority: narrowed(made, options, over),
    life: options.life,
    ground,
    model,
    shell: made,
    own: [...Object.keys(own), ...Object.keys(prototype)],
    policies: [policy, ...policies],
    links,
    begin: !overriding && layered.has('transaction') ? made.begin : undefined,
  })
}

/** The methods that are not the store's: functions of the rules, and those underneath that are open. */
function ownMethods(rules: Rules, inner: Authority, trusting: boolean, { idProperty }: Ground) {
  const call =
    (name: string): OwnMethod =>
    ({ authority }, _, args) =>
      authority.call(name, args)
  const callOn =
    (name: string): OwnMethod =>
    ({ authority, source }, self, args, admits) =>
      authority.callOn(heldId(self, source, idProperty), name, args, admits)
  return {
    own: further(opening(rules.methods, trusting, 'methods'), inner.names('static'), call),
    prototype: further(opening(rules.prototype, trusting, 'prototype'), inner.names('prototype'), callOn),
  }
}

/** What a facet may be asked by the links of another: as long as it works, and no more than its holder may ask. */
function linked({ authority, life, policies: [policy] }: Known): Pick<Authority, 'below'> {
  return {
    below(condition) {
      life.enter()
      // it was asked of a facet over this one: looked at once more, what this has joined would be taken for the holder's
      if (isBelow(condition, policy as Policy)) return condition
      if (!authority.has('query')) refuse('NotAllowedError', 'what this link leads to cannot be asked about')
      return authority.below(condition)
    },
  }
}

/** What the links lead to. */
function linksOf({ links = {} }: Rules, base: object): ReadonlyMap<string, Known> {
  const underneath = facets.of(base)
  const follows = typeof (base as { prototype?: { link?: unknown } }).prototype?.link === 'function'
  return new Map(
    Object.entries(links as Readonly<Record<string, object>>).map(([rel, target]) => {
      const place = `links.${rel}`
      if (underneath && !underneath.links.has(rel))
        throw new TypeError(`${place}: the facet underneath does not follow it`)
      if (!underneath && !follows) {
        throw new TypeError(`${place}: the model follows no links; those of database({ … }) do, where they have links`)
      }
      return [rel, knownOf(target, place)]
    }),
  )
}

function knownOf(facet: object, place?: string): Known {
  const known = facets.of(facet)
  if (!known)
    throw new TypeError(`${place ? `${place}: ` : ''}a facet is expected, as restrictive() and permissive() make it`)
  return known
}
