package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Owners and dependents of any kind, as users delete them (Kubernetes' {@code test/e2e/apimachinery/garbage_collector.go}).
 * No object here is of a kind that has a controller, so what happens to it is the collector's doing alone.
 */
class GarbageIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.server(List.of());
        apply(DEFINITION);
        cluster.kubectl("wait", "--for=condition=Established", "crd/things.example.com", "--timeout=30s")
                .ok();
    }

    @Test
    void inTheBackgroundDependentsOfAnyKindFollow() {
        Owned owner = create("v1", "PodTemplate", "back", "");
        create("example.com/v1", "Thing", "back", owner.reference());
        create("rbac.authorization.k8s.io/v1", "Role", "back", owner.reference());
        create("v1", "PersistentVolumeClaim", "back", owner.reference());
        delete(owner, "background");
        awaitAbsence("podtemplate/back", "thing/back", "role/back", "pvc/back");
    }

    @Test
    void customResourcesOwnThroughSeveralGenerations() {
        Owned first = create("example.com/v1", "Thing", "first", "");
        Owned second = create("batch/v1", "CronJob", "second", first.reference());
        create("v1", "LimitRange", "third", second.reference());
        delete(first, "background");
        awaitAbsence("thing/first", "cronjob/second", "limitrange/third");
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() {
        Owned owner = create("example.com/v1", "Thing", "fore", "");
        Owned held = create("rbac.authorization.k8s.io/v1", "Role", "fore", owner.reference());
        patch(held, "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}");
        delete(owner, "foreground");
        awaitPresence("role/fore", "{.metadata.deletionTimestamp}", "20");
        assertThat(read("thing/fore", "{.metadata.finalizers}")).contains("foregroundDeletion");
        patch(held, "{\"metadata\":{\"finalizers\":null}}");
        awaitAbsence("role/fore", "thing/fore");
    }

    @Test
    void orphansStayAndNameNobody() {
        Owned owner = create("v1", "ReplicationController", "parted", "");
        create("example.com/v1", "Thing", "parted", owner.reference());
        delete(owner, "orphan");
        awaitAbsence("rc/parted");
        assertThat(read("thing/parted", "{.metadata.name} {.metadata.ownerReferences}"))
                .isEqualTo("parted ");
    }

    @Test
    void whatHasAnotherOwnerStays() {
        Owned going = create("example.com/v1", "Thing", "going", "");
        Owned staying = create("example.com/v1", "Thing", "staying", "");
        create("v1", "ResourceQuota", "shared", going.reference() + ", " + staying.reference());
        delete(going, "foreground");
        awaitAbsence("thing/going");
        assertThat(read("resourcequota/shared", "{.metadata.ownerReferences[*].name}"))
                .isEqualTo("staying");
    }

    @Test
    void aCircleOfOwnersHoldsNothingBack() {
        Owned one = create("example.com/v1", "Thing", "one", "");
        Owned two = create("example.com/v1", "Thing", "two", one.reference());
        Owned three = create("example.com/v1", "Thing", "three", two.reference());
        patch(one, "{\"metadata\":{\"ownerReferences\":[%s]}}".formatted(three.reference()));
        delete(one, "foreground");
        awaitAbsence("thing/one", "thing/two", "thing/three");
    }

    @Test
    void anOwnerInAnotherNamespaceIsRefusedWithAnEvent() {
        Owned owner = create("example.com/v1", "Thing", "abroad", "");
        cluster.kubectl("create", "namespace", "home").ok();
        apply(manifest("v1", "Secret", "lost", owner.reference()).replace("{name:", "{namespace: home, name:"));
        Shell.await("it is collected", SOON, () -> cluster.kubectl("get", "secret/lost", "-n", "home")
                .err()
                .contains("NotFound"));
        Shell.await("an event says why", SOON, () -> cluster.kubectl("get", "events", "-n", "home")
                .out()
                .contains("does not exist in namespace \"home\""));
        assertThat(read("thing/abroad", "{.metadata.name}")).isEqualTo("abroad");
    }

    @Test
    void clusterWideKindsOwnAndAreOwned() {
        Owned owner = create("scheduling.k8s.io/v1", "PriorityClass", "wide", "");
        create("storage.k8s.io/v1", "StorageClass", "wide", owner.reference());
        create("v1", "ConfigMap", "narrow", owner.reference());
        delete(owner, "background");
        awaitAbsence("priorityclass/wide", "storageclass/wide", "configmap/narrow");
    }

    /** An object as others name it. */
    private record Owned(String kind, String name, String reference) {
        String path() {
            return kind + "/" + name;
        }
    }

    private static Owned create(String apiVersion, String kind, String name, String owners) {
        apply(manifest(apiVersion, kind, name, owners));
        String uid = read(kind + "/" + name, "{.metadata.uid}");
        return new Owned(
                kind,
                name,
                "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\",\"uid\":\"%s\",\"blockOwnerDeletion\":true}"
                        .formatted(apiVersion, kind, name, uid));
    }

    private static String manifest(String apiVersion, String kind, String name, String owners) {
        String rest =
                switch (kind) {
                    case "Role" -> "rules: []";
                    case "LimitRange" -> "spec: {limits: []}";
                    case "PriorityClass" -> "value: 1";
                    case "StorageClass" -> "provisioner: example.com/none";
                    case "ResourceQuota", "Thing" -> "spec: {}";
                    case "ReplicationController" ->
                        "spec: {replicas: 0, selector: {a: b}, template: %s}".formatted(template("Always"));
                    case "PodTemplate" -> "template: " + template("Always");
                    case "CronJob" ->
                        "spec: {schedule: '0 0 1 1 *', jobTemplate: {spec: {template: %s}}}"
                                .formatted(template("Never"));
                    case "PersistentVolumeClaim" ->
                        "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}";
                    default -> "data: {}";
                };
        return "apiVersion: %s%nkind: %s%nmetadata: {name: %s, ownerReferences: [%s]}%n%s%n"
                .formatted(apiVersion, kind, name, owners, rest);
    }

    private static String template(String restart) {
        return "{metadata: {labels: {a: b}}, spec: {restartPolicy: %s, containers: [{name: c, image: none}]}}"
                .formatted(restart);
    }

    private static void apply(String manifest) {
        cluster.kubectlWith(manifest, "create", "-f", "-").ok();
    }

    private static void patch(Owned object, String patch) {
        cluster.kubectl("patch", object.path(), "--type=merge", "-p", patch).ok();
    }

    private static void delete(Owned object, String cascade) {
        cluster.kubectl("delete", object.path(), "--wait=false", "--cascade=" + cascade)
                .ok();
    }

    private static String read(String path, String what) {
        return cluster.jsonPath(what, path);
    }

    private static void awaitPresence(String path, String what, String start) {
        Shell.await(path + " has " + what, SOON, () -> read(path, what).startsWith(start));
    }

    private static void awaitAbsence(String... paths) {
        for (String path : paths) {
            Shell.await(path + " is gone", SOON, () -> cluster.kubectl("get", path)
                    .err()
                    .contains("NotFound"));
        }
    }
}
