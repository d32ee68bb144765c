package dev.keelson.controllers.serviceaccount;

import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.function.Consumer;

/** Keeps a ServiceAccount named {@code default} in every namespace: pods that name none run as it. */
public final class ServiceAccountController implements Controller<ObjectKey> {
    private static final String DEFAULT = "default";

    private final ControllerContext context;
    private final InformerCache<Namespace> namespaces;
    private final InformerCache<ServiceAccount> accounts;

    public ServiceAccountController(ControllerContext context) {
        this.context = context;
        this.namespaces = context.informers().cache(ResourceType.NAMESPACES);
        this.accounts = context.informers().cache(ResourceType.SERVICE_ACCOUNTS);
    }

    @Override
    public String name() {
        return "serviceaccount";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        namespaces.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Namespace namespace) {
                enqueue.accept(ObjectKey.of(namespace));
            }
        });
        accounts.addHandler(new ResourceHandler<>() {
            @Override
            public void onDelete(ServiceAccount last) {
                if (last.getMetadata().getName().equals(DEFAULT)) {
                    enqueue.accept(new ObjectKey("", last.getMetadata().getNamespace()));
                }
            }
        });
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        boolean missing = namespaces
                        .get("", key.name())
                        .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() == null)
                        .isPresent()
                && accounts.get(key.name(), DEFAULT).isEmpty();
        if (missing) {
            create(key.name());
        }
        return Outcome.DONE;
    }

    private void create(String namespace) {
        try {
            context.client()
                    .create(
                            ResourceType.SERVICE_ACCOUNTS,
                            new ServiceAccountBuilder()
                                    .withNewMetadata()
                                    .withNamespace(namespace)
                                    .withName(DEFAULT)
                                    .endMetadata()
                                    .build());
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.ALREADY_EXISTS) {
                throw refused;
            }
        }
    }
}
