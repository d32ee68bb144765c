package dev.keelson.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.ApiClient;
import io.fabric8.kubernetes.api.model.Event;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

    @Test
    void anEventThatCannotBeSentDoesNotSilenceTheOthers() {
        List<String> written = Collections.synchronizedList(new ArrayList<>());
        ApiClient api = (ApiClient) Proxy.newProxyInstance(
                ApiClient.class.getClassLoader(), new Class<?>[] {ApiClient.class}, (_, method, arguments) -> {
                    Event event = (Event) arguments[1];
                    if (event.getReason().equals("Odd")) {
                        throw new IllegalArgumentException("Illegal character in path");
                    }
                    written.add(event.getReason());
                    return event;
                });
        EventRecorder recorder = new EventRecorder(api, "node-1", InstantSource.system());
        recorder.node("Warning", "Odd", "its name is none");
        recorder.node("Warning", "Next", "this one can be told");
        recorder.close();

        assertThat(written).containsExactly("Next");
    }
}
