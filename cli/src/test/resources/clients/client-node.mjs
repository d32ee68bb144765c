// The official JavaScript client: list, watch, create, exec, apply. Says "ok STEP" for every step.
import { PassThrough } from 'node:stream';
import * as k8s from '@kubernetes/client-node';

const [pod] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const namespace = 'default';

function done(step) {
  console.log(`ok ${step}`);
}

const pods = await core.listNamespacedPod({ namespace });
if (!pods.items.some((one) => one.metadata.name === pod)) {
  throw new Error(`no pod ${pod} among ${pods.items.map((one) => one.metadata.name)}`);
}
done('list');

let seen;
const added = new Promise((resolve) => { seen = resolve; });
const watch = await new k8s.Watch(config).watch(
  `/api/v1/namespaces/${namespace}/configmaps`,
  { labelSelector: 'by=node' },
  (type, object) => { if (type === 'ADDED') seen(object.data.a); },
  () => {},
);
await core.createNamespacedConfigMap({
  namespace,
  body: { metadata: { name: 'node', labels: { by: 'node' } }, data: { a: '1' } },
});
done('create');
if ((await added) !== '1') throw new Error('the watch shows something else');
watch.abort();
done('watch');

const applied = await k8s.KubernetesObjectApi.makeApiClient(config).patch(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'node', namespace }, data: { b: '2' } },
  undefined, undefined, 'node-test', true, k8s.PatchStrategy.ServerSideApply,
);
if (applied.data.a !== '1' || applied.data.b !== '2') throw new Error(JSON.stringify(applied.data));
done('apply');

const out = new PassThrough();
let text = '';
out.on('data', (chunk) => { text += chunk; });
const status = await new Promise((resolve, reject) => {
  new k8s.Exec(config)
    .exec(namespace, pod, 'shell', ['echo', 'from node'], out, out, null, false, resolve)
    .catch(reject);
});
if (status.status !== 'Success' || text !== 'from node\n') throw new Error(JSON.stringify({ status, text }));
done('exec');

await core.deleteNamespacedConfigMap({ name: 'node', namespace });
done('delete');
process.exit(0);
