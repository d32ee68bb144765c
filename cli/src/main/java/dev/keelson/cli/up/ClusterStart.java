package dev.keelson.cli.up;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.apiserver.postgres.EmbeddedPostgres;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.NodeReadiness;
import dev.keelson.cli.client.Pause;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.ClusterLock;
import dev.keelson.cli.cluster.ClusterPki;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.HostNetwork;
import dev.keelson.cli.cluster.Kubeconfig;
import dev.keelson.cli.cluster.LogsOfRoles;
import dev.keelson.cli.cluster.Roles;
import dev.keelson.cli.cluster.ServiceUser;
import dev.keelson.cli.cluster.Supervisor;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings the processes of one cluster up on this machine and waits until its node is Ready. */
public final class ClusterStart {
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final int RESTARTS_TOLERATED = 2;
    /** Longest directory below which all unix sockets fit into sun_path (108 bytes). */
    private static final int MAX_PATH = 60;

    private final DataDir directory;
    private final ClusterConfig config;
    private final Distribution distribution;
    private final Progress progress;
    private final Supervisor supervisor;

    public ClusterStart(DataDir directory, ClusterConfig config, Distribution distribution, Progress progress) {
        this.directory = directory;
        this.config = config;
        this.distribution = distribution;
        this.progress = progress;
        this.supervisor = new Supervisor(directory, distribution.supervisor());
    }

    public void run() {
        makeDirectories();
        try (ClusterLock _ = ClusterLock.take(directory)) {
            Optional<List<Supervisor.RoleState>> running = supervisor.status();
            if (running.isPresent()) {
                refuseChangedConfig();
                startHeldPostgres(running.get());
                progress.say("cluster " + config.cluster() + " is already up");
            } else {
                start();
            }
            // The processes start meanwhile.
            Kubeconfig.write(directory.kubeconfig(), config, ClusterPki.ensureAdmin(directory));
            awaitReady();
        }
    }

    private void start() {
        HostNetwork.requireUsable(config.httpsPort());
        config.write(directory.clusterFile());
        ServiceUser user = ServiceUser.ensure();
        ServiceUser serverUser = serverUser(user);
        progress.say("starting cluster %s, %s %s"
                .formatted(config.cluster(), config.serverOnly() ? "server on" : "node", config.nodeName()));
        ClusterPki.ensure(directory, config, serverUser);
        if (config.databaseUrl().isEmpty()) {
            startWithPostgres(user, serverUser);
        } else {
            supervisor.start(others(serverUser, DatabaseUrl.parse(config.databaseUrl())));
        }
    }

    /** Making a database takes longer than starting everything else, so the others start meanwhile and wait for it. */
    private void startWithPostgres(ServiceUser user, ServiceUser serverUser) {
        EmbeddedPostgres postgres = postgres(user);
        Supervisor.Role role = Roles.postgres(directory, postgres.command(), postgres.environment());
        List<Supervisor.Role> roles = new ArrayList<>(List.of(role));
        roles.addAll(others(serverUser, postgres.url()));
        supervisor.start(roles);
        try {
            prepareAndStart(postgres);
        } catch (RuntimeException failure) {
            supervisor.stop();
            throw failure;
        }
    }

    /** Does what an earlier command did not come to, when it was ended between the start of the others and this. */
    private void startHeldPostgres(List<Supervisor.RoleState> roles) {
        if (roles.stream().anyMatch(role -> role.name().equals(Roles.POSTGRES) && role.stopped())) {
            prepareAndStart(postgres(ServiceUser.ensure()));
        }
    }

    private void prepareAndStart(EmbeddedPostgres postgres) {
        progress.say("preparing PostgreSQL");
        postgres.prepare();
        supervisor.startHeld(Roles.POSTGRES);
    }

    /** Its programs are unpacked once for all clusters of this build, unless its user cannot read them there. */
    private EmbeddedPostgres postgres(ServiceUser user) {
        Path programs = ServiceUser.mayRead(distribution.jar()) ? distribution.postgres() : directory.postgres();
        return EmbeddedPostgres.at(directory.postgres(), user.name(), programs);
    }

    private List<Supervisor.Role> others(ServiceUser serverUser, DatabaseUrl database) {
        Supervisor.Role server = Roles.server(serverUser, directory, config, distribution, database);
        return config.serverOnly() ? List.of(server) : List.of(server, Roles.agent(directory, distribution));
    }

    /** The API server needs no rights, but it must be able to read its own program. */
    private ServiceUser serverUser(ServiceUser user) {
        Path program = distribution.jar();
        if (ServiceUser.mayRead(program)) {
            return user;
        }
        progress.say(
                "the API server runs as root, because user %s cannot read %s; a checkout such as /opt/keelson avoids that"
                        .formatted(user.name(), program));
        return ServiceUser.ROOT;
    }

    private void refuseChangedConfig() {
        ClusterConfig running = ClusterConfig.read(directory.clusterFile()).orElse(config);
        if (!running.equals(config)) {
            throw new CliException("cluster %s runs with other settings: stop it with ./keelson down first"
                    .formatted(config.cluster()));
        }
    }

    private void awaitReady() {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        try (Api api = new Api(directory, config)) {
            while (true) {
                Optional<String> waiting = waitingFor(api);
                if (waiting.isEmpty()) {
                    progress.say(
                            config.serverOnly()
                                    ? "the API server is ready"
                                    : "node " + config.nodeName() + " is Ready");
                    return;
                }
                progress.say(waiting.get());
                refuseCrashLoop();
                if (System.nanoTime() > end) {
                    throw new CliException(
                            "not ready after %d s (%s); see ./keelson logs server and ./keelson logs agent"
                                    .formatted(READY_LIMIT.toSeconds(), waiting.get()));
                }
                Pause.shortly();
            }
        }
    }

    private Optional<String> waitingFor(Api api) {
        try {
            if (api.send("GET", "/readyz", "*/*", "", BodyPublishers.noBody()).code() != 200) {
                return Optional.of("waiting for the API server");
            }
            return config.serverOnly()
                    ? Optional.empty()
                    : new NodeReadiness(directory, config)
                            .problem(api)
                            .or(() -> silence(api))
                            .map(why -> "waiting for the node: " + why);
        } catch (CliException notYet) {
            return Optional.of("waiting for the API server");
        }
    }

    /** A node that was Ready before it was stopped is called so still when it is started again, before its agent is up. */
    private Optional<String> silence(Api api) {
        String path = "/api/v1/nodes/" + config.nodeName() + "/proxy/healthz";
        boolean answers =
                api.send("GET", path, "*/*", "", BodyPublishers.noBody()).ok();
        return answers ? Optional.empty() : Optional.of("its agent does not answer yet");
    }

    private void refuseCrashLoop() {
        for (Supervisor.RoleState role : supervisor.status().orElse(List.of())) {
            if (role.restarts() > RESTARTS_TOLERATED) {
                List<String> last = LogsOfRoles.tail(directory.log(role.name()), 15);
                supervisor.stop();
                throw new CliException("%s does not stay up; its log %s ends with:%n%s"
                        .formatted(role.name(), directory.log(role.name()), String.join("\n", last)));
            }
        }
    }

    private void makeDirectories() {
        if (directory.root().toString().length() > MAX_PATH) {
            throw new CliException(
                    "--data-dir %s is too long for the unix sockets in it: choose one of at most %d characters"
                            .formatted(directory.root(), MAX_PATH));
        }
        try {
            for (Path path : List.of(
                    directory.root(), directory.run(), directory.agentTemporary(), directory.logs(), directory.pki())) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            }
        } catch (IOException e) {
            throw new CliException("cannot make %s: %s; choose another --data-dir".formatted(directory.root(), e), e);
        }
    }
}
