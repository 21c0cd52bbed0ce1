// The shapes of the manifests that deploy/ ships: which keys there may be, and which there must be, after the interfaces of
// Kubernetes (apps/v1, v1, policy/v1, networking.k8s.io/v1) and of the Compose specification. Only what we use is known here,
// so that a key that is spelt wrong is found without a cluster.

/** A kind of value, several of them, a list, or an object: its keys end with `!` where they must be there; `*` is any key. */
export type Shape = 'string' | 'number' | 'boolean' | Any | Shape[] | { [key: string]: Shape };

class Any {
  constructor(readonly shapes: Shape[]) {}
}

const text = 'string' as const;
const number = 'number' as const;
const flag = 'boolean' as const;
const names = { '*': text };
const texts: Shape[] = [text];

const any = (...shapes: Shape[]) => new Any(shapes);
const port = any(text, number);
const metadata = { 'name!': text, labels: names };
const selector = { 'matchLabels!': names };
const memoryAndCpu = { cpu: any(text, number), memory: text, storage: text };

const keyOf = { 'name!': text, 'key!': text };

const probe = {
  httpGet: { 'path!': text, 'port!': port },
  tcpSocket: { 'port!': port },
  exec: { 'command!': texts },
  periodSeconds: number,
  timeoutSeconds: number,
  failureThreshold: number,
};

const container = {
  'name!': text,
  'image!': text,
  command: texts,
  args: texts,
  env: [{ 'name!': text, value: text, valueFrom: { configMapKeyRef: keyOf, secretKeyRef: keyOf } }],
  ports: [{ 'name!': text, 'containerPort!': number }],
  startupProbe: probe,
  'readinessProbe!': probe,
  'livenessProbe!': probe,
  lifecycle: { preStop: { exec: { 'command!': texts } } },
  'resources!': { 'requests!': memoryAndCpu, 'limits!': memoryAndCpu },
  'securityContext!': {
    'allowPrivilegeEscalation!': flag,
    'readOnlyRootFilesystem!': flag,
    'capabilities!': { 'drop!': texts, add: texts },
  },
  volumeMounts: [{ 'name!': text, 'mountPath!': text, subPath: text, readOnly: flag }],
};

const pod = {
  'metadata!': { 'labels!': names },
  'spec!': {
    automountServiceAccountToken: flag,
    enableServiceLinks: flag,
    terminationGracePeriodSeconds: number,
    securityContext: {
      runAsNonRoot: flag,
      runAsUser: number,
      runAsGroup: number,
      fsGroup: number,
      fsGroupChangePolicy: text,
      seccompProfile: { 'type!': text },
    },
    topologySpreadConstraints: [
      { 'maxSkew!': number, 'topologyKey!': text, 'whenUnsatisfiable!': text, 'labelSelector!': selector },
    ],
    'containers!': [container],
    volumes: [
      {
        'name!': text,
        configMap: { 'name!': text },
        secret: { 'secretName!': text, items: [{ 'key!': text, 'path!': text }] },
        emptyDir: { medium: text, sizeLimit: text },
      },
    ],
  },
};

const claim = {
  'metadata!': metadata,
  'spec!': { 'accessModes!': texts, 'resources!': { 'requests!': memoryAndCpu } },
};

interface Kind {
  apiVersion: string;
  shape: Shape;
}

const kind = (apiVersion: string, spec: Shape): Kind => ({
  apiVersion,
  shape: { 'apiVersion!': text, 'kind!': text, 'metadata!': metadata, 'spec!': spec },
});

/** By the names of Kubernetes. */
export const KINDS: Record<string, Kind> = {
  StatefulSet: kind('apps/v1', {
    'serviceName!': text,
    'replicas!': number,
    podManagementPolicy: text,
    'selector!': selector,
    'template!': pod,
    'volumeClaimTemplates!': [claim],
  }),
  Deployment: kind('apps/v1', { 'replicas!': number, 'selector!': selector, 'template!': pod }),
  Service: kind('v1', {
    type: text,
    clusterIP: text,
    'selector!': names,
    'ports!': [{ 'name!': text, 'port!': number, 'targetPort!': port, protocol: text }],
  }),
  PodDisruptionBudget: kind('policy/v1', { 'maxUnavailable!': number, 'selector!': selector }),
  NetworkPolicy: kind('networking.k8s.io/v1', {
    'podSelector!': selector,
    'policyTypes!': texts,
    'ingress!': [{ 'from!': [{ 'podSelector!': selector }], 'ports!': [{ 'protocol!': text, 'port!': number }] }],
  }),
};

const service = {
  build: { 'context!': text, 'dockerfile!': text },
  'image!': text,
  command: texts,
  hostname: text,
  environment: names,
  'restart!': text,
  stop_grace_period: text,
  depends_on: any(texts, { '*': { 'condition!': text } }),
  'networks!': texts,
  user: text,
  'read_only!': flag,
  'cap_drop!': texts,
  cap_add: texts,
  'security_opt!': texts,
  ulimits: { nofile: number, core: number },
  mem_limit: text,
  memswap_limit: text,
  tmpfs: texts,
  ports: texts,
  volumes: texts,
  healthcheck: { 'test!': texts, interval: text, timeout: text, retries: number, start_period: text },
};

export const COMPOSE: Shape = {
  'name!': text,
  'x-server': service,
  'services!': { '*': service },
  'networks!': { '*': { internal: flag } },
  'volumes!': { '*': {} },
};

/** What of a value does not fit a shape, each as a path and a reason. */
export function faults(value: unknown, shape: Shape, path = ''): string[] {
  if (typeof shape === 'string') {
    const fits = shape === 'number' ? Number.isInteger(value) : typeof value === shape;
    return fits ? [] : [`${path} is no ${shape}`];
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value) || value.length === 0) return [`${path} is no list`];
    return value.flatMap((each, at) => faults(each, shape[0], `${path}[${at}]`));
  }
  if (shape instanceof Any) {
    const tried = shape.shapes.map((each) => faults(value, each, path));
    return tried.some((found) => found.length === 0) ? [] : tried[0];
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [`${path} is no object`];
  const known = (key: string): Shape | undefined => shape[key] ?? shape[`${key}!`] ?? shape['*'];
  const missing = Object.keys(shape)
    .filter((key) => key.endsWith('!') && !(key.slice(0, -1) in value))
    .map((key) => `${path}.${key.slice(0, -1)} is missing`);
  const inside = Object.entries(value).flatMap(([key, each]) => {
    const inner = known(key);
    return inner === undefined ? [`${path}.${key} is not known`] : faults(each, inner, `${path}.${key}`);
  });
  return [...missing, ...inside];
}
