import { everything, type Runner } from '../../conformance/index.js'
import { newSeed, random } from '../../oracle/random.js'

/** Indexes and unique keys belong to the model that is served: nobody can tell it of them from outside. */
export const offered = everything.filter(each => each !== 'setSchema' && each !== 'unique')

/** The laws that cannot hold over HTTP as they stand, with the reason. */
export const exceptions: Readonly<Record<string, string>> = {
  'since a change before is honoured or refused':
    'the server says that it keeps no earlier changes when it is asked: an error of the first `next()`, not of the call',
  'the error names the id': 'a facet words its errors itself: the id is in the error, but not in its message',
}

/** Runs all cases but those; a part of them, drawn anew each time, where there is no time for all. */
export function runner(all = process.env.GATE !== undefined): Runner {
  const seed = newSeed()
  const chance = random(seed)
  return {
    describe: (title, body) => describe(title, body),
    it(title, body) {
      if (Object.hasOwn(exceptions, title)) return
      if (all || (chance.chance(0.2) && !long.test(title))) it(all ? title : `${title}, SEED=${seed}`, body)
    },
  }
}

const long = /^5,000/
