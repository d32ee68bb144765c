package dev.keelson.controllers.serviceaccount;

import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives Secrets of type {@code kubernetes.io/service-account-token} the token of the account that they name, and deletes them when
 * it is gone (Kubernetes' {@code serviceaccount-token-controller}).
 */
public final class AccountTokenController implements Controller<ObjectKey> {
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";
    private static final String BY_ACCOUNT = "account";
    /** How soon a renewed authority file reaches the Secrets. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final ControllerContext context;
    private final Path authority;
    private final AccountTokenSigner signer;
    private final InformerCache<Secret> secrets;
    private final InformerCache<ServiceAccount> accounts;

    /** @param authority PEM file with the certificates that pods trust the API server by */
    public AccountTokenController(ControllerContext context, Path authority, TokenKeyFiles keys) {
        this.context = context;
        this.authority = authority;
        this.signer = new AccountTokenSigner(keys);
        this.secrets = context.informers().selected(ResourceType.SECRETS, "type=" + TYPE);
        this.accounts = context.informers().cache(ResourceType.SERVICE_ACCOUNTS);
        secrets.addIndex(BY_ACCOUNT, secret -> List.of(secret.getMetadata().getNamespace() + "/" + account(secret)));
    }

    @Override
    public String name() {
        return "serviceaccount-token";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        secrets.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Secret secret) {
                enqueue.accept(ObjectKey.of(secret));
            }

            @Override
            public void onUpdate(Secret before, Secret after) {
                onAdd(after);
            }
        });
        accounts.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(ServiceAccount account) {
                onDelete(account);
            }

            @Override
            public void onDelete(ServiceAccount account) {
                ObjectKey of = ObjectKey.of(account);
                secrets.byIndex(BY_ACCOUNT, of.namespace() + "/" + of.name())
                        .forEach(secret -> enqueue.accept(ObjectKey.of(secret)));
            }
        });
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        // Asked of the server: the cache holds no contents.
        Optional<Secret> secret = live(ResourceType.SECRETS, key).filter(found -> TYPE.equals(found.getType()));
        if (secret.isEmpty()) {
            return Outcome.DONE;
        }
        String encoded = Base64.getEncoder().encodeToString(read());
        switch (AccountTokenPlanner.plan(view(secret.get()), accountUid(secret.get()), encoded)) {
            case AccountTokenPlan.Leave _ -> {}
            case AccountTokenPlan.Delete _ -> delete(secret.get());
            case AccountTokenPlan.Fill fill -> fill(secret.get(), fill, encoded);
        }
        return Outcome.after(LOOK_AGAIN);
    }

    private static AccountTokenPlanner.TokenSecret view(Secret secret) {
        return new AccountTokenPlanner.TokenSecret(
                account(secret),
                annotation(secret, ACCOUNT_UID),
                secret.getMetadata().getDeletionTimestamp() != null,
                Boolean.TRUE.equals(secret.getImmutable()),
                Optional.ofNullable(secret.getData()).orElse(Map.of()));
    }

    /** Whoever is to be deleted for want of an account is asked about once more: the cache may not show the account yet. */
    private Optional<String> accountUid(Secret secret) {
        ObjectKey key = new ObjectKey(secret.getMetadata().getNamespace(), account(secret));
        String wanted = annotation(secret, ACCOUNT_UID);
        return accounts.get(key.namespace(), key.name())
                .map(account -> account.getMetadata().getUid())
                .filter(uid -> wanted.isEmpty() || wanted.equals(uid))
                .or(() -> live(ResourceType.SERVICE_ACCOUNTS, key)
                        .map(account -> account.getMetadata().getUid()));
    }

    private void fill(Secret secret, AccountTokenPlan.Fill fill, String encoded) {
        Map<String, String> data =
                new HashMap<>(Optional.ofNullable(secret.getData()).orElse(Map.of()));
        if (fill.token()) {
            data.put(
                    AccountTokenPlanner.TOKEN,
                    base64(signer.sign(ObjectKey.of(secret), account(secret), fill.accountUid())));
        }
        if (fill.namespace()) {
            data.put(AccountTokenPlanner.NAMESPACE, base64(secret.getMetadata().getNamespace()));
        }
        if (fill.authority()) {
            data.put(AccountTokenPlanner.AUTHORITY, encoded);
        }
        secret.setData(data);
        secret.getMetadata().getAnnotations().put(ACCOUNT_UID, fill.accountUid());
        context.client().update(ResourceType.SECRETS, secret);
    }

    private void delete(Secret secret) {
        try {
            context.client()
                    .delete(
                            ResourceType.SECRETS,
                            secret.getMetadata().getNamespace(),
                            secret.getMetadata().getName(),
                            DeleteOptions.BACKGROUND.withUid(
                                    secret.getMetadata().getUid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND && refused.kind() != ApiException.Kind.CONFLICT) {
                throw refused;
            }
        }
    }

    private <T extends HasMetadata> Optional<T> live(ResourceType<T> type, ObjectKey key) {
        try {
            return Optional.of(context.client().get(type, key.namespace(), key.name()));
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static String account(Secret secret) {
        return annotation(secret, ACCOUNT);
    }

    private static String annotation(Secret secret, String name) {
        return Optional.ofNullable(secret.getMetadata().getAnnotations())
                .orElse(Map.of())
                .getOrDefault(name, "");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(authority);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the root certificate authority " + authority, unreadable);
        }
    }
}
