package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** An operator written with the Java Operator SDK, and the life of one of its objects. */
final class GreetingOperator {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: greetings.it.keelson.dev}
            spec:
              group: it.keelson.dev
              scope: Namespaced
              names: {kind: Greeting, plural: greetings, singular: greeting}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, properties: {text: {type: string, minLength: 1}}}
                      status: {type: object, properties: {written: {type: string}}}
            """;

    private final Cluster cluster;

    GreetingOperator(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What is wished. */
    public static final class GreetingSpec {
        public String text = "";
    }

    /** What is. */
    public static final class GreetingStatus {
        public String written = "";
    }

    @Group("it.keelson.dev")
    @Version("v1")
    public static final class Greeting extends CustomResource<GreetingSpec, GreetingStatus> implements Namespaced {
        private static final long serialVersionUID = 1L;

        @Override
        protected GreetingStatus initStatus() {
            return new GreetingStatus();
        }
    }

    /** Writes the text into a ConfigMap of the same name, and a farewell when the object goes. */
    public static final class GreetingReconciler implements Reconciler<Greeting>, Cleaner<Greeting> {
        @Override
        public UpdateControl<Greeting> reconcile(Greeting greeting, Context<Greeting> context) {
            String text = greeting.getSpec().text;
            write(greeting, context.getClient(), greeting.getMetadata().getName(), text, true);
            greeting.getStatus().written = text;
            return UpdateControl.patchStatus(greeting);
        }

        @Override
        public DeleteControl cleanup(Greeting greeting, Context<Greeting> context) {
            write(greeting, context.getClient(), "farewell", greeting.getSpec().text, false);
            return DeleteControl.defaultDelete();
        }

        private static void write(Greeting greeting, KubernetesClient client, String name, String text, boolean owned) {
            ObjectMetaBuilder metadata = new ObjectMetaBuilder()
                    .withName(name)
                    .withNamespace(greeting.getMetadata().getNamespace());
            if (owned) {
                metadata.addNewOwnerReference()
                        .withApiVersion(greeting.getApiVersion())
                        .withKind(greeting.getKind())
                        .withName(greeting.getMetadata().getName())
                        .withUid(greeting.getMetadata().getUid())
                        .endOwnerReference();
            }
            client.resource(new ConfigMapBuilder()
                            .withMetadata(metadata.build())
                            .withData(Map.of("text", text))
                            .build())
                    .forceConflicts()
                    .serverSideApply();
        }
    }

    void reconcilesAndCleansUp() {
        cluster.kubectlWith(DEFINITION, "apply", "-f", "-").ok();
        cluster.kubectl("wait", "--for=condition=Established", "crd/greetings.it.keelson.dev", "--timeout=30s")
                .ok();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config()).build()) {
            Operator operator = new Operator(overrider -> overrider.withKubernetesClient(client));
            operator.register(new GreetingReconciler());
            operator.start();
            try {
                lifeOfOne();
            } finally {
                operator.stop();
            }
        }
        cluster.kubectl("delete", "crd/greetings.it.keelson.dev", "--timeout=30s")
                .ok();
    }

    private void lifeOfOne() {
        cluster.kubectlWith(
                        "---\n{apiVersion: it.keelson.dev/v1, kind: Greeting, metadata: {name: hi}, spec: {text: hello}}",
                        "apply",
                        "-f",
                        "-")
                .ok();
        awaitText("hello", "configmap", "hi", "{.data.text}");
        awaitText("hello", "greeting", "hi", "{.status.written}");
        assertThat(cluster.jsonPath("{.metadata.finalizers}", "greeting", "hi")).contains("greetings.it.keelson.dev");
        cluster.kubectl("patch", "greeting", "hi", "--type=merge", "-p", "{\"spec\":{\"text\":\"again\"}}")
                .ok();
        awaitText("again", "configmap", "hi", "{.data.text}");
        cluster.kubectl("delete", "greeting", "hi", "--timeout=30s").ok();
        awaitText("again", "configmap", "farewell", "{.data.text}");
        Shell.await(
                "what it owned is gone",
                Duration.ofSeconds(30),
                () -> cluster.kubectl("get", "configmap", "hi").code() != 0);
        cluster.kubectl("delete", "configmap", "farewell").ok();
    }

    private void awaitText(String text, String kind, String name, String path) {
        Shell.await(kind + " says " + text, Duration.ofSeconds(30), () -> cluster.kubectl(
                        "get", kind, name, "--ignore-not-found", "-o", "jsonpath=" + path)
                .out()
                .equals(text));
    }

    private Config config() {
        try {
            return Config.fromKubeconfig(Files.readString(cluster.directory().resolve("kubeconfig")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
