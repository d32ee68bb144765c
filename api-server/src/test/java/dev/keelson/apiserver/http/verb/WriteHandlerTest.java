package dev.keelson.apiserver.http.verb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.http.request.PublishedSchemas;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.http.request.RequestInfoParser;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.StaleWorld;
import dev.keelson.apiserver.schema.Schemas;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.StorageException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PUT of something that is not there yet. */
class WriteHandlerTest {
    private static final ResourceRegistry KINDS = new ResourceRegistry(BuiltinKinds.list());
    private static final ObjectKey ENDPOINTS = new ObjectKey("", "endpoints", "default", "web");

    private final StaleWorld world = new StaleWorld();
    private final List<String> asked = new ArrayList<>();
    private Authorizer.Decision decision = Authorizer.Decision.ALLOWED;
    private final WriteHandler handler = handler();

    private WriteHandler handler() {
        ObjectBodies bodies = new ObjectBodies(new PublishedSchemas(new Schemas()));
        CreatePermission creation = new CreatePermission(new Authorizer() {
            @Override
            public Decision authorize(Attributes attributes) {
                asked.add(attributes.verb());
                return decision;
            }

            @Override
            public RuleList rulesFor(User user, String namespace) {
                return RuleList.NONE;
            }
        });
        Clock clock = Clock.systemUTC();
        PatchHandler patches = new PatchHandler(world.store(), bodies, new PatchEngine(new Schemas(), clock), creation);
        return new WriteHandler(world.store(), bodies, patches, creation, clock);
    }

    @BeforeEach
    void start() {
        world.start();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void itIsCreatedWhereKubernetesCreatesIt() {
        Reply created = put("endpoints", "{'metadata':{'name':'web'}}");
        assertThat(created.code()).isEqualTo(201);
        assertThat(asked).containsExactly("create");
        assertThat(world.stored(ENDPOINTS).uid()).isNotEmpty();

        // Memory does not show it yet.
        Reply replaced = put("endpoints", "{'metadata':{'name':'web','labels':{'a':'b'}}}");
        assertThat(replaced.code()).isEqualTo(200);
        assertThat(asked).hasSize(1);
        assertThat(world.commits()).isEqualTo(2);
    }

    @Test
    void creatingTakesItsOwnRight() {
        decision = Authorizer.Decision.NO_OPINION;
        assertRefused("endpoints", "{'metadata':{'name':'web'}}", StatusReason.FORBIDDEN);
        assertThat(asked).containsExactly("create");
    }

    @Test
    void whatReplacesSomethingIsNotNew() {
        assertRefused("endpoints", "{'metadata':{'name':'web','resourceVersion':'7'}}", StatusReason.NOT_FOUND);
        assertRefused("endpoints", "{'metadata':{'name':'web','uid':'u-1'}}", StatusReason.NOT_FOUND);
        assertThat(asked).isEmpty();
    }

    @Test
    void otherKindsAreOnlyReplaced() {
        assertRefused("configmaps", "{'metadata':{'name':'web'}}", StatusReason.NOT_FOUND);
        assertThat(asked).isEmpty();
    }

    private void assertRefused(String plural, String body, StatusReason reason) {
        assertThatThrownBy(() -> put(plural, body))
                .isInstanceOfSatisfying(ApiFailure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(reason));
        assertThat(world.commits()).isZero();
        assertThatThrownBy(() -> world.stored(new ObjectKey("", plural, "default", "web")))
                .isInstanceOf(StorageException.class);
    }

    private Reply put(String plural, String body) {
        QueryParameters query = new QueryParameters(Map.of());
        RequestInfo info = RequestInfoParser.parse("PUT", "/api/v1/namespaces/default/" + plural + "/web", query);
        return handler.update(new ApiRequest(
                info,
                KINDS.require("", plural),
                User.SERVER,
                query,
                Rendering.JSON,
                "application/json",
                "test",
                body.replace('\'', '"').getBytes(UTF_8)));
    }
}
