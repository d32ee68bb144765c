package dev.keelson.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.ControllerConfig;
import dev.keelson.controllers.Controllers;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.serviceaccount.TokenKeyFiles;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ListOptions.Detail;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CacheContentsTest {
    private final Set<ResourceType<?>> asked = new HashSet<>();

    /** Whoever waits for a cache at the start acts on its objects, and may act on any change of them. */
    @Test
    void whoAsksForACacheHearsOfEveryChange() {
        Path unread = Path.of("ca.crt");
        Controllers.all(
                new ControllerContext(
                        new FakeApiServer(Clock.systemUTC()).client(),
                        new Noted(),
                        Clock.systemUTC(),
                        EventRecorder.NONE,
                        Fanout.SEQUENTIAL),
                new ControllerConfig("test", "10.42.0.0/16", unread, unread, new TokenKeyFiles(unread, unread)));

        assertThat(asked)
                .contains(ResourceType.PODS, OtherKinds.SIGNING_REQUESTS)
                .allSatisfy(type -> assertThat(CacheContents.of(type).detail())
                        .as(type.plural())
                        .isNotEqualTo(Detail.METADATA_CHANGES));
    }

    @Test
    void contentsThatNoControllerReadsStayWhereTheyAre() {
        assertThat(CacheContents.of(ResourceType.SECRETS)).isEqualTo(ListOptions.ALL_METADATA_CHANGES);
        assertThat(CacheContents.of(ResourceType.CONFIG_MAPS)).isEqualTo(ListOptions.ALL_METADATA_CHANGES);
        assertThat(OtherKinds.all())
                .filteredOn(type -> !CacheContents.of(type).metadataOnly())
                .containsExactly(OtherKinds.POD_DISRUPTION_BUDGETS, CustomResources.DEFINITIONS);
    }

    private final class Noted implements Informers {
        @Override
        public <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
            asked.add(type);
            return new InformerCache<>();
        }

        @Override
        public <T extends HasMetadata> InformerCache<T> cacheLater(ResourceType<T> type) {
            return new InformerCache<>();
        }

        @Override
        public <T extends HasMetadata> InformerCache<T> selected(ResourceType<T> type, String fieldSelector) {
            return new InformerCache<>();
        }
    }
}
