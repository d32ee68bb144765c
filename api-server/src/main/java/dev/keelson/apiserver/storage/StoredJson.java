package dev.keelson.apiserver.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How stored bytes become trees and trees bytes. */
public final class StoredJson {
    /** Numbers stay as they were written: 1.50 is not 1.5. */
    public static final ObjectMapper MAPPER = JsonMapper.builder(
                    pooled(new JsonFactoryBuilder()).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private StoredJson() {}

    /**
     * Shares the buffers of readers and writers among all threads. Jackson's own choice, a set for each thread, allocates
     * 8 to 16 KB for each text that is read or written on a virtual thread, because each request has a new one.
     */
    public static JsonFactoryBuilder pooled(JsonFactoryBuilder factory) {
        return factory.recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool());
    }

    /** A factory whose buffers are shared. */
    public static JsonFactory factory() {
        return pooled(new JsonFactoryBuilder()).build();
    }
}
