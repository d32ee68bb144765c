package dev.keelson.apiserver.http.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which options of a list or watch fit together: Kubernetes' {@code ValidateListOptions}. */
class ListParametersTest {
    private static final ResourceRegistry REGISTRY = new ResourceRegistry(BuiltinKinds.list());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "resourceVersion=0",
                "resourceVersion=0&resourceVersionMatch=NotOlderThan",
                "resourceVersion=7&resourceVersionMatch=Exact&limit=5",
                "resourceVersionMatch=",
                "limit=-1&timeoutSeconds=-3",
                "limit=9223372036854775807",
                "continue=abc&resourceVersion=0",
                "continue=abc&limit=3",
                "watch=1",
                "watch=1&resourceVersion=0",
                "watch=1&resourceVersion=7&limit=3&continue=abc",
                "watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan",
                "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
                "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=9",
                "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
                "watch=1&metadataChangesOnly=true",
                "metadataChangesOnly=False"
            })
    void fit(String query) {
        assertThatCode(() -> parse(query)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resourceVersionMatch=Exact                             | is forbidden unless resourceVersion is provided",
                "resourceVersionMatch=NotOlderThan                      | is forbidden unless resourceVersion is provided",
                "resourceVersionMatch=Exact&resourceVersion=0           | is forbidden for resourceVersion",
                "resourceVersionMatch=exact&resourceVersion=1           | Unsupported value: \"exact\"",
                "continue=abc&resourceVersionMatch=NotOlderThan         | forbidden when continue is provided",
                "continue=abc&resourceVersion=5                         | not allowed when using continue",
                "sendInitialEvents=false                                | sendInitialEvents is forbidden for list",
                "metadataChangesOnly=true                               | metadataChangesOnly is forbidden for list",
                "watch=1&resourceVersion=5&resourceVersionMatch=Exact   | forbidden for watch unless sendInitialEvents",
                "watch=1&resourceVersionMatch=NotOlderThan              | forbidden for watch unless sendInitialEvents",
                "watch=1&sendInitialEvents=true                         | requires setting resourceVersionMatch",
                "watch=1&sendInitialEvents=true&resourceVersionMatch=Exact | requires setting resourceVersionMatch",
                "watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&continue=a | when continue is provided",
                "resourceVersion=18446744073709551615                   | resourceVersion: Invalid value: \"18446744073709551615\": strconv.ParseUint: parsing \"18446744073709551615\": value out of range",
                "resourceVersion=1.0                                    | resourceVersion: Invalid value: \"1.0\": strconv.ParseUint: parsing \"1.0\": invalid syntax",
                "resourceVersion=%2B5                                   | resourceVersion: Invalid value: \"+5\": strconv.ParseUint: parsing \"+5\": invalid syntax",
                "limit=1e3                                              | strconv.ParseInt: parsing \"1e3\": invalid syntax",
                "limit=                                                 | strconv.ParseInt: parsing \"\": invalid syntax",
                "limit=9223372036854775808                              | strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
                "timeoutSeconds=soon                                    | strconv.ParseInt: parsing \"soon\": invalid syntax",
                "sendInitialEvents=maybe                                | sendInitialEvents is forbidden for list",
                "watch=maybe&sendInitialEvents=                         | requires setting resourceVersionMatch",
                "watch=False&sendInitialEvents=0                        | sendInitialEvents is forbidden for list"
            })
    void doNotFit(String query, String why) {
        assertThatThrownBy(() -> parse(query)).isInstanceOf(ApiFailure.class).hasMessageContaining(why);
    }

    @Test
    void onlyWhoTakesBookmarksGetsOneBehindTheInitialEvents() {
        String initial = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";

        assertThat(parse(initial).marksEndOfInitialEvents()).isFalse();
        assertThat(parse(initial + "&allowWatchBookmarks=1").marksEndOfInitialEvents())
                .isTrue();
        assertThat(parse("watch=1&allowWatchBookmarks=1").marksEndOfInitialEvents())
                .isFalse();
    }

    private static ListParameters parse(String query) {
        // As the query of an address: a plus sign is a space there.
        return ListParameters.parse(
                QueryParameters.parse(query.replace("+", "%2B")), REGISTRY.require("", "configmaps"));
    }
}
