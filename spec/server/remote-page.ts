/** A page that has the library as its sources are, each module made JavaScript when it is asked for. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import ts from 'typescript-5'

const root = new URL('../..', import.meta.url).pathname

const imports = {
  uuid: '/node_modules/uuid/dist/index.js',
  '@noble/hashes/': '/node_modules/@noble/hashes/',
}

const html = `<!doctype html><meta charset="utf-8"><title>remote</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">import { remote } from '/stores/remote.js'
import { transaction } from '/lib/transaction.js'
Object.assign(window, { remote, transaction })</script>`

export async function servePage(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = normalize(request.url ?? '/')
    try {
      const [type, text] = path === '/' ? ['text/html', html] : ['text/javascript', moduleAt(path)]
      response.writeHead(200, { 'content-type': type }).end(text)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function moduleAt(path: string): string {
  if (path.startsWith('/node_modules/')) return readFileSync(join(root, path), 'utf8')
  const source = readFileSync(join(root, path.replace(/\.js$/, '.ts')), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
  return ts.transpileModule(source, { compilerOptions }).outputText
}
