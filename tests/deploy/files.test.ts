// The other files of deploy/: read by the tools that they are for, and held to what the service needs of them.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { parse, parseAllDocuments } from 'yaml';
import { freePort } from '../processes.ts';
import { replaced, shipped, soon } from './proxy.ts';
import { COMPOSE, faults, KINDS } from './shapes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const routes = async () =>
  [...(await readFile(join(root, 'server/src/edge/http.rs'), 'utf8')).matchAll(/route\("([^"]+)"/g)].map(
    (found) => found[1],
  );
const clone = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Runs something in a directory that is removed afterwards. */
async function inDirectory(work: (directory: string) => unknown): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'pingyi-deploy-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface ComposeService {
  read_only: boolean;
  cap_drop: string[];
  restart: string;
  ports?: string[];
}

test('o48 the compose file has known keys; two servers, each with a directory of its own, and a Redis without a way out', async () => {
  const compose = parse(await shipped('compose.yaml'), { merge: true });
  assert.deepEqual(faults(compose, COMPOSE), []);
  const { 'pingyi-0': first, 'pingyi-1': second, redis, proxy } = compose.services;
  assert.deepEqual([first.volumes, second.volumes], [['pingyi-0:/data'], ['pingyi-1:/data']]);
  assert.deepEqual(redis.networks, ['back']);
  assert.equal(compose.networks.back.internal, true);
  assert.deepEqual(proxy.networks, ['front'], 'the proxy cannot reach Redis');
  for (const [name, service] of Object.entries<ComposeService>(compose.services)) {
    assert.ok(service.read_only && service.cap_drop.includes('ALL') && service.restart === 'unless-stopped', name);
    assert.equal(Boolean(service.ports), name === 'proxy', `${name} is open to the outside`);
  }
  assert.ok(first.command.includes('--redis=redis://redis:6379'));
  assert.match(first.healthcheck.test.at(-1), /GET \/readyz /);
  // The control: what is spelt wrong is found.
  const wrong = clone(compose);
  wrong.services.redis.readonly = true;
  delete wrong.services.proxy.restart;
  assert.deepEqual(faults(wrong, COMPOSE), ['.services.redis.readonly is not known', '.services.proxy.restart is missing']);
});

/** A manifest, as far as its kind does not matter here; its own parts are held to their shapes by `faults`. */
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  // biome-ignore lint/suspicious/noExplicitAny: what is in it depends on the kind, and a wrong name fails its test
  spec: any;
}

type Labels = Record<string, string>;

interface Named {
  name: string;
}

async function manifests(): Promise<Manifest[]> {
  const documents = parseAllDocuments(await shipped('kubernetes.yaml'));
  for (const document of documents) assert.deepEqual(document.errors, []);
  return documents.map((document) => document.toJS());
}

test('o49 the manifests have known keys, and what they name is there', async () => {
  const all = await manifests();
  for (const each of all) {
    const known = KINDS[each.kind];
    assert.ok(known, `${each.kind} is not known`);
    assert.equal(each.apiVersion, known.apiVersion, each.kind);
    assert.deepEqual(faults(each, known.shape, `${each.kind} ${each.metadata.name}`), []);
  }
  const wrong = clone(all[0]);
  wrong.spec.template.spec.containers[0].readynessProbe = {};
  assert.equal(faults(wrong, KINDS.StatefulSet.shape).length, 1, 'the control: what is spelt wrong is found');

  const workloads = all.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
  const labelsOf = ({ spec }: Manifest): Labels => spec.template.metadata.labels;
  const isIn = (some: Labels, of: Labels) => Object.entries(some).every(([key, value]) => of[key] === value);
  const podName = 'statefulset.kubernetes.io/pod-name';
  for (const { kind, metadata, spec } of all) {
    const selected = kind === 'Service' ? spec.selector : (spec.selector ?? spec.podSelector).matchLabels;
    if (selected[podName]) {
      assert.equal(selected[podName], metadata.name, 'the address of a server leads to it');
      continue;
    }
    assert.ok(
      workloads.some((workload) => isIn(selected, labelsOf(workload))),
      `${kind} ${metadata.name} selects nothing`,
    );
  }
  const known = await routes();
  const generated = parse(await shipped('kustomization.yaml')).configMapGenerator.map(({ name }: Named) => name);
  for (const { spec, metadata } of workloads) {
    const { containers, volumes = [] } = spec.template.spec;
    const mounted = [
      ...volumes,
      ...(spec.volumeClaimTemplates ?? []).map((claim: { metadata: Named }) => claim.metadata),
    ].map(({ name }: Named) => name);
    for (const container of containers) {
      const ports = (container.ports ?? []).map(({ name }: Named) => name);
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe].filter(Boolean)) {
        const asked = probe.httpGet ?? probe.tcpSocket;
        if (asked) assert.ok(ports.includes(asked.port), `${metadata.name} probes ${asked.port}`);
        if (probe.httpGet) assert.ok(known.includes(probe.httpGet.path), `no route ${probe.httpGet.path}`);
      }
      for (const { name } of container.volumeMounts) assert.ok(mounted.includes(name), `no volume ${name}`);
    }
    const named = volumes.flatMap(({ configMap }: { configMap?: Named }) => (configMap ? [configMap.name] : []));
    for (const name of named) assert.ok(generated.includes(name), `no configuration ${name}`);
  }
});

test('o50 a server keeps its directory in a cluster, is alive without Redis and ready with it, and one goes at a time', async () => {
  const all = await manifests();
  const find = (kind: string, name: string): Manifest => {
    const found = all.find((each) => each.kind === kind && each.metadata.name === name);
    assert.ok(found, `no ${kind} ${name}`);
    return found;
  };
  const { spec } = find('StatefulSet', 'pingyi');
  const [container] = spec.template.spec.containers;
  assert.equal(spec.replicas, 2);
  assert.equal(spec.volumeClaimTemplates[0].metadata.name, container.volumeMounts[0].name);
  assert.ok(container.args.includes(`--data=${container.volumeMounts[0].mountPath}`));
  assert.equal(container.readinessProbe.httpGet.path, '/readyz');
  assert.equal(container.livenessProbe.httpGet.path, '/healthz');
  assert.equal(find('PodDisruptionBudget', 'pingyi').spec.maxUnavailable, 1);
  // Every server has an address that the proxy knows.
  const proxied = [...(await shipped('nginx.conf')).matchAll(/server (pingyi-\d+):8080/g)].map((found) => found[1]);
  assert.deepEqual(proxied, ['pingyi-0', 'pingyi-1']);
  for (const name of proxied) assert.equal(find('Service', name).spec.ports[0].port, 8080);
  assert.equal(proxied.length, spec.replicas);
});

/** Starts a process on a configuration, asks it, ends it. */
async function asked(
  mode: string[],
  configuration: (other: number, port: number) => string,
  commands: (cli: (...command: string[]) => string) => unknown,
): Promise<void> {
  await inDirectory(async (directory) => {
    const port = await freePort();
    const file = join(directory, 'node.conf');
    await writeFile(file, configuration(await freePort(), port));
    const child = spawn('redis-server', [file, ...mode, '--dir', directory], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (more) => {
      said += more;
    });
    const cli = (...command: string[]) =>
      spawnSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' }).stdout.trim();
    try {
      await soon('Redis to answer', () => {
        assert.equal(child.exitCode, null, said);
        return cli('ping') === 'PONG';
      });
      await commands(cli);
    } finally {
      child.kill('SIGKILL');
    }
  });
}

test('o51 Redis starts with its configuration and keeps neither order nor times', async () => {
  const text = await shipped('redis.conf');
  const on = (_: number, port: number) =>
    replaced(replaced(text, 'port 6379', `port ${port}`), 'bind * -::*', 'bind 127.0.0.1');
  await asked([], on, (cli) => {
    const set = (name: string) => cli('config', 'get', name).split('\n')[1] ?? '';
    assert.equal(set('appendonly'), 'no');
    assert.equal(set('maxmemory-policy'), 'noeviction');
    assert.equal(set('save'), '60 1');
    assert.equal(set('slowlog-log-slower-than'), '-1');
    assert.equal(set('latency-monitor-threshold'), '0');
    assert.equal(set('latency-tracking'), 'no');
    assert.equal(set('notify-keyspace-events'), '');
    assert.equal(set('stop-writes-on-bgsave-error'), 'no');
    // What would be in a slow log is not.
    cli('eval', 'for i = 1, 300000 do redis.call("zadd", "k", 0, i) end', '0');
    assert.equal(cli('slowlog', 'len'), '0');
    assert.equal(cli('latency', 'latest'), '');
    assert.match(cli('info', 'latencystats'), /^# Latencystats$/);
  });
});

test('o52 Sentinel starts with its configuration and watches the primary that it names', async () => {
  const text = await shipped('sentinel.conf');
  const on = (primary: number, port: number) =>
    replaced(
      replaced(text, 'port 26379', `port ${port}`),
      'monitor pingyi redis-0.example.invalid 6379',
      `monitor pingyi 127.0.0.1 ${primary}`,
    );
  await asked(['--sentinel'], on, (cli) => {
    const [host] = cli('sentinel', 'get-master-addr-by-name', 'pingyi').split('\n');
    assert.equal(host, '127.0.0.1');
    const fields = cli('sentinel', 'master', 'pingyi').split('\n');
    const field = (name: string) => fields[fields.indexOf(name) + 1];
    assert.deepEqual([field('quorum'), field('down-after-milliseconds')], ['2', '3000']);
  });
});

test('o53 systemd takes the unit, which leaves the service little to do harm with', async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, 'pingyi.service');
    const unit = await shipped('pingyi.service');
    await writeFile(file, replaced(unit, 'ExecStart=/usr/bin/pingyi', `ExecStart=${process.execPath}`));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    // A machine of a test may have no running systemd; what it says of other units is not about this one.
    const about = `${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes('pingyi.service'));
    assert.deepEqual(about, []);
    const checks = ['security', '--offline=true', '--threshold=15', '--no-pager', file];
    const secure = spawnSync('systemd-analyze', checks, { encoding: 'utf8' });
    assert.equal(secure.status, 0, secure.stdout + secure.stderr);
    // The control: a unit with an unknown setting is told.
    await writeFile(file, replaced(unit, 'ProtectHome=yes', 'ProtectHouse=yes'));
    assert.match(spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' }).stderr, /ProtectHouse/);
  });
});

test('o54 the container is built from what is there and holds one binary of a user who is not root', async () => {
  const lines = (await shipped('Containerfile')).split('\n').filter((line) => /^[A-Z]+ /.test(line));
  const copied = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .map((line) => line.split(' ').slice(1, -1));
  const sources = copied.flat();
  const users = lines.filter((line) => line.startsWith('USER '));
  assert.deepEqual(users, ['USER 10001:10001']);
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  assert.deepEqual(
    last.filter((line) => line.includes('--from')),
    ['COPY --from=build /src/target/dist/pingyi /usr/bin/pingyi'],
  );
  // Each source is let through, and cargo finds all that it reads of the project among them.
  const allowed = (await shipped('Containerfile.dockerignore')).split('\n').filter((line) => line.startsWith('!'));
  assert.deepEqual([...sources].sort(), allowed.map((line) => line.slice(1)).sort());
  await inDirectory(async (directory) => {
    const isSource = (path: string) => !/node_modules|\/dist$|\/target$/.test(path);
    for (const source of sources)
      await cp(join(root, source), join(directory, source), { recursive: true, filter: isSource });
    const metadata = spawnSync('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1'], {
      cwd: directory,
      encoding: 'utf8',
    });
    assert.equal(metadata.status, 0, metadata.stderr);
  });
  const included = await readFile(join(root, 'server/src/command.rs'), 'utf8');
  for (const [, path] of included.matchAll(/include_str!\("\.\.\/\.\.\/([a-z-]+)\//g))
    assert.ok(sources.includes(path), path);
});
