/** Locks the language down, loads the library then, and attacks facets over it. Prints what it did. */
import 'ses'

declare const lockdown: (options: object) => void

lockdown({ errorTaming: 'unsafe', consoleTaming: 'unsafe', overrideTaming: 'severe' })

const { random } = await import('../../oracle/random.js')
const { callsOn } = await import('./attack-calls.js')
const { configurations, worldOf } = await import('./attack-configurations.js')
const { canary, textOf } = await import('./attack-world.js')
const { ran } = await import('./hostile.js')
const { violation } = await import('./monitor.js')
const { reached } = await import('./reached.js')

let calls = 0
for (const configuration of configurations) {
  const { facet, granted, spy, secrets } = await worldOf(configuration)
  for (let run = 0; run < 10; run++) {
    const { got, called } = await callsOn(facet, random(run), 6)
    calls += got.length
    const problems = spy.effects.splice(0).map(effect => violation(granted, effect, called))
    const wrong =
      problems.find(Boolean) ?? ran.splice(0).find(({ by }) => by !== 'a function of his' && by !== 'then')?.by
    if (wrong) throw new Error(`${configuration.name}: ${wrong}`)
    if (
      textOf(got)
        .replaceAll(/CANARY-A-(?:ssn1|owner)\b/g, '')
        .includes(canary)
    )
      throw new Error(`${configuration.name}: a canary`)
    const { values } = reached([facet, ...got])
    if (secrets.some(secret => values.has(secret))) throw new Error(`${configuration.name}: the store is reached`)
  }
}
if (calls < 500) throw new Error(`only ${calls} calls`)
console.log(`held in ${calls} calls`)
