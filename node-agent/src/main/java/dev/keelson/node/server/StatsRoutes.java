package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStats;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /stats/summary}: cpu and memory of every running container, in the kubelet's Summary form. */
final class StatsRoutes {
    private final NodeView node;
    private final RuntimeService runtime;

    StatsRoutes(NodeView node, RuntimeService runtime) {
        this.node = node;
        this.runtime = runtime;
    }

    void mount(Router router) {
        router.get("/stats/summary").handler(context -> Routes.blocking(context, () -> summary(context)));
    }

    private void summary(RoutingContext context) {
        List<ContainerStatus> running = runtime.listContainers().stream()
                .filter(run -> run.state() == ContainerStatus.State.RUNNING)
                .toList();
        List<Map<String, Object>> pods = new ArrayList<>();
        for (Pod pod : node.pods()) {
            String uid = pod.getMetadata().getUid();
            pods.add(Map.of(
                    "podRef",
                            Map.of(
                                    "name", pod.getMetadata().getName(),
                                    "namespace", pod.getMetadata().getNamespace(),
                                    "uid", uid),
                    "containers",
                            containers(running.stream()
                                    .filter(run -> run.podUid().equals(uid))
                                    .toList())));
        }
        Answers.json(context.response(), Map.of("pods", pods));
    }

    private List<Map<String, Object>> containers(List<ContainerStatus> runs) {
        List<Map<String, Object>> views = new ArrayList<>();
        for (ContainerStatus run : runs) {
            try {
                views.add(view(run, runtime.containerStats(run.id())));
            } catch (NodeException ended) {
                continue; // It exited between the listing and the question.
            }
        }
        return views;
    }

    private static Map<String, Object> view(ContainerStatus run, ContainerStats stats) {
        String now = Instant.now().toString();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", run.name());
        view.put("startTime", run.startedAt().orElse(run.createdAt()).toString());
        view.put("cpu", Map.of("time", now, "usageCoreNanoSeconds", stats.cpuNanos()));
        view.put(
                "memory",
                Map.of(
                        "time", now,
                        "usageBytes", stats.memoryUsageBytes(),
                        "workingSetBytes", stats.memoryWorkingSetBytes()));
        return view;
    }
}
