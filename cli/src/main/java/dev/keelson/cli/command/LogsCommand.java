package dev.keelson.cli.command;

import dev.keelson.cli.client.Api;
import dev.keelson.cli.cluster.LogsOfRoles;
import dev.keelson.crds.model.UrlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a pod's log, or the log of one of Keelson's own processes. */
@Command(
        name = "logs",
        description = "Prints the log of a pod, or of Keelson's own server, agent, postgres or supervisor.",
        mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
    @Mixin
    public ApiOptions options;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is added.")
    public boolean follow;

    @Option(
            names = {"-p", "--previous"},
            description = "The run before the last restart.")
    public boolean previous;

    @Option(
            names = {"-c", "--container"},
            defaultValue = "",
            description = "Container; needed when the pod has several.")
    public String container;

    @Option(names = "--tail", defaultValue = "-1", description = "Only the last lines.")
    public int tail;

    @Option(names = "--timestamps", description = "Begin each line with its time.")
    public boolean timestamps;

    @Parameters(arity = "1", paramLabel = "POD|ROLE", description = "Pod name, or server, agent, postgres, supervisor.")
    public String name;

    @Override
    public Integer call() throws IOException {
        if (LogsOfRoles.ROLES.contains(name)) {
            printRole();
        } else {
            printPod();
        }
        return 0;
    }

    private void printRole() {
        options.cluster.existing();
        Path log = options.cluster.directory().log(name);
        LogsOfRoles.tail(log, tail < 0 ? 200 : tail).forEach(System.out::println);
        if (follow) {
            LogsOfRoles.follow(log, System.out);
        }
    }

    private void printPod() throws IOException {
        String pod = name.startsWith("pod/") ? name.substring(4) : name;
        String path = "/api/v1/namespaces/%s/pods/%s/log?follow=%s&previous=%s&timestamps=%s"
                        .formatted(UrlText.escape(options.namespace), UrlText.escape(pod), follow, previous, timestamps)
                + (container.isEmpty() ? "" : "&container=" + UrlText.escape(container))
                + (tail < 0 ? "" : "&tailLines=" + tail);
        try (Api api = options.connect();
                InputStream log = api.stream(path, "text/plain, */*")) {
            byte[] chunk = new byte[16 * 1024];
            for (int n = log.read(chunk); n >= 0; n = log.read(chunk)) {
                System.out.write(chunk, 0, n);
                System.out.flush();
            }
        }
    }
}
