package dev.keelson.node.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticPodFileTest {
    private static final String WEB = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: app, image: "web:1"}]
            """;

    @Test
    void nameUidAndNodeComeFromTheFileAndTheNode() {
        Pod pod = read(WEB);
        assertThat(pod.getMetadata().getName()).isEqualTo("web-node-1");
        assertThat(pod.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("Node-1");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/config.source", "file")
                .containsEntry("kubernetes.io/config.hash", pod.getMetadata().getUid());
        assertThat(pod.getSpec().getTolerations())
                .singleElement()
                .satisfies(toleration -> assertThat(toleration.getEffect()).isEqualTo("NoExecute"));
        assertThat(MirrorPods.isStatic(pod)).isTrue();
        assertThat(MirrorPods.isMirror(pod)).isFalse();
    }

    @Test
    void everyChangeOfTheFileMakesAnotherPod() {
        String uid = read(WEB).getMetadata().getUid();
        assertThat(read(WEB).getMetadata().getUid()).isEqualTo(uid);
        assertThat(read(WEB + "\n").getMetadata().getUid()).isNotEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'a: [b' | it is not a pod
            '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c}], hostNetwrok: true}}' | hostNetwrok
            '{apiVersion: apps/v1, kind: Deployment}' | must be one object of apiVersion v1 and kind Pod, not "apps/v1 Deployment"
            '{apiVersion: v1, kind: Pod, spec: {containers: [{name: c}]}}' | metadata.name is required
            '{apiVersion: v1, kind: Pod, metadata: {name: "NOT A NAME"}, spec: {containers: [{name: c, image: i}]}}' | "NOT A NAME-node-1", must be a lowercase RFC 1123 subdomain
            '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: ../b}, spec: {containers: [{name: c, image: i}]}}' | metadata.namespace "../b"
            '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: ../c, image: i}]}}' | container name "../c"
            '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{image: i}]}}' | container name ""
            '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {initContainers: [{name: c, image: i}], containers: [{name: c, image: i}]}}' | two containers are named "c"
            '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c}]}}' | container c: image is required
            '{apiVersion: v1, kind: Pod, metadata: {name: a}}' | spec.containers is required
            '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {serviceAccountName: x, containers: [{name: c, envFrom: [{secretRef: {name: s}}]}]}}' | remove secretRef, serviceAccountName
            """)
    void whatCannotRunByItselfIsRefusedByName(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .hasMessageContaining("static pod file \"web.yaml\"")
                .hasMessageContaining(message);
    }

    private static Pod read(String text) {
        return StaticPodFile.read("web.yaml", text.getBytes(StandardCharsets.UTF_8), "Node-1");
    }
}
