import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { furnish, inFolder, type Ran, run } from './run.js'

describe('serve', () => {
  const folder = inFolder()
  beforeEach(() => furnish(folder.path))

  /** Serves while the work is done. */
  async function serving(
    words: readonly string[],
    work: (url: string, err: () => string) => Promise<void>,
  ): Promise<Ran> {
    const stop = new AbortController()
    let told = ''
    let begun = (_: string) => {}
    const url = new Promise<string>(resolve => {
      begun = resolve
    })
    const ended = run(folder.path, ['serve', ...words, '--port', '0'], {
      signal: stop.signal,
      heard(out, err) {
        told = err
        const [address] = /http:\S+/.exec(out) ?? []
        if (address) begun(address)
      },
    })
    try {
      const failed = ended.then(({ err }) => Promise.reject(new Error(err)))
      await work(await Promise.race([url, failed]), () => told)
    } finally {
      stop.abort(new DOMException('stop', 'AbortError'))
    }
    return ended
  }

  const json = async (url: string, init?: RequestInit) => (await fetch(url, init)).json()

  it('serves a JSON file, a folder and a database, to be read and no more', async () => {
    await run(folder.path, ['copy', 'users.json', 'app.db#people'])
    const { code } = await serving(['users.json', 'notes=dir:data', 'app.db'], async url => {
      expect(await json(`${url}/users/ada`)).to.include({ name: 'Ada', age: 36 })
      expect(await json(`${url}/notes?sort(-id)&limit(1)`)).to.deep.equal([{ id: 'b', title: 'note b' }])
      expect(await json(`${url}/people/$count?age>30`)).to.deep.equal({ count: 2 })
      const described = (await json(`${url}/openapi.json`)) as { openapi: string; paths: object }
      expect(described.openapi).to.equal('3.1.0')
      expect(Object.keys(described.paths)).to.include.members(['/users', '/notes', '/people'])
      for (const name of ['users', 'notes', 'people']) {
        for (const method of ['PUT', 'PATCH', 'DELETE']) {
          const { status } = await fetch(`${url}/${name}/ada`, { method, body: method === 'DELETE' ? null : '{}' })
          expect(status, `${method} ${name}`).to.equal(405)
        }
      }
    })
    expect(code).to.equal(0)
  })

  it('takes no store for a token or an origin, and shows nothing that a shell would do', async () => {
    const refused = async (...words: string[]) => {
      const { code, err } = await run(folder.path, ['serve', 'users.json', ...words])
      expect(code, err).to.equal(2)
      return err
    }
    expect(await refused('--token', 'users.json')).to.match(/--token has taken users\.json for the token; /)
    expect(await refused('--token', 'notes=dir:data')).to.match(/--token has taken /)
    expect(await refused('--cors', 'https://a.example/')).to.match(/--cors takes origins such as /)
    expect(await refused('--cors', 'https://a.example', 'data')).to.match(/not data; /)
    expect(await refused('--authorize', 'none.mjs')).to.match(/none\.mjs cannot be loaded: /)
    expect((await run(folder.path, ['put', "odd.db#a'b c", '{"id":1}'])).code).to.equal(0)
    const { out } = await serving(['odd.db'], async url => {
      expect(await json(`${url}/a%27b%20c/1`)).to.deep.equal({ id: 1 })
    })
    expect(out).to.include("/a%27b%20c?limit(3)'")
  })

  it('says of files that cannot be served why', async () => {
    for (const [name, text, code, problem] of [
      ['a.json', '{"openapi.json":[]}', 2, /"openapi\.json" in a\.json is no name that can be served/],
      ['b.json', '{"a":1}', 4, /b\.json holds no list of objects/],
      ['c.json', '{"a":[', 6, /c\.json: .*JSON/],
    ] as const) {
      folder.write(name, text)
      const refused = await run(folder.path, ['serve', name, '--port', '0'])
      expect(refused.code, refused.err).to.equal(code)
      expect(refused.err).to.match(problem)
    }
    for (const words of [
      ['serve', 'users.json', '--schema', 'b.json'],
      ['import', 'new.json', 'c.json', '--schema', 'b.json'],
    ]) {
      const { code, err } = await run(folder.path, words)
      expect([code, err]).to.deep.equal([
        2,
        'holdfast: b.json is no JSON Schema: definition: there is no keyword "a"; see --help\n',
      ])
    }
  })

  it('tells of what editors and other programs do to the files', async () => {
    await serving(['users.json', 'data'], async url => {
      for (const [name, change] of [
        ['users', () => run(folder.path, ['patch', 'users.json', 'bob', '{"age":26}'])],
        ['data', () => writeFileSync(join(folder.path, 'data/c.json'), '{"id":"c"}')],
      ] as const) {
        const { status, body } = await fetch(`${url}/${name}/$changes`)
        expect(status).to.equal(200)
        const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
        let heard = (await reader.read()).value ?? ''
        await change()
        while (!heard.includes('event: put')) heard += (await reader.read()).value
        expect(heard).to.match(/event: put\n/)
        await reader.cancel()
      }
      expect(await json(`${url}/users/bob`)).to.include({ age: 26 })
      expect(await json(`${url}/data/c`)).to.deep.equal({ id: 'c' })
    })
  })

  it('lets write only who was told so, and keeps the types that it has seen', async () => {
    await run(folder.path, ['put', 'users.json', '{"id":"tom","born":{"$date":"1990-01-31T00:00:00Z"}}'])
    await serving(['users.json', '--write'], async url => {
      const headers = { 'content-type': 'application/json' }
      const body = '{"id":"eve","born":"1991-01-31T00:00:00.000Z","new":[1]}'
      expect((await fetch(`${url}/users/eve`, { method: 'PUT', headers, body })).status).to.equal(201)
    })
    const { out } = await run(folder.path, ['get', 'users.json', 'eve'])
    expect(out).to.include('"born":{"$date":"1991-01-31T00:00:00.000Z"},"new":[1]')
    folder.write('schema.json', '{"properties":{"age":{"type":"integer","minimum":0}}}')
    await serving(['users.json', '--write', '--schema', 'schema.json'], async url => {
      const { status } = await fetch(`${url}/users/x`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"age":-1}',
      })
      expect(status).to.equal(422)
    })
  })

  it('asks for the token, which is made where none is given', async () => {
    folder.write('token', 'sesame\n')
    await serving(['users.json', '--token-file', 'token'], async url => {
      for (const [authorization, status] of [
        [undefined, 401],
        ['Bearer sesam', 403],
        ['Bearer sesame', 200],
      ] as const) {
        const answer = await fetch(`${url}/users/ada`, { headers: authorization ? { authorization } : {} })
        expect(answer.status, authorization).to.equal(status)
      }
      const far = await run(folder.path, ['get', `${url}/users`, 'ada', '--token-file', 'token'])
      expect(far.code, far.err).to.equal(0)
      expect((await run(folder.path, ['get', `${url}/users`, 'ada'])).code).to.equal(1)
    })
    await serving(['users.json', '--token'], async (url, err) => {
      const [, token] = /token: (\S{32})\n/.exec(err()) ?? []
      expect((await fetch(`${url}/users`, { headers: { authorization: `Bearer ${token}` } })).status).to.equal(200)
      expect((await fetch(`${url}/users`)).status).to.equal(401)
    })
  })

  it('asks a module, and then listens where it is told', async () => {
    folder.write('who.mjs', `export default request => request.headers.get('x-user') === 'ada'\n`)
    await serving(['users.json', '--authorize', 'who.mjs', '--host', '0.0.0.0'], async url => {
      const near = url.replace('0.0.0.0', '127.0.0.1')
      expect((await fetch(`${near}/users`)).status).to.equal(401)
      expect((await fetch(`${near}/users`, { headers: { 'x-user': 'ada' } })).status).to.equal(200)
    })
    const { code, err } = await run(folder.path, ['serve', 'users.json', '--host', '::'])
    expect([code, err]).to.deep.equal([
      2,
      'holdfast: :: can be reached from elsewhere; say by --token or --authorize who may ask\n',
    ])
  })

  it('answers to no name but its own, so that no page reaches it by another', async () => {
    await serving(['users.json'], async url => {
      const status = await new Promise(resolve => {
        const asked = request(`${url}/users`, { headers: { host: 'evil.example' } }, answer =>
          resolve(answer.statusCode),
        )
        asked.end()
      })
      expect(status).to.equal(421)
    })
  })

  it('takes a file of several lists as it is, to be read', async () => {
    folder.write('db.json', '{"posts":[{"id":1,"title":"a"}],"tags":[{"name":"x"}],"profile":{"name":"y"}}')
    await serving(['db.json'], async url => {
      expect(await json(`${url}/posts/1`)).to.deep.equal({ id: 1, title: 'a' })
      expect(await json(`${url}/tags`)).to.deep.equal([{ id: 1, name: 'x' }])
      expect((await fetch(`${url}/profile`)).status).to.equal(404)
    })
    expect((await run(folder.path, ['serve', 'db.json', '--write'])).code).to.equal(2)
  })

  it('closes what it has opened where the rest cannot be opened, and frees its port', async () => {
    const { code, err } = await run(folder.path, ['serve', 'users.json', 'none.json', '--write', '--port', '0'])
    expect([code, err.includes('none.json')]).to.deep.equal([3, true])
    expect((await run(folder.path, ['put', 'users.json', '{"id":"x"}'])).code).to.equal(0)
    await serving(['users.json'], async url => {
      const taken = await run(folder.path, ['serve', 'data', '--port', new URL(url).port])
      expect([taken.code, taken.err]).to.deep.equal([
        5,
        'holdfast: the port is in use; --port 0 takes one that is free\n',
      ])
    })
  })
})
