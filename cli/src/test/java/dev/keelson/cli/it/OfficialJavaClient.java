package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.Exec;
import io.kubernetes.client.PodLogs;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The official Java client: objects, informers, patches, logs and processes. */
final class OfficialJavaClient {
    private static final String NAMESPACE = "default";

    private final ApiClient client;
    private final CoreV1Api core;

    OfficialJavaClient(Cluster cluster) {
        try {
            client = Config.fromConfig(cluster.directory().resolve("kubeconfig").toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        client.setReadTimeout(0);
        core = new CoreV1Api(client);
    }

    void writesAndFollowsObjects() throws ApiException {
        SharedInformerFactory factory = new SharedInformerFactory(client);
        SharedIndexInformer<V1ConfigMap> informer = factory.sharedIndexInformerFor(
                (CallGeneratorParams parameters) -> core.listNamespacedConfigMap(NAMESPACE)
                        .resourceVersion(parameters.resourceVersion)
                        .timeoutSeconds(parameters.timeoutSeconds)
                        .watch(parameters.watch)
                        .labelSelector("by=java")
                        .buildCall(null),
                V1ConfigMap.class,
                V1ConfigMapList.class);
        List<String> seen = new CopyOnWriteArrayList<>();
        informer.addEventHandler(new Recorder(seen));
        factory.startAllRegisteredInformers();
        try {
            core.createNamespacedConfigMap(
                            NAMESPACE,
                            new V1ConfigMap()
                                    .metadata(new V1ObjectMeta().name("java").labels(Map.of("by", "java")))
                                    .data(Map.of("a", "1")))
                    .execute();
            Shell.await("the informer sees the object", Duration.ofSeconds(20), () -> seen.contains("added 1"));
            patch(V1Patch.PATCH_FORMAT_JSON_PATCH, "[{\"op\":\"replace\",\"path\":\"/data/a\",\"value\":\"2\"}]");
            patch(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, "{\"data\":{\"a\":\"3\"}}");
            patch(
                    V1Patch.PATCH_FORMAT_APPLY_YAML,
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"java\"},\"data\":{\"a\":\"4\"}}");
            V1ConfigMap newest = core.readNamespacedConfigMap("java", NAMESPACE).execute();
            core.replaceNamespacedConfigMap("java", NAMESPACE, newest.data(Map.of("a", "5")))
                    .execute();
            Shell.await("the informer sees the changes", Duration.ofSeconds(20), () -> seen.contains("updated 5"));
            core.deleteNamespacedConfigMap("java", NAMESPACE).execute();
            Shell.await("the informer sees the end", Duration.ofSeconds(20), () -> seen.contains("deleted 5"));
            assertThatThrownBy(() ->
                            core.readNamespacedConfigMap("java", NAMESPACE).execute())
                    .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getCode())
                            .isEqualTo(404));
        } finally {
            factory.stopAllRegisteredInformers(false);
        }
    }

    private void patch(String format, String patch) throws ApiException {
        PatchUtils.patch(
                V1ConfigMap.class,
                () -> {
                    var call = core.patchNamespacedConfigMap("java", NAMESPACE, new V1Patch(patch))
                            .fieldManager("java");
                    return (format.equals(V1Patch.PATCH_FORMAT_APPLY_YAML) ? call.force(true) : call).buildCall(null);
                },
                format,
                client);
    }

    private record Recorder(List<String> seen) implements ResourceEventHandler<V1ConfigMap> {
        @Override
        public void onAdd(V1ConfigMap object) {
            seen.add("added " + object.getData().get("a"));
        }

        @Override
        public void onUpdate(V1ConfigMap before, V1ConfigMap after) {
            seen.add("updated " + after.getData().get("a"));
        }

        @Override
        public void onDelete(V1ConfigMap last, boolean unknown) {
            seen.add("deleted " + last.getData().get("a"));
        }
    }

    /** @param pod whose log begins with the line */
    void readsLogsAndRunsProcesses(String pod, String line) throws Exception {
        try (BufferedReader log = new BufferedReader(new InputStreamReader(
                new PodLogs(client).streamNamespacedPodLog(NAMESPACE, pod, null), StandardCharsets.UTF_8))) {
            assertThat(log.readLine()).isEqualTo(line);
        }
        Process process = new Exec(client).exec(NAMESPACE, pod, new String[] {"sh", "-c", "cat; exit 3"}, true, false);
        try (var in = process.getOutputStream()) {
            in.write("through java\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            byte[] out = process.getInputStream().readNBytes("through java\n".length());
            assertThat(new String(out, StandardCharsets.UTF_8)).isEqualTo("through java\n");
        } finally {
            process.destroy();
        }
        Process ended = new Exec(client).exec(NAMESPACE, pod, new String[] {"sh", "-c", "exit 3"}, false, false);
        assertThat(ended.waitFor()).isEqualTo(3);
    }
}
