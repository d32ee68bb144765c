package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.apiextensions.CrdApproval;
import dev.keelson.apiserver.registry.apiextensions.CrdStatus;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Serves what CustomResourceDefinitions declare. Every API server runs one: it follows the definitions through the watch
 * cache, gives them their conditions, puts their kinds into the registry and empties those that are being deleted. All
 * its writes can be made by any server, and a second time.
 */
public final class CustomKinds {
    private static final System.Logger LOG = System.getLogger(CustomKinds.class.getName());
    private static final WriteOptions AS_SERVER = WriteOptions.of(User.SERVER);
    /** How soon unfinished work is looked at again; changes are noticed at once. */
    private static final long LOOK_AGAIN_MILLIS = 250;

    private static final long RETRY_MILLIS = 1000;

    private final ObjectStore store;
    private final ResourceRegistry registry;
    private final ResourceDefinition crds;
    private final CustomDefinitions definitions;
    private final CustomCleanup cleanup;
    private final Clock clock;
    private final Semaphore changes = new Semaphore(0);
    private final CountDownLatch known = new CountDownLatch(1);
    private final Map<String, Known> byName = new HashMap<>();
    /** What was written and is not in the cache yet: names in it are taken. */
    private final Map<String, CachedObject> written = new HashMap<>();

    private final CrdSubscription subscription;

    /** What was made of one state of a definition. */
    private record Known(
            CachedObject crd,
            long generation,
            String group,
            boolean unfinished,
            Map<String, LazySchema> schemas,
            List<ResourceDefinition> served) {}

    public CustomKinds(
            ObjectStore store,
            ResourceRegistry registry,
            CrdSubscription subscription,
            Function<JsonNode, Converter> converters,
            Clock clock) {
        this.store = store;
        this.registry = registry;
        this.crds = registry.require("apiextensions.k8s.io", "customresourcedefinitions");
        this.subscription = subscription;
        this.definitions = new CustomDefinitions(converters);
        this.cleanup = new CustomCleanup(store, crds, clock);
        this.clock = clock;
    }

    /** What keeps custom resources from being served, empty once they are. */
    public Optional<String> problem() {
        return known.getCount() == 0
                ? Optional.empty()
                : Optional.of("the CustomResourceDefinitions have not been read yet");
    }

    /** Called on a virtual thread; returns when the thread is interrupted. */
    public void run() {
        subscription.follow(changes::release);
        while (!Thread.currentThread().isInterrupted()) {
            long pause;
            try {
                pause = pass() ? LOOK_AGAIN_MILLIS : Long.MAX_VALUE;
            } catch (ApiFailure | StorageException e) {
                LOG.log(System.Logger.Level.WARNING, "custom kinds wait problem=\"{0}\"", e.getMessage());
                pause = RETRY_MILLIS;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "custom kinds failed", e);
                pause = RETRY_MILLIS;
            }
            await(pause);
        }
        subscription.close();
    }

    private void await(long millis) {
        try {
            if (changes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                changes.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at every definition once; answers whether something is unfinished. */
    private boolean pass() {
        if (known.getCount() > 0) {
            store.reads().awaitLatest(crds);
        }
        List<CachedObject> all = store.reads().list(crds, "").objects();
        boolean changed = observe(all);
        if (changed || known.getCount() > 0) {
            registry.serveCustom(byName.values().stream()
                    .flatMap(one -> one.served().stream())
                    .toList());
            known.countDown();
        }
        boolean unfinished = false;
        // Who came first has the first choice of names.
        List<Known> inOrder = byName.values().stream()
                .sorted(Comparator.comparing(one -> one.crd().revision()))
                .toList();
        for (Known one : inOrder) {
            if (one.unfinished()) {
                unfinished |= advanceAlone(one);
            }
        }
        return unfinished;
    }

    /** Takes over what is new; a definition that has not changed costs a comparison. */
    private boolean observe(List<CachedObject> all) {
        Map<String, Known> next = new HashMap<>();
        boolean changed = false;
        for (CachedObject crd : all) {
            Optional<Known> before = Optional.ofNullable(byName.get(crd.key().name()));
            boolean same = before.filter(one -> one.crd().revision().equals(crd.revision()))
                    .isPresent();
            changed |= !same;
            next.put(crd.key().name(), same ? before.get() : known(crd, before));
        }
        changed |= !next.keySet().equals(byName.keySet());
        byName.clear();
        byName.putAll(next);
        written.entrySet()
                .removeIf(one -> !next.containsKey(one.getKey())
                        || next.get(one.getKey())
                                        .crd()
                                        .revision()
                                        .compareTo(one.getValue().revision())
                                >= 0);
        return changed;
    }

    private Known known(CachedObject crd, Optional<Known> before) {
        ObjectNode tree = crd.tree();
        long generation = Tree.number(tree, "metadata", "generation").orElse(0L);
        Map<String, LazySchema> schemas = before.filter(
                        one -> one.generation() == generation && one.crd().uid().equals(crd.uid()))
                .map(Known::schemas)
                .orElseGet(CustomDefinitions::noSchemas);
        schemas.values().forEach(schema -> schema.movedTo(crd));
        boolean established = CrdStatus.isTrue(tree, "Established");
        boolean settled = established
                && CrdStatus.isTrue(tree, "NamesAccepted")
                && !Meta.deleting(tree)
                && CrdApproval.of(tree)
                        .map(approval -> approval.condition().isIn(tree.path("status")))
                        .orElse(true)
                && tree.path("status")
                        .path("acceptedNames")
                        .equals(tree.path("spec").path("names"));
        return new Known(
                crd,
                generation,
                Tree.text(tree, "spec", "group"),
                !settled,
                schemas,
                established ? definitions.of(crd, schemas) : List.of());
    }

    /** One definition that cannot go on must not hold up the others. */
    private boolean advanceAlone(Known one) {
        try {
            return advance(one);
        } catch (ApiFailure | StorageException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "custom kind waits name={0} problem=\"{1}\"",
                    one.crd().key().name(),
                    e.getMessage());
            return true;
        }
    }

    /** Brings one definition a step further; answers whether another step is due although nothing changes. */
    private boolean advance(Known one) {
        if (Meta.deleting(one.crd().tree())) {
            return cleanup.advance(one.crd(), one.served());
        }
        String name = one.crd().key().name();
        CrdNames.Taken taken = CrdNames.taken(group(one));
        try {
            CachedObject named = store.update(
                    crds,
                    "",
                    name,
                    current -> {
                        current.set("status", CrdNames.plan(current, taken, clock.instant()));
                        return current;
                    },
                    AS_SERVER.on("status"));
            written.put(name, named);
        } catch (ApiFailure gone) {
            LOG.log(System.Logger.Level.DEBUG, "no status for {0}: {1}", name, gone.getMessage());
        }
        return false;
    }

    /** All definitions of the same group, each in the newest state that is known. */
    private List<ObjectNode> group(Known one) {
        return byName.values().stream()
                .filter(other -> other.group().equals(one.group()))
                .map(other -> written.getOrDefault(other.crd().key().name(), other.crd())
                        .tree())
                .toList();
    }
}
