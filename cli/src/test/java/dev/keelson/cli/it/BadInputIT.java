package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bad and hostile input: every refusal says what and where, and everything else keeps running. */
class BadInputIT {
    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.withBusybox();
    }

    @AfterEach
    void everythingElseStillRuns() {
        assertThat(cluster.keelson("status").code()).isZero();
    }

    @Test
    void unknownFieldsWrongTypesAndBadNamesAreNamed() {
        assertThat(
                        refused(
                                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containerz: [], containers: [{name: c, image: i}]}}"))
                .contains("spec.containerz");
        assertThat(refused("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: many}}"))
                .contains("replicas");
        assertThat(refused("{apiVersion: v1, kind: ConfigMap, metadata: {name: Not_A_Name}}"))
                .contains("metadata.name", "RFC 1123");
        assertThat(refused("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, labels: {a: 'not ok!'}}}"))
                .contains("metadata.labels");
        assertThat(refused("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: {b: c}}}"))
                .contains("data");
    }

    @Test
    void staleWriteIsRefused() {
        cluster.kubectl("create", "configmap", "raced", "--from-literal=a=1").ok();
        String old = cluster.kubectl("get", "configmap", "raced", "-o", "json").ok();
        cluster.kubectl("patch", "configmap", "raced", "-p", "{\"data\":{\"a\":\"2\"}}")
                .ok();
        assertThat(cluster.kubectlWith(old, "replace", "-f", "-").failed()).contains("the object has been modified");
    }

    @Test
    void bodiesOfAnySizeDepthAndShapeGetAnAnswer() {
        String deep = "[".repeat(100_000);
        String aliases = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n".repeat(1)
                + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
        assertThat(post("application/json", deep)).startsWith("400");
        assertThat(post("application/json", "{\"kind\":\"ConfigMap\",\"kind\":"))
                .startsWith("400");
        assertThat(post("application/yaml", aliases)).startsWith("4");
        assertThat(post("application/json", " ".repeat(10 << 20))).startsWith("413");
        assertThat(post("application/vnd.kubernetes.protobuf", "k8s\0garbage")).startsWith("400");
        assertThat(post("text/plain", "hello")).startsWith("415");
    }

    @Test
    void missingImageCommandAndVolumeAreExplained() {
        apply(pod("noimage", "image: 127.0.0.1:1/nope:1", ""));
        apply(pod("nocommand", "image: keelson.dev/test/busybox:1, command: [/no/such]", ""));
        apply(pod(
                "novolume",
                "image: keelson.dev/test/busybox:1, volumeMounts: [{name: v, mountPath: /v}]",
                "volumes: [{name: v, configMap: {name: missing}}]"));
        said("noimage", "127.0.0.1:1/nope:1");
        said("nocommand", "/no/such");
        said("novolume", "configmap \"missing\" not found");
        cluster.kubectl("delete", "pods", "noimage", "nocommand", "novolume", "--timeout=60s")
                .ok();
    }

    @Test
    void brokenArchiveIsRefused() throws IOException {
        Path file = Files.createTempFile("broken", ".tar");
        try {
            Files.writeString(file, "this is no archive");
            assertThat(cluster.keelson("image", "load", file.toString()).failed())
                    .contains("archive");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void commandLineErrorsTellTheRemedy() {
        assertThat(cluster.keelson("get", "unicorns").failed()).contains("unicorns");
        assertThat(cluster.keelson("apply", "-f", "/no/such.yaml").failed()).contains("does not exist");
        assertThat(cluster.keelson("up", "--cluster", "other").failed()).contains("--data-dir");
    }

    private static String refused(String yaml) {
        return cluster.kubectlWith("---\n" + yaml, "apply", "-f", "-").failed();
    }

    private static void apply(String yaml) {
        cluster.kubectlWith(yaml, "apply", "-f", "-").ok();
    }

    private static void said(String pod, String words) {
        Shell.await(
                pod + " has an event with " + words,
                Duration.ofSeconds(30),
                () -> cluster.kubectl("describe", "pod", pod).out().contains(words));
    }

    private static String pod(String name, String container, String more) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - {name: c, %s}
                  %s
                """.formatted(name, container, more);
    }

    /** Status code and body of a POST of a ConfigMap. */
    private static String post(String type, String body) {
        return Api.post(cluster, "/api/v1/namespaces/default/configmaps", type, body);
    }
}
