package dev.keelson.node.stats;

import dev.keelson.linux.CgroupUsage;
import dev.keelson.linux.DiskUse;
import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.stats.NodeSnapshot.PodUse;
import dev.keelson.node.storage.PodStorage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /stats/summary} in the kubelet's form (k8s.io/kubelet/pkg/apis/stats/v1alpha1 Summary).
 *
 * @param rates the looks before this one
 */
public record SummaryDocument(CpuRates rates) {

    public SummaryDocument() {
        this(new CpuRates());
    }

    /** @param only cpu and memory, without file systems and networks */
    public Map<String, Object> of(NodeSnapshot node, boolean only) {
        String time = text(node.time());
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("nodeName", node.node());
        machine.put("startTime", text(node.machine().startedAt()));
        machine.put("cpu", cpu("", node.machine().cpuNanos(), node));
        machine.put("memory", memory(node.machine(), time));
        if (!only) {
            machine.put("network", network(node.machine().network(), time));
            machine.put("fs", fileSystem(node.machine().nodeFs(), time));
            Map<String, Object> images = fileSystem(node.machine().imageFs(), time);
            machine.put("runtime", Map.of("imageFs", images, "containerFs", images));
            machine.put(
                    "rlimit",
                    Map.of(
                            "time", time,
                            "maxpid", node.machine().processesMost(),
                            "curproc", node.machine().processes()));
        }
        return Map.of(
                "node",
                machine,
                "pods",
                node.pods().stream().map(pod -> pod(pod, node, only)).toList());
    }

    private Map<String, Object> pod(PodUse pod, NodeSnapshot node, boolean only) {
        String time = text(node.time());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("podRef", Map.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()));
        view.put("startTime", text(pod.startedAt()));
        view.put(
                "containers",
                pod.containers().stream()
                        .map(use -> container(use, pod, node, only))
                        .toList());
        pod.total().ifPresent(total -> {
            view.put("cpu", cpu(pod.uid(), total.cpu().nanos(), node));
            view.put("memory", memory(total.memory(), time));
            view.put("process_stats", Map.of("process_count", total.pids()));
        });
        if (!only && !pod.network().isEmpty()) {
            view.put("network", network(pod.network(), time));
        }
        if (!only) {
            pod.storage().ifPresent(storage -> storage(view, storage, node));
        }
        return view;
    }

    private static void storage(Map<String, Object> view, PodStorage storage, NodeSnapshot node) {
        FileSystemUse disk = node.machine().nodeFs();
        String time = text(node.time());
        view.put("ephemeral-storage", fileSystem(disk, storage.total(), time));
        List<Map<String, Object>> volumes = new ArrayList<>();
        new TreeMap<>(storage.emptyDirs()).forEach((name, use) -> {
            Map<String, Object> volume = fileSystem(disk, use, time);
            volume.put("name", name);
            volumes.add(volume);
        });
        view.put("volume", volumes);
    }

    private Map<String, Object> container(NodeSnapshot.ContainerUse use, PodUse pod, NodeSnapshot node, boolean only) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", use.name());
        view.put("startTime", text(use.startedAt()));
        view.put("cpu", cpu(use.id(), use.usage().cpu().nanos(), node));
        view.put("memory", memory(use.usage().memory(), text(node.time())));
        if (!only) {
            pod.storage().map(storage -> storage.containers().get(use.name())).ifPresent(storage -> {
                String time = text(node.time());
                view.put("rootfs", fileSystem(node.machine().imageFs(), storage.writable(), time));
                view.put("logs", fileSystem(node.machine().nodeFs(), storage.logs(), time));
            });
        }
        return view;
    }

    private Map<String, Object> cpu(String key, long nanos, NodeSnapshot node) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("time", text(node.time()));
        rates.rate(key, nanos, node.time()).ifPresent(rate -> view.put("usageNanoCores", rate));
        view.put("usageCoreNanoSeconds", nanos);
        return view;
    }

    private static Map<String, Object> memory(CgroupUsage.Memory use, String time) {
        return new LinkedHashMap<>(Map.of(
                "time", time,
                "usageBytes", use.bytes(),
                "workingSetBytes", use.workingSetBytes(),
                "rssBytes", use.rssBytes(),
                "pageFaults", use.faults(),
                "majorPageFaults", use.majorFaults()));
    }

    private static Map<String, Object> memory(MachineUse use, String time) {
        return Map.of(
                "time", time,
                "availableBytes", use.memoryAvailable(),
                "usageBytes", use.memoryUsed(),
                "workingSetBytes", use.memoryWorkingSet(),
                "rssBytes", use.rss(),
                "pageFaults", use.faults(),
                "majorPageFaults", use.majorFaults());
    }

    private static Map<String, Object> fileSystem(FileSystemUse use, String time) {
        return Map.of(
                "time", time,
                "capacityBytes", use.capacityBytes(),
                "availableBytes", use.availableBytes(),
                "usedBytes", use.usedBytes(),
                "inodes", use.inodes(),
                "inodesFree", use.inodesFree(),
                "inodesUsed", use.inodesUsed());
    }

    /** A part of a file system: what is there and free is the file system's, what is used the part's. */
    private static Map<String, Object> fileSystem(FileSystemUse whole, DiskUse part, String time) {
        Map<String, Object> view = new LinkedHashMap<>(fileSystem(whole, time));
        view.put("usedBytes", part.bytes());
        view.put("inodesUsed", part.inodes());
        return view;
    }

    /** The first interface stands for the whole, as in the kubelet, and all of them follow. */
    private static Map<String, Object> network(List<NetworkUse> interfaces, String time) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("time", time);
        interfaces.stream().findFirst().ifPresent(first -> view.putAll(network(first)));
        view.put("interfaces", interfaces.stream().map(SummaryDocument::network).toList());
        return view;
    }

    private static Map<String, Object> network(NetworkUse use) {
        return Map.of(
                "name", use.name(),
                "rxBytes", use.receivedBytes(),
                "rxErrors", use.receiveErrors(),
                "txBytes", use.sentBytes(),
                "txErrors", use.sendErrors());
    }

    private static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
