import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { live } from '../../models/live.js'
import { memory } from '../../stores/memory.js'
import { history } from '../../wrappers/history.js'
import { command, furnish, inFolder, run } from './run.js'

describe('history, undo and watch', () => {
  const folder = inFolder()
  const go = (...words: string[]) => run(folder.path, words)
  beforeEach(() => furnish(folder.path))

  for (const store of ['users.json', 'dir:data', 'sqlite:new.db#t']) {
    it(`${store} has a history once it was begun, and every write of the command is in it`, async () => {
      expect((await go('history', store)).code).to.equal(3)
      await go('put', store, '{"id":"x","n":1}', '--history', '--actor', 'ann', '--reason', 'new')
      await go('patch', store, 'x', '{"n":2}')
      await go('put', store, '{"id":"y"}')
      await go('delete', store, 'y')
      const { out } = await go('history', store)
      expect(out).to.match(
        /^1 add x \d{4}-\d\d-\d\d \d\d:\d\d:\d\d by ann, new\n {2}\+ \{"id":"x","n":1\}\n2 put x .*\n {2}- \{"n":1\}\n {2}\+ \{"n":2\}\n/,
      )
      expect(out).to.match(/\n4 delete y /)
      expect((await go('history', store, 'x', '--json', '--limit', '1')).out).to.include('"sequence":2')
      expect((await go('undo', store)).out).to.equal('undo y: add\n')
      expect((await go('undo', store, 'x')).out).to.equal('undo x: put\n')
      expect((await go('get', store, 'x')).out).to.equal('{"id":"x","n":1}\n')
      expect((await go('undo', store, 'x', '--redo')).out).to.equal('redo x: put\n')
      expect((await go('get', store, 'x')).out).to.equal('{"id":"x","n":2}\n')
    })
  }

  it('keeps the log where it is told', async () => {
    await go('put', 'users.json', '{"id":"x"}', '--log', 'sqlite:logs.db#users')
    expect((await go('history', 'users.json', '--log', 'logs.db#users')).out).to.match(/^1 add x/)
    expect((await go('history', 'users.json')).code).to.equal(3)
  })

  it('shows, follows and undoes what live objects did', async () => {
    const path = join(folder.path, 'people')
    class Person {
      id = ''
      age = 0
    }
    const people = await live(Person, path, { actor: () => 'ann' } as never)
    const ada = await people.add({ id: 'ada', age: 36 } as never)
    ada.age = 37
    await people.flush()
    await people.close()
    const shown = await go('history', 'dir:people')
    expect(shown.out).to.include('ada').and.include('- 36').and.include('+ 37')
    expect((await go('history', 'people', 'ada', '--json', '--limit', '1')).out).to.include('"previous":36')
    expect((await go('undo', 'people')).code).to.equal(2)
    const undone = await go('undo', 'people', 'ada')
    expect(undone.out, undone.err).to.equal('undo ada\n')
    expect((await go('get', 'people', 'ada')).out).to.include('"age":36')
    const { out } = await watched(['people', '--since', '0', '--limit', '2'], () => {})
    expect(out).to.include('+ 37')
  })

  it('watches files and folders', async () => {
    const data = await watched(['dir:data', 'title=c', '--json'], () => {
      writeFileSync(join(folder.path, 'data/d.json'), '{"id":"d","title":"d"}')
      writeFileSync(join(folder.path, 'data/c.json'), '{"id":"c","title":"c"}')
    })
    expect(data.out).to.equal('{"type":"put","id":"c","object":{"id":"c","title":"c"}}\n')
    const file = await watched(['users.json'], () => go('delete', 'users.json', 'bob'))
    expect(file.out).to.equal('delete bob\n')
    expect((await go('watch', 'sqlite:none.db')).code).to.equal(3)
    await go('copy', 'users.json', 'app.db#users')
    expect((await go('watch', 'app.db#users')).err).to.match(/does not tell of changes; holdfast serve --write it/)
  })

  it('stops quietly when it is told to', async () => {
    const stop = new AbortController()
    const heard = (_: string, err: string) => {
      if (err.includes('waiting')) setImmediate(() => stop.abort(new DOMException('stop', 'AbortError')))
    }
    const { code, err } = await run(folder.path, ['watch', 'dir:data'], { signal: stop.signal, heard })
    expect([code, err]).to.deep.equal([0, 'waiting for changes, until Ctrl-C\n'])
  })

  it('stays in a process of its own, until Ctrl-C', async () => {
    const { child, ended } = command(folder.path, ['watch', 'dir:data'])
    child.stderr.once('data', () => writeFileSync(join(folder.path, 'data/c.json'), '{"id":"c"}'))
    child.stdout.once('data', () => child.kill('SIGINT'))
    const { code, out, err } = await ended
    expect([code, out, err]).to.deep.equal([0, 'put c {"id":"c"}\n', 'waiting for changes, until Ctrl-C\n'])
  })

  it('writes the log as the wrapper does', async () => {
    await go('put', 'sqlite:a.db#t', '{"id":"x"}', '--history', '--actor', 'ann')
    const written = JSON.parse((await go('query', 'sqlite:a.db#t_history', '--json')).out)
    const log = memory()
    await history(memory(), { log }).put({ id: 'x' }, { actor: 'ann' })
    const [expected] = log.query('')
    expect({ ...written, date: 0 }).to.deep.equal({ ...expected, date: 0 })
  })

  /** Does something once it is watched; ends after the first change, unless it is said otherwise. */
  function watched(words: string[], work: () => unknown) {
    let begun = false
    const limited = words.includes('--limit') ? words : [...words, '--limit', '1']
    return run(folder.path, ['watch', ...limited], {
      heard(_, err) {
        if (begun || !err.includes('waiting')) return
        begun = true
        setImmediate(work)
      },
    })
  }
})
