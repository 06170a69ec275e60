// Bluesky's own server with the directory of its names, for tests: everything in memory or in a folder given, on
// loopback alone. `node pds.cjs <folder>` prints one line of JSON with its ports, and ends when its input ends.
const crypto = require('node:crypto')
const net = require('node:net')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  // neither server can be told an address to bind to
  const port = typeof args[0] === 'object' ? args[0].port : args[0]
  const told = args.find((arg) => typeof arg === 'function')
  return listen.call(this, { port: port || 0, host: '127.0.0.1' }, told)
}

const free = () =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.listen(0, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

async function main(folder) {
  const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
  const plc = require('@did-plc/server')
  const names = plc.PlcServer.create({ db: plc.Database.mock(), port: await free() })
  await names.start()
  const namesAt = names.server.address().port
  const port = await free()
  const env = {
    devMode: true,
    port,
    hostname: 'localhost',
    serviceHandleDomains: ['.test'],
    dataDirectory: folder,
    blobstoreDiskLocation: `${folder}/blobs`,
    didPlcUrl: `http://localhost:${namesAt}`,
    bskyAppViewUrl: 'https://appview.invalid',
    bskyAppViewDid: 'did:web:appview.invalid',
    crawlers: [],
    inviteRequired: false,
    disableSsrfProtection: true,
    rateLimitsEnabled: false,
    jwtSecret: crypto.randomBytes(16).toString('hex'),
    adminPassword: crypto.randomBytes(16).toString('hex'),
    plcRotationKeyK256PrivateKeyHex: crypto.randomBytes(32).toString('hex'),
  }
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  process.stdout.write(`${JSON.stringify({ port, pid: process.pid })}\n`)
  const stop = async () => {
    await pds.destroy()
    await names.destroy()
    process.exit(0)
  }
  process.stdin.on('end', stop).resume()
  process.on('SIGTERM', stop)
}

main(process.argv[2]).catch((error) => {
  process.stderr.write(`${error.stack || error}\n`)
  process.exit(1)
})
