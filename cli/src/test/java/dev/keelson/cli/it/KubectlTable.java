package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The commands of kubectl that {@link KubectlIT} has no test of its own for, as people type them. */
final class KubectlTable {
    private static final String IMAGE = "--image=keelson.dev/examples/web:1";

    private final Cluster cluster;
    private final Path directory;

    KubectlTable(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    /** Every generator of {@code kubectl create}; and none of it outlives its namespace. */
    void createsWhatItHasGeneratorsFor() {
        cluster.kubectl("create", "namespace", "made").ok();
        keyPair();
        for (String words : List.of(
                "clusterrole made --verb=get --resource=pods",
                "clusterrolebinding made --clusterrole=made --user=x",
                "configmap c --from-literal=a=b",
                "cronjob c --schedule=0,30_*_*_*_* " + IMAGE,
                "deployment d " + IMAGE,
                "ingress i --rule=foo.com/bar=s:8080",
                "job j " + IMAGE,
                "job k --from=cronjob/c",
                "poddisruptionbudget p --selector=app=d --min-available=1",
                "priorityclass made --value=1000",
                "quota q --hard=pods=10",
                "role r --verb=get --resource=pods",
                "rolebinding r --role=r --user=x",
                "secret generic g --from-literal=a=b",
                "secret docker-registry h --docker-server=x --docker-username=u --docker-password=p",
                "secret tls t --cert=" + directory.resolve("c.pem") + " --key=" + directory.resolve("k.pem"),
                "service clusterip c --tcp=80:80",
                "service externalname e --external-name=example.com",
                "service loadbalancer l --tcp=80:80",
                "service nodeport n --tcp=80:80",
                "serviceaccount s")) {
            assertThat(made("create " + words)).as(words).contains("created");
        }
        assertThat(made("create token s")).startsWith("ey");
        assertThat(made("autoscale deployment d --max=3 --cpu-percent=50")).contains("autoscaled");
        assertThat(made("get hpa d")).contains("Deployment/d", "<unknown>/50%");
        assertThat(made("expose deployment d --port=80 --target-port=8080")).contains("exposed");
        changes();
        assertThat(made("get all -o name")).contains("deployment.apps/d", "job.batch/j", "service/n");
        cluster.kubectl("delete", "clusterrole,clusterrolebinding,priorityclass", "made")
                .ok();
        cluster.kubectl("delete", "namespace", "made", "--timeout=60s").ok();
        cluster.kubectl("create", "namespace", "made").ok();
        assertThat(made("get cronjob,ingress,job,pdb,quota,role,rolebinding,hpa,secret -o name"))
                .isEmpty();
        cluster.kubectl("delete", "namespace", "made", "--timeout=60s").ok();
    }

    private void changes() {
        for (String words : List.of(
                "set env deployment/d A=B",
                "set image deployment/d web=keelson.dev/examples/web:2",
                "set resources deployment d --limits=cpu=200m",
                "set selector service c app=d",
                "set serviceaccount deployment d s",
                "set subject rolebinding r --user=y",
                "label deployment d team=blue",
                "annotate deployment d why=test",
                "scale deployment d --replicas=2",
                "rollout pause deployment/d",
                "rollout resume deployment/d")) {
            made(words);
        }
        assertThat(made("get deployment d -o jsonpath={.spec.template.spec.containers[0].env[0].value}"))
                .isEqualTo("B");
        assertThat(made("get rolebinding r -o jsonpath={.subjects[*].name}")).isEqualTo("x y");
        assertThat(made("wait --for=condition=Available deployment/d --timeout=60s"))
                .contains("condition met");
        assertThat(made("describe deployment,service,ingress,cronjob,job,quota,pdb,hpa"))
                .contains("NewReplicaSet", "foo.com", "Min available", "TargetPort");
    }

    void changesFiles() throws IOException {
        Path file = directory.resolve("settings.yaml");
        // kubectl takes for JSON what begins with a brace.
        String settings =
                "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: filed, labels: {f: g}}, data: {a: '%s'}}";
        Files.writeString(file, settings.formatted("1"));
        String name = file.toString();
        assertThat(run("apply -f " + name)).contains("created");
        Files.writeString(file, settings.formatted("2"));
        assertThat(run("replace -f " + name)).contains("replaced");
        assertThat(run("replace --force -f " + name)).contains("replaced");
        assertThat(run("apply --server-side --force-conflicts -f " + name)).contains("serverside-applied");
        assertThat(run("get -f " + name + " -o jsonpath={.data.a}")).isEqualTo("2");
        Path kustomization = Files.createDirectories(directory.resolve("kustomized"));
        Files.copy(file, kustomization.resolve("settings.yaml"));
        Files.writeString(kustomization.resolve("kustomization.yaml"), "resources: [settings.yaml]\nnamePrefix: my-\n");
        assertThat(run("kustomize " + kustomization)).contains("name: my-filed");
        assertThat(run("apply -k " + kustomization)).contains("configmap/my-filed created");
        assertThat(run("apply --prune -l f=g -f " + name)).contains("configmap/my-filed pruned");
        Path role = directory.resolve("role.yaml");
        Files.writeString(role, """
                ---
                {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reconciled, namespace: default},
                 rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}""");
        assertThat(run("auth reconcile -f " + role)).contains("reconciled");
        run("delete configmap/filed role/reconciled");
    }

    void shows() {
        String node = "node-" + cluster.name();
        assertThat(run("cluster-info")).contains("control plane", "127.0.0.1:" + cluster.port());
        assertThat(run("cluster-info dump --namespaces default")).contains("\"kind\": \"PodList\"");
        assertThat(run("api-versions")).contains("autoscaling/v1\n", "autoscaling/v2\n", "events.k8s.io/v1\n");
        assertThat(run("get componentstatuses")).containsPattern("scheduler +Healthy +ok");
        assertThat(run("explain --recursive deployment.spec.strategy")).contains("rollingUpdate", "maxSurge");
        assertThat(run("explain hpa.spec --api-version=autoscaling/v1")).contains("targetCPUUtilizationPercentage");
        assertThat(run("config view --minify")).contains("DATA+OMITTED");
        assertThat(run("events --for pod/shell")).contains("Scheduled");
        assertThat(run("get events.events.k8s.io")).startsWith("LAST SEEN");
        assertThat(run("auth can-i create pods")).isEqualTo("yes\n");
        assertThat(run("auth whoami")).contains("kubernetes-admin");
        assertThat(run("get --raw /readyz?verbose")).contains("readyz check passed");
        assertThat(run("get --raw /metrics"))
                .containsPattern("workqueue_adds_total\\{name=\"scheduler\",?} [1-9]")
                .contains("workqueue_queue_duration_seconds_bucket{name=\"namespace\"");
        assertThat(cluster.kubectl("plugin", "list").failed()).contains("unable to find any kubectl plugins");
        for (String words : List.of(
                "taint node " + node + " k=v:PreferNoSchedule", "taint node " + node + " k-", "cordon " + node)) {
            run(words);
        }
        assertThat(run("get node " + node)).contains("SchedulingDisabled");
        run("run lonely --image=keelson.dev/examples/web:1 --restart=Never");
        run("uncordon " + node);
        run("wait --for=condition=Ready pod/lonely --timeout=60s");
        assertThat(run("drain " + node + " --ignore-daemonsets --force --delete-emptydir-data --pod-selector=run=lonely"
                        + " --timeout=60s"))
                .contains("pod/lonely evicted", "drained");
        run("uncordon " + node);
    }

    void streams() throws IOException {
        Path file = directory.resolve("sent.txt");
        Files.writeString(file, "copied\n");
        run("cp " + file + " shell:/tmp/sent.txt");
        assertThat(run("exec shell -- cat /tmp/sent.txt")).isEqualTo("copied\n");
        run("cp shell:/tmp/sent.txt " + directory.resolve("back.txt"));
        assertThat(directory.resolve("back.txt")).hasContent("copied\n");
        assertThat(run("logs shell --tail=1")).isEqualTo("started\n");
        assertThat(run("logs shell --limit-bytes=3")).isEqualTo("sta");
        assertThat(run("logs -l app=shell --since=1h --prefix")).contains("[pod/shell/shell] started");
        assertThat(cluster.kubectlWith(
                                "typed\n",
                                "run",
                                "echoing",
                                "--image=keelson.dev/test/busybox:1",
                                "--restart=Never",
                                "--rm",
                                "-i",
                                "--quiet",
                                "--",
                                "sh",
                                "-c",
                                "read line; echo got $line")
                        .ok())
                .contains("got typed");
        Process proxy = new ProcessBuilder(
                        "kubectl", "--kubeconfig=" + cluster.directory().resolve("kubeconfig"), "proxy", "--port=0")
                .redirectErrorStream(true)
                .start();
        try (var said = proxy.inputReader()) {
            String address = said.readLine().replaceAll(".* on ", "").strip();
            assertThat(RestAssured.get("http://" + address + "/api/v1/namespaces/default/pods/shell")
                            .jsonPath()
                            .getString("status.phase"))
                    .isEqualTo("Running");
        } finally {
            proxy.destroyForcibly();
        }
    }

    /** A container for looking around in a pod that goes on running. */
    void debugs() {
        run("debug shell --image=keelson.dev/test/busybox:1 --container=looker -- sleep 300");
        Shell.await(
                "the ephemeral container runs",
                Duration.ofSeconds(30),
                () ->
                        !run("get pod shell -o jsonpath={.status.ephemeralContainerStatuses[?(@.name==\"looker\")].state.running}")
                                .isEmpty());
        assertThat(run("exec shell -c looker -- echo inside")).isEqualTo("inside\n");
    }

    private void keyPair() {
        Shell.run(
                        Map.of(),
                        "",
                        List.of(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-keyout",
                                directory.resolve("k.pem").toString(),
                                "-out",
                                directory.resolve("c.pem").toString(),
                                "-subj",
                                "/CN=x",
                                "-days",
                                "2"))
                .ok();
    }

    private String made(String words) {
        return run("-n made " + words);
    }

    /** A command as it is typed; {@code _} stands for a blank within a word. */
    private String run(String words) {
        return cluster.kubectl(List.of(words.split(" ")).stream()
                        .map(word -> word.startsWith("--schedule") ? word.replace('_', ' ') : word)
                        .toArray(String[]::new))
                .ok();
    }
}
