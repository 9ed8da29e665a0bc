// Apache Kafka itself, from its Maven jars: one KRaft node on loopback, in a fresh directory, ended by its own pid.
// The conformance run and the benches start it beside Millrace; nothing of it is part of the product.

import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';

const run = promisify(execFile);

const here = resolve(fileURLToPath(import.meta.url), '..');
/** Where the jars of a release are named. */
const PROJECTS = { '4.3.1': join(here, 'java'), '4.0.1': join(here, 'kafka-4.0') } as const;
export type KafkaRelease = keyof typeof PROJECTS;
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
/** The level that Millrace gives a new directory, so that both are compared with the same features. */
const DEFAULT_RELEASE_VERSION = '4.0';
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;
/** Nothing here lives long enough for the second compiler: a start takes half the time, and a third of the processor's. */
export const SHORT_LIVED_JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'] as const;
/** The probed port was taken before Java bound it. */
const PORT_TAKEN = /Address already in use|java\.net\.BindException/;

/** Why Apache Kafka cannot run here, or null when it can. */
export function missingJavaToolchain(): string | null {
  for (const tool of ['java', 'mvn']) {
    if (spawnSync(tool, ['-version'], { stdio: 'ignore' }).status !== 0) return `${tool} is not installed`;
  }
  return null;
}

const classPaths = new Map<string, string>();

/** Fetches the jars and compiles the Java client's program, once. Returns the class path. */
export function javaClassPath(release: KafkaRelease = '4.3.1'): string {
  return mavenClassPath(PROJECTS[release]);
}

/** The same for any folder with a pom.xml. */
export function mavenClassPath(javaProject: string): string {
  const known = classPaths.get(javaProject) ?? makeClassPath(javaProject);
  classPaths.set(javaProject, known);
  return known;
}

/** Maven is asked only when the project is another than it was asked for last. */
function makeClassPath(javaProject: string): string {
  const pathFile = join(javaProject, 'target/classpath.txt');
  const noteFile = join(javaProject, 'target/made-from.txt');
  const pom = join(javaProject, 'pom.xml');
  const state = stateOf(javaProject);
  if (!existsSync(noteFile) || readFileSync(noteFile, 'utf8') !== state) {
    mkdirSync(join(javaProject, 'target'), { recursive: true });
    execFileSync(
      'mvn',
      [
        '-q',
        '-B',
        '-f',
        pom,
        'dependency:build-classpath',
        'compile',
        '-Dmdep.outputFile=target/classpath.txt',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    writeFileSync(noteFile, state);
  }
  return `${join(javaProject, 'target/classes')}:${readFileSync(pathFile, 'utf8').trim()}`;
}

function stateOf(javaProject: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(javaProject, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names.filter(name => !name.startsWith('target') && !name.startsWith('bin'))) {
    const path = join(javaProject, name);
    if (statSync(path).isFile()) hash.update(name).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

export interface ReferenceOptions {
  /** A directory to keep, else a fresh one that goes with the node. */
  readonly directory?: string;
  readonly release?: KafkaRelease;
  /** A new directory of kraft.version 0: its voters stand in the properties, as in Apache Kafka's own image. */
  readonly hasStaticVoters?: boolean;
  readonly port?: number;
  readonly properties?: Readonly<Record<string, string>>;
  readonly heap?: string;
  /** More words for the Java that runs it. */
  readonly jvm?: readonly string[];
  /** How fast it is will be told: Java compiles as it does by default. */
  readonly isMeasured?: boolean;
  /** metadata.version of a new directory, by the release that has it. */
  readonly releaseVersion?: string;
  /** Called when the process has been started: where a stop-watch begins. */
  readonly onSpawn?: (pid: number) => void;
  /** When it counts as started; by default once it says so. */
  readonly ready?: () => Promise<boolean>;
  /** How long it may take; a node that was killed with many partitions needs minutes. */
  readonly startTimeoutMs?: number;
}

export interface ReferenceNode {
  readonly bootstrapServers: string;
  readonly directory: string;
  readonly pid: number;
  readonly log: () => string;
  stop(): Promise<void>;
}

export async function startReference(options: ReferenceOptions = {}): Promise<ReferenceNode> {
  const classPath = javaClassPath(options.release);
  const work = mkdtempSync(join(tmpdir(), 'apache-kafka-'));
  const directory = options.directory ?? join(work, 'data');
  for (let isLastTry = options.port !== undefined; ; isLastTry = true) {
    try {
      return await startOnce({ options, classPath, work, directory });
    } catch (error) {
      if (isLastTry || !PORT_TAKEN.test(String(error))) {
        rmSync(work, { recursive: true, force: true });
        throw error;
      }
    }
  }
}

interface Start {
  readonly options: ReferenceOptions;
  readonly classPath: string;
  readonly work: string;
  readonly directory: string;
}

async function startOnce({ options, classPath, work, directory }: Start): Promise<ReferenceNode> {
  const port = options.port ?? (await freePort());
  const properties = join(work, 'server.properties');
  const controllerPort = await freePort();
  const quorum = options.hasStaticVoters
    ? { 'controller.quorum.voters': `1@127.0.0.1:${controllerPort}` }
    : { 'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}` };
  const settings = { ...defaults(port, controllerPort, directory), ...quorum, ...options.properties };
  writeFileSync(
    properties,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  if (!existsSync(join(directory, 'meta.properties'))) await format(classPath, properties, options);
  const words = [
    `-Xmx${options.heap ?? '1g'}`,
    ...(options.isMeasured ? [] : SHORT_LIVED_JVM),
    ...(options.jvm ?? []),
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=info',
    '-cp',
    classPath,
    'kafka.Kafka',
    properties,
  ];
  const child = spawn('java', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  options.onSpawn?.(child.pid!);
  const output: string[] = [];
  child.stdout.on('data', chunk => output.push(String(chunk)));
  child.stderr.on('data', chunk => output.push(String(chunk)));
  const saysStarted = async () => output.join('').includes('Kafka Server started');
  await whenReady(child, options.ready ?? saysStarted, {
    output,
    timeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
  });
  return {
    bootstrapServers: `127.0.0.1:${port}`,
    directory,
    pid: child.pid!,
    log: () => output.join(''),
    stop: async () => {
      await end(child);
      rmSync(work, { recursive: true, force: true });
    },
  };
}

async function format(classPath: string, properties: string, options: ReferenceOptions): Promise<void> {
  await run('java', [
    ...SHORT_LIVED_JVM,
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    ...(options.hasStaticVoters ? [] : ['--standalone']),
    '--release-version',
    options.releaseVersion ?? DEFAULT_RELEASE_VERSION,
    '-t',
    CLUSTER_ID,
    '-c',
    properties,
  ]);
}

function defaults(port: number, controllerPort: number, directory: string): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': directory,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}

/** Waits until the node is ready, or the process has ended. */
async function whenReady(
  child: ChildProcess,
  ready: () => Promise<boolean>,
  { output, timeoutMs }: { output: readonly string[]; timeoutMs: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await ready()) return;
    await new Promise(done => setTimeout(done, 5));
  }
  await end(child, 'SIGKILL');
  throw new Error(`Apache Kafka did not start:\n${output.join('').slice(-4000)}`);
}

function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  return new Promise(done => {
    child.on('exit', () => {
      clearTimeout(hard);
      done();
    });
    child.kill(signal);
  });
}
