package dev.keelson.cni.ipam;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Leases as files, one per sandbox, written aside and renamed. That survives the death of the process at any moment.
 * Nothing is forced to disk: after a crash of the machine no sandbox exists, so no lease is worth anything.
 */
final class LeaseStore {
    private static final Logger LOG = System.getLogger(LeaseStore.class.getName());
    private static final String SUFFIX = ".json";
    private static final String LAST = "last-address";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;

    record PortFile(String protocol, String hostAddress, int hostPort, int sandboxPort) {}

    record LeaseFile(String sandbox, String owner, String address, List<PortFile> ports) {}

    LeaseStore(Path directory) {
        this.directory = directory;
        attempt("create", directory, () -> Files.createDirectories(directory));
    }

    List<Lease> readAll() {
        List<Lease> leases = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(SUFFIX)) {
                    read(file).ifPresent(leases::add);
                }
            }
        } catch (IOException failure) {
            throw failed("read", directory, failure);
        }
        return leases;
    }

    /**
     * The address given last, 0.0.0.0 when none was: that of the newest lease, unless a release noted one since.
     *
     * @param leases what {@link #readAll} found
     */
    Ipv4 lastAddress(List<Lease> leases) {
        try {
            Path noted = directory.resolve(LAST);
            Ipv4 last = new Ipv4(0);
            FileTime newest = FileTime.fromMillis(Long.MIN_VALUE);
            if (Files.exists(noted)) {
                last = Ipv4.parse(Files.readString(noted));
                newest = Files.getLastModifiedTime(noted);
            }
            for (Lease lease : leases) {
                FileTime written = Files.getLastModifiedTime(file(lease.sandbox()));
                if (written.compareTo(newest) > 0) {
                    last = lease.address();
                    newest = written;
                }
            }
            return last;
        } catch (IOException | IllegalArgumentException unreadable) {
            return new Ipv4(0);
        }
    }

    void write(Lease lease) {
        List<PortFile> ports = lease.ports().stream()
                .map(port -> new PortFile(
                        port.protocol().name(),
                        port.hostAddress().map(Ipv4::toString).orElse(""),
                        port.hostPort(),
                        port.sandboxPort()))
                .toList();
        Path file = file(lease.sandbox());
        LeaseFile content = new LeaseFile(
                lease.sandbox().value(), lease.owner(), lease.address().toString(), ports);
        attempt("write", file, () -> replace(file, JSON.writeValueAsBytes(content)));
    }

    /** @param last the address given last; noted here, where no pod waits, since the lease that said so may go */
    void delete(SandboxId sandbox, Ipv4 last) {
        Path noted = directory.resolve(LAST);
        attempt("write", noted, () -> replace(noted, last.toString().getBytes(StandardCharsets.US_ASCII)));
        Path file = file(sandbox);
        attempt("delete", file, () -> Files.deleteIfExists(file));
    }

    private Path file(SandboxId sandbox) {
        return directory.resolve(sandbox.value() + SUFFIX);
    }

    private static Optional<Lease> read(Path file) throws IOException {
        try {
            LeaseFile content = JSON.readValue(Files.readAllBytes(file), LeaseFile.class);
            List<PortBinding> ports = content.ports().stream()
                    .map(port -> new PortBinding(
                            Protocol.valueOf(port.protocol()),
                            Optional.of(port.hostAddress())
                                    .filter(address -> !address.isEmpty())
                                    .map(Ipv4::parse),
                            port.hostPort(),
                            port.sandboxPort()))
                    .toList();
            return Optional.of(
                    new Lease(new SandboxId(content.sandbox()), content.owner(), Ipv4.parse(content.address()), ports));
        } catch (JacksonException | IllegalArgumentException | NullPointerException | NetworkException damaged) {
            LOG.log(Level.WARNING, "dropped damaged lease file={0} cause=\"{1}\"", file, damaged.getMessage());
            Files.delete(file);
            return Optional.empty();
        }
    }

    private static Path replace(Path file, byte[] content) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(aside, content);
        return Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface FileWork {
        Object run() throws IOException;
    }

    private static void attempt(String verb, Path file, FileWork work) {
        try {
            work.run();
        } catch (IOException failure) {
            throw failed(verb, file, failure);
        }
    }

    private static NetworkException failed(String verb, Path file, IOException cause) {
        return new NetworkException(
                NetworkException.Kind.TRANSIENT, "cannot %s %s: %s".formatted(verb, file, cause), cause);
    }
}
