package dev.keelson.apiserver.http.transaction;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.http.reply.Failures;
import dev.keelson.apiserver.http.reply.Forbidden;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.http.verb.VerbDispatch;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.ReviewKind;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes several objects in one commit (keelson.dev/v1 {@code Transaction}, which is answered and not stored). Each
 * operation goes the way of the request that it stands for — authorization, admission, validation — over a store that
 * keeps the writes back. Operations see the state before the transaction. Waits, so only for virtual threads.
 */
public final class Transactions {
    public static final ResourceDefinition KIND = ReviewKind.definition("keelson.dev", "Transaction", "transactions");

    private static final int ATTEMPTS = 8;

    private final Storage storage;
    private final Reads reads;
    private final ResourceRegistry registry;
    private final Authorizer authorizer;
    private final ObjectBodies bodies;
    private final Function<Storage, VerbDispatch> verbs;

    /** @param verbs the handlers of requests, over a store of the caller's choice */
    public Transactions(
            Storage storage,
            Reads reads,
            ResourceRegistry registry,
            Authorizer authorizer,
            ObjectBodies bodies,
            Function<Storage, VerbDispatch> verbs) {
        this.storage = storage;
        this.reads = reads;
        this.registry = registry;
        this.authorizer = authorizer;
        this.bodies = bodies;
        this.verbs = verbs;
    }

    public Reply answer(ApiRequest request) {
        if (!request.info().verb().equals("create")) {
            throw ApiFailure.methodNotAllowed(KIND, request.info().verb());
        }
        ObjectNode transaction = bodies.plain(request, KIND.apiVersion(), KIND.kind());
        List<Operation> operations = Operation.parse(transaction, registry);
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(request, transaction, operations);
            } catch (StorageException overtaken) {
                if (!retriable(overtaken)) {
                    throw overtaken;
                }
                if (attempt == ATTEMPTS) {
                    throw ApiFailure.conflict(KIND, "", "an object was changed by others meanwhile; send it again");
                }
                operations.forEach(operation -> reads.awaitLatest(operation.kind()));
            }
        }
    }

    private Reply attempt(ApiRequest request, ObjectNode transaction, List<Operation> operations) {
        PendingWrites pending = new PendingWrites(storage);
        VerbDispatch handlers = verbs.apply(pending);
        ArrayNode objects = JsonNodeFactory.instance.arrayNode();
        List<Integer> lastWrites = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Operation operation : operations) {
            int before = pending.writes().size();
            Reply reply = run(request, operation, handlers);
            objects.add(Trees.parse(reply.body().bytes()));
            warnings.addAll(reply.warnings());
            int after = pending.writes().size();
            lastWrites.add(after > before ? after - 1 : -1);
        }
        ObjectNode answer = transaction.deepCopy();
        ObjectNode status = answer.putObject("status");
        if (!pending.writes().isEmpty()) {
            List<Stored> stored = Waiting.forResult(
                    storage.commit(pending.writes(), request.user().name()));
            status.put("revision", stored.getLast().revision().toString());
            number(objects, lastWrites, stored);
        }
        status.set("objects", objects);
        return Reply.json(201, answer).withWarnings(warnings);
    }

    private Reply run(ApiRequest request, Operation operation, VerbDispatch handlers) {
        try {
            ApiRequest one = asRequest(request, operation);
            require(one);
            return handlers.handle(one);
        } catch (RuntimeException refused) {
            if (refused instanceof StorageException storageProblem) {
                throw storageProblem;
            }
            ApiFailure failure = Failures.refusal(refused);
            throw new ApiFailure(failure.reason(), operation.field() + ": " + failure.getMessage(), failure.details());
        }
    }

    /** The request that would do the same alone. */
    private static ApiRequest asRequest(ApiRequest transaction, Operation operation) {
        ResourceDefinition kind = operation.kind();
        boolean create = operation.verb() == Operation.Verb.CREATE;
        String verb =
                switch (operation.verb()) {
                    case CREATE -> "create";
                    case UPDATE -> "update";
                    case APPLY -> "patch";
                    case DELETE -> "delete";
                };
        boolean apply = operation.verb() == Operation.Verb.APPLY;
        boolean delete = operation.verb() == Operation.Verb.DELETE;
        RequestInfo info = new RequestInfo(
                verb,
                transaction.info().path(),
                kind.group(),
                kind.version(),
                operation.namespace(),
                kind.plural(),
                create ? "" : operation.name(),
                "",
                "");
        return new ApiRequest(
                info,
                kind,
                transaction.user(),
                transaction.query(),
                Rendering.JSON,
                apply ? "application/apply-patch+yaml" : "application/json",
                transaction.userAgent(),
                Trees.bytes(delete ? deleteOptions(operation.object()) : operation.object()));
    }

    /** A uid or resourceVersion in the object to delete is a precondition. */
    private static ObjectNode deleteOptions(ObjectNode object) {
        ObjectNode options = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "DeleteOptions")
                .put("apiVersion", "v1");
        for (String precondition : List.of("uid", "resourceVersion")) {
            String value = object.path("metadata").path(precondition).asText("");
            if (!value.isEmpty()) {
                options.withObject("/preconditions").put(precondition, value);
            }
        }
        return options;
    }

    private void require(ApiRequest one) {
        Attributes asked = one.info().attributes(one.user());
        Decision decision = authorizer.authorize(asked);
        if (!decision.allowed()) {
            throw Forbidden.failure(asked, decision);
        }
    }

    /** Puts the revisions that the commit gave into the answers, which were written before it. */
    private static void number(ArrayNode objects, List<Integer> lastWrites, List<Stored> stored) {
        for (int i = 0; i < objects.size(); i++) {
            boolean object = !objects.get(i).path("kind").asText().equals("Status");
            if (object && lastWrites.get(i) >= 0 && objects.get(i).path("metadata") instanceof ObjectNode metadata) {
                metadata.put(
                        "resourceVersion",
                        stored.get(lastWrites.get(i)).revision().toString());
            }
        }
    }

    private static boolean retriable(StorageException refused) {
        return switch (refused.kind()) {
            case CONFLICT, ALREADY_EXISTS, NOT_FOUND -> true;
            case EXPIRED, UNAVAILABLE, INTERNAL -> false;
        };
    }
}
