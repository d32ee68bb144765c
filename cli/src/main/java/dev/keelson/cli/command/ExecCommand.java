package dev.keelson.cli.command;

import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.RemoteCommand;
import dev.keelson.cli.client.Terminal;
import dev.keelson.crds.model.UrlText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "exec", description = "Runs a command in a container.", mixinStandardHelpOptions = true)
public final class ExecCommand implements Callable<Integer> {
    @Mixin
    public ApiOptions options;

    @Option(
            names = {"-i", "--stdin"},
            description = "Pass standard input on.")
    public boolean stdin;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the command a terminal.")
    public boolean tty;

    @Option(
            names = {"-c", "--container"},
            defaultValue = "",
            description = "Container; the first one by default.")
    public String container;

    @Parameters(index = "0", paramLabel = "POD")
    public String pod;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "After --.")
    public List<String> command;

    @Override
    public Integer call() {
        String name = pod.startsWith("pod/") ? pod.substring(4) : pod;
        StringBuilder path = new StringBuilder("/api/v1/namespaces/%s/pods/%s/exec?stdout=true"
                .formatted(UrlText.escape(options.namespace), UrlText.escape(name)));
        path.append("&stdin=")
                .append(stdin)
                .append("&tty=")
                .append(tty)
                .append("&stderr=")
                .append(!tty);
        if (!container.isEmpty()) {
            path.append("&container=").append(UrlText.escape(container));
        }
        command.forEach(word -> path.append("&command=").append(UrlText.escape(word)));
        try (Api api = options.connect();
                Terminal terminal = tty && stdin ? Terminal.raw() : Terminal.untouched()) {
            URI at = URI.create(api.at(path.toString()).toString().replaceFirst("^http", "ws"));
            RemoteCommand remote = RemoteCommand.open(api, at);
            if (tty) {
                terminal.size().ifPresent(size -> remote.resize(size.columns(), size.rows()));
            }
            if (stdin) {
                Thread.ofPlatform().daemon().start(() -> copyInput(remote));
            }
            return remote.exitCode().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CliException told
                    ? told
                    : new CliException(String.valueOf(e.getCause().getMessage()), e);
        }
    }

    private static void copyInput(RemoteCommand remote) {
        byte[] chunk = new byte[8192];
        InputStream in = System.in;
        try {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                remote.stdin(chunk, n);
            }
            remote.closeStdin();
        } catch (IOException e) {
            remote.closeStdin();
        }
    }
}
