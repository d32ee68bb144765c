package dev.keelson.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

class NamedKindsTest {
    @Test
    void itemsOfAListSayWhatTheyAre() throws JsonProcessingException {
        assertThat(named("""
                {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}]}""")).isEqualTo("""
                        {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]}""");
    }

    @Test
    void customObjectsSayItThemselves() throws JsonProcessingException {
        assertThat(named("""
                {"kind":"OddList","apiVersion":"a/v1","items":[{"apiVersion":"a/v1","kind":"Other"}]}""")).contains("\"kind\":\"Other\"");
    }

    @Test
    void anEmptyListIsOne() throws JsonProcessingException {
        assertThat(named("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}"))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[]}");
    }

    private static String named(String json) throws JsonProcessingException {
        return NamedKinds.of(Api.JSON.readTree(json)).toString();
    }
}
