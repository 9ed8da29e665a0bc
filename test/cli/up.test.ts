// The command as a person meets it: start, ready file, stop, start again; and the sentence for everything that is in
// the way. Each test has its own directory and free ports.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { removeDirectory, run, startMillrace, temporaryDirectory } from '../support/millrace-process.ts';

describe('millrace', () => {
  let directory: string;
  before(() => {
    directory = temporaryDirectory();
  });
  after(() => removeDirectory(directory));

  it('tells its version and its commands', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    assert.equal((await run(['--version'], { directory })).stdout, `${manifest.version}\n`);
    const help = await run(['--help'], { directory });
    assert.equal(help.exitCode, 0);
    assert.match(help.stdout, /up \[options\]\s+start broker, console and API/);
  });

  it('ends with code 2 and a suggestion at an unknown option, and creates nothing', async () => {
    const { exitCode, stderr } = await run(['up', '--prot', '9094'], { directory });
    assert.equal(exitCode, 2);
    assert.match(stderr, /unknown option '--prot'/);
    assert.match(stderr, /Did you mean --port\?/);
    assert.equal(existsSync(join(directory, '.millrace')), false);
  });

  it('ends with code 2 at a port that is none and at an unknown command', async () => {
    const port = await run(['up', '--port', '99999'], { directory });
    assert.equal(port.exitCode, 2);
    assert.match(port.stderr, /A port is a number from 0 \(any free port\) to 65535, or "off"/);
    const command = await run(['down-with-it'], { directory });
    assert.equal(command.exitCode, 2);
    assert.match(command.stderr, /unknown command 'down-with-it'/);
  });
});

describe('npm start', {
  skip: process.platform === 'win32' ? 'npm ends its shell differently there' : false,
}, () => {
  it('stops cleanly when npm is told to, although npm tells only its shell', async () => {
    const directory = temporaryDirectory();
    const readyFile = join(directory, 'ready.json');
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: new URL('../..', import.meta.url),
      env: {
        ...process.env,
        MILLRACE_HOME: directory,
        MILLRACE_PORT: '0',
        MILLRACE_HTTP_PORT: '0',
        MILLRACE_API_PORT: '0',
        MILLRACE_READY_FILE: readyFile,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    npm.stderr.on('data', chunk => (stderr += chunk));
    let hasClosed = false;
    const closed = new Promise<void>(done =>
      npm.stderr.on('close', () => {
        hasClosed = true;
        done();
      }),
    );
    while (!existsSync(readyFile)) {
      assert.equal(hasClosed, false, stderr);
      await new Promise(done => setTimeout(done, 20));
    }
    npm.kill('SIGTERM');
    await closed;
    assert.match(stderr, /Stopped; everything acknowledged is kept/);
    removeDirectory(directory);
  });
});

describe('millrace up', () => {
  let directory: string;
  before(() => {
    directory = temporaryDirectory();
  });
  after(() => removeDirectory(directory));

  it('stops with a sentence when the ready file cannot be written', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const words = [
      'up',
      '--memory',
      '--port',
      '0',
      '--http-port',
      '0',
      '--api-port',
      '0',
      '--ready-file',
      join(file, 'r.json'),
    ];
    const { exitCode, stderr } = await run(words, { directory });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^millrace: The ready file .* cannot be written/m);
  });

  it('takes a switch for off when its variable says so', async () => {
    const environment = { MILLRACE_MEMORY: 'false', MILLRACE_DATA: join(directory, 'a-file') };
    writeFileSync(environment.MILLRACE_DATA, '');
    const { stderr } = await run(['up', '--port', '0', '--http-port', '0', '--api-port', '0'], {
      directory,
      environment,
    });
    assert.match(stderr, /is a file, not a directory/);
  });

  it('writes the ready file, keeps data over a clean stop, and stops with code 0', async () => {
    const first = await startMillrace({ directory });
    assert.deepEqual(Object.keys(first.ready), [
      'broker',
      'console',
      'api',
      'registry',
      'rest',
      'pid',
      'clusterId',
    ]);
    assert.match(first.ready.broker!, /^127\.0\.0\.1:\d+$/);
    assert.match(first.ready.console!, /^http:\/\/localhost:\d+$/);
    assert.equal(first.ready.registry, null);
    assert.equal(first.ready.clusterId, 'Y-t_TjR9Q3GFuYt28wDq8A');
    const produced = await fetch(`${first.ready.api}/produce`, { method: 'POST' });
    assert.equal(produced.status, 200);
    const stopped = await first.end('SIGTERM');
    assert.equal(stopped.exitCode, 0, stopped.stderr);
    for (const text of [
      first.ready.broker!.replace('127.0.0.1', 'localhost'),
      first.ready.console!,
      first.ready.api!,
      join(directory, '.millrace', 'kafka'),
      first.ready.clusterId!,
      'always',
    ]) {
      assert.ok(stopped.stdout.includes(text), `the banner tells ${text}:\n${stopped.stdout}`);
    }
    assert.ok(stopped.stdout.split('\n').length <= 24, 'the banner fits one screen');

    const second = await startMillrace({ directory });
    const consumed = (await (await fetch(`${second.ready.api}/consume`)).json()) as {
      messages_read: string[];
    };
    assert.equal(consumed.messages_read.length, 5);
    assert.equal((await second.end('SIGINT')).exitCode, 0);
  });

  it('keeps what was acknowledged over kill -9', async () => {
    const first = await startMillrace({ directory, words: ['--home', 'killed'] });
    for (let round = 0; round < 3; round++)
      assert.equal((await fetch(`${first.ready.api}/produce`, { method: 'POST' })).status, 200);
    await first.end('SIGKILL');
    const second = await startMillrace({ directory, words: ['--home', 'killed'] });
    const consumed = (await (await fetch(`${second.ready.api}/consume`)).json()) as {
      messages_read: string[];
    };
    assert.equal(consumed.messages_read.length, 15);
    await second.end('SIGTERM');
  });

  it('names the port in use, its holder and the option', async () => {
    const server = createServer();
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    for (const [flag, name] of [
      ['--port', 'broker'],
      ['--http-port', 'console'],
      ['--api-port', 'api'],
    ] as const) {
      const others = ['--port', '--http-port', '--api-port']
        .filter(other => other !== flag)
        .flatMap(other => [other, '0']);
      const { exitCode, stderr } = await run(
        ['up', '--home', `busy-${name}`, ...others, flag, String(port)],
        { directory },
      );
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, new RegExp(`Port ${port} \\(${name}\\) is in use`));
      assert.match(stderr, new RegExp(`${flag} NUMBER`));
      if (process.platform === 'linux') assert.match(stderr, new RegExp(`by process ${process.pid} `));
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack trace');
    }
    await new Promise(done => server.close(done));
  });

  it('refuses a directory that another process has, one of another cluster, and one that is newer', async () => {
    const first = await startMillrace({ directory, words: ['--home', 'shared'] });
    const ports = ['--port', '0', '--http-port', '0', '--api-port', '0'];
    const locked = await run(['up', '--home', 'shared', ...ports], { directory });
    assert.equal(locked.exitCode, 1);
    assert.match(locked.stderr, new RegExp(`${first.ready.pid}`), 'names the process that has it');
    await first.end('SIGTERM');

    const other = await run(['up', '--home', 'shared', '--cluster-id', 'MkU3OEVBNTcwNTJENDM2Qk', ...ports], {
      directory,
    });
    assert.equal(other.exitCode, 1);
    assert.match(other.stderr, /MkU3OEVBNTcwNTJENDM2Qk/);
    assert.match(other.stderr, /Y-t_TjR9Q3GFuYt28wDq8A/);

    const metaProperties = join(directory, 'shared/kafka/meta.properties');
    const before = readFileSync(metaProperties, 'utf8');
    writeFileSync(metaProperties, before.replace('version=1', 'version=9'));
    const newer = await run(['up', '--home', 'shared', ...ports], { directory });
    assert.equal(newer.exitCode, 1);
    assert.match(newer.stderr, /version/);
    writeFileSync(metaProperties, before);
    const again = await startMillrace({ directory, words: ['--home', 'shared'] });
    assert.equal((await again.end('SIGTERM')).exitCode, 0, 'nothing was damaged');
  });

  it('says so when the data directory cannot be written', {
    skip: process.getuid?.() === 0 && !existsSync('/proc/self'),
  }, async () => {
    const blocked = join(directory, 'blocked');
    writeFileSync(blocked, 'a file where the directory should be');
    const file = await run(['up', '--data', blocked, '--port', '0', '--http-port', '0', '--api-port', '0'], {
      directory,
    });
    assert.equal(file.exitCode, 1);
    assert.match(file.stderr, new RegExp(blocked));
    assert.doesNotMatch(file.stderr, /\n\s+at /, 'no stack trace');
    if (process.getuid?.() === 0) return;
    const readOnly = join(directory, 'read-only');
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o500);
    const refused = await run(
      ['up', '--data', readOnly, '--port', '0', '--http-port', '0', '--api-port', '0'],
      { directory },
    );
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /read-only/);
  });
});
