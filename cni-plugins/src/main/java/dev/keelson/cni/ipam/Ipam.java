package dev.keelson.cni.ipam;

import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Gives every sandbox of one network an address of its own; remembers them across processes. Thread-safe. */
public final class Ipam {
    private final Cidr range;
    private final LeaseStore store;
    private final Map<SandboxId, Lease> leases = new TreeMap<>();
    private Ipv4 last;

    /** @param directory where the leases are kept; made when it is not there */
    public Ipam(Path directory, Cidr range) {
        this.range = range;
        this.store = new LeaseStore(directory);
        List<Lease> found = store.readAll();
        found.forEach(lease -> leases.put(lease.sandbox(), lease));
        this.last = store.lastAddress(found);
    }

    /** The sandbox's lease, a new one if it has none. It is durable when this returns. */
    public synchronized Lease acquire(Sandbox sandbox) {
        Lease held = leases.get(sandbox.id());
        if (held != null && range.contains(held.address()) && held.ports().equals(sandbox.ports())) {
            return held;
        }
        refuseTakenPorts(sandbox);
        Ipv4 address = Optional.ofNullable(held)
                .map(Lease::address)
                .filter(range::contains)
                .orElseGet(this::nextAddress);
        Lease lease = new Lease(sandbox.id(), sandbox.owner(), address, sandbox.ports());
        store.write(lease);
        leases.put(sandbox.id(), lease);
        last = address;
        return lease;
    }

    /** Frees the sandbox's address. Only after its interface is gone: a reuse would receive the old pod's packets. */
    public synchronized void release(SandboxId sandbox) {
        store.delete(sandbox, last);
        leases.remove(sandbox);
    }

    public synchronized Optional<Lease> lease(SandboxId sandbox) {
        return Optional.ofNullable(leases.get(sandbox));
    }

    /** All leases, ordered by sandbox. */
    public synchronized List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    private Ipv4 nextAddress() {
        Set<Ipv4> taken = leases.values().stream().map(Lease::address).collect(Collectors.toSet());
        return AddressPool.next(range, taken, last)
                .orElseThrow(() -> new NetworkException(
                        NetworkException.Kind.TRANSIENT,
                        "no address is free in %s: %d sandboxes hold them".formatted(range, taken.size())));
    }

    private void refuseTakenPorts(Sandbox sandbox) {
        for (Lease other : leases.values()) {
            for (PortBinding wanted : sandbox.ports()) {
                if (!other.sandbox().equals(sandbox.id())
                        && other.ports().stream().anyMatch(wanted::conflictsWith)) {
                    throw new NetworkException(
                            NetworkException.Kind.CONFLICT,
                            "host port %s of %s is taken by %s".formatted(wanted, sandbox.owner(), other.owner()));
                }
            }
        }
    }
}
